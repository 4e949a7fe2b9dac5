/** Filters of a list: each is a value of the address, so that an address shows the same list again. */
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { setFilter } from '../router.ts';
import { localMinute } from '../words.ts';

/** How long somebody has stopped typing before the list is asked for anew. */
const PAUSE_MS = 250;

export const Filters = ({ children }: { children: ComponentChildren }) => (
  <form class="filters" role="search" onSubmit={(event) => event.preventDefault()}>
    {children}
  </form>
);

/** Filters that few want: there once one is set, or somebody asks for them. `names`: of theirs in the address. */
export function MoreFilters({ names, query, children }: { names: readonly string[]; query: URLSearchParams; children: ComponentChildren }) {
  const [isWanted, setWanted] = useState(false);
  const isSet = names.some((name) => query.has(name));
  // Whoever empties the last one is not done with them.
  useEffect(() => {
    if (isSet) setWanted(true);
  }, [isSet]);
  const isOpen = isWanted || isSet;
  return (
    <>
      {isOpen ? children : null}
      {isSet ? null : (
        <button type="button" aria-expanded={isOpen} onClick={() => setWanted(!isOpen)}>
          {isOpen ? 'Fewer filters' : 'More filters'}
        </button>
      )}
    </>
  );
}

interface NamedProps {
  label: string;
  isMain?: boolean | undefined;
  /** Why what stands in the box filters nothing; '' where it does. */
  problem?: string;
  problemId?: string;
  children: ComponentChildren;
}

/** A filter under its name, which stays when something is typed. Programs that read aloud have it of the box itself. */
const Named = ({ label, isMain = false, problem = '', problemId, children }: NamedProps) => (
  <label class={isMain ? 'filter is-main' : 'filter'}>
    <span>
      <span aria-hidden="true">{label}</span>
      {problemId === undefined ? null : (
        <em id={problemId} role="status">
          {problem}
        </em>
      )}
    </span>
    {children}
  </label>
);

/** With what the list is filtered by all the same. */
const whole = (problem: string, there: string): string =>
  problem === '' || there === '' ? problem : `${problem}; the list is still by ${there}`;

/** What a box says of itself to those who hear it. */
const told = (problem: string, problemId: string) => (problem === '' ? {} : { 'aria-invalid': true, 'aria-describedby': problemId });

export interface TextFilterProps {
  readonly name: string;
  readonly label: string;
  readonly query: URLSearchParams;
  readonly isMain?: boolean;
  /** What an empty box means. */
  readonly without?: string;
  /** Why a text filters nothing; '' where it does. Without it all do. */
  readonly problemOf?: (text: string) => string;
  /** What the box says for a value of the address, and what is meant by what it says; all that may be said is offered. */
  readonly words?: Words;
}

interface Words {
  readonly all: readonly string[];
  readonly shown: (value: string) => string;
  readonly meant: (text: string) => string;
}

const same = (text: string): string => text;
const AS_IS: Words = { all: [], shown: same, meant: same };

const none = (): string => '';

export function TextFilter({ name, label, query, isMain, without, problemOf = none, words = AS_IS }: TextFilterProps) {
  const there = query.get(name) ?? '';
  const shown = words.shown(there);
  const [text, setText] = useState(shown);
  const [looked, setLooked] = useState(shown);
  const problemId = useId();
  const listId = useId();
  useEffect(() => setText(shown), [shown]);
  const meant = words.meant(text);
  const isWhole = problemOf(text) === '';
  useEffect(() => {
    const timer = setTimeout(() => {
      setLooked(text);
      if (meant !== there && isWhole) setFilter(name, meant);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, meant, isWhole, there, name]);
  // What is still being typed has none yet.
  const problem = isWhole ? '' : whole(problemOf(looked), shown);
  return (
    <Named label={label} isMain={isMain} problem={problem} problemId={problemId}>
      <input
        type="search"
        aria-label={label}
        {...told(problem, problemId)}
        {...(words.all.length > 0 ? { list: listId } : {})}
        placeholder={without ?? 'any'}
        spellcheck={false}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      {words.all.length > 0 ? (
        <datalist id={listId}>
          {words.all.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      ) : null}
    </Named>
  );
}

export interface ChoiceFilterProps {
  readonly name: string;
  readonly label: string;
  /** Value and words; '' is what there is without a choice. */
  readonly options: readonly (readonly [string, string])[];
  readonly query: URLSearchParams;
  /** What is chosen where the address says nothing. */
  readonly start?: string;
}

export function ChoiceFilter({ name, label, options, query, start = '' }: ChoiceFilterProps) {
  const chosen = query.get(name) || start;
  // An address may say what is no choice here: it is shown as it is, not as nothing.
  const all = options.some(([value]) => value === chosen) ? options : [...options, [chosen, chosen] as const];
  return (
    <Named label={label}>
      <select aria-label={label} value={chosen} onChange={(event) => setFilter(name, event.currentTarget.value)}>
        {all.map(([value, words]) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </select>
    </Named>
  );
}

/** Of times that are filtered by: a year has four digits. */
const MOST_MS = Date.UTC(9999, 11, 31);

/** A moment of the address (`2026-03-09T13:05:00.000Z`), in ms; undefined: none, or something else. */
export function timeOf(query: URLSearchParams, name: string): number | undefined {
  const ms = Date.parse(query.get(name) ?? '');
  return Number.isNaN(ms) || ms <= 0 || ms > MOST_MS ? undefined : ms;
}

/** Why what stands in a box for a moment is none. */
const faultOf = ({ valid, badInput }: ValidityState): string => (valid ? '' : badInput ? 'incomplete: not used' : 'years 1970 to 9999');

/**
 * A moment, to the minute, in the reader's time zone; in the address it is UTC, so that it is the same one for everybody. What is typed counts at
 * Enter, or when the box is left: at every digit of a year it is another moment. What is chosen without keys counts at once.
 */
export function TimeFilter({ name, label, query }: { name: string; label: string; query: URLSearchParams }) {
  const ms = timeOf(query, name);
  const there = ms === undefined ? '' : localMinute(ms);
  const [text, setText] = useState(there);
  const [fault, setFault] = useState('');
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    setText(there);
    setFault('');
    // A part of a moment is no value: without this it would stay.
    if (box.current) box.current.value = there;
  }, [there]);
  const isTyped = useRef(false);
  const problemId = useId();
  const problem = whole(fault, there.replace('T', ' '));
  const look = ({ validity }: HTMLInputElement): void => setFault(faultOf(validity));
  const take = (input: HTMLInputElement): void => {
    look(input);
    if (!input.validity.valid || input.value === there) return;
    setFilter(name, input.value === '' ? '' : new Date(input.value).toISOString());
  };
  return (
    <Named label={label} problem={problem} problemId={problemId}>
      <input
        ref={box}
        type="datetime-local"
        aria-label={label}
        {...told(problem, problemId)}
        class={text === '' ? 'is-unset' : ''}
        min="1970-01-02T00:00"
        max="9999-12-30T23:59"
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        onPointerDown={() => (isTyped.current = false)}
        onKeyDown={(event) => {
          isTyped.current = true;
          if (event.key === 'Enter') take(event.currentTarget);
        }}
        // Once it was told, until it is mended. A part of a moment that is typed is no input.
        onKeyUp={(event) => fault !== '' && look(event.currentTarget)}
        onChange={(event) => isTyped.current || take(event.currentTarget)}
        onBlur={(event) => {
          isTyped.current = false;
          take(event.currentTarget);
        }}
      />
    </Named>
  );
}
