/** Many seeds, on all cores. */
import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Answer } from './worker.ts';

const AT_ONCE = 20;
/** Changes the code of the workers as they load it. */
const MUTATE = new URL('../chaos/process/mutate.ts', import.meta.url).href;
/** Keeps what was compiled of code that rarely runs, and collects garbage when most of a world is garbage. */
const FLAGS = ['--no-flush-bytecode', '--min-semi-space-size=32', '--max-semi-space-size=32'];

export interface ManyOptions {
  /** A change of the code that the seeds run on. */
  bug?: readonly { file: string; from: string; to: string }[];
  /** Seeds that a worker is given at once. */
  atOnce?: number;
}

/**
 * Runs the seeds first … first + count − 1; every course is given to `take`, in no order. When `take` returns true no more seeds are begun:
 * those that were, and so all below, still come to their end. Rejects when a worker dies.
 */
export async function runSeeds(
  first: number,
  count: number,
  take: (course: Answer) => boolean | void,
  { bug, atOnce = AT_ONCE }: ManyOptions = {},
): Promise<void> {
  let next = first;
  let open = 0;
  let isEnough = false;
  const changed = bug ? { env: { ...process.env, CHAOS_BUG: JSON.stringify(bug) } } : {};
  const execArgv = [...process.execArgv, ...FLAGS, ...(bug ? ['--import', MUTATE] : [])];
  const workers = Array.from({ length: Math.min(availableParallelism(), Math.ceil(count / atOnce)) }, () =>
    fork(join(import.meta.dirname, 'worker.ts'), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv, ...changed }),
  );
  const isOver = (): boolean => open === 0 && (isEnough || next === first + count);
  try {
    await new Promise<void>((resolve, reject) => {
      for (const worker of workers) {
        worker.on('error', reject);
        worker.on('exit', (code) => isOver() || reject(new Error(`a worker of the simulation ended with ${code}`)));
        worker.on('message', (message: Answer | 'more') => {
          if (message === 'more') {
            const seeds = isEnough ? [] : Array.from({ length: Math.min(atOnce, first + count - next) }, () => next++);
            open += seeds.length;
            if (seeds.length > 0) worker.send(seeds);
            return;
          }
          open--;
          if (take(message) === true) isEnough = true;
          if (isOver()) resolve();
        });
      }
    });
  } finally {
    for (const worker of workers) worker.disconnect();
  }
}
