/** Many seeds, on all cores. */
import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Answer } from './worker.ts';

const AT_ONCE = 20;

/** Runs the seeds first … first + count − 1; every course is given to `take`, in no order. Rejects when a worker dies. */
export async function runSeeds(first: number, count: number, take: (course: Answer) => void): Promise<void> {
  let next = first;
  let open = count;
  const workers = Array.from({ length: Math.min(availableParallelism(), Math.ceil(count / AT_ONCE)) }, () =>
    fork(join(import.meta.dirname, 'worker.ts'), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }),
  );
  try {
    await new Promise<void>((resolve, reject) => {
      for (const worker of workers) {
        worker.on('error', reject);
        worker.on('exit', (code) => open > 0 && reject(new Error(`a worker of the simulation ended with ${code}`)));
        worker.on('message', (message: Answer | 'more') => {
          if (message === 'more') {
            const seeds = Array.from({ length: Math.min(AT_ONCE, first + count - next) }, () => next++);
            if (seeds.length > 0) worker.send(seeds);
            return;
          }
          take(message);
          if (--open === 0) resolve();
        });
      }
    });
  } finally {
    for (const worker of workers) worker.disconnect();
  }
}
