/**
 * What a cancel closes stays closed. Results of attempts that it has caught may reach the store after it: the ledger refuses them, but a ledger
 * that is lost before that is written down is rebuilt from what the store holds. So a cancel, before it is answered, writes down which units it
 * has closed: no result of an attempt that was granted before counts for them any more, whoever counts.
 */
import type { Manifest } from '../../../shared/domain/manifest.ts';
import { unitCode, type EvaluationState } from '../../../shared/domain/states.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Store } from '../../store/store.ts';
import { rangesOf } from '../journal.ts';
import type { Commands } from './commands.ts';

/** Units whose states are asked for at once. */
const LOOK_UNITS = 65_536;
export const ENDING: readonly EvaluationState[] = ['finalizing', 'cancelled'];
const CANCELLED = unitCode('cancelled');

/** Of one that was cancelled and that the store does not know as finished; again, where whoever cancelled it has died before this. */
export async function setAside(
  { store, ledger, commands }: { store: Store; ledger: Ledger; commands: Commands },
  { evaluationId, units }: Manifest,
): Promise<void> {
  const generation = await store.generation(evaluationId);
  const closed = await rangesOf(cancelledUnits(ledger, evaluationId, units));
  // A ledger that was lost meanwhile, or came back older, is recovered: it says nothing of what it had counted.
  const [look] = await ledger.looks([evaluationId]);
  if (closed.length === 0 || !look || !ENDING.includes(look.state) || (await store.isFinished(evaluationId))) return;
  const last = (await store.controls(evaluationId)).findLast(({ kind }) => kind === 'cancel' || kind === 'aside' || kind === 'requeue');
  if (last?.kind !== 'cancel') return;
  // Above all grants of this generation and those before.
  const grant = (generation + 1) * 2 ** 32 - 1;
  await store.appendControl(evaluationId, { ...commands.record('aside', ''), units: closed, grant });
}

async function* cancelledUnits(ledger: Ledger, evaluationId: string, units: number): AsyncGenerator<number> {
  for (let first = 0; first < units; first += LOOK_UNITS) {
    const codes = await ledger.unitCodes(evaluationId, first, Math.min(LOOK_UNITS, units - first));
    for (const [i, code] of codes.entries()) if (code === CANCELLED) yield first + i;
  }
}
