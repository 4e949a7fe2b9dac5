/** A filter of samples as units: which ones it can mean by their numbers and names alone. Pure, except for the look-up of ids. */
import type { SampleFilter } from '../../../shared/client/types.ts';
import { invalid, type Fault } from '../../../shared/domain/errors.ts';
import { groupOfUnit, placeOf, unitsOf, type Manifest } from '../../../shared/domain/manifest.ts';
import { nearestName } from '../../../shared/domain/nearest-name.ts';

/** Runs of units, first … end − 1, in order and apart from each other. */
export interface Selection {
  ranges: readonly (readonly [first: number, end: number])[];
  /** Whether a unit of these runs is meant (its epoch may say no). */
  includes(unit: number): boolean;
}

/** The samples (from 0) of a benchmark that have these ids. */
export type FindSamples = (benchmarkIndex: number, ids: ReadonlySet<string>) => Promise<ReadonlyMap<string, number>>;

/** Throws `invalid` with every name that the evaluation does not have. */
export async function selectSamples(manifest: Manifest, filter: SampleFilter, findSamples: FindSamples): Promise<Selection> {
  const faults = faultsOf(manifest, filter);
  if (faults.length > 0) throw invalid('filter', faults);
  const groups = manifest.groups.filter(
    (g) =>
      (!filter.benchmark || g.benchmark === filter.benchmark) &&
      (!filter.model || g.model === filter.model) &&
      (!filter.stage || (filter.stage === 'judge') === (g.judge !== undefined)),
  );
  let ranges: (readonly [number, number])[];
  if (filter.sampleIds?.length) {
    const found = new Map<number, ReadonlyMap<string, number>>();
    const wanted = new Set(filter.sampleIds);
    for (const { benchmarkIndex } of groups)
      if (!found.has(benchmarkIndex)) found.set(benchmarkIndex, await findSamples(benchmarkIndex, wanted));
    const missing = [...wanted].filter((id) => ![...found.values()].some((ids) => ids.has(id)));
    if (missing.length > 0)
      throw invalid(
        'filter',
        missing.slice(0, 20).map((id) => ({ place: 'sample_ids', problem: `there is no sample ${quoted(id)}` })),
      );
    ranges = groups.flatMap((g) =>
      [...found.get(g.benchmarkIndex)!.values()].map((sample) => {
        const first = g.firstUnit + sample * g.epochs;
        return [first, first + g.epochs] as const;
      }),
    );
  } else ranges = groups.map((g) => [g.firstUnit, g.firstUnit + unitsOf(g)] as const);
  if (filter.units?.length) ranges = only(ranges, new Set(filter.units));
  const epochs = filter.epochs?.length ? new Set(filter.epochs) : undefined;
  return {
    ranges: ranges.filter(([first, end]) => end > first).toSorted(([a], [b]) => a - b),
    includes: (unit) => !epochs || epochs.has(placeOf(groupOfUnit(manifest.groups, unit), unit).epoch),
  };
}

/** These units, as runs, as far as they lie in the ranges. */
function only(ranges: readonly (readonly [number, number])[], units: ReadonlySet<number>): (readonly [number, number])[] {
  const sorted = ranges.toSorted(([a], [b]) => a - b);
  const runs: [number, number][] = [];
  let at = 0;
  for (const unit of [...units].toSorted((a, b) => a - b)) {
    while (at < sorted.length && sorted[at]![1] <= unit) at++;
    if (at === sorted.length) break;
    if (unit < sorted[at]![0]) continue;
    const last = runs.at(-1);
    if (last?.[1] === unit) last[1]++;
    else runs.push([unit, unit + 1]);
  }
  return runs;
}

function faultsOf(manifest: Manifest, filter: SampleFilter): Fault[] {
  const faults: Fault[] = [];
  const check = (place: string, value: string | undefined, known: readonly string[]): void => {
    if (!value || known.includes(value)) return;
    const near = nearestName(value, known);
    const shown = known.slice(0, 10).join(', ');
    faults.push({
      place,
      problem: `there is no ${place} ${quoted(value)} in it; ${near ? `did you mean ${near}?` : `there are ${shown}`}`,
    });
  };
  const names = (of: (g: Manifest['groups'][number]) => string[]): string[] => [...new Set(manifest.groups.flatMap(of))];
  check(
    'benchmark',
    filter.benchmark,
    names((g) => [g.benchmark]),
  );
  check(
    'model',
    filter.model,
    names((g) => [g.model]),
  );
  check(
    'scorer',
    filter.scorer,
    names((g) => [...g.scorers, ...(g.judge ? [g.judge.scorer] : [])]),
  );
  const { benchmarks } = manifest.spec;
  const asked = benchmarks.filter((b) => b.benchmark === filter.benchmark);
  const fields = (asked.length > 0 ? asked : benchmarks).map((b) => b.dataset.fields.metadata);
  // Where a benchmark names none, its samples may have any.
  if (fields.every((own) => own.length > 0))
    for (const field of Object.keys(filter.metadata ?? {})) check('metadata', field, [...new Set(fields.flat())]);
  const beyond = filter.units?.find((unit) => !Number.isSafeInteger(unit) || unit < 0 || unit >= manifest.units);
  if (beyond !== undefined) faults.push({ place: 'units', problem: noUnit(manifest, beyond) });
  const most = Math.max(...manifest.groups.map((g) => g.epochs));
  const epoch = filter.epochs?.find((e) => !Number.isSafeInteger(e) || e < 1 || e > most);
  if (epoch !== undefined) faults.push({ place: 'epochs', problem: `there is no epoch ${epoch}; they go from 1 to ${most}` });
  return faults;
}

export const noUnit = (manifest: Manifest, unit: number): string => `there is no unit ${unit}; they go from 0 to ${manifest.units - 1}`;

export const quoted = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}…` : text);
