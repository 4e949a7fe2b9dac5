/** How many completions of a report were kept ones, for which no call was made. */
import type { CacheHits, Report } from '../../shared/client/types.ts';
import type { UnitResult } from '../../shared/domain/result.ts';

export class CacheCounts {
  readonly #isOn: boolean;
  readonly #all: CacheHits = { hits: 0, of: 0 };
  readonly #byModel: Record<string, CacheHits> = {};

  /** isOn: the spec asks for the cache. */
  constructor(isOn: boolean) {
    this.#isOn = isOn;
  }

  add(model: string, { completion, provenance }: UnitResult): void {
    if (completion === undefined) return;
    for (const counts of [this.#all, (this.#byModel[model] ??= { hits: 0, of: 0 })]) {
      counts.of++;
      if (provenance?.cached) counts.hits++;
    }
  }

  /** Undefined where it is off. */
  get counts(): Report['cache'] {
    return this.#isOn ? { ...this.#all, byModel: this.#byModel } : undefined;
  }
}
