/** Benchmarks of one model as lm-evaluation-harness writes them: `results_*.json`, and a line of `samples_*.jsonl` for each sample and filter. Pure. */
import { createHash } from 'node:crypto';
import type { Sample } from '../../shared/client/types.ts';
import { generateConfigOf, solverOf } from '../../shared/domain/spec-defaults.ts';
import { VERSION } from '../../shared/domain/version.ts';
import { LIKELIHOOD_METRICS } from '../../shared/scoring/metrics/perplexities.ts';
import { isLessBetter } from '../../shared/scoring/registry.ts';
import type { ExportedGroup } from './group.ts';

/** `exact_match,strict-match` is a metric under a filter; a scorer without a chain has the filter `none`. */
function metricOf(scorer: string): { metric: string; filter: string } {
  const at = scorer.indexOf(',');
  return at < 0 ? { metric: scorer, filter: 'none' } : { metric: scorer.slice(0, at), filter: scorer.slice(at + 1) };
}

/** Output types by the solver; all others generate. */
const OUTPUT_TYPES = new Map([
  ['loglikelihood_choice', 'multiple_choice'],
  ['loglikelihood', 'loglikelihood'],
  ['loglikelihood_rolling', 'loglikelihood_rolling'],
]);

/** `groups`: all of one model. Rows whose epochs are reduced otherwise than to their mean are left out: lm-eval has no place for them. */
export function lmEvalResults(groups: readonly ExportedGroup[]): object {
  const [{ report, model, spec }] = groups as [ExportedGroup];
  const named = <T>(valueOf: (group: ExportedGroup) => T): Record<string, T> =>
    Object.fromEntries(groups.map((group) => [group.benchmark.benchmark, valueOf(group)]));
  const { timing } = report;
  return {
    results: named(({ benchmark, rows }) => ({
      alias: benchmark.benchmark,
      ...Object.fromEntries(
        rows.flatMap(({ scorer, metrics, reducer }) => {
          const { metric, filter } = metricOf(scorer);
          const value = metrics.mean ?? metrics.accuracy;
          if (reducer !== 'mean') return [];
          // Perplexities have names of their own there. Their errors are bootstrapped, which those here are not.
          const perplexities = LIKELIHOOD_METRICS.flatMap((name) =>
            metrics[name] === undefined
              ? []
              : [
                  [`${name},${filter}`, metrics[name]],
                  [`${name}_stderr,${filter}`, 'N/A'],
                ],
          );
          if (value === undefined) return perplexities;
          const error = metrics.stderr ?? 'N/A';
          return [[`${metric},${filter}`, value], [`${metric}_stderr,${filter}`, error], ...perplexities];
        }),
      ),
    })),
    group_subtasks: named(() => []),
    configs: named(({ benchmark, epochs }) => ({
      task: benchmark.benchmark,
      dataset_path: benchmark.dataset.uri.startsWith('inline:') ? 'inline' : benchmark.dataset.uri,
      output_type: OUTPUT_TYPES.get(solverOf(benchmark).name) ?? 'generate_until',
      num_fewshot: benchmark.prompt.num_fewshot ?? 0,
      generation_kwargs: generateConfigOf(benchmark, model),
      repeats: epochs,
      metadata: { version: 0 },
    })),
    versions: named(() => 0),
    'n-shot': named(({ benchmark }) => benchmark.prompt.num_fewshot ?? 0),
    higher_is_better: named(({ scorers, rows }) =>
      Object.fromEntries([
        ...scorers.map(({ id }) => [metricOf(id).metric, !isLessBetter(id)]),
        ...LIKELIHOOD_METRICS.filter((name) => rows.some((row) => row.metrics[name] !== undefined)).map((name) => [name, false]),
      ]),
    ),
    'n-samples': named(({ units, epochs, rows }) => ({
      original: units / epochs,
      effective: Math.max(0, ...rows.map((row) => row.samples ?? row.counts.scored)),
    })),
    config: { model: model.model, model_args: {}, batch_size: 1, limit: null, bootstrap_iters: 0, gen_kwargs: model.generate_config },
    git_hash: null,
    date: Date.parse(timing.createdAt) / 1000,
    assay: { version: VERSION, evaluation: report.evaluationId, name: spec.name, spec_digest: report.specDigest },
    task_hashes: {},
    model_source: 'assay',
    model_name: model.model,
    start_time: Date.parse(timing.createdAt) / 1000,
    end_time: Date.parse(timing.finishedAt) / 1000,
    total_evaluation_time_seconds: String(timing.durationMs / 1000),
  };
}

/** One unit, a line for each scorer. Epochs are lines of their own. */
export function lmEvalSamples({ benchmark, model, firstUnit, epochs }: ExportedGroup, sample: Sample): object[] {
  const { result, messages, metadata, choices } = sample;
  const target = sample.target.length === 1 ? sample.target[0]! : sample.target;
  const prompt = messages.every(({ parts }) => parts.every(({ kind }) => kind === 'text'))
    ? JSON.stringify(messages.map(({ role, parts }) => ({ role, content: parts.map((part) => part.value).join('') })))
    : JSON.stringify(messages);
  const doc = { id: result.sampleId, target, ...(choices.length > 0 ? { choices } : {}), ...metadata };
  const common = {
    doc_id: Math.floor((result.unit - firstUnit) / epochs),
    epoch: result.epoch,
    doc,
    target,
    arguments: { gen_args_0: { arg_0: prompt, arg_1: generateConfigOf(benchmark, model) } },
    resps: [[result.completion]],
  };
  const hashes = { doc_hash: hashOf(JSON.stringify(doc)), prompt_hash: hashOf(prompt), target_hash: hashOf(String(target)) };
  return result.scores.map(({ scorer, number, answer }) => {
    const { metric, filter } = metricOf(scorer);
    return { ...common, filtered_resps: [answer || result.completion], filter, metrics: [metric], ...hashes, [metric]: number };
  });
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
