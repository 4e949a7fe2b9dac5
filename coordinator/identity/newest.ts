/** Pages of what somebody may see, the newest first. */
import type { Page, PageRequest } from '../../shared/client/types.ts';
import { pageSizeOf, pageTokenOf, readPageToken } from '../index/page-token.ts';

/** `question`: what is asked, and by whom; a page's token is good for no other. */
export function pageOfNewest<T extends { readonly createdAtMs: number; readonly id: string }>(
  question: readonly string[],
  items: readonly T[],
  page: PageRequest,
): Page<T> {
  const after = readPageToken(question, page.token, ['number', 'string']) as [number, string] | undefined;
  const sorted = items.toSorted((a, b) => b.createdAtMs - a.createdAtMs || (a.id < b.id ? -1 : 1));
  const left = sorted.filter(({ createdAtMs, id }) => !after || createdAtMs < after[0] || (createdAtMs === after[0] && id > after[1]));
  const shown = left.slice(0, pageSizeOf(page));
  const last = shown.at(-1);
  return { items: shown, nextToken: last && left.length > shown.length ? pageTokenOf(question, [last.createdAtMs, last.id]) : '' };
}
