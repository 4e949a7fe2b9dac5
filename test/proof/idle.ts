/** A limit of time that holds on an idle machine: what else the machine had to do is measured just before and just after. */
import { cpus } from 'node:os';

const LOOK_MS = 1_000;
/** The share of all cores that others may take of a machine that is called idle. */
const IDLE_SHARE = 0.15;

export interface Timed {
  seconds: number;
  /** Of all cores' time, before and after: what was taken while this process waited. */
  busyShare: readonly [before: number, after: number];
}

/** Runs it, and says how long it took and whether the machine was idle. */
export async function timed(work: () => Promise<void>): Promise<Timed> {
  const before = await busyShare();
  const startMs = performance.now();
  await work();
  const seconds = (performance.now() - startMs) / 1000;
  return { seconds, busyShare: [before, await busyShare()] };
}

/** What is wrong with it; nothing is said of a machine that was not idle. */
export function overLimit({ seconds, busyShare: shares }: Timed, limitSeconds: number): string[] {
  return seconds > limitSeconds && isIdle(shares)
    ? [`took ${seconds.toFixed(1)} s on an idle machine; the limit is ${limitSeconds} s`]
    : [];
}

export const isIdle = (shares: Timed['busyShare']): boolean => shares.every((share) => share <= IDLE_SHARE);

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
