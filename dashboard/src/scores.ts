/** Means with their uncertainty, of sums that are still growing and of reports. Pure. */
import type { GroupProgress, ReportRow, ScorerSums } from '../../shared/client/types.ts';

export interface Score {
  benchmark: string;
  model: string;
  scorer: string;
  /** Samples that it is of; undefined: nobody said. */
  n: number | undefined;
  mean: number | undefined;
  /** The ends of the 95 % interval; undefined where there is none yet. */
  low: number | undefined;
  high: number | undefined;
  /** Of a report; '' of sums. */
  reducer: string;
}

const Z95 = 1.959964;

/** Of samples that are independent: what the report says of epochs and clusters may differ. */
export function ofSums({ n, sum, sumOfSquares }: ScorerSums): Pick<Score, 'n' | 'mean' | 'low' | 'high'> {
  if (n === 0) return { n, mean: undefined, low: undefined, high: undefined };
  const mean = sum / n;
  if (n < 2) return { n, mean, low: undefined, high: undefined };
  const variance = Math.max(0, (sumOfSquares - n * mean * mean) / (n - 1));
  const half = Z95 * Math.sqrt(variance / n);
  return { n, mean, low: mean - half, high: mean + half };
}

export const scoresOfGroups = (groups: readonly GroupProgress[]): Score[] =>
  groups
    .filter(({ judgeOf }) => judgeOf === undefined)
    .flatMap(({ benchmark, model, scorers }) =>
      scorers.map((sums) => ({ benchmark, model, scorer: sums.scorer, reducer: '', ...ofSums(sums) })),
    );

/** A mean with a standard error that somebody else has found. */
export const ofMean = (mean: number, stderr: number): Pick<Score, 'mean' | 'low' | 'high'> => ({
  ...{ mean, low: mean - Z95 * stderr, high: mean + Z95 * stderr },
});

/** The first metric that a row has, with its interval or its error. */
export const ofRow = ({ benchmark, model, scorer, metrics, reducer, samples }: ReportRow): Score => ({
  ...{ benchmark, model, scorer, reducer, n: samples },
  ...ofMetrics(metrics),
});

export function ofMetrics(values: Readonly<Record<string, number | undefined>>): Pick<Score, 'mean' | 'low' | 'high'> {
  const mean = values['accuracy'] ?? values['mean'] ?? Object.values(values)[0];
  const stderr = values['stderr'] ?? values['bootstrap_stderr'];
  const half = stderr === undefined ? undefined : Z95 * stderr;
  return {
    mean,
    low: values['ci_lower'] ?? (mean !== undefined && half !== undefined ? mean - half : undefined),
    high: values['ci_upper'] ?? (mean !== undefined && half !== undefined ? mean + half : undefined),
  };
}

export const halfOf = ({ low, high }: Pick<Score, 'low' | 'high'>): number | undefined =>
  low === undefined || high === undefined ? undefined : (high - low) / 2;

/** From 0 to 1 where all scores lie there. */
export function scaleOf(scores: readonly Pick<Score, 'mean' | 'low' | 'high'>[]): [number, number] {
  const ends = scores.flatMap(({ mean, low, high }) => [mean, low, high].filter((value) => value !== undefined));
  const [least, most] = [Math.min(0, ...ends), Math.max(0, ...ends)];
  return [Math.max(least, -0.2) === least && most <= 1.2 ? Math.min(0, Math.ceil(least * 5) / 5) : least, most <= 1.2 ? 1 : most];
}
