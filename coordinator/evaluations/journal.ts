/** What the control records of an evaluation add up to. Pure. */
import type { EvaluationChanges } from '../../shared/client/types.ts';
import { unitCode } from '../../shared/domain/states.ts';
import type { UnitRange } from '../ledger/types.ts';
import type { ControlRecord } from '../store/store.ts';

export interface Journal {
  /** As the last pause or resume says. */
  isPaused: boolean;
  /** Whether there was any: then it had begun. */
  wasPaused: boolean;
  /** It was ended before its time, and not reopened since. */
  ended: { kind: 'cancel' | 'fail'; reason: string } | undefined;
  /** The reason, while it drains. */
  draining: string | undefined;
  requeues: number;
  settings: Settings;
}

/** What updates say otherwise than the spec, each field as it was set last; `updates` counts them. */
export interface Settings {
  changes: EvaluationChanges;
  updates: number;
}

const CANCELLED = unitCode('cancelled');
const DEAD = unitCode('dead');

export function journalOf(controls: readonly ControlRecord[]): Journal {
  const requeued = controls.findLastIndex((c) => c.kind === 'requeue');
  // Commands before a requeue do not hold on.
  const since = controls.slice(requeued + 1);
  const end = since.find((c): c is ControlRecord & { kind: 'cancel' | 'fail' } => c.kind === 'cancel' || c.kind === 'fail');
  const turned = since.filter((c) => c.kind === 'pause' || c.kind === 'resume');
  return {
    isPaused: turned.at(-1)?.kind === 'pause',
    wasPaused: controls.some((c) => c.kind === 'pause'),
    ended: end && { kind: end.kind, reason: end.reason },
    draining: since.find((c) => c.kind === 'drain')?.reason,
    requeues: controls.filter((c) => c.kind === 'requeue').length,
    settings: settingsOf(controls),
  };
}

export function settingsOf(controls: readonly ControlRecord[]): Settings {
  const updates = controls.filter((c) => c.kind === 'update');
  return { changes: Object.assign({}, ...updates.map((u) => u.changes)) as EvaluationChanges, updates: updates.length };
}

/**
 * Units that are closed without a result wherever no result counts: 0, or the code of cancelled or dead. Skips, tasks that were given
 * up, and ends that a requeue has lifted for other units; an end that still holds is not in it. Undefined: none. A byte a unit.
 */
export function closesOf(controls: readonly ControlRecord[], units: number): Uint8Array | undefined {
  const requeued = controls.findLastIndex((c) => c.kind === 'requeue');
  const codes = new Uint8Array(units);
  let any = false;
  const close = (ranges: readonly UnitRange[], code: number): void => {
    any = true;
    for (const [first, end] of ranges) for (let unit = first; unit < Math.min(end, units); unit++) codes[unit] ||= code;
  };
  for (const [i, c] of controls.entries()) {
    if (c.kind === 'skip') close(c.units, CANCELLED);
    else if (c.kind === 'dead') close(c.units, DEAD);
    else if ((c.kind === 'cancel' || c.kind === 'fail') && i < requeued) close([[0, units]], CANCELLED);
    else if (c.kind === 'requeue') for (const [first, end] of c.units) codes.fill(0, first, end);
  }
  return any ? codes : undefined;
}

/** The runs of units with this code. */
export function* runsOf(codes: Uint8Array, code: number): Generator<[first: number, end: number]> {
  for (let first = codes.indexOf(code); first >= 0;) {
    let end = first + 1;
    while (end < codes.length && codes[end] === code) end++;
    yield [first, end];
    first = codes.indexOf(code, end);
  }
}

/** Units in any order, each once or more often, as ascending runs. Memory: one entry a run, when they come in order. */
export async function rangesOf(units: AsyncIterable<number> | Iterable<number>): Promise<[first: number, end: number][]> {
  const ranges: [number, number][] = [];
  let inOrder = true;
  for await (const unit of units) {
    const last = ranges.at(-1);
    if (last && unit === last[1]) last[1]++;
    else {
      inOrder &&= !last || unit > last[1];
      ranges.push([unit, unit + 1]);
    }
  }
  if (inOrder) return ranges;
  const merged: [number, number][] = [];
  for (const [first, end] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last && first <= last[1]) last[1] = Math.max(last[1], end);
    else merged.push([first, end]);
  }
  return merged;
}

export const unitsIn = (ranges: readonly UnitRange[]): number => ranges.reduce((sum, [first, end]) => sum + end - first, 0);
