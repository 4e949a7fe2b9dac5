/** The scores of one evaluation by benchmark, model and scorer: a number for each sample, its epochs reduced to their mean. */
import type { Report, SampleResult } from '../../shared/client/types.ts';
import { AppError } from '../../shared/domain/errors.ts';

/** Samples × scorers that one evaluation may have here: they are in memory, some 100 bytes each. */
export const MAX_SCORES = 2_000_000;

/** Only these; what is absent is not asked. */
export interface Wanted {
  benchmark?: string | undefined;
  model?: string | undefined;
  scorer?: string | undefined;
}

/** What is known of one benchmark, model and scorer: each sample's score, or of a report only what they add up to. */
export interface ScoreRow {
  benchmark: string;
  model: string;
  scorer: string;
  samples: Samples | undefined;
  summary: { mean: number; stderr: number | undefined; n: number } | undefined;
}

/** Scores by sample id. */
export class Samples {
  readonly #places = new Map<string, number>();
  readonly #sums: number[] = [];
  readonly #epochs: number[] = [];
  /** Of the prompts: 48 bits of their digests, enough to tell two apart; 0: not known. */
  readonly #prompts: number[] = [];

  /** Returns whether the sample is a new one. */
  add(sampleId: string, value: number, promptDigest = ''): boolean {
    const known = this.#places.get(sampleId);
    const place = known ?? this.#sums.push(0) - 1;
    if (known === undefined) {
      this.#places.set(sampleId, place);
      this.#epochs.push(0);
      this.#prompts.push(/^[0-9a-f]{12}/.test(promptDigest) ? Number.parseInt(promptDigest.slice(0, 12), 16) : 0);
    }
    this.#sums[place]! += value;
    this.#epochs[place]!++;
    return known === undefined;
  }

  get(sampleId: string): number | undefined {
    const place = this.#places.get(sampleId);
    return place === undefined ? undefined : this.#sums[place]! / this.#epochs[place]!;
  }

  /** Whether both were asked, and otherwise; of epochs the first one counts. */
  isAskedOtherwise(other: Samples, sampleId: string): boolean {
    const [own, others] = [this.#promptOf(sampleId), other.#promptOf(sampleId)];
    return own !== 0 && others !== 0 && own !== others;
  }

  #promptOf(sampleId: string): number {
    const place = this.#places.get(sampleId);
    return place === undefined ? 0 : this.#prompts[place]!;
  }

  get size(): number {
    return this.#sums.length;
  }

  /** In the order in which they came: that of units, of a finished evaluation. */
  *entries(): Generator<[sampleId: string, value: number]> {
    for (const id of this.#places.keys()) yield [id, this.get(id)!];
  }

  /** By their ids, so that sums and draws do not depend on which result came first. */
  *sorted(): Generator<[sampleId: string, value: number]> {
    for (const id of [...this.#places.keys()].toSorted()) yield [id, this.get(id)!];
  }
}

export class ScoreTable {
  /** In the order of the evaluation. */
  readonly rows = new Map<string, ScoreRow>();
  readonly #wanted: Wanted;
  readonly #name: string;
  #scores = 0;

  constructor(name: string, wanted: Wanted = {}) {
    this.#name = name;
    this.#wanted = wanted;
  }

  /** Takes a result in. Throws AppError invalid for more scores than fit. */
  add(result: Pick<SampleResult, 'benchmark' | 'model' | 'sampleId' | 'scores' | 'provenance'>): void {
    const { benchmark, model, sampleId, scores, provenance } = result;
    for (const { scorer, number, error } of scores) {
      if (!this.#isWanted({ benchmark, model, scorer })) continue;
      const row = this.#rowOf({ benchmark, model, scorer });
      row.samples ??= new Samples();
      if (number === null || error !== '') continue;
      if (row.samples.add(sampleId, number, provenance?.promptDigest) && ++this.#scores > MAX_SCORES)
        throw new AppError(
          'invalid',
          `${this.#name} has more than ${MAX_SCORES} scores; choose some of them by --benchmark, --model or --scorer`,
        );
    }
  }

  /** Of a report alone: means and standard errors, where epochs are reduced to their mean. */
  addReport({ results }: Pick<Report, 'results'>): void {
    for (const { benchmark, model, scorer, metrics, counts, samples, reducer } of results) {
      const mean = metrics.mean ?? metrics.accuracy;
      if (reducer !== 'mean' || mean === undefined || !this.#isWanted({ benchmark, model, scorer })) continue;
      this.#rowOf({ benchmark, model, scorer }).summary = { mean, stderr: metrics.stderr, n: samples ?? counts.scored };
    }
  }

  get models(): string[] {
    return [...new Set(Array.from(this.rows.values(), (row) => row.model))];
  }

  #isWanted(names: { benchmark: string; model: string; scorer: string }): boolean {
    return (['benchmark', 'model', 'scorer'] as const).every((key) => this.#wanted[key] === undefined || this.#wanted[key] === names[key]);
  }

  #rowOf(names: { benchmark: string; model: string; scorer: string }): ScoreRow {
    const key = JSON.stringify([names.benchmark, names.model, names.scorer]);
    let row = this.rows.get(key);
    if (!row) this.rows.set(key, (row = { ...names, samples: undefined, summary: undefined }));
    return row;
  }
}
