/** Filters of a list: each is a value of the address, so that an address shows the same list again. */
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { setQuery } from '../router.ts';

/** How long somebody has stopped typing before the list is asked for anew. */
const PAUSE_MS = 250;

export const Filters = ({ children }: { children: ComponentChildren }) => (
  <form class="filters" role="search" onSubmit={(event) => event.preventDefault()}>
    {children}
  </form>
);

export interface TextFilterProps {
  readonly name: string;
  readonly label: string;
  readonly query: URLSearchParams;
  readonly isMain?: boolean;
}

export function TextFilter({ name, label, query, isMain }: TextFilterProps) {
  const there = query.get(name) ?? '';
  const [text, setText] = useState(there);
  useEffect(() => setText(there), [there]);
  useEffect(() => {
    if (text === there) return;
    const timer = setTimeout(() => setQuery({ [name]: text }), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, there, name]);
  return (
    <input
      type="search"
      class={isMain ? 'main-filter' : ''}
      aria-label={label}
      placeholder={label}
      spellcheck={false}
      value={text}
      onInput={(event) => setText(event.currentTarget.value)}
    />
  );
}

export interface ChoiceFilterProps {
  readonly name: string;
  readonly label: string;
  /** Value and words; '' is what there is without a choice. */
  readonly options: readonly (readonly [string, string])[];
  readonly query: URLSearchParams;
}

export const ChoiceFilter = ({ name, label, options, query }: ChoiceFilterProps) => (
  <select aria-label={label} value={query.get(name) ?? ''} onChange={(event) => setQuery({ [name]: event.currentTarget.value })}>
    {options.map(([value, words]) => (
      <option key={value} value={value}>
        {words}
      </option>
    ))}
  </select>
);
