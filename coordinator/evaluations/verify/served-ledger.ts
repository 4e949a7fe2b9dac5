/** What the ledger says of an evaluation, read so that its parts belong together; and whether it agrees with itself. */
import { groupOfUnit, unitsOf, type Manifest } from '../../../shared/domain/manifest.ts';
import { emptyCounts, isOpenCode, UNIT_STATES, type Counts } from '../../../shared/domain/states.ts';
import { countsOf } from '../../progress/events.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { LedgerSnapshot } from '../../ledger/types.ts';
import type { Differences } from './differences.ts';

const READ_UNITS = 65_536;
/** While units are closed, counts and states are read at different moments; so often it is tried to read them at one. */
const TRIES = 5;

export interface ServedLedger {
  snapshot: LedgerSnapshot;
  /** A byte a unit. */
  codes: Uint8Array;
  /** Counts and states were read at one moment. */
  isOneMoment: boolean;
}

/** Undefined: Redis knows nothing of it. */
export async function readServedLedger(
  ledger: Pick<Ledger, 'snapshot' | 'unitCodes'>,
  manifest: Manifest,
): Promise<ServedLedger | undefined> {
  const { evaluationId, units } = manifest;
  let snapshot = await ledger.snapshot(evaluationId);
  const codes = new Uint8Array(units);
  for (let tries = 1; snapshot; tries++) {
    for (let first = 0; first < units; first += READ_UNITS)
      codes.set(await ledger.unitCodes(evaluationId, first, Math.min(READ_UNITS, units - first)), first);
    const after = await ledger.snapshot(evaluationId);
    const isOneMoment = after !== undefined && JSON.stringify(after.groups) === JSON.stringify(snapshot.groups);
    if (after && (isOneMoment || tries >= TRIES)) return { snapshot: after, codes, isOneMoment };
    snapshot = after;
  }
  return undefined;
}

/** The ledger's counts must be those of its units' states; its end hangs on `open`. */
export function compareLedger({ groups }: Manifest, { snapshot, codes }: ServedLedger, differences: Differences): void {
  const counted = groups.map((group) => emptyCounts(unitsOf(group)));
  let open = 0;
  for (const [unit, code] of codes.entries()) {
    if (isOpenCode(code)) {
      open++;
      continue;
    }
    const state = UNIT_STATES[code];
    if (state) counted[groupOfUnit(groups, unit).index]![state as Exclude<keyof Counts, 'total'>]++;
    else differences.add(`ledger.units[${unit}]`, 'a state', `code ${code}`);
  }
  for (const [i, { benchmark, model }] of groups.entries()) {
    const [, scored, unscored, errored, cancelled, dead] = snapshot.groups[i] ?? [];
    const found = { total: counted[i]!.total, scored, unscored, errored, cancelled, dead };
    differences.compare(`ledger.groups[${i}] (${benchmark}, ${model})`, counted[i], found);
  }
  differences.compare('ledger.counts', sumOf(counted), countsOf(snapshot.counts));
  differences.compare('ledger.open', open, snapshot.open);
}

/** All groups together. */
export function sumOf(groups: readonly Counts[]): Counts {
  const sum = emptyCounts();
  for (const counts of groups) for (const [name, n] of Object.entries(counts)) sum[name as keyof Counts] += n;
  return sum;
}
