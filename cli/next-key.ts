/** Which evaluation a `run` means: the unfinished one of the same spec, or a new one. */
import type { AssayClient } from '../shared/client/client.ts';
import { AppError } from '../shared/domain/errors.ts';
import { evaluationIdOf } from '../shared/domain/ids.ts';
import { isFinal } from '../shared/domain/states.ts';

const MOST_RUNS = 2 ** 30;

/**
 * The idempotency key of the next `run` of a spec: `run/<specDigest>/<n>` with the smallest n whose evaluation does not
 * exist or is unfinished. Finished runs fill 0 … n−1 without gaps, so n is found in O(log n) calls.
 */
export async function nextRunKey(client: Pick<AssayClient, 'get'>, specDigest: string, namespace: string): Promise<string> {
  const keyOf = (n: number): string => `run/${specDigest}/${n}`;
  const n = await firstWhere(async (i) => {
    try {
      return !isFinal((await client.get(evaluationIdOf(namespace, keyOf(i)))).state);
    } catch (error) {
      if (AppError.from(error).code === 'not_found') return true;
      throw error;
    }
  });
  return keyOf(n);
}

/** The smallest n ≥ 0 for which a monotone predicate (false … false true true …) holds: gallop, then halve. */
export async function firstWhere(holds: (n: number) => Promise<boolean>): Promise<number> {
  let step = 1;
  let low = 0; // holds(n) is false for all n < low
  while (!(await holds(low + step - 1))) {
    low += step;
    step *= 2;
    if (low > MOST_RUNS) throw new AppError('internal', `more than ${MOST_RUNS} finished runs of this spec`);
  }
  let high = low + step - 1; // holds(high) is true
  while (low < high) {
    const middle = (low + high) >> 1;
    if (await holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
