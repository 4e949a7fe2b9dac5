/** Where the page is: its address, without a hash. What can be set in the page stands in the query, so that an address shows the same again. */
import { useEffect, useState } from 'preact/hooks';
import { queryWith } from './api.ts';
import { entered, entryHere, leaveFrom, type Entry } from './entries.ts';
import { takeFocus, wantFocus } from './focus.ts';

const MOVED = 'assay:moved';

export interface Place {
  /** Decoded segments of the path. */
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
}

const placeOf = ({ pathname, search }: Location): Place => ({
  segments: pathname
    .split('/')
    .filter((part) => part !== '')
    .map(decoded),
  query: new URLSearchParams(search),
});

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

export interface Step {
  /** No step back leads to where it was before. */
  readonly replace?: boolean;
  /** Of a list in pages: what names those before. */
  readonly pages?: readonly string[];
  /** What is to have the focus there; without it the heading of another page, and nothing else of the same one. */
  readonly focus?: string;
}

/** Goes to an address of this page. */
export function go(address: string, { replace = false, pages = [], focus }: Step = {}): void {
  if (address === location.pathname + location.search) return;
  const before = pageOf(location.pathname);
  const entry: Entry = replace ? { ...entryHere(), pages } : entered(pages);
  if (replace) history.replaceState(entry, '', address);
  else {
    history.pushState(entry, '', address);
    scrollTo(0, 0);
  }
  const isOther = before !== pageOf(location.pathname);
  if (focus !== undefined || isOther) wantFocus(focus);
  dispatchEvent(new Event(MOVED));
  if (!isOther) takeFocus();
}

/** Parts of an evaluation are one page: whoever goes from one to the other stays among their names. */
const pageOf = (path: string): string => path.replace(/^(\/evaluations\/[^/]+)(?:\/(?:samples|course|logs|record|spec))$/, '$1');

/** Sets values of the query of this page. */
export function setQuery(values: Record<string, string | undefined>): void {
  go(location.pathname + queryWith(location.search, values), { replace: true });
}

/** Sets a filter. The list begins anew with it: the token of a later page is of the list as it was filtered before. */
export const setFilter = (name: string, value: string): void => setQuery({ [name]: value, page: '' });

/** Where the page is now; what uses it is drawn again when that changes. */
export function usePlace(): Place {
  const [place, setPlace] = useState(() => placeOf(location));
  useEffect(() => {
    const moved = (): void => setPlace(placeOf(location));
    addEventListener('popstate', moved);
    addEventListener(MOVED, moved);
    return () => {
      removeEventListener('popstate', moved);
      removeEventListener(MOVED, moved);
    };
  }, []);
  return place;
}

/** Links to places of the page are steps inside of it. */
export function catchLinks(root: HTMLElement): void {
  root.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element).closest('a');
    if (!link || link.target !== '' || link.origin !== location.origin || link.pathname.startsWith('/api/') || link.hash !== '') return;
    event.preventDefault();
    leaveFrom(link.getAttribute('href') ?? '');
    go(link.pathname + link.search);
  });
}
