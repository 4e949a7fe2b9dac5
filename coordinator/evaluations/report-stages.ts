/** The closed units of a benchmark and model beside those of its judges' calls, and how each group of an evaluation with judges stands. */
import type { ReportStage } from '../../shared/client/types.ts';
import { judgeGroupsOf, unitsOf, type Group, type Manifest } from '../../shared/domain/manifest.ts';
import { emptyCounts, UNIT_STATES, type Counts } from '../../shared/domain/states.ts';
import type { ClosedUnit, ClosedUnits } from './closed-unit.ts';

/** Of one place of a group: its unit, and the calls about it in the order of `judgeGroupsOf`; undefined what is not closed. */
export interface Judged {
  own: ClosedUnit | undefined;
  calls: (ClosedUnit | undefined)[];
}

/** In unit order, each group read once; memory for one unit of each. */
export async function* withJudges(groups: readonly Group[], group: Group, closedUnits: ClosedUnits): AsyncGenerator<Judged> {
  const sources = [group, ...judgeGroupsOf(groups, group)];
  const readers = sources.map((source) => closedUnits(source)[Symbol.asyncIterator]());
  const placeOf = (i: number, step: IteratorResult<ClosedUnit>): number => (step.done ? Infinity : step.value.unit - sources[i]!.firstUnit);
  try {
    const heads = await Promise.all(readers.map((reader) => reader.next()));
    for (;;) {
      const place = Math.min(...heads.map((head, i) => placeOf(i, head)));
      if (place === Infinity) return;
      const here = heads.map((head, i) => (placeOf(i, head) === place ? (head.value as ClosedUnit) : undefined));
      yield { own: here[0], calls: here.slice(1) };
      for (const [i, closed] of here.entries()) if (closed) heads[i] = await readers[i]!.next();
    }
  } finally {
    await Promise.all(readers.map(async (reader) => reader.return?.()));
  }
}

/** Counts of every group, where there are judges. */
export class Stages {
  readonly #manifest: Manifest;
  readonly #counts: Counts[];
  readonly #sums: number[];

  constructor(manifest: Manifest) {
    this.#manifest = manifest;
    this.#counts = manifest.groups.map((group) => emptyCounts(unitsOf(group)));
    this.#sums = manifest.groups.map(() => 0);
  }

  add({ index }: Group, { code, result }: ClosedUnit): void {
    const state = UNIT_STATES[code]!;
    if (state === 'pending' || state === 'generated') return;
    this.#counts[index]![state]++;
    if (state === 'scored') this.#sums[index]! += result?.scores[0]?.number ?? 0;
  }

  /** Undefined where no model judges. */
  get stages(): ReportStage[] | undefined {
    const { groups } = this.#manifest;
    if (!groups.some(({ judge }) => judge)) return undefined;
    return groups.map(({ index, benchmark, model, judge }): ReportStage => {
      const counts = this.#counts[index]!;
      if (!judge) return { benchmark, model, counts };
      const mean = counts.scored > 0 ? { mean: this.#sums[index]! / counts.scored } : {};
      return { benchmark, model: groups[judge.of]!.model, counts, scorer: judge.scorer, judge: model, ...mean };
    });
  }
}
