/** Durations by magnitude: a few dozen counts say where half of them lie, or 95 in 100, to about a tenth, and can be added to others. Pure. */

const STEPS_PER_DOUBLING = 5;

/** Counts by bin. */
export type Latencies = Record<string, number>;

/** The bin of a duration; the first is for all below a millisecond. */
export const binOf = (ms: number): number => (ms < 1 ? 0 : 1 + Math.floor(Math.log2(ms) * STEPS_PER_DOUBLING));

const lowerEnd = (bin: number): number => (bin === 0 ? 0 : 2 ** ((bin - 1) / STEPS_PER_DOUBLING));

/** At most so long took this share of them; 0 where there are none. */
export function quantileOf(latencies: Latencies, share: number): number {
  const bins = Object.entries(latencies)
    .map(([bin, count]) => [Number(bin), count] as const)
    .toSorted(([a], [b]) => a - b);
  let left = share * bins.reduce((sum, [, count]) => sum + count, 0);
  for (const [bin, count] of bins) {
    if (left <= count && count > 0) {
      const [from, to] = [lowerEnd(bin), lowerEnd(bin + 1)];
      return from + (to - from) * (left / count);
    }
    left -= count;
  }
  return 0;
}
