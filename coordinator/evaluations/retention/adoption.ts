/**
 * Content that lies in a store since before namespaces held it: it becomes that of the namespaces whose accepted evaluations name it. Once for
 * a store, in the background; until then, and for what no evaluation names, a digest is refused as one that is not there: upload it again.
 */
import type { Manifest } from '../../../shared/domain/manifest.ts';
import type { Store } from '../../store/store.ts';
import type { SingleFlight } from '../single-flight.ts';

/** Its mark among the switches. */
const KIND = 'content';
const NAME = 'claimed';
/** Claims remembered as made; forgetting one only costs another write. */
const REMEMBERED = 10_000;

export interface AdoptionParts {
  store: Pick<Store, 'switchOf' | 'putSwitch' | 'evaluations' | 'manifest' | 'isAccepted' | 'claims' | 'hasContent'>;
  flight: Pick<SingleFlight, 'run'>;
}

export class Adoption {
  readonly #parts: AdoptionParts;
  #isDone = false;

  constructor(parts: AdoptionParts) {
    this.#parts = parts;
  }

  async runOnce(signal: AbortSignal): Promise<void> {
    if (this.#isDone) return;
    const { store, flight } = this.#parts;
    if ((await store.switchOf(KIND, NAME)) !== undefined) this.#isDone = true;
    else await flight.run('claim', 'store', () => this.#adopt(signal));
  }

  async #adopt(signal: AbortSignal): Promise<void> {
    const { store } = this.#parts;
    const claimed = new Set<string>();
    let evaluations = 0;
    for await (const evaluationId of store.evaluations()) {
      signal.throwIfAborted();
      const manifest = await store.manifest(evaluationId);
      if (!manifest || !(await store.isAccepted(evaluationId))) continue;
      evaluations++;
      for (const digest of namedBy(manifest)) {
        const claim = `${manifest.namespace} ${digest}`;
        if (claimed.has(claim) || !(await store.hasContent(digest))) continue;
        await store.claims.put(manifest.namespace, digest);
        if (claimed.size >= REMEMBERED) claimed.clear();
        claimed.add(claim);
      }
    }
    await store.putSwitch(KIND, NAME, { evaluations });
    this.#isDone = true;
  }
}

/** What an evaluation may be submitted by again: its datasets as they were uploaded, and as they are read. */
function namedBy({ spec, datasets = [] }: Manifest): Set<string> {
  const uploaded = spec.benchmarks.flatMap(({ dataset, prompt }) => [dataset.digest, prompt.fewshot?.digest]);
  return new Set([...datasets, ...uploaded].filter((digest) => digest !== undefined));
}
