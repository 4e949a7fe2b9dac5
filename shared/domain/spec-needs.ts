/** What a (benchmark, model) needs of an agent beside its model and labels: capabilities by which its route is named. Pure. */
import { solverOf } from './spec-defaults.ts';
import type { BenchmarkSpec, EvaluationSpec, ModelSpec } from './spec-schema.ts';

/** Understood only by agents of wire version 1.1; every such agent is taken to have it. */
export const WIRE_1_1 = 'wire:1.1';

/** `hasMessages`: some of the benchmark's inputs are lists of messages, which only its dataset tells. */
export function needsOf(benchmark: BenchmarkSpec, model: ModelSpec, spec: EvaluationSpec, hasMessages = false): string[] {
  const needs = new Set<string>();
  const solver = solverOf(benchmark);
  if (solver.name === 'http' && typeof solver.args['url'] === 'string') needs.add(`url:${solver.args['url']}`);
  for (const { name, args } of benchmark.scorers) {
    if (name === 'command' && typeof args['command'] === 'string') needs.add(`command:${args['command']}`);
    if (name === 'http' && typeof args['url'] === 'string') needs.add(`url:${args['url']}`);
  }
  if (needs.size > 0 || hasMessages || isNew(benchmark, model, spec)) needs.add(WIRE_1_1);
  return [...needs];
}

/** Whether the task's context has something that agents before wire version 1.1 would refuse or leave out. */
function isNew(benchmark: BenchmarkSpec, model: ModelSpec, spec: EvaluationSpec): boolean {
  const { prompt, dataset, solver, scorers } = benchmark;
  const config = { ...benchmark.generate_config, ...model.generate_config };
  const { metadata, ...single } = dataset.fields;
  const templated = [...Object.values(single), ...metadata].some((field) => field && /\{\{|\[\d/.test(field));
  return (
    // A field that they do not know is refused, whatever it says.
    solver !== undefined ||
    prompt.num_fewshot !== undefined ||
    prompt.fewshot !== undefined ||
    prompt.gen_prefix !== undefined ||
    templated ||
    scorers.some((s) => !['match', 'includes', 'exact', 'pattern'].includes(s.name)) ||
    ['logprobs', 'top_logprobs', 'response_schema', 'reasoning_effort'].some((key) => key in config) ||
    spec.limits !== undefined ||
    (spec.retry_on_error ?? 0) > 0
  );
}
