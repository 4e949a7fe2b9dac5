/** How long tasks wait: counted by classes of length, four to each doubling, so that those of all coordinators can be added up. Pure. */
import type { Waits } from '../../../shared/client/why.ts';

const PER_DOUBLING = 4;
/** Beyond a year. */
const CLASSES = PER_DOUBLING * 35;
export const NO_WAITS: Waits = { tasks: 0, p50Ms: 0, p90Ms: 0, p99Ms: 0, maxMs: 0 };

export const classOf = (ms: number): number => (ms < 1 ? 0 : Math.min(CLASSES, 1 + Math.floor(PER_DOUBLING * Math.log2(ms))));

/** The middle of a class: within a tenth of whatever is in it. */
const middleOf = (index: number): number => (index === 0 ? 0 : Math.round(2 ** ((index - 0.5) / PER_DOUBLING)));

/** Of counts by class. */
export function waitsOf(counts: ReadonlyMap<number, number>): Waits {
  const classes = [...counts].filter(([, n]) => n > 0).toSorted(([a], [b]) => a - b);
  const tasks = classes.reduce((sum, [, n]) => sum + n, 0);
  if (tasks === 0) return NO_WAITS;
  const at = (share: number): number => {
    let seen = 0;
    for (const [index, n] of classes) if ((seen += n) >= Math.ceil(share * tasks)) return middleOf(index);
    return middleOf(classes.at(-1)![0]);
  };
  return { tasks, p50Ms: at(0.5), p90Ms: at(0.9), p99Ms: at(0.99), maxMs: at(1) };
}

/** Of the lengths themselves. */
export function waitsIn(lengths: readonly number[]): Waits {
  const sorted = lengths.toSorted((a, b) => a - b);
  const tasks = sorted.length;
  if (tasks === 0) return NO_WAITS;
  const at = (share: number): number => Math.max(0, sorted[Math.ceil(share * tasks) - 1]!);
  return { tasks, p50Ms: at(0.5), p90Ms: at(0.9), p99Ms: at(0.99), maxMs: at(1) };
}
