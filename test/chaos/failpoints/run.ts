/** An evaluation for each failpoint, on a real coordinator: it must finish exactly, whatever breaks where. */
import { evaluationIdOf } from '../../../shared/domain/ids.ts';
import { check, describe } from '../checker/check.ts';
import { textOf, type Failpoint } from '../process/failpoint.ts';
import { Rig } from '../rig/rig.ts';
import { plain, troubled } from './courses.ts';
import { isInTrouble } from './points.ts';
import { keepHistory } from '../run.ts';

export interface FailpointResult {
  failpoint: string;
  /** Whether the evaluation came by. */
  struck: boolean;
  /** '' if nothing is broken. */
  problem: string;
  ms: number;
}

/** One coordinator and two agents serve all failpoints, one after the other. */
export async function runFailpoints(
  failpoints: readonly Failpoint[],
  { seed, store = 'directory', log }: { seed: number; store?: 'directory' | 's3'; log?: (line: string) => void },
): Promise<FailpointResult[]> {
  const results: FailpointResult[] = [];
  const rig = await Rig.start({ seed, store, coordinators: 1, agents: 2, connections: 4, latencyMs: [10, 60], failpoints: true });
  try {
    for (const [n, failpoint] of failpoints.entries()) {
      rig.begin(seed + n);
      const startMs = performance.now();
      const problem = await runOne(rig, failpoint).catch((error: unknown) => `it threw: ${String(error)}`);
      const history = await rig.history();
      const struck = history.of('fault').some(({ kind }) => kind === 'failpoint');
      const violations = problem === '' ? check(history) : [];
      const result = {
        failpoint: textOf(failpoint),
        struck,
        problem: problem || describe(violations),
        ms: Math.round(performance.now() - startMs),
      };
      if (!struck || result.problem) {
        const name = `failpoint-${result.failpoint.replaceAll(/[.:]/g, '-')}`;
        result.problem = `${result.problem || 'nothing came by'}; its history is ${await keepHistory(name, history, rig)}`;
        log?.(JSON.stringify(result));
      }
      results.push(result);
    }
    return results;
  } finally {
    await rig.stop();
  }
}

async function runOne(rig: Rig, failpoint: Failpoint): Promise<string> {
  const { clients } = rig;
  const [coordinator] = rig.coordinators;
  const tag = `f${Math.round(performance.now())}`;
  const evaluation = evaluationIdOf('default', tag);
  rig.evaluations.set(tag, evaluation);
  let over = false;
  // A coordinator that has ended is started again, as by its supervisor.
  const supervised = (async () => {
    while (!over) {
      if (!coordinator!.running) await coordinator!.start();
      await new Promise((resolve) => void setTimeout(resolve, 50));
    }
  })();
  try {
    await rig.arm(0, textOf(failpoint));
    const course = { rig, client: clients.client(), tag, evaluation };
    await (isInTrouble(failpoint) ? troubled(course) : plain(course));
    return '';
  } finally {
    over = true;
    await supervised;
  }
}
