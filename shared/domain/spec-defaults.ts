/** What an absent field of a spec means, and what follows from several fields together. Pure. */
import type { BenchmarkSpec, EvaluationSpec, GenerateConfig, ModelSpec, SolverSpec } from './spec-schema.ts';

/** How often a sample runs, and how its epochs are reduced to one value per scorer. */
export function epochsOf(spec: Pick<EvaluationSpec, 'epochs'>): { count: number; reducers: string[] } {
  return typeof spec.epochs === 'number' ? { count: spec.epochs, reducers: ['mean'] } : spec.epochs;
}

export const solverOf = (benchmark: BenchmarkSpec): SolverSpec => benchmark.solver ?? { name: 'generate', args: {} };

/** The benchmark's settings, over which the model's own win; `extra_body` is merged one level deep. */
export function generateConfigOf(benchmark: BenchmarkSpec, model: ModelSpec): GenerateConfig {
  const [base, own] = [benchmark.generate_config, model.generate_config];
  if (!base) return own;
  const extra = base.extra_body && own.extra_body ? { extra_body: { ...base.extra_body, ...own.extra_body } } : {};
  return { ...base, ...own, ...extra };
}

/**
 * How many errored samples of `total` an evaluation bears; Infinity: any number. As in Inspect: it fails from that share, or that
 * count, on; `true` means the first one.
 */
export function errorsBorne(spec: EvaluationSpec, total: number): number {
  const { fail_on_error: rule = false } = spec;
  if (rule === false) return Infinity;
  if (rule === true) return 0;
  if (rule >= 1) return Math.ceil(rule) - 1;
  let errors = Math.ceil(rule * total);
  // A product may be rounded to either side of the share.
  if (errors > 0 && (errors - 1) / total >= rule) errors--;
  return Math.max(0, errors - 1);
}
