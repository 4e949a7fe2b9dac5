/**
 * What an accepted evaluation is made of: its spec with everything decided at submit. Kept in the store; the ledger and
 * every coordinator are rebuilt from it.
 */
import type { BenchmarkSpec, EvaluationSpec, ModelSpec, RetrySpec } from './spec.ts';
import { routeOf, type Route } from './routing.ts';

/** One (benchmark, model): a run of consecutive units. unit = firstUnit + sample × epochs + (epoch − 1). */
export interface Group {
  index: number;
  benchmarkIndex: number;
  modelIndex: number;
  benchmark: string;
  model: string;
  scorers: string[];
  firstUnit: number;
  samples: number;
  epochs: number;
  route: Route;
}

export interface Manifest {
  evaluationId: string;
  namespace: string;
  idempotencyKey: string;
  createdAtMs: number;
  specDigest: string;
  spec: EvaluationSpec;
  /** Digest of the sample index of each benchmark (see coordinator/evaluations/dataset.ts), in the spec's order. */
  sampleIndexes: string[];
  groups: Group[];
  units: number;
  /** W3C trace context of the submit, '' without tracing. */
  traceparent: string;
}

export const unitsOf = (group: Group): number => group.samples * group.epochs;

/** The groups of a spec whose benchmarks have `samples[i]` samples: benchmarks outside, models inside. */
export function groupsOf(spec: EvaluationSpec, samples: readonly number[]): Group[] {
  const groups: Group[] = [];
  let firstUnit = 0;
  spec.benchmarks.forEach((b, benchmarkIndex) => {
    spec.models.forEach((m, modelIndex) => {
      const labels = { ...spec.route.labels, ...m.route?.labels };
      const group: Group = {
        index: groups.length,
        benchmarkIndex,
        modelIndex,
        benchmark: b.benchmark,
        model: m.model,
        scorers: scorerIdsOf(b),
        firstUnit,
        samples: samples[benchmarkIndex]!,
        epochs: spec.epochs,
        route: routeOf(m.model, labels),
      };
      groups.push(group);
      firstUnit += unitsOf(group);
    });
  });
  return groups;
}

/** The names that scorers have in results: their name, and `name#2`, … when a benchmark uses one several times. */
export function scorerIdsOf(benchmark: BenchmarkSpec): string[] {
  const seen = new Map<string, number>();
  return benchmark.scorers.map((s) => {
    const n = (seen.get(s.name) ?? 0) + 1;
    seen.set(s.name, n);
    return n === 1 ? s.name : `${s.name}#${n}`;
  });
}

/** The group that a unit belongs to (groups are sorted by firstUnit). */
export function groupOfUnit(groups: readonly Group[], unit: number): Group {
  let low = 0;
  let high = groups.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (groups[middle]!.firstUnit <= unit) low = middle;
    else high = middle - 1;
  }
  return groups[low]!;
}

/** Which sample (from 0) and epoch (from 1) of its group a unit is. */
export function placeOf(group: Group, unit: number): { sample: number; epoch: number } {
  const at = unit - group.firstUnit;
  return { sample: Math.floor(at / group.epochs), epoch: (at % group.epochs) + 1 };
}

/** What all samples of one benchmark and model share; travels to agents once per stream, by digest. */
export interface TaskContext {
  evaluationId: string;
  benchmark: BenchmarkSpec;
  model: ModelSpec;
  retry: RetrySpec;
}
