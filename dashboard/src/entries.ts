/**
 * What is remembered of each step of the browser's history, so that a step back leads to the same place: how far it was scrolled, which link was
 * followed, what was chosen. In the memory of the page: after a reload it begins at the top.
 */
import { useState } from 'preact/hooks';
import { HANDS, takeFocus, wantFocus } from './focus.ts';

/** In the browser's history itself. */
export interface Entry {
  readonly key: number;
  /** What names the pages before, of a list in pages; '': the first. */
  readonly pages: readonly string[];
}

interface Kept {
  y: number;
  /** The link that was followed. */
  href: string;
  values: Map<string, unknown>;
}

/** Entries that are remembered; of those before them only the address. */
const MOST = 50;
/** How long it is waited for what was loaded before. */
const PATIENCE_MS = 5_000;

const kept = new Map<number, Kept>();
let now = -1;
/** Ends what brings the page back to its place. */
let stopReturning: (() => void) | undefined;

const isEntry = (state: unknown): state is Entry =>
  typeof state === 'object' && state !== null && Number.isInteger((state as Entry).key) && Array.isArray((state as Entry).pages);

/** A new entry, at which one is from now on. */
export function entered(pages: readonly string[] = []): Entry {
  stopReturning?.();
  now = Math.max(Date.now(), now + 1);
  return { key: now, pages };
}

/** The entry at which one is, as the browser keeps it. */
export function entryHere(): Entry {
  if (isEntry(history.state)) return history.state;
  const entry = entered();
  history.replaceState(entry, '', location.href);
  return entry;
}

function keptNow(): Kept {
  let own = kept.get(now);
  if (!own) kept.set(now, (own = { y: 0, href: '', values: new Map() }));
  if (kept.size > MOST) kept.delete(kept.keys().next().value!);
  return own;
}

/** One leaves by this link. */
export function leaveFrom(href: string): void {
  keptNow().href = href;
}

/** The browser has gone back, or on: to where that was left. */
function returned(): void {
  stopReturning?.();
  now = entryHere().key;
  const content = document.getElementById('content');
  if (!content) return;
  const { y, href } = keptNow();
  if (href === '') wantFocus();
  const started = performance.now();
  const look = (): void => {
    const isLate = performance.now() - started > PATIENCE_MS;
    const link = href === '' ? undefined : [...content.querySelectorAll('a')].find((a) => a.getAttribute('href') === href);
    const isLongEnough = document.documentElement.scrollHeight - innerHeight >= y;
    if (!isLate && (!isLongEnough || (href !== '' && !link))) return;
    scrollTo(0, y);
    if (link) link.focus({ preventScroll: true });
    else {
      if (href !== '') wantFocus();
      takeFocus();
    }
    stop();
  };
  const grown = new MutationObserver(look);
  const timer = setTimeout(look, PATIENCE_MS + 1);
  // Whoever does something meanwhile is not pulled away from it.
  const stop = (): void => {
    grown.disconnect();
    clearTimeout(timer);
    for (const name of HANDS) removeEventListener(name, stop, { capture: true });
    stopReturning = undefined;
  };
  grown.observe(content, { childList: true, subtree: true });
  for (const name of HANDS) addEventListener(name, stop, { capture: true, passive: true });
  stopReturning = stop;
}

/** Once for the page. */
export function watchEntries(): void {
  history.scrollRestoration = 'manual';
  now = entryHere().key;
  addEventListener('popstate', returned);
  addEventListener('scroll', () => stopReturning === undefined && (keptNow().y = scrollY), { passive: true });
}

/** What the list at which one is knows of the pages before. */
export const pagesBefore = (): readonly string[] => entryHere().pages;

/** A value that is there again when one comes back. Of another entry it begins anew. */
export function useKept<T>(name: string, first: T): [T, (value: T) => void] {
  const own = keptNow();
  const [, draw] = useState(0);
  const value = own.values.has(name) ? (own.values.get(name) as T) : first;
  return [
    value,
    (next) => {
      own.values.set(name, next);
      draw((n) => n + 1);
    },
  ];
}

/** The same without being drawn again. */
export const keptValue = <T>(name: string): T | undefined => keptNow().values.get(name) as T | undefined;
export function keepValue(name: string, value: unknown): void {
  keptNow().values.set(name, value);
}
