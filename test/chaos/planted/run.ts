/** Plants one bug after the other, and asks the checker; and runs every scenario without any, which must be clean. */
import { check, describe } from '../checker/check.ts';
import type { Violation } from '../checker/violation.ts';
import { lookAtEnd } from '../rig/final.ts';
import { Rig } from '../rig/rig.ts';
import type { PlantedBug } from './bugs.ts';
import { SCENARIOS, type ScenarioName } from './scenarios.ts';

/** With a bug there may be no end to wait for. */
const END_MS = 4_000;
const SIZE = { coordinators: 2, agents: 2, connections: 4, latencyMs: [40, 120] as const };
const ON_TWO: ReadonlySet<ScenarioName> = new Set(['frozen coordinator', 'plain']);
/** Where one of each is enough. */
const SMALL = { ...SIZE, coordinators: 1, agents: 1 };
/** Those that need a replica. */
const REPLICATED: ReadonlySet<ScenarioName> = new Set(['partitioned replica']);

export interface Planted {
  name: string;
  caught: boolean;
  /** What the checker named. */
  named: string[];
  /** False: what the scenario is about did not come about. */
  cameAbout: boolean;
  /** How each try without an occasion ended. */
  without: string[];
}

/** Only where what a scenario is about has not come about: a bug that had its occasion, and was not named, is not tried again. */
const TRIES = 3;

export async function plant(bug: PlantedBug, seed: number): Promise<Planted> {
  const without: string[] = [];
  for (;;) {
    const planted = await plantOnce(bug, seed);
    if (planted.caught || planted.cameAbout || without.length === TRIES - 1)
      return { ...planted, without: [...without, ...planted.without] };
    without.push(...planted.without);
  }
}

async function plantOnce(bug: PlantedBug, seed: number): Promise<Planted> {
  const sentinels = REPLICATED.has(bug.scenario);
  const rig = await Rig.start({ ...(ON_TWO.has(bug.scenario) ? SIZE : SMALL), seed, sentinels, bug: bug.changes });
  try {
    const { violations, cameAbout, problem } = await violationsOf(rig, bug.scenario, seed, END_MS);
    const named = new Set(violations.map(({ invariant }) => invariant));
    const caught = bug.caughtBy.some((invariant) => named.has(invariant));
    return { name: bug.name, caught, named: [...named], cameAbout, without: cameAbout ? [] : [problem ?? 'it did not come about'] };
  } finally {
    await rig.stop();
  }
}

/** Runs scenarios on programs as they are; returns what is wrong, which is nothing. */
export async function runClean(scenarios: readonly ScenarioName[], seed: number): Promise<string[]> {
  const [replicated, plain] = [true, false].map((wanted) => scenarios.filter((name) => REPLICATED.has(name) === wanted));
  return [...(await runAll(plain!, seed, false)), ...(await runAll(replicated!, seed, true))];
}

async function runAll(scenarios: readonly ScenarioName[], seed: number, sentinels: boolean): Promise<string[]> {
  if (scenarios.length === 0) return [];
  const rig = await Rig.start({ ...SIZE, seed, sentinels });
  try {
    const problems: string[] = [];
    for (const scenario of scenarios) {
      const { violations } = await violationsOf(rig, scenario, seed);
      if (violations.length > 0) problems.push(`${scenario}: ${describe(violations)}`);
    }
    return problems;
  } finally {
    await rig.stop();
  }
}

async function violationsOf(
  rig: Rig,
  scenario: ScenarioName,
  seed: number,
  endMs?: number,
): Promise<{ violations: Violation[]; cameAbout: boolean; problem?: string }> {
  rig.begin(seed);
  let problem: string | undefined;
  const cameAbout = await SCENARIOS[scenario](rig).catch((error: unknown) => {
    // A bug may keep a scenario from going on; a run without one must not.
    if (endMs === undefined) throw error;
    problem = error instanceof Error ? error.message : String(error);
    return false;
  });
  await rig.heal();
  await lookAtEnd(rig, endMs === undefined ? {} : { endMs });
  return { violations: check(await rig.history()), cameAbout: cameAbout !== false, ...(problem === undefined ? {} : { problem }) };
}
