/** How a candidate differs from a baseline, benchmark by benchmark. Pure. */
import { isLessBetter } from '../../shared/scoring/registry.ts';
import { confidenceInterval, type Interval } from '../../shared/scoring/statistics/confidence-interval.ts';
import { mcnemar } from '../../shared/scoring/statistics/mcnemar.ts';
import { mean } from '../../shared/scoring/statistics/moments.ts';
import { pairedDifference } from '../../shared/scoring/statistics/paired.ts';
import { permutationTest } from '../../shared/scoring/statistics/permutation.ts';
import { stderr } from '../../shared/scoring/statistics/stderr.ts';
import { welchInterval, type Estimate } from '../../shared/scoring/statistics/welch.ts';
import { Samples, type ScoreRow, type ScoreTable } from './score-table.ts';

export interface CompareOptions {
  level: number;
  /** 0: no test. */
  permutations: number;
  seed: number;
  /** Flipped samples of a row that are listed. */
  limit: number;
  /** Pairs are compared by groups as well; undefined: the sample has none. */
  groupOf?: (benchmark: string, sampleId: string) => string | undefined;
}

/** The pairs of one group. */
export interface GroupComparison extends Pick<
  Comparison,
  'samples' | 'baseline' | 'candidate' | 'difference' | 'stderr' | 'interval' | 'mcnemar' | 'flippedTotal'
> {
  group: string;
}

export interface FlippedSample {
  sampleId: string;
  baseline: number;
  candidate: number;
}

/** One benchmark, model and scorer. Differences are candidate − baseline: above 0 the candidate is better, unless less is. */
export interface Comparison {
  benchmark: string;
  scorer: string;
  model: string;
  /** Where the candidate's is another one. */
  candidateModel?: string;
  /** Of scorers that count mistakes. */
  lessIsBetter?: true;
  /** By the samples that both have, or by the means of different samples. */
  kind: 'paired' | 'unpaired';
  /** Compared pairs; of unpaired ones the baseline's and the candidate's samples. */
  samples: number;
  candidateSamples?: number;
  /** Scored on one side alone, and so in no pair. */
  onlyBaseline?: number;
  onlyCandidate?: number;
  /** Compared pairs whose prompts differ, where they are known. */
  otherPrompts?: number;
  baseline: number;
  candidate: number;
  difference: number;
  /** Absent: the report does not say. */
  stderr?: number;
  interval?: Interval;
  /** Of scores that are 0 or 1: how many only one side solves, and the exact test. `pWorse`: one-sided, the candidate is worse. */
  mcnemar?: { baselineOnly: number; candidateOnly: number; p: number; pWorse: number };
  /** Paired, two-sided. */
  permutation?: { p: number; permutations: number };
  /** Samples whose score is another one, the largest changes first, losses before gains. */
  flipped?: FlippedSample[];
  flippedTotal?: number;
  /** Where they are asked for, in the order of their names. */
  groups?: GroupComparison[];
  /** Pairs without a group. */
  ungrouped?: number;
}

export interface Compared {
  rows: Comparison[];
  /** Benchmark, model and scorer that only one side has. */
  onlyBaseline: string[];
  onlyCandidate: string[];
}

/** What one permutation test may cost: samples × permutations, some seconds. */
const MAX_FLIPS = 100_000_000;

/**
 * Rows are those with the same benchmark, model and scorer. Where each side has one model only, models may differ: it is they that are
 * compared.
 */
export function compareTables(baseline: ScoreTable, candidate: ScoreTable, options: CompareOptions): Compared {
  const isModels = baseline.models.length === 1 && candidate.models.length === 1;
  const keyOf = ({ benchmark, model, scorer }: ScoreRow): string => JSON.stringify([benchmark, isModels ? '' : model, scorer]);
  const others = new Map(Array.from(candidate.rows.values(), (row) => [keyOf(row), row]));
  const [rows, onlyBaseline]: [Comparison[], string[]] = [[], []];
  for (const row of baseline.rows.values()) {
    const other = others.get(keyOf(row));
    const compared = other && compareRows(row, other, options);
    if (compared) rows.push(compared);
    else onlyBaseline.push(nameOf(row));
    if (compared) others.delete(keyOf(row));
  }
  return { rows, onlyBaseline, onlyCandidate: Array.from(others.values(), nameOf) };
}

const nameOf = ({ benchmark, model, scorer }: ScoreRow): string => `${benchmark} · ${model} · ${scorer}`;

/** Undefined where one of them has no score. */
function compareRows(a: ScoreRow, b: ScoreRow, options: CompareOptions): Comparison | undefined {
  const names = {
    ...{ benchmark: a.benchmark, scorer: a.scorer, model: a.model },
    ...(a.model === b.model ? {} : { candidateModel: b.model }),
    ...(isLessBetter(a.scorer) ? { lessIsBetter: true as const } : {}),
  };
  if (a.samples && b.samples) {
    const paired = comparePairs(a.samples, b.samples, options);
    if (paired) return { ...names, ...paired, ...groupsOf(a.benchmark, a.samples, b.samples, options) };
  }
  const [from, to] = [estimateOf(a), estimateOf(b)];
  if (!from || !to) return undefined;
  const unpaired = {
    ...names,
    ...{ kind: 'unpaired' as const, samples: from.n, candidateSamples: to.n },
    ...{ baseline: from.mean, candidate: to.mean, difference: to.mean - from.mean },
  };
  if (from.stderr === undefined || to.stderr === undefined) return unpaired;
  return {
    ...unpaired,
    stderr: Math.sqrt(from.stderr ** 2 + to.stderr ** 2),
    interval: welchInterval(to as Estimate, from as Estimate, options.level),
  };
}

function estimateOf({ samples, summary }: ScoreRow): ScoreRow['summary'] {
  if (!samples) return summary;
  const values = Array.from(samples.sorted(), ([, value]) => value);
  return values.length === 0 ? undefined : { mean: mean(values)!, stderr: stderr(values)!, n: values.length };
}

/** The same of the pairs of each group; tests by permutation are made of all pairs alone. */
function groupsOf(
  benchmark: string,
  a: Samples,
  b: Samples,
  { level, seed, groupOf }: CompareOptions,
): Pick<Comparison, 'groups' | 'ungrouped'> {
  if (!groupOf) return {};
  const byGroup = new Map<string, [before: Samples, after: Samples]>();
  let ungrouped = 0;
  for (const [id, value] of a.entries()) {
    const other = b.get(id);
    if (other === undefined) continue;
    const group = groupOf(benchmark, id);
    if (group === undefined) {
      ungrouped++;
      continue;
    }
    let own = byGroup.get(group);
    if (!own) byGroup.set(group, (own = [new Samples(), new Samples()]));
    own[0].add(id, value);
    own[1].add(id, other);
  }
  const groups = [...byGroup.keys()].toSorted().map((group): GroupComparison => {
    const compared = comparePairs(...byGroup.get(group)!, { level, seed, permutations: 0, limit: 0 })!;
    const { samples, baseline, candidate, difference, stderr: error, interval, mcnemar: test, flippedTotal } = compared;
    return { group, samples, baseline, candidate, difference, stderr: error, interval, ...(test ? { mcnemar: test } : {}), flippedTotal };
  });
  return { groups, ...(ungrouped > 0 ? { ungrouped } : {}) };
}

/** Undefined where they have no sample in common. */
function comparePairs(a: Samples, b: Samples, options: CompareOptions) {
  const ids: string[] = [];
  const [before, after]: [number[], number[]] = [[], []];
  let otherPrompts = 0;
  for (const [id, value] of a.sorted()) {
    const other = b.get(id);
    if (other === undefined) continue;
    ids.push(id);
    before.push(value);
    after.push(other);
    if (a.isAskedOtherwise(b, id)) otherPrompts++;
  }
  const difference = pairedDifference(after, before);
  if (!difference) return undefined;
  const between = after.map((value, i) => value - before[i]!);
  const permutations = Math.min(options.permutations, Math.max(100, Math.floor(MAX_FLIPS / ids.length)));
  const changed = between.flatMap((change, i) => (change === 0 ? [] : [{ change, i }]));
  changed.sort((x, y) => Math.abs(y.change) - Math.abs(x.change) || x.change - y.change || x.i - y.i);
  return {
    ...{ kind: 'paired' as const, samples: ids.length, onlyBaseline: a.size - ids.length, onlyCandidate: b.size - ids.length },
    ...(otherPrompts > 0 ? { otherPrompts } : {}),
    ...{ baseline: mean(before)!, candidate: mean(after)!, difference: difference.mean, stderr: difference.stderr },
    interval: confidenceInterval(between, { level: options.level })!,
    ...(isBinary(before) && isBinary(after) ? { mcnemar: mcnemarOf(between) } : {}),
    ...(permutations > 0
      ? { permutation: { p: permutationTest(after, before, { permutations, seed: options.seed })!, permutations } }
      : {}),
    flipped: changed.slice(0, options.limit).map(({ i }) => ({ sampleId: ids[i]!, baseline: before[i]!, candidate: after[i]! })),
    flippedTotal: changed.length,
  };
}

const isBinary = (values: readonly number[]): boolean => values.every((value) => value === 0 || value === 1);

function mcnemarOf(between: readonly number[]): NonNullable<Comparison['mcnemar']> {
  const baselineOnly = between.filter((change) => change < 0).length;
  const candidateOnly = between.filter((change) => change > 0).length;
  const pWorse = mcnemar(baselineOnly, candidateOnly);
  return { baselineOnly, candidateOnly, p: Math.min(1, 2 * Math.min(pWorse, mcnemar(candidateOnly, baselineOnly))), pWorse };
}
