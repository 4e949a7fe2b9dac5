/** Lists that come in pages, read on as far as they are wanted. */
import type { Page, PageRequest } from '../shared/client/types.ts';

const LARGEST_PAGE = 1000;

/** The pages of a list until it ends or `limit` items have come; never more than one page in memory. */
export async function* pagesOf<T>(fetch: (page: PageRequest) => Promise<Page<T>>, limit: number): AsyncGenerator<T[]> {
  let token = '';
  for (let left = limit; left > 0;) {
    const page = await fetch({ size: Math.min(left, LARGEST_PAGE), ...(token ? { token } : {}) });
    const items = page.items.slice(0, left);
    if (items.length > 0) yield items;
    left -= items.length;
    // A page may be empty though there are more; one that names itself as the next would never end.
    if (!page.nextToken || page.nextToken === token) return;
    token = page.nextToken;
  }
}
