/**
 * A coordinator fails before or after one of its calls of ledger, store, leases or queue: it dies, gets an error, or waits. The long form: every
 * point with every mode, at its first call and where it is met again, alone and beside a second coordinator, and those of the store on S3.
 */
import { seededRandom } from '../../coordinator/evaluations/intake/seeded-random.ts';
import { FAILPOINTS, OF_STORE, oneSideOf, PLACES, sampleOf, SECOND_CALLS, TROUBLED_PLACES } from '../chaos/failpoints/points.ts';
import { runFailpoints, type FailpointOptions, type FailpointResult } from '../chaos/failpoints/run.ts';
import type { Failpoint } from '../chaos/process/failpoint.ts';
import { claim, type Claim, type ClaimOptions } from './claim.ts';

/** Of each course. */
const SAMPLE = 2;

interface Series extends Pick<FailpointOptions, 'store' | 'coordinators'> {
  name: string;
  failpoints: readonly Failpoint[];
}

function seriesOf({ full, sample, seed }: ClaimOptions): Series[] {
  const random = seededRandom(seed);
  if (sample) return [{ name: 'alone', failpoints: sampleOf(SAMPLE, random) }];
  const chosen = (all: readonly Failpoint[]): readonly Failpoint[] => (full ? all : oneSideOf(all, random));
  return [
    { name: 'alone', failpoints: chosen(FAILPOINTS) },
    ...(full
      ? [
          { name: 'second calls', failpoints: SECOND_CALLS },
          { name: 'two coordinators', coordinators: 2, failpoints: FAILPOINTS },
          { name: 'S3', store: 's3' as const, failpoints: OF_STORE },
        ]
      : []),
  ];
}

export function run(options: ClaimOptions): Promise<Claim> {
  const { seed, log } = options;
  return claim('failpoints', async (violations) => {
    const figures: Record<string, unknown> = {};
    const all: FailpointResult[] = [];
    for (const { name, failpoints, ...where } of seriesOf(options)) {
      const results = await runFailpoints(failpoints, { ...where, seed, log });
      for (const { failpoint, problem } of results) if (problem) violations.push(`${name}, ${failpoint}: ${problem}`);
      figures[name] = { tried: results.length, clean: results.filter(({ struck, problem }) => struck && !problem).length };
      log(`${name}: ${JSON.stringify(figures[name])}`);
      all.push(...results);
    }
    return {
      points: 2 * (PLACES.length + TROUBLED_PLACES.length),
      modes: 3,
      tried: all.length,
      clean: all.filter(({ struck, problem }) => struck && !problem).length,
      /** Met only by chance, and this time by nobody. */
      missed: all.filter(({ struck, problem }) => !struck && !problem).map(({ failpoint }) => failpoint),
      series: figures,
    };
  });
}
