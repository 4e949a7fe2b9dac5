/** Middle values. Null for n = 0. */

const sorted = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);

/** The middle one; of an even number the mean of the middle two. */
export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const inOrder = sorted(values);
  const middle = inOrder.length >> 1;
  return inOrder.length % 2 === 1 ? inOrder[middle]! : (inOrder[middle - 1]! + inOrder[middle]!) / 2;
}

/** The middle one; of an even number the upper of the middle two, as lm-evaluation-harness takes it. */
export const upperMedian = (values: readonly number[]): number | null => sorted(values)[values.length >> 1] ?? null;

/** The value below which a share of 0 to 1 lies, linear between neighbours (Hyndman and Fan 1996, type 7). */
export function percentile(values: readonly number[], share: number): number | null {
  if (values.length === 0) return null;
  const inOrder = sorted(values);
  const place = share * (inOrder.length - 1);
  const below = Math.floor(place);
  const low = inOrder[below]!;
  return below === place ? low : low + (inOrder[below + 1]! - low) * (place - below);
}
