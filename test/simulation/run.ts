/** One seed from its beginning to its judgement. */
import { violationsOf } from './checks.ts';
import type { Reached } from './history.ts';
import { Scenario, type ScenarioOptions } from './scenario.ts';

export interface Course {
  seed: number;
  violations: string[];
  traceHash: string;
  /** Simulated, in ms: until everything was over after the last fault. */
  healedMs: number;
  events: number;
  calls: number;
  faults: Record<string, number>;
  reached: Reached;
  lines: readonly string[];
}

/** After the faults everything must be over within this time. */
const LIMIT_MS = 120_000;
/** What is only tidied up may take a little longer: jobs of dead coordinators wait for their locks to run out. */
const TIDY_MS = 60_000;
/** So long calls are looked at that go on: until the last agent has slept its fill and could have stopped them. */
const CALLING_MS = 60_000;

let warm: Promise<unknown> | undefined;

/** Lets one seed's world run. The same seed gives the same course. */
export async function runSeed(seed: number, options: ScenarioOptions = {}): Promise<Course> {
  // What is loaded when it is first used is loaded before, for that takes real time.
  await (warm ??= course(0, {}));
  return course(seed, options);
}

async function course(seed: number, options: ScenarioOptions): Promise<Course> {
  const scenario = new Scenario(seed, options);
  const { world, history, hearing, disk, redis } = scenario;
  const run = (until: () => boolean, limitMs: number): Promise<boolean> =>
    world.run(() => {
      hearing.look();
      return until();
    }, limitMs);
  scenario.start();
  const isOver = (): boolean => !scenario.isBusy && scenario.plans.every((p) => disk.evaluations.get(p.evaluationId)?.state === 'finished');
  await run(isOver, scenario.faultyMs);
  scenario.heal();
  const healedAt = world.time;
  const ended = await run(isOver, LIMIT_MS);
  const healedMs = world.time - healedAt;
  const isTidy = (): boolean =>
    redis.jobs.size === 0 &&
    !redis.data.has('sim:leases') &&
    scenario.agents.every((a) => a.spool.attempts.size === 0) &&
    history.watches.every((w) => w.isOver);
  if (ended) await run(isTidy, TIDY_MS);
  if (ended) await run(() => scenario.calling.length === 0, CALLING_MS);
  // Calls that came to their end just now have left results, of which nobody has said yet that they are too late.
  if (ended) await run(isTidy, TIDY_MS);
  const violations = await violationsOf(scenario);
  if (!ended && violations.length === 0) violations.push('L1 ends: clients still wait');
  world.trace(violations.join('; '));
  return {
    seed,
    violations,
    traceHash: world.traceHash(),
    healedMs,
    events: world.events,
    calls: history.calls.length,
    faults: history.faults,
    reached: history.reached,
    lines: world.lines,
  };
}
