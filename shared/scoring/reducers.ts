/**
 * Reducers: from the values of a sample's epochs to one. Names and semantics are Inspect's (epochs without a value are left out; a
 * value of at least 1 is a success):
 *
 *   mean, median (of an even number: the mean of the middle two), max
 *   mode          the most frequent value; of several, the one that came first
 *   at_least_K    1 if at least K epochs succeed, else 0
 *   pass_at_K     1 − C(n − c, K) / C(n, K) with c successes in n epochs: the chance that one of K drawn epochs succeeds (Chen et al. 2021,
 *                 arXiv:2107.03374, §2.1); no value where n < K
 */

/** The values are those that there are, at least one, in the order of the epochs; null: no value. */
export type Reducer = (values: readonly number[]) => number | null;

const SUCCESS = 1;

const mean: Reducer = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

const median: Reducer = (values) => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

const mode: Reducer = (values) => {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let best: [value: number, count: number] = [values[0]!, 0];
  for (const entry of counts) if (entry[1] > best[1]) best = entry;
  return best[0];
};

const max: Reducer = (values) => values.reduce((most, value) => Math.max(most, value), -Infinity);

const successes = (values: readonly number[]): number => values.reduce((count, value) => count + Number(value >= SUCCESS), 0);

const atLeast =
  (k: number): Reducer =>
  (values) =>
    Number(successes(values) >= k);

const passAt =
  (k: number): Reducer =>
  (values) => {
    const n = values.length;
    if (n < k) return null;
    return passAtK(n, successes(values), k);
  };

/** 1 − C(n − c, k) / C(n, k), as a product, which does not overflow. */
export function passAtK(n: number, c: number, k: number): number {
  if (n - c < k) return 1;
  let fails = 1;
  for (let i = n - c + 1; i <= n; i++) fails *= 1 - k / i;
  return 1 - fails;
}

const PLAIN: Record<string, Reducer> = { mean, median, mode, max };

/** The reducer of a name, or undefined if there is none. */
export function reducerOf(name: string): Reducer | undefined {
  if (Object.hasOwn(PLAIN, name)) return PLAIN[name];
  const [, kind, k] = /^(at_least|pass_at)_(\d{1,4})$/.exec(name) ?? [];
  if (!kind || Number(k) < 1) return undefined;
  return kind === 'at_least' ? atLeast(Number(k)) : passAt(Number(k));
}
