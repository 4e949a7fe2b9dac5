/**
 * Evaluations that name the same concurrency key, in one namespace: the newest supersedes the older ones, or they take turns, the
 * oldest first. Asked at submit and by every sweep, on all coordinators; one at a time decides about a key.
 */
import { digestOf } from '../../../shared/domain/ids.ts';
import type { Manifest } from '../../../shared/domain/manifest.ts';
import { isFinal, type EvaluationState } from '../../../shared/domain/states.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Store } from '../../store/store.ts';
import type { Catalog, Seen } from '../catalog.ts';
import type { SingleFlight } from '../single-flight.ts';

/** What Turns are made of. */
export interface TurnsParts {
  store: Store;
  ledger: Ledger;
  catalog: Catalog;
  flight: SingleFlight;
  /** Aborts an evaluation. */
  cancel: (evaluationId: string, reason: string) => Promise<unknown>;
}

export class Turns {
  readonly #options: TurnsParts;

  constructor(options: TurnsParts) {
    this.#options = options;
  }

  /** Starts an accepted evaluation when it is its turn; returns its state. One that has to wait is asked again by the sweep. */
  async start(manifest: Manifest): Promise<EvaluationState> {
    const { ledger, flight } = this.#options;
    const { concurrency } = manifest.spec;
    if (!concurrency) return (await ledger.control(manifest, { action: 'start' })).state;
    let state: EvaluationState = 'accepted';
    await flight.run('turn', digestOf(JSON.stringify([manifest.namespace, concurrency.key])), async () => {
      state = await this.#decide(manifest, concurrency);
    });
    return state;
  }

  async #decide(manifest: Manifest, { key, supersede }: { key: string; supersede: boolean }): Promise<EvaluationState> {
    const { ledger, cancel } = this.#options;
    const rivals = await this.#rivals(manifest, key);
    const newest = rivals.findLast((r) => isOlder(manifest, r.manifest) && r.manifest.spec.concurrency!.supersede);
    if (newest) {
      await cancel(manifest.evaluationId, `superseded by ${newest.manifest.evaluationId}`);
      return 'finalizing';
    }
    if (supersede) {
      for (const rival of rivals)
        if (isOlder(rival.manifest, manifest) && rival.state !== 'finalizing')
          await cancel(rival.manifest.evaluationId, `superseded by ${manifest.evaluationId}`);
    } else {
      const before = rivals.find((r) => isOlder(r.manifest, manifest) || r.state !== 'accepted');
      if (before) return (await ledger.control(manifest, { action: 'wait', reason: `waits for ${before.manifest.evaluationId}` })).state;
    }
    return (await ledger.control(manifest, { action: 'start' })).state;
  }

  /** The accepted ones with the same key that are not final, the oldest first. */
  async #rivals({ evaluationId, namespace }: Manifest, key: string): Promise<Seen[]> {
    const { catalog, store } = this.#options;
    const rivals: Seen[] = [];
    for (const seen of await catalog.refresh()) {
      const { manifest, state } = seen;
      if (manifest.evaluationId === evaluationId || manifest.namespace !== namespace || manifest.spec.concurrency?.key !== key) continue;
      if ((state === undefined || !isFinal(state)) && (await store.isAccepted(manifest.evaluationId))) rivals.push(seen);
    }
    return rivals.toSorted((a, b) => (isOlder(a.manifest, b.manifest) ? -1 : 1));
  }
}

const isOlder = (a: Manifest, b: Manifest): boolean =>
  a.createdAtMs < b.createdAtMs || (a.createdAtMs === b.createdAtMs && a.evaluationId < b.evaluationId);
