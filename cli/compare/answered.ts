/** Who has answered, by benchmark and model: the names and fingerprints that endpoints gave, with counts. Bounded. */
import type { SampleResult } from '../../shared/client/types.ts';

/** Names of one benchmark and model; further ones are not looked at. */
const MAX_NAMES = 20;

export class Answered {
  readonly #names = new Map<string, Map<string, number>>();

  add({ benchmark, model, provenance }: Pick<SampleResult, 'benchmark' | 'model' | 'provenance'>): void {
    if (provenance?.model === undefined) return;
    const key = keyOf(benchmark, model);
    let own = this.#names.get(key);
    if (!own) this.#names.set(key, (own = new Map()));
    const { fingerprint } = provenance;
    const name = `${provenance.model}${fingerprint === undefined ? '' : ` (${fingerprint})`}`;
    if (own.has(name) || own.size < MAX_NAMES) own.set(name, (own.get(name) ?? 0) + 1);
  }

  /** In the order of their names; empty: nobody knows. */
  of(benchmark: string, model: string): string[] {
    return [...(this.#names.get(keyOf(benchmark, model))?.keys() ?? [])].toSorted();
  }
}

export const keyOf = (benchmark: string, model: string): string => JSON.stringify([benchmark, model]);
