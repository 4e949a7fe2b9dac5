/** A coordinator fails before or after one of its calls of ledger, store, leases or queue: it dies, gets an error, or waits. */
import { seededRandom } from '../../coordinator/evaluations/intake/seeded-random.ts';
import { FAILPOINTS, PLACES, sampleOf, TROUBLED_PLACES } from '../chaos/failpoints/points.ts';
import { runFailpoints } from '../chaos/failpoints/run.ts';
import { claim, type Claim, type ClaimOptions } from './claim.ts';

const SAMPLE = 8;

export function run({ full, seed, log }: ClaimOptions): Promise<Claim> {
  return claim('failpoints', async (violations) => {
    const chosen = full ? FAILPOINTS : sampleOf(SAMPLE, seededRandom(seed));
    const results = await runFailpoints(chosen, { seed, log });
    for (const { failpoint, struck, problem } of results)
      if (!struck || problem) violations.push(`${failpoint}: ${problem || 'nothing came by'}`);
    return {
      points: 2 * (PLACES.length + TROUBLED_PLACES.length),
      modes: 3,
      tried: results.length,
      clean: results.filter(({ struck, problem }) => struck && !problem).length,
    };
  });
}
