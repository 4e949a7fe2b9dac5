/** The sample beside another one in a list that is filtered: the coordinator looks for it, from that sample on. Pure. */
import type { Page, SampleResult } from '../../shared/client/types.ts';
import type { Query } from './api.ts';

/** Looks of the coordinator's, each of about a second. */
const MOST_LOOKS = 20;

/** None was among as many as are looked at: where the next search goes on. */
export interface Further {
  pageToken: string;
}
export type Beside = number | 'none' | Further;

/** `ask`: the filtered list, with this besides. `further`: where an earlier search ended without finding one. */
export async function beside(
  ask: (query: Query) => Promise<Page<Pick<SampleResult, 'unit'>>>,
  unit: number,
  isBackwards: boolean,
  further?: Further,
): Promise<Beside> {
  const fromUnit = isBackwards ? unit - 1 : unit + 1;
  if (fromUnit < 0) return 'none';
  let pageToken = further?.pageToken ?? '';
  for (let look = 0; look < MOST_LOOKS; look++) {
    const place = pageToken === '' ? { fromUnit } : { pageToken };
    const { items, nextToken } = await ask({ ...place, backwards: isBackwards, pageSize: 1 });
    if (items[0]) return items[0].unit;
    if (nextToken === '') return 'none';
    pageToken = nextToken;
  }
  return { pageToken };
}
