/**
 * Metrics over the scores of one scorer: `accuracy` and `mean` (the same formula; the first says that scores are 0 to 1),
 * `stderr`, `std` and `var`. Epochs of a sample are first reduced to one value (`reducers.ts`), so that n counts samples, not epochs.
 *
 *   mean    m = Σ s / n
 *   stderr  sqrt(Σ (s − m)² / (n − 1)) / sqrt(n), 0 for n = 1: the standard error of the mean (Miller 2024,
 *           "Adding Error Bars to Evals", arXiv:2411.00640, §2.1)
 *   var     Σ (s − m)² / (n − 1), 0 for n = 1
 *   std     √var
 *
 * Folds are fed in unit order, so that the last bit of a sum does not depend on who finished first.
 */

import { reducerOf, type Reducer } from './reducers.ts';

export const METRIC_NAMES = ['accuracy', 'mean', 'stderr', 'std', 'var'] as const;
export type MetricName = (typeof METRIC_NAMES)[number];

/** What the metrics need of the reduced scores seen so far. */
interface Moments {
  n: number;
  sum: number;
  /** Σ (s − m)². */
  squares: number;
}

const meanOf = ({ n, sum }: Moments): number => sum / n;
const varianceOf = ({ n, squares }: Moments): number => (n < 2 ? 0 : squares / (n - 1));
const METRICS: Record<MetricName, (moments: Moments) => number> = {
  accuracy: meanOf,
  mean: meanOf,
  stderr: (moments) => Math.sqrt(varianceOf(moments) / moments.n),
  std: (moments) => Math.sqrt(varianceOf(moments)),
  var: varianceOf,
};

/**
 * One scorer's metrics in one pass, in memory for the epochs of one sample. Values are added in unit order, all epochs of a sample in a row;
 * null (no verdict, or no score at all) counts nowhere.
 */
export class MetricFold {
  readonly #metrics: readonly MetricName[];
  readonly #reduce: Reducer;
  #n = 0;
  #sum = 0;
  /** Welford's running mean and sum of squared deviations (Technometrics 4:3, 1962): stable where Σs² − (Σs)²/n is not. */
  #runningMean = 0;
  #squares = 0;
  #sample = -1;
  #epochs: number[] = [];

  /** reducer: how the epochs of a sample become one value; by default their mean. */
  constructor(metrics: readonly MetricName[] = METRIC_NAMES, reducer: Reducer = reducerOf('mean')!) {
    this.#metrics = metrics;
    this.#reduce = reducer;
  }

  add(sampleIndex: number, value: number | null): void {
    if (sampleIndex !== this.#sample) {
      this.#reduceSample();
      this.#sample = sampleIndex;
    }
    if (value !== null) this.#epochs.push(value);
  }

  /** The metrics by name, in the order asked for; null when no sample has a score. Ends the sample that was added last. */
  result(): Partial<Record<MetricName, number | null>> {
    this.#reduceSample();
    const moments = { n: this.#n, sum: this.#sum, squares: this.#squares };
    return Object.fromEntries(this.#metrics.map((name) => [name, moments.n === 0 ? null : METRICS[name](moments)]));
  }

  /** Samples that have a reduced score: the n of the formulas. */
  get samples(): number {
    return this.#n + (this.#epochs.length > 0 && this.#reduce(this.#epochs) !== null ? 1 : 0);
  }

  #reduceSample(): void {
    if (this.#epochs.length === 0) return;
    const value = this.#reduce(this.#epochs);
    this.#epochs = [];
    if (value === null) return;
    this.#n++;
    this.#sum += value;
    const before = value - this.#runningMean;
    this.#runningMean += before / this.#n;
    this.#squares += before * (value - this.#runningMean);
  }
}

/** Running standard error from n, Σs and Σs²; for the eye (it cancels for values far from 0). 0 with fewer than two scores. */
export const stderrOf = (n: number, sum: number, sumOfSquares: number): number =>
  n < 2 ? 0 : Math.sqrt(Math.max(0, sumOfSquares - (sum * sum) / n) / (n - 1) / n);
