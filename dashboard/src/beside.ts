/** The sample beside another one in a list that is filtered: the coordinator looks for it, from that sample on. Pure. */
import type { Page, SampleResult } from '../../shared/client/types.ts';
import type { Query } from './api.ts';

/** Looks of the coordinator's, each of about a second. */
const MOST_LOOKS = 20;

/** `further`: none was among as many as are looked at. */
export type Beside = number | 'none' | 'further';

/** ask: the filtered list, with this besides. */
export async function beside(
  ask: (query: Query) => Promise<Page<Pick<SampleResult, 'unit'>>>,
  unit: number,
  isBackwards: boolean,
): Promise<Beside> {
  const fromUnit = isBackwards ? unit - 1 : unit + 1;
  if (fromUnit < 0) return 'none';
  let place: Query = { fromUnit };
  for (let look = 0; look < MOST_LOOKS; look++) {
    const { items, nextToken } = await ask({ ...place, backwards: isBackwards, pageSize: 1 });
    if (items[0]) return items[0].unit;
    if (nextToken === '') return 'none';
    place = { pageToken: nextToken };
  }
  return 'further';
}
