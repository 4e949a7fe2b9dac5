/** The most frequent of the values; of several, the one that came first. Undefined where there are none. */
export function mostFrequent<T>(values: readonly T[]): T | undefined {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let winner: { value: T; count: number } | undefined;
  for (const [value, count] of counts) if (count > (winner?.count ?? 0)) winner = { value, count };
  return winner?.value;
}
