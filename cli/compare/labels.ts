/** What samples say in a field of their metadata, by benchmark: the groups of a comparison. A text for each sample is in memory. */
import { AppError } from '../../shared/domain/errors.ts';
import { labelOf, MAX_GROUPS } from '../../shared/scoring/metrics/label-check.ts';

/** Other fields that a message names, at most. */
const MAX_FIELDS = 20;

export class SampleLabels {
  readonly field: string;
  readonly #name: string;
  readonly #labels = new Map<string, Map<string, string>>();
  /** The same text once, however many samples have it. */
  readonly #texts = new Map<string, string>();
  readonly #fields = new Set<string>();

  /** name: of the source, for messages. */
  constructor(field: string, name: string) {
    this.field = field;
    this.#name = name;
  }

  get size(): number {
    return this.#labels.size;
  }

  /** What the samples have in place of it. */
  get fields(): string[] {
    return [...this.#fields];
  }

  /** Throws AppError invalid for more groups than a comparison can show. */
  add(benchmark: string, sampleId: string, metadata: Readonly<Record<string, unknown>>): void {
    const label = labelOf(metadata, this.field);
    if (label === undefined) {
      for (const field of Object.keys(metadata)) if (this.#fields.size < MAX_FIELDS) this.#fields.add(field.slice(0, 60));
      return;
    }
    if (!this.#texts.has(label)) {
      if (this.#texts.size === MAX_GROUPS)
        throw new AppError(
          'invalid',
          `${this.#name} has more than ${MAX_GROUPS} groups by ${JSON.stringify(this.field)}; name a coarser field with --by`,
        );
      this.#texts.set(label, label);
    }
    let own = this.#labels.get(benchmark);
    if (!own) this.#labels.set(benchmark, (own = new Map()));
    own.set(sampleId, this.#texts.get(label)!);
  }

  of(benchmark: string, sampleId: string): string | undefined {
    return this.#labels.get(benchmark)?.get(sampleId);
  }
}
