/** Starts the page. */
import { render } from 'preact';
import { App } from './app.tsx';
import { catchLinks } from './router.ts';
import { chooseTheme, chosenTheme } from './theme.ts';

chooseTheme(chosenTheme());
const root = document.getElementById('page')!;
catchLinks(root);
render(<App />, root);
