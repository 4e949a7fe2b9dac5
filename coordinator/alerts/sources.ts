/** Where alerts see what goes on: the directory, the routes, the index, the ledger and the journals. */
import type { EvaluationSummary } from '../../shared/client/types.ts';
import { isFinal } from '../../shared/domain/states.ts';
import { forEachBounded } from '../../shared/runtime/bounded.ts';
import type { Operator } from '../cluster/operator.ts';
import type { Directory } from '../cluster/directory.ts';
import type { Catalog } from '../evaluations/catalog.ts';
import { lettersOf } from '../evaluations/dead/letters.ts';
import type { EvaluationIndex } from '../index/evaluation-index.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Store } from '../store/store.ts';
import type { AlertSources } from './alerts.ts';
import type { Watched } from './endings.ts';

const WIDTH = 16;

export interface SourcesParts {
  directory: Pick<Directory, 'nowMs' | 'read'>;
  operator: Pick<Operator, 'allRoutes'>;
  index: Pick<EvaluationIndex, 'ended' | 'get'>;
  catalog: Pick<Catalog, 'active'>;
  ledger: Pick<Ledger, 'snapshot'>;
  store: Pick<Store, 'controls'>;
}

export function alertSources({ directory, operator, index, catalog, ledger, store }: SourcesParts): AlertSources {
  const watched = async (evaluation: EvaluationSummary, dead: number): Promise<Watched> => {
    // Letters are in the journal; it is read only where something was given up.
    const letters = dead > 0 ? lettersOf(await store.controls(evaluation.evaluationId)) : [];
    return { evaluation, deadLetters: letters.filter(({ isDropped }) => !isDropped).length };
  };
  return {
    nowMs: () => directory.nowMs(),
    // Whether an operator has drained one says nothing of whether it was lost.
    agents: async () => (await directory.read()).agents,
    routes: () => operator.allRoutes(),
    evaluations: async (sinceMs, evaluationIds) => {
      const ids = new Set(evaluationIds);
      for await (const rows of index.ended(sinceMs)) for (const { evaluationId } of rows) ids.add(evaluationId);
      const running = new Map<string, number>();
      const active = catalog.active().filter(({ state }) => !(state && isFinal(state)));
      await forEachBounded(active, WIDTH, async ({ manifest }) => {
        const dead = (await ledger.snapshot(manifest.evaluationId))?.counts[5] ?? 0;
        if (dead > 0) running.set(manifest.evaluationId, dead);
      });
      const found: Watched[] = [];
      await forEachBounded([...new Set([...ids, ...running.keys()])], WIDTH, async (evaluationId) => {
        const evaluation = index.get(evaluationId);
        if (evaluation) found.push(await watched(evaluation, running.get(evaluationId) ?? evaluation.counts.dead));
      });
      return found;
    },
  };
}
