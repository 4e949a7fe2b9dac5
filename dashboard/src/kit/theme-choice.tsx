/** Light or dark: three words where there is room for them, else one button that goes from one to the next. */
import { useState } from 'preact/hooks';
import { chooseTheme, chosenTheme, THEMES, type Theme } from '../theme.ts';

/** Of the sign: how much of the disc is dark. */
const DISCS: Readonly<Record<Theme, string>> = { system: 'M8 2a6 6 0 0 1 0 12z', light: '', dark: 'M8 2a6 6 0 0 1 0 12a6 6 0 0 1 0-12z' };

export function ThemeChoice() {
  const [theme, setTheme] = useState(chosenTheme);
  const choose = (name: Theme): void => {
    chooseTheme(name);
    setTheme(name);
  };
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length]!;
  return (
    <>
      <div class="choice" role="group" aria-label="Colours">
        {THEMES.map((name) => (
          <button key={name} type="button" aria-pressed={theme === name} onClick={() => choose(name)}>
            {name}
          </button>
        ))}
      </div>
      <button
        type="button"
        class="quiet theme-step"
        aria-label={`Colours: ${theme}`}
        title={`Colours: ${theme}`}
        onClick={() => choose(next)}
      >
        <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
          <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="1.5" />
          <path d={DISCS[theme]} fill="currentColor" />
        </svg>
      </button>
    </>
  );
}
