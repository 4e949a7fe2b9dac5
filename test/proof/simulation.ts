/**
 * Deterministic simulation: thousands of seeds, each a world with its own faults, and the same seed twice the same course. Then the same
 * with bugs: each of the mutants must be named by some seed, or what was found clean proves nothing.
 */
import { runSeeds } from '../simulation/many.ts';
import { MUTANTS, nameMutant } from '../simulation/mutants.ts';
import { claim, type Claim, type ClaimOptions } from './claim.ts';
import { judge, timed } from './idle.ts';

const SEEDS = { sample: 200, short: 10_000, full: 200_000 };
/** Of the short form, in seconds (`idle.ts`). */
const LIMIT_SECONDS = 120;
const TWICE = 50;
const TOLD = 20;
/** A mutant that so many seeds do not name survives; none is run after one that has. */
const MUTANT_SEEDS = { sample: 0, short: 2_000, full: 2_000 };
/** Seeds between two lines of progress. */
const STEP = 1_000;

export function run({ full, sample, seed, log }: ClaimOptions): Promise<Claim> {
  return claim('simulation', async (violations) => {
    const form = sample ? 'sample' : full ? 'full' : 'short';
    const seeds = SEEDS[form];
    const faults: Record<string, number> = {};
    const reached: Record<string, number> = {};
    const healed: number[] = [];
    const hashes = new Map<number, string>();
    const sums = { events: 0, calls: 0, violating: 0 };
    let cpuMs = 0;
    const pass = (): Promise<void> =>
      runSeeds(seed, seeds, (course) => {
        sums.events += course.events;
        sums.calls += course.calls;
        cpuMs += course.cpuMs;
        if (healed.push(course.healedMs) % STEP === 0) log(`${healed.length} seeds`);
        for (const [kind, count] of Object.entries(course.faults)) faults[kind] = (faults[kind] ?? 0) + count;
        for (const [what, count] of Object.entries(course.reached)) reached[what] = (reached[what] ?? 0) + Number(count > 0);
        if (course.seed < seed + TWICE) hashes.set(course.seed, course.traceHash);
        if (course.violations.length === 0) return;
        sums.violating++;
        if (violations.length < TOLD) violations.push(`seed ${course.seed}: ${course.violations.slice(0, 3).join('; ')}`);
      });
    const time = await timed(pass);
    const { judged, violations: late } = judge(time, cpuMs / 1000, LIMIT_SECONDS);
    if (form === 'short') violations.push(...late);
    let equal = 0;
    await runSeeds(seed, Math.min(TWICE, seeds), (course) => {
      if (hashes.get(course.seed) === course.traceHash) equal++;
      else violations.push(`seed ${course.seed}: another course the second time`);
    });
    for (const [what, count] of Object.entries(reached)) if (count === 0) violations.push(`no seed has reached: ${what}`);
    healed.sort((a, b) => a - b);
    const percentile = (share: number): number => Math.round(healed[Math.floor(share * (healed.length - 1))] ?? 0);
    return {
      seeds,
      firstSeed: seed,
      seconds: Math.round(time.seconds),
      cpuSeconds: Math.round(cpuMs / 1000),
      /** Of the machine's cores, by others, before and after: the clock says something of an idle one only. */
      busyShare: time.busyShare.map((share) => Math.round(share * 100) / 100),
      ...(form === 'short' ? { limitSeconds: LIMIT_SECONDS, judged } : {}),
      ...sums,
      twice: Math.min(TWICE, seeds),
      equalHashes: equal,
      /** Simulated ms from the last fault's end until everything was over. */
      healedMs: { p50: percentile(0.5), p99: percentile(0.99) },
      faults,
      /** In how many seeds a lease expired, a unit was spared, a task died, a recovery ran. */
      reached,
      ...(MUTANT_SEEDS[form] > 0 ? { mutants: await mutantsOf(seed, MUTANT_SEEDS[form], violations, log) } : {}),
      /** 0 bad of n shows no more than a rate below 3/n (95 %). */
      rateBelow: sums.violating === 0 ? 3 / seeds : undefined,
    };
  });
}

/** Which seed named each of them. */
async function mutantsOf(first: number, count: number, violations: string[], log: (line: string) => void): Promise<Record<string, number>> {
  const seeds: Record<string, number> = {};
  for (const mutant of MUTANTS) {
    const named = await nameMutant(mutant, first, count);
    log(`${mutant.name}: ${named ? `named by seed ${named.seed}: ${named.violation}` : 'survives'}`);
    if (named) seeds[mutant.name] = named.seed;
    else violations.push(`${mutant.name}: no seed of ${count} has named it`);
  }
  return seeds;
}
