/** On to the next page of a list, and back. A page is a step of the browser's history: its own way back leads here as well. */
import { queryWith } from '../api.ts';
import { pagesBefore } from '../entries.ts';
import { go } from '../router.ts';
import { count } from '../words.ts';

/** Pages whose names are remembered; behind them the way back is the first page. */
const MOST = 200;

export function Pager({ nextToken, query }: { nextToken: string; query: URLSearchParams }) {
  const here = query.get('page') ?? '';
  const before = pagesBefore();
  if (nextToken === '' && here === '') return null;
  const to = (page: string, pages: readonly string[]): void =>
    go(location.pathname + queryWith(location.search, { page }), { pages, focus: 'main h1' });
  const previous = before.at(-1);
  const isKnown = here === '' || (previous !== undefined && before.length < MOST);
  const words = isKnown ? `Page ${count(before.length + 1)}` : 'A later page';
  return (
    <nav class="pager" aria-label="Pages of the list">
      {here === '' ? null : (
        <button type="button" onClick={() => to('', [])}>
          First page
        </button>
      )}
      <button type="button" disabled={previous === undefined} onClick={() => to(previous!, before.slice(0, -1))}>
        Previous page
      </button>
      <span class="pager-at">{words}</span>
      <button type="button" disabled={nextToken === ''} onClick={() => to(nextToken, [...before, here].slice(-MOST))}>
        Next page
      </button>
    </nav>
  );
}
