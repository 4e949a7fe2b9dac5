/** `--threshold accuracy=0.5`: what every row of the report must reach. */
import type { ReportRow } from '../shared/client/types.ts';
import { invalid } from '../shared/domain/errors.ts';

const METRICS = ['accuracy', 'mean'] as const;

export interface Threshold {
  metric: (typeof METRICS)[number];
  least: number;
}

/** Reads thresholds as they are typed, all faults at once. */
export function parseThresholds(texts: readonly string[]): Threshold[] {
  const faults: { place: string; problem: string }[] = [];
  const thresholds: Threshold[] = [];
  for (const text of texts) {
    const [name = '', value = ''] = text.split(/=(.*)/s).map((t) => t.trim());
    const metric = METRICS.find((m) => m === name);
    const least = Number(value);
    if (metric && value !== '' && Number.isFinite(least)) thresholds.push({ metric, least });
    else
      faults.push({
        place: '--threshold',
        problem: `'${text}' is no threshold; write METRIC=NUMBER with METRIC one of ${METRICS.join(', ')}, for example accuracy=0.5`,
      });
  }
  if (faults.length > 0) throw invalid('the command line', faults);
  return thresholds;
}

/** One line for each row and threshold that is not reached. A row without the metric's value does not reach it. */
export function missedThresholds(rows: readonly ReportRow[], thresholds: readonly Threshold[]): string[] {
  return rows.flatMap((row) =>
    thresholds.flatMap(({ metric, least }) => {
      const value = row.metrics[metric];
      if (typeof value === 'number' && value >= least) return [];
      const found = typeof value !== 'number' ? `has no ${metric}` : `${metric} ${value.toFixed(4)} < ${least}`;
      return [`${row.benchmark} · ${row.model} · ${row.scorer}: ${found}`];
    }),
  );
}
