/** Deterministic simulation: thousands of seeds, each a world with its own faults, and the same seed twice the same course. */
import { runSeeds } from '../simulation/many.ts';
import { claim, type Claim, type ClaimOptions } from './claim.ts';

const SEEDS = { sample: 400, short: 10_000, full: 200_000 };
const TWICE = 50;
const TOLD = 20;

export function run({ full, sample, seed, log }: ClaimOptions): Promise<Claim> {
  return claim('simulation', async (violations) => {
    const seeds = SEEDS[sample ? 'sample' : full ? 'full' : 'short'];
    const startedAt = performance.now();
    const faults: Record<string, number> = {};
    const healed: number[] = [];
    const hashes = new Map<number, string>();
    const sums = { events: 0, calls: 0, violating: 0 };
    await runSeeds(seed, seeds, (course) => {
      sums.events += course.events;
      sums.calls += course.calls;
      healed.push(course.healedMs);
      for (const [kind, count] of Object.entries(course.faults)) faults[kind] = (faults[kind] ?? 0) + count;
      if (course.seed < seed + TWICE) hashes.set(course.seed, course.traceHash);
      if (course.violations.length === 0) return;
      sums.violating++;
      if (violations.length < TOLD) violations.push(`seed ${course.seed}: ${course.violations.slice(0, 3).join('; ')}`);
      if (healed.length % 1_000 === 0) log(`${healed.length} seeds`);
    });
    const seconds = (performance.now() - startedAt) / 1000;
    let equal = 0;
    await runSeeds(seed, Math.min(TWICE, seeds), (course) => {
      if (hashes.get(course.seed) === course.traceHash) equal++;
      else violations.push(`seed ${course.seed}: another course the second time`);
    });
    healed.sort((a, b) => a - b);
    const percentile = (share: number): number => Math.round(healed[Math.floor(share * (healed.length - 1))] ?? 0);
    return {
      seeds,
      firstSeed: seed,
      seconds: Math.round(seconds),
      ...sums,
      twice: Math.min(TWICE, seeds),
      equalHashes: equal,
      /** Simulated ms from the last fault's end until everything was over. */
      healedMs: { p50: percentile(0.5), p99: percentile(0.99) },
      faults,
      /** 0 bad of n shows no more than a rate below 3/n (95 %). */
      rateBelow: sums.violating === 0 ? 3 / seeds : undefined,
    };
  });
}
