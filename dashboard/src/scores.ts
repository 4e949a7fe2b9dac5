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

/** The first metric that a row has, with its interval or its error. */
export function ofRow({ benchmark, model, scorer, metrics, reducer, samples }: ReportRow): Score {
  const values = metrics as Record<string, number | undefined>;
  const mean = values['accuracy'] ?? values['mean'] ?? Object.values(values)[0];
  const stderr = values['stderr'] ?? values['bootstrap_stderr'];
  const half = stderr === undefined ? undefined : Z95 * stderr;
  return {
    ...{ benchmark, model, scorer, reducer, n: samples, mean },
    low: values['ci_lower'] ?? (mean !== undefined && half !== undefined ? mean - half : undefined),
    high: values['ci_upper'] ?? (mean !== undefined && half !== undefined ? mean + half : undefined),
  };
}

export const halfOf = ({ low, high }: Pick<Score, 'low' | 'high'>): number | undefined =>
  low === undefined || high === undefined ? undefined : (high - low) / 2;
