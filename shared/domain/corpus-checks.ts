/** A metric of a whole corpus needs a scorer that counts for it; anything else is a fault of the spec. */
import { countsFor, isOfCorpus } from '../scoring/metrics/corpus-scores.ts';
import type { MetricSpec } from '../scoring/metrics/registry.ts';
import type { FaultList, Path } from './fault-list.ts';
import { showValue } from './spec-faults.ts';

export function checkCorpusMetrics(
  { scorers = [], metrics = [] }: { scorers?: { name: string; args?: Record<string, unknown> }[]; metrics?: MetricSpec[] },
  /** Of the benchmark. */
  path: Path,
  faults: FaultList,
): void {
  metrics.forEach((metric, i) => {
    const name = typeof metric === 'string' ? metric : metric.name;
    if (!isOfCorpus(name) || scorers.some((scorer) => countsFor(name, scorer))) return;
    const without = name === 'bleu' ? ' without weights' : '';
    faults.add(
      [...path, 'metrics', i],
      `is ${showValue(name)}, which is made of what the scorer ${name}${without} counts; add that scorer, or take the metric out`,
    );
  });
}
