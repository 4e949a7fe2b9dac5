/**
 * What a cancel or a skip closes stays closed. Results of attempts that it has caught may reach the store after it: the ledger refuses them, but
 * a ledger that is lost before that is written down is rebuilt from what the store holds. So a cancel or a skip, before it is answered, writes
 * down which units it has closed: no result of an attempt that was granted before counts for them any more, whoever counts.
 */
import { unitCode, type EvaluationState } from '../../../shared/domain/states.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { UnitRange } from '../../ledger/types.ts';
import type { ControlRecord, Store } from '../../store/store.ts';
import type { Known } from '../catalog.ts';
import { rangesOf } from '../journal.ts';
import type { Commands } from './commands.ts';

/** Units whose states are asked for at once. */
const LOOK_UNITS = 65_536;
const ENDING: readonly EvaluationState[] = ['finalizing', 'cancelled', 'succeeded', 'failed'];
const OPEN: readonly EvaluationState[] = ['accepted', 'running', 'paused'];
const CANCELLED = unitCode('cancelled');

interface Parts {
  store: Store;
  ledger: Ledger;
  commands: Commands;
}

/** Of one that was cancelled, or had samples skipped, and that the store does not know as finished; again, where whoever did it has died before this. */
export async function setAside(parts: Parts, known: Pick<Known, 'manifest'>): Promise<void> {
  const { store, ledger } = parts;
  const { manifest } = known;
  const { evaluationId, units } = manifest;
  const generation = await store.generation(evaluationId);
  const unwritten = unwrittenOf(await store.controls(evaluationId));
  if (unwritten.length === 0) return;
  const skipped = unwritten.flatMap((c) => (c.kind === 'skip' ? c.units : []));
  const [before] = await ledger.looks([evaluationId]);
  if (before && OPEN.includes(before.state)) return setAsideOpen(parts, known, skipped, before.requeues);
  const closed = await rangesOf(cancelledUnits(ledger, evaluationId, [[0, units]]));
  // A ledger that was lost meanwhile, or came back older, is recovered: it says nothing of what it had counted.
  const [look] = await ledger.looks([evaluationId]);
  if (closed.length === 0 || !look || !ENDING.includes(look.state) || (await store.isFinished(evaluationId))) return;
  // Nothing is granted any more before a recovery: above all grants of this generation and those before.
  const grant = (generation + 1) * 2 ** 32 - 1;
  await store.appendControl(evaluationId, { ...parts.commands.record('aside', ''), units: closed, grant });
}

/** Of one that goes on: others may be granted what a requeue opens again, so it is a command like those. */
async function setAsideOpen(
  { ledger, commands }: Parts,
  known: Pick<Known, 'manifest'>,
  skipped: readonly UnitRange[],
  requeuesBefore: number,
): Promise<void> {
  const { manifest } = known;
  const units = await rangesOf(cancelledUnits(ledger, manifest.evaluationId, skipped));
  if (units.length === 0) return;
  await commands.run(known, {
    states: OPEN,
    record: ({ grant, requeues }) => (requeues === requeuesBefore ? { ...commands.record('aside', ''), units, grant } : undefined),
    apply: async (command) => (await ledger.control(manifest, { action: 'end', command, reason: '' })).answer,
  });
}

/** Cancels and skips after which nothing was set aside, nor requeued, which sets aside by itself. */
function unwrittenOf(controls: readonly ControlRecord[]): ControlRecord[] {
  const written = controls.findLastIndex(({ kind }) => kind === 'aside' || kind === 'requeue');
  return controls.slice(written + 1).filter(({ kind }) => kind === 'cancel' || kind === 'skip');
}

async function* cancelledUnits(ledger: Ledger, evaluationId: string, ranges: readonly UnitRange[]): AsyncGenerator<number> {
  for (const [start, end] of ranges)
    for (let first = start; first < end; first += LOOK_UNITS) {
      const codes = await ledger.unitCodes(evaluationId, first, Math.min(LOOK_UNITS, end - first));
      for (const [i, code] of codes.entries()) if (code === CANCELLED) yield first + i;
    }
}
