/** An evaluation for each failpoint, on a real coordinator: it must finish exactly, whatever breaks where. */
import { evaluationIdOf } from '../../../shared/domain/ids.ts';
import { check, describe } from '../checker/check.ts';
import { textOf, type Failpoint } from '../process/failpoint.ts';
import { Rig } from '../rig/rig.ts';
import { plain, troubled } from './courses.ts';
import { isChancy, isInTrouble, isTimed } from './points.ts';
import { keepHistory } from '../run.ts';

export interface FailpointResult {
  failpoint: string;
  /** Whether the evaluation came by. */
  struck: boolean;
  /** '' if nothing is broken. */
  problem: string;
  ms: number;
}

export interface FailpointOptions {
  seed: number;
  store?: 'directory' | 's3';
  /** With several, the first that comes to the point fails, and the others go on. */
  coordinators?: number;
  log?: (line: string) => void;
}

/** What serves all failpoints, one after the other. */
export async function runFailpoints(
  failpoints: readonly Failpoint[],
  { seed, store = 'directory', coordinators = 1, log }: FailpointOptions,
): Promise<FailpointResult[]> {
  const results: FailpointResult[] = [];
  const rig = await Rig.start({ seed, store, coordinators, agents: 2, connections: 4, latencyMs: [10, 60], failpoints: true });
  try {
    for (const failpoint of failpoints) {
      let result = await tryOne(rig, failpoint, seed);
      // Who comes by when is left to chance: once more.
      if (!result.struck && !result.problem) result = await tryOne(rig, failpoint, seed + 1);
      if (!result.struck && !result.problem && !isChancy(failpoint)) result.problem = 'nothing came by';
      if (result.problem) {
        const file = ['failpoint', store, coordinators, result.failpoint.replaceAll(/[.:]/g, '-')].join('-');
        const again = `node test/chaos/failpoints/one.ts ${result.failpoint} --store ${store} --coordinators ${coordinators} --seed ${seed}`;
        result.problem += `; its history is ${await keepHistory(file, await rig.history(), rig)}; again: ${again}`;
      }
      const { failpoint: name, struck, problem, ms } = result;
      log?.(`${name}: ${problem || (struck ? 'clean' : 'nobody came by')}, ${ms} ms`);
      results.push(result);
    }
    return results;
  } finally {
    await rig.stop();
  }
}

async function tryOne(rig: Rig, failpoint: Failpoint, seed: number): Promise<FailpointResult> {
  rig.begin(seed);
  const startMs = performance.now();
  const problem = await runOne(rig, failpoint).catch((error: unknown) => `it threw: ${String(error)}`);
  const history = await rig.history();
  const violations = problem === '' ? check(history) : [];
  return {
    failpoint: textOf(failpoint),
    struck: history.of('fault').some(({ kind }) => kind === 'failpoint'),
    problem: problem || describe(violations),
    ms: Math.round(performance.now() - startMs),
  };
}

async function runOne(rig: Rig, failpoint: Failpoint): Promise<string> {
  const { clients } = rig;
  const tag = `f${Math.round(performance.now())}`;
  const evaluation = evaluationIdOf('default', tag);
  rig.evaluations.set(tag, evaluation);
  let over = false;
  // A coordinator that has ended is started again, as by its supervisor.
  const supervised = (async () => {
    while (!over) {
      for (const coordinator of rig.coordinators) if (!coordinator.running) await coordinator.start();
      await new Promise((resolve) => void setTimeout(resolve, 50));
    }
  })();
  try {
    await rig.arm(textOf(failpoint));
    const course = { rig, client: clients.client(), tag, evaluation };
    await (isInTrouble(failpoint) ? troubled(course) : plain(course, isTimed(failpoint)));
    return '';
  } finally {
    over = true;
    await supervised;
  }
}
