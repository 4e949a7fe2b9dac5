/** How evaluations differ, sample by sample: what makes a sample hard for both falls out. Pure. */
import type { SampleResult } from '../../shared/client/types.ts';
import { confidenceInterval } from '../../shared/scoring/statistics/confidence-interval.ts';
import { mcnemar } from '../../shared/scoring/statistics/mcnemar.ts';

interface OneScore {
  sum: number;
  epochs: number;
  /** Of its first epoch. */
  unit: number;
}

interface Scored {
  benchmark: string;
  model: string;
  scorer: string;
  samples: Map<string, OneScore>;
}

export type Scores = Map<string, Scored>;

/** Takes results in: a number for each sample, its epochs reduced to their mean. */
export function addTo(
  scores: Scores,
  results: readonly Pick<SampleResult, 'benchmark' | 'model' | 'sampleId' | 'unit' | 'scores'>[],
): void {
  for (const { benchmark, model, sampleId, unit, scores: own } of results)
    for (const { scorer, number, error } of own) {
      if (number === null || error !== '') continue;
      const key = JSON.stringify([benchmark, model, scorer]);
      const row = scores.get(key) ?? { benchmark, model, scorer, samples: new Map<string, OneScore>() };
      scores.set(key, row);
      const known = row.samples.get(sampleId) ?? { sum: 0, epochs: 0, unit };
      row.samples.set(sampleId, { sum: known.sum + number, epochs: known.epochs + 1, unit: known.unit });
    }
}

export interface Flipped {
  sampleId: string;
  baseline: number;
  candidate: number;
  baselineUnit: number;
  candidateUnit: number;
}

/** Differences are candidate − baseline. */
export interface Compared {
  benchmark: string;
  scorer: string;
  model: string;
  candidateModel: string;
  pairs: number;
  baseline: number;
  candidate: number;
  difference: number;
  low: number;
  high: number;
  /** Samples that are better, and worse, on the candidate's side. */
  won: number;
  lost: number;
  /** McNemar's, exact and two-sided; of scores that are 0 or 1. */
  p: number | undefined;
  /** Of those, the first by their size. */
  losses: Flipped[];
  gains: Flipped[];
}

/** That are named, of losses as of gains: of many of the ones the others are not hidden. */
export const MOST_FLIPPED = 50;
const valueOf = ({ sum, epochs }: OneScore): number => sum / epochs;

/** Rows with the same benchmark, model and scorer; where each side has one model only, models may differ. */
export function compare(baseline: Scores, candidate: Scores): Compared[] {
  const modelsOf = (scores: Scores): number => new Set(Array.from(scores.values(), ({ model }) => model)).size;
  const isModels = modelsOf(baseline) === 1 && modelsOf(candidate) === 1;
  const keyOf = ({ benchmark, model, scorer }: Scored): string => JSON.stringify([benchmark, isModels ? '' : model, scorer]);
  const others = new Map(Array.from(candidate.values(), (row) => [keyOf(row), row]));
  return Array.from(baseline.values()).flatMap((row) => {
    const other = others.get(keyOf(row));
    const compared = other && compareRows(row, other);
    return compared ? [compared] : [];
  });
}

function compareRows(a: Scored, b: Scored): Compared | undefined {
  const both = [...a.samples].flatMap(([sampleId, own]) => {
    const other = b.samples.get(sampleId);
    return other
      ? [{ sampleId, baseline: valueOf(own), candidate: valueOf(other), baselineUnit: own.unit, candidateUnit: other.unit }]
      : [];
  });
  if (both.length === 0) return undefined;
  const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const { lower, upper } = confidenceInterval(both.map((pair) => pair.candidate - pair.baseline))!;
  const bySize = both.toSorted((x, y) => Math.abs(y.candidate - y.baseline) - Math.abs(x.candidate - x.baseline));
  const losses = bySize.filter((pair) => pair.candidate < pair.baseline);
  const gains = bySize.filter((pair) => pair.candidate > pair.baseline);
  const [lost, won] = [losses.length, gains.length];
  const isBinary = both.every((pair) => [pair.baseline, pair.candidate].every((value) => value === 0 || value === 1));
  return {
    ...{ benchmark: a.benchmark, scorer: a.scorer, model: a.model, candidateModel: b.model, pairs: both.length },
    ...{ baseline: meanOf(both.map((pair) => pair.baseline)), candidate: meanOf(both.map((pair) => pair.candidate)) },
    difference: meanOf(both.map((pair) => pair.candidate - pair.baseline)),
    ...{ low: lower, high: upper, won, lost },
    p: isBinary ? Math.min(1, 2 * Math.min(mcnemar(lost, won), mcnemar(won, lost))) : undefined,
    ...{ losses: losses.slice(0, MOST_FLIPPED), gains: gains.slice(0, MOST_FLIPPED) },
  };
}
