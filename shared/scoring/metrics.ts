/**
 * The metrics of one scorer in one pass. Epochs of a sample are first reduced to one value (`reducers.ts`), so that n counts samples, not
 * epochs. Values are fed in unit order, so that the last bit of a sum does not depend on who finished first. What a metric is: `metrics/`.
 */
import type { Fold, GroupedScores, Labels, Measured } from './metrics/metric.ts';
import { metricOf, type Metric, type MetricKey, type MetricSpec } from './metrics/registry.ts';
import { RunningMoments } from './metrics/running-moments.ts';
import { reducerOf, type Reducer, type Said } from './reducers.ts';
import type { LikelihoodCounts } from './scorer.ts';

export { METRIC_KEYS, type MetricKey, type MetricSpec } from './metrics/registry.ts';
export type { GroupedScores } from './metrics/metric.ts';

const NO_LABELS: Labels = {};
const NOTHING: Said = {};
const PLAIN = ['accuracy', 'mean', 'stderr', 'std', 'var'] as const;

/** In memory for the epochs of one sample, and for what each metric keeps: sums, or a number for each sample where it draws. */
export class MetricFold {
  readonly #metrics: readonly Metric[];
  readonly #folds: readonly Fold[];
  readonly #reduce: Reducer;
  readonly #moments = new RunningMoments();
  #sample = -1;
  #labels = NO_LABELS;
  #epochs: number[] = [];
  #said: Said[] = [];
  /** Of the sample; the same in each of its epochs. */
  #counts: LikelihoodCounts | undefined;
  #isOver = false;

  /** reducer: how the epochs of a sample become one value; by default their mean. */
  constructor(metrics: readonly MetricSpec[] = PLAIN, reducer: Reducer = reducerOf('mean')!) {
    this.#metrics = metrics.map(metricOf);
    this.#folds = this.#metrics.map((metric) => metric.create());
    this.#reduce = reducer;
  }

  /** All epochs of a sample in a row, samples in order; null (no verdict, or no score at all) counts nowhere. `said`: what the number is of. */
  add(sampleIndex: number, value: number | null, labels: Labels = NO_LABELS, counts?: LikelihoodCounts, said: Said = NOTHING): void {
    if (sampleIndex !== this.#sample) {
      this.#reduceSample();
      this.#sample = sampleIndex;
      this.#labels = labels;
    }
    if (value === null) return;
    this.#epochs.push(value);
    this.#said.push(said);
    this.#counts = counts;
  }

  /** Ends the sample that was added last, and does what takes long, in short pieces. Nothing is added after it. */
  *work(): Generator<undefined> {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#reduceSample();
    if (this.#moments.n > 0) for (const fold of this.#folds) yield* fold.work?.() ?? [];
  }

  /** The numbers by name, in the order asked for; null when no sample has a score. */
  result(): Partial<Record<MetricKey, number | null>> {
    const found = Object.assign({}, ...this.#measured().map(({ metrics }) => metrics)) as Partial<Record<MetricKey, number>>;
    const keys = this.#metrics.flatMap((metric) => metric.keys as MetricKey[]);
    return Object.fromEntries(keys.map((key) => [key, found[key] ?? null]));
  }

  /** Scores by groups, of each metric that makes some. */
  groups(): GroupedScores[] {
    return this.#measured().flatMap(({ groups }) => groups ?? []);
  }

  /** Samples that have a reduced score: the n of the formulas. */
  get samples(): number {
    return this.#moments.n + (this.#epochs.length > 0 && this.#reduce(this.#epochs, this.#said) !== null ? 1 : 0);
  }

  /** Their mean and spread, whatever was asked for. */
  get moments(): Pick<RunningMoments, 'n' | 'mean' | 'stderr'> {
    return this.#moments;
  }

  #measured(): Measured[] {
    const work = this.work();
    while (!work.next().done);
    return this.#moments.n === 0 ? [] : this.#folds.map((fold) => fold.result());
  }

  #reduceSample(): void {
    if (this.#epochs.length === 0) return;
    const said = this.#said;
    const value = this.#reduce(this.#epochs, said);
    this.#epochs = [];
    this.#said = [];
    if (value === null) return;
    this.#moments.add(value);
    for (const fold of this.#folds) fold.add(value, this.#labels, this.#counts, said);
  }
}

/** Running standard error from n, Σs and Σs²; for the eye (it cancels for values far from 0). 0 with fewer than two scores. */
export const stderrOf = (n: number, sum: number, sumOfSquares: number): number =>
  n < 2 ? 0 : Math.sqrt(Math.max(0, sumOfSquares - (sum * sum) / n) / (n - 1) / n);
