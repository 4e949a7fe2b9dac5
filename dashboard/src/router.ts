/** Where the page is: its address, without a hash. What can be set in the page stands in the query, so that an address shows the same again. */
import { useEffect, useState } from 'preact/hooks';
import { queryWith } from './api.ts';

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

/** Goes to an address of this page; `replace`: no step back leads to where it was before. */
export function go(address: string, { replace = false }: { replace?: boolean } = {}): void {
  if (address === location.pathname + location.search) return;
  if (replace) history.replaceState(null, '', address);
  else {
    history.pushState(null, '', address);
    scrollTo(0, 0);
  }
  dispatchEvent(new Event(MOVED));
}

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
    go(link.pathname + link.search);
  });
}
