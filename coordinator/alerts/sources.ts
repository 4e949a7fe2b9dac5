/** Where alerts see what goes on: the directory, the routes, the index, the ledger and the journals. */
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
/** A journal is read again after so many looks, whatever the counts say. */
const LOOKS_KNOWN = 12;

export interface SourcesParts {
  directory: Pick<Directory, 'nowMs' | 'read'>;
  operator: Pick<Operator, 'allRoutes'>;
  index: Pick<EvaluationIndex, 'ended' | 'get'>;
  catalog: Pick<Catalog, 'active'>;
  ledger: Pick<Ledger, 'snapshot'>;
  store: Pick<Store, 'controls'>;
}

/** What was read of a journal: how many units were dead then, in which look. */
interface Known {
  dead: number;
  look: number;
  letters: number;
}

export function alertSources({ directory, operator, index, catalog, ledger, store }: SourcesParts): AlertSources {
  let look = 0;
  let known = new Map<string, Known>();
  /** Letters that nobody has dropped. They are in the journal, which is read only where something was given up, and not at every look. */
  const lettersIn = async (evaluationId: string, dead: number): Promise<Known> => {
    const before = known.get(evaluationId);
    // Whoever drops letters changes no count.
    if (before?.dead === dead && look - before.look < LOOKS_KNOWN) return before;
    const letters = lettersOf(await store.controls(evaluationId));
    const told = letters.reduce((sum, { units }) => sum + units.reduce((all, [first, end]) => all + end - first, 0), 0);
    // The journal may be behind the ledger, or before it: it is read again then.
    return { dead: told === dead ? dead : -1, look, letters: letters.filter(({ isDropped }) => !isDropped).length };
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
      // Only of those that are still watched.
      const next = new Map<string, Known>();
      look++;
      await forEachBounded([...new Set([...ids, ...running.keys()])], WIDTH, async (evaluationId) => {
        const evaluation = index.get(evaluationId);
        const dead = running.get(evaluationId) ?? evaluation?.counts.dead ?? 0;
        if (!evaluation) return;
        if (dead > 0) next.set(evaluationId, await lettersIn(evaluationId, dead));
        found.push({ evaluation, deadLetters: next.get(evaluationId)?.letters ?? 0 });
      });
      known = next;
      return found;
    },
  };
}
