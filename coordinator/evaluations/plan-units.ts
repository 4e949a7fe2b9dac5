/** Which units of a group may be planned now. Pure. */
import { unitsOf, type Group } from '../../shared/domain/manifest.ts';
import { isOpenCode } from '../../shared/domain/states.ts';
import type { LedgerTask, PlanView } from '../ledger/types.ts';

/** Stands for a closed state among unit codes: somebody has the unit, or it has to wait. */
const TAKEN = 15;

/** Units before this one may be planned: of judge calls, those whose answer was planned. */
export function plannableEnd(groups: readonly Group[], { cursors }: PlanView, group: Group): number {
  if (!group.judge) return group.firstUnit + unitsOf(group);
  const { of } = group.judge;
  return group.firstUnit + cursors[of]! - groups[of]!.firstUnit;
}

/** Marks the open units of judge calls whose answer is not there yet; returns the first of them. `source`: states of what they judge. */
export function holdBack(codes: Uint8Array, first: number, source: Uint8Array): number | undefined {
  let held: number | undefined;
  for (const [i, code] of source.entries())
    if (isOpenCode(code) && isOpenCode(codes[i]!)) {
      held ??= first + i;
      codes[i] = TAKEN;
    }
  return held;
}

/** Whether open units of these may lie in tasks: after a requeue the cursor stands in front of such; judge calls are planned ahead of it. */
export const mayBeTaken = ({ planned }: PlanView, group: Group, first: number, codes: Uint8Array): boolean =>
  (group.judge !== undefined || first < planned[group.index]!) && codes.some(isOpenCode);

/** Units that lie in existing tasks are not planned again. */
export function markTaken(codes: Uint8Array, first: number, tasks: readonly LedgerTask[]): void {
  for (const task of tasks)
    for (const [from, end] of ownRanges(task))
      if (from < first + codes.length && end > first) codes.fill(TAKEN, Math.max(0, from - first), end - first);
}

/** The units of a task, less those that were set aside. */
export function ownRanges({ first, end, aside }: LedgerTask): [number, number][] {
  const ranges: [number, number][] = [];
  let from = first;
  for (const unit of [...aside].toSorted((a, b) => a - b)) {
    if (unit > from) ranges.push([from, unit]);
    from = unit + 1;
  }
  if (from < end) ranges.push([from, end]);
  return ranges;
}
