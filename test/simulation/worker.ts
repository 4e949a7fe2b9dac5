/** A process that runs the seeds it is sent, one message each, and answers with their courses, without their traces. */
import { runSeed, type Course } from './run.ts';

// Errors are thrown by the thousand; where they come from is for people who run one seed.
Error.stackTraceLimit = 0;

export type Answer = Omit<Course, 'lines'> & {
  /** Of the processor, since the course before; of the first one, since the process began. */
  cpuMs: number;
};

let spentMs = 0;
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  const beforeMs = spentMs;
  spentMs = (user + system) / 1000;
  return spentMs - beforeMs;
}

process.on('message', (seeds: number[]) => {
  void (async () => {
    for (const seed of seeds) {
      const { lines: _lines, ...answer } = await runSeed(seed);
      process.send?.({ ...answer, cpuMs: cpuMs() } satisfies Answer);
    }
    // Where that was the last of all, the parent has gone by then.
    process.send?.('more', undefined, undefined, () => undefined);
  })();
});
process.on('disconnect', () => process.exit());
process.send?.('more');
