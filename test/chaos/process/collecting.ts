/**
 * On SIGUSR2 the process lets go of all memory that it does not use, and says so: what is measured then is what it keeps, not what its
 * collector has left lying about until later.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What it prints then. */
export const COLLECTED = 'all garbage is collected';

type Collect = (options: { type: 'major'; execution: 'sync'; flavor: 'last-resort' }) => void;

export function collectOnSignal(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as Collect;
  process.on('SIGUSR2', () => {
    collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    process.stderr.write(`${COLLECTED}\n`);
  });
}
