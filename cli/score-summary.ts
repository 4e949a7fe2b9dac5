/** What the scores of `assay score` add up to, in one pass. Memory: sums, and a number for each score where a metric draws. */
import { AppError } from '../shared/domain/errors.ts';
import { MetricFold } from '../shared/scoring/metrics.ts';
import { labelOf, LabelCheck } from '../shared/scoring/metrics/label-check.ts';
import { metadataOf, metricOf, type MetricSpec } from '../shared/scoring/metrics/registry.ts';
import type { Reducer } from '../shared/scoring/reducers.ts';
import type { Verdict } from '../shared/scoring/scorer.ts';
import { valueToNumber } from '../shared/scoring/values.ts';

export class ScoreSummary {
  readonly #fold: MetricFold;
  readonly #fields: readonly string[];
  readonly #labels: LabelCheck;
  #lines = 0;
  #scored = 0;
  #unscored = 0;

  constructor(metrics: readonly MetricSpec[], reducer?: Reducer) {
    this.#fold = new MetricFold(metrics, reducer);
    this.#fields = metadataOf(metrics.map(metricOf));
    this.#labels = new LabelCheck(metrics, 'give the line a "metadata" that has it, or correct the metric');
  }

  /** A line's verdicts, one for each epoch. Throws AppError invalid for a line without the metadata that a metric groups by. */
  add(verdicts: readonly Verdict[], metadata: Readonly<Record<string, unknown>>, place: string): void {
    this.#refuse([this.#labels.take(metadata)], place);
    // Sums for too many groups are not even begun.
    this.#refuse(this.#labels.faultsAtEnd(this.#lines + 1), place);
    const labels = Object.fromEntries(this.#fields.map((field) => [field, labelOf(metadata, field)!]));
    for (const { value, answer, counts, corpus } of verdicts) {
      const number = valueToNumber(value);
      if (number === null) this.#unscored++;
      else this.#scored++;
      this.#fold.add(this.#lines, number, labels, counts, { value: value ?? undefined, answer, corpus });
    }
    this.#lines++;
  }

  result(): object {
    const groups = this.#fold.groups();
    const counts = { scored: this.#scored, unscored: this.#unscored };
    return { metrics: this.#fold.result(), ...(groups.length > 0 ? { groups } : {}), samples: this.#fold.samples, counts };
  }

  #refuse([problem]: readonly (string | undefined)[], place: string): void {
    if (problem !== undefined) throw new AppError('invalid', `${place}: ${problem}`);
  }
}
