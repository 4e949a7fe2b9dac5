/** Runs of units, and those of the judges' calls about them. Pure. */
import { unitsOf, type Group } from '../../../shared/domain/manifest.ts';
import type { UnitRange } from '../../ledger/types.ts';

/** Of the units of calls about these answers; ranges ascend, and lie apart. */
export function judgeRangesOf(groups: readonly Group[], ranges: readonly UnitRange[]): [first: number, end: number][] {
  return groups.flatMap((judge): [number, number][] => {
    if (!judge.judge) return [];
    const { firstUnit } = groups[judge.judge.of]!;
    const [offset, last] = [judge.firstUnit - firstUnit, firstUnit + unitsOf(judge)];
    return ranges.flatMap(([first, end]): [number, number][] => {
      const [from, to] = [Math.max(first, firstUnit), Math.min(end, last)];
      return from < to ? [[from + offset, to + offset]] : [];
    });
  });
}

/** The units of either, as ranges that ascend and lie apart. */
export function unionOf(...lists: (readonly UnitRange[])[]): [first: number, end: number][] {
  const union: [number, number][] = [];
  for (const [first, end] of lists.flat().toSorted((a, b) => a[0] - b[0])) {
    const last = union.at(-1);
    if (last && first <= last[1]) last[1] = Math.max(last[1], end);
    else union.push([first, end]);
  }
  return union;
}
