/** A limit of time that holds on an idle machine: what else the machine had to do is measured just before and just after. */
import { availableParallelism, cpus } from 'node:os';

const LOOK_MS = 1_000;
/** The share of all cores that others may take of a machine that is called idle. */
const IDLE_SHARE = 0.15;

export interface Timed {
  seconds: number;
  /** Of all cores' time, before and after: what was taken while this process waited. */
  busyShare: readonly [before: number, after: number];
}

/** Runs it, and says how long it took and what others had of the machine. */
export async function timed(work: () => Promise<void>): Promise<Timed> {
  const before = await busyShare();
  const startMs = performance.now();
  await work();
  const seconds = (performance.now() - startMs) / 1000;
  return { seconds, busyShare: [before, await busyShare()] };
}

export interface Judged {
  /** What says that the limit was kept or not; false: nothing does, on a machine that had other things to do. */
  judged: 'wall clock' | 'processor' | false;
  violations: string[];
}

/**
 * Holds it against a limit: by the clock where the machine was idle. Where it was not, what its own processes took of the cores can show that an idle one
 * would have done it; it cannot show the contrary, for processors that are shared count for more than they do.
 */
export function judge({ seconds, busyShare: shares }: Timed, cpuSeconds: number, limitSeconds: number): Judged {
  if (isIdle(shares)) {
    const isOver = seconds > limitSeconds;
    const violation = `took ${seconds.toFixed(1)} s on an idle machine; the limit is ${limitSeconds} s`;
    return { judged: 'wall clock', violations: isOver ? [violation] : [] };
  }
  return { judged: cpuSeconds / availableParallelism() <= limitSeconds && 'processor', violations: [] };
}

const isIdle = (shares: Timed['busyShare']): boolean => shares.every((share) => share <= IDLE_SHARE);

async function busyShare(): Promise<number> {
  const [idle, all] = times();
  await new Promise((resolve) => void setTimeout(resolve, LOOK_MS));
  const [idleAfter, allAfter] = times();
  return allAfter > all ? 1 - (idleAfter - idle) / (allAfter - all) : 0;
}

function times(): [idle: number, all: number] {
  const each = cpus().map(({ times: { idle, user, nice, sys, irq } }) => [idle, idle + user + nice + sys + irq] as const);
  return [each.reduce((sum, [idle]) => sum + idle, 0), each.reduce((sum, [, all]) => sum + all, 0)];
}
