/**
 * Where a ledger that Redis has brought back says otherwise than the store. It may have forgotten that it refused a result, or that units were
 * skipped, and count what the store has set aside; a lagging coordinator's commits may do so until its recovery is done.
 */
import type { Manifest } from '../../shared/domain/manifest.ts';
import { isOpenCode, unitCode } from '../../shared/domain/states.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { LedgerTask } from '../ledger/types.ts';
import type { ResultIndex } from '../store/store.ts';

/** Units whose states are asked for at once. */
const LOOK_UNITS = 65_536;
const ERRORED = unitCode('errored');

export interface Difference {
  /** Some unit has a result, and is open. */
  hasUncounted: boolean;
  /** Units that are closed with a result, and have none that wins. */
  missing: number[];
}

export async function differenceOf(ledger: Ledger, { evaluationId, units }: Manifest, index: ResultIndex): Promise<Difference> {
  const difference: Difference = { hasUncounted: false, missing: [] };
  for (let first = 0; first < units; first += LOOK_UNITS) {
    const codes = await ledger.unitCodes(evaluationId, first, Math.min(LOOK_UNITS, units - first));
    for (const [i, code] of codes.entries()) {
      if (isOpenCode(code)) difference.hasUncounted ||= index.has(first + i);
      else if (code <= ERRORED && !index.has(first + i)) difference.missing.push(first + i);
    }
  }
  return difference;
}

/** Whether an attempt runs whose result of an open unit would be void: the ledger would count it, and the store never let it win. */
export async function runsVoid(ledger: Ledger, evaluationId: string, tasks: readonly LedgerTask[], index: ResultIndex): Promise<boolean> {
  for (const task of tasks) {
    if (task.state !== 'leased') continue;
    const isVoid = (unit: number): boolean => !task.aside.includes(unit) && index.isVoid(task.attemptId, unit);
    let first = task.first;
    while (first < task.end && !isVoid(first)) first++;
    if (first === task.end) continue;
    const codes = await ledger.unitCodes(evaluationId, first, task.end - first);
    if (codes.some((code, i) => isOpenCode(code) && isVoid(first + i))) return true;
  }
  return false;
}
