/**
 * Process chaos: three coordinators, agents, Redis (in some runs with a replica and three sentinels), a model's endpoint, clients and watchers, all real processes and connections, five seeded
 * faults a run; half of the runs on the S3 store. The history of each run is held against what is promised (`test/chaos/checker`).
 */
import { describe } from '../chaos/checker/check.ts';
import { executionsOf } from '../chaos/checker/executions.ts';
import {
  BOUNDS,
  leasesLostWithCoordinators,
  percentile,
  recoveryTimes,
  slowerThanBound,
  unjudged,
  type Kind,
  type Times,
} from '../chaos/recovery-times.ts';
import { Rig } from '../chaos/rig/rig.ts';
import type { FaultKind } from '../chaos/rig/faults.ts';
import { keepHistory, runChaos, type Run } from '../chaos/run.ts';
import { claim, type Claim, type ClaimOptions } from './claim.ts';

/** A rig serves some runs one after the other; one with sentinels has one run, for it bears one failover. */
const RIGS = {
  sample: { runs: 3, plain: 2, sentinels: 0 },
  short: { runs: 3, plain: 2, sentinels: 1 },
  full: { runs: 10, plain: 18, sentinels: 20 },
};
const AGENTS = [4, 5, 6];
/** What each rig suffers by itself, besides: recovery has its bounds where nothing else is wrong. Not among the samples. */
const ALONE: readonly FaultKind[] = ['agent-kill', 'coordinator-kill', 'redis-kill'];

/** What a run adds to the figures. */
class Tally {
  runs = 0;
  readonly faults: Record<string, number> = {};
  lost = 0;
  countedTwice = 0;
  readonly zombies = { offered: 0, refused: 0, counted: 0 };
  readonly executions = { calls: 0, repeated: 0, bound: 0, unheard: 0, unwarranted: 0 };
  readonly times: Times = {};
  /** Of faults that came by themselves: these have bounds. */
  readonly alone: Times = {};
  readonly coordinatorLosses = { alone: 0, leasesLost: 0 };

  add({ faults, violations, history }: Run): void {
    this.runs++;
    for (const kind of faults) this.faults[kind] = (this.faults[kind] ?? 0) + 1;
    const broken = (...names: string[]): number => violations.filter(({ invariant }) => names.includes(invariant)).length;
    this.lost += broken('S1', 'L1');
    this.countedTwice += broken('S3', 'S4');
    for (const { refused, late } of history.of('committed')) this.zombies.refused += refused.length + late.length;
    this.zombies.counted += broken('S6');
    this.zombies.offered = this.zombies.refused + this.zombies.counted;
    for (const [name, value] of Object.entries(executionsOf(history))) this.executions[name as 'calls'] += value;
    const { all, alone } = recoveryTimes(history);
    for (const [kind, values] of Object.entries(all)) (this.times[kind as Kind] ??= []).push(...values);
    for (const [kind, values] of Object.entries(alone)) (this.alone[kind as Kind] ??= []).push(...values);
    const { losses, leases } = leasesLostWithCoordinators(history);
    this.coordinatorLosses.alone += losses;
    this.coordinatorLosses.leasesLost += leases;
  }

  /** hasBounds: whether the times were held against them. */
  figures(hasBounds: boolean): Record<string, unknown> {
    const { times, alone, coordinatorLosses, ...rest } = this;
    const none = unjudged(alone);
    const recoveryMs = Object.fromEntries(
      [...new Set([...Object.keys(BOUNDS), ...Object.keys(times)] as Kind[])].map((kind) => {
        const bound = BOUNDS[kind];
        const judged = bound === undefined ? {} : { bound, judged: hasBounds && !none.includes(kind) };
        return [kind, { ...spread(times[kind]), alone: spread(alone[kind]), ...judged }];
      }),
    );
    return { ...rest, coordinatorLosses: { ...coordinatorLosses, judged: hasBounds && coordinatorLosses.alone > 0 }, recoveryMs };
  }
}

function spread(values: readonly number[] = []): Record<string, number | string> {
  const at = (percent: number): number | string => {
    const ms = percentile(values, percent);
    return Number.isFinite(ms) ? ms : 'never';
  };
  return values.length > 0 ? { n: values.length, p50: at(50), p99: at(99) } : { n: 0 };
}

export function run({ full, sample, seed, log }: ClaimOptions): Promise<Claim> {
  return claim('process chaos', async (violations) => {
    const tally = new Tally();
    const { runs, plain, sentinels: withSentinels } = RIGS[sample ? 'sample' : full ? 'full' : 'short'];
    const alone = sample ? [] : ALONE.map((kind) => [kind]);
    let next = seed;
    for (let n = 0; n < plain + withSentinels; n++) {
      const sentinels = n >= plain;
      const rig = await Rig.start({ seed: next, store: n % 2 === 0 ? 'directory' : 's3', sentinels, agents: AGENTS[n % AGENTS.length]! });
      try {
        // Of rigs with sentinels every second one has its failover by itself.
        const failover: readonly FaultKind[] | undefined = n % 2 === 0 ? ['redis-failover'] : undefined;
        const courses = sentinels ? [sample ? undefined : failover] : [...Array.from({ length: runs }, () => undefined), ...alone];
        for (const kinds of courses) {
          const own = await runChaos(rig, next++, kinds);
          tally.add(own);
          const where = `${own.store}${sentinels ? ', sentinels' : ''}`;
          log(`${own.seed} ${where}: ${own.faults.join(', ')}; ${own.violations.length} violations`);
          if (own.violations.length > 0)
            violations.push(`seed ${own.seed}, ${await keepHistory(`chaos-${own.seed}`, own.history, rig)}: ${describe(own.violations)}`);
        }
      } finally {
        await rig.stop();
      }
    }
    // Among all other tests the machine has other things to do: then they are only printed.
    if (!sample) violations.push(...slowerThanBound(tally.alone));
    // A few runs on a busy machine may have none; the figures say so. Of so many each kind must have some.
    if (full) for (const kind of unjudged(tally.alone)) violations.push(`${kind}: no time of one that came by itself`);
    const { alone: losses, leasesLost } = tally.coordinatorLosses;
    if (!sample && leasesLost > 0)
      violations.push(`${leasesLost} leases were lost with ${losses} coordinators that were lost by themselves`);
    return tally.figures(!sample);
  });
}
