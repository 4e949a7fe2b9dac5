/** Starts the page. */
import { render } from 'preact';
import { App } from './app.tsx';
import { watchEntries } from './entries.ts';
import { watchHands } from './focus.ts';
import { catchLinks } from './router.ts';
import { chooseTheme, chosenTheme } from './theme.ts';

chooseTheme(chosenTheme());
const root = document.getElementById('page')!;
watchHands();
watchEntries();
catchLinks(root);
render(<App />, root);
