/** Benchmarks of one model as lm-evaluation-harness writes them: `results_*.json`, and a line of `samples_*.jsonl` for each sample and filter. Pure. */
import { createHash } from 'node:crypto';
import { VERSION } from '../../shared/domain/version.ts';
import { LIKELIHOOD_METRICS } from '../../shared/scoring/metrics/perplexities.ts';
import { isLessBetter } from '../../shared/scoring/registry.ts';
import type { ExportedLog, ExportedSample } from './log.ts';

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

/** `logs`: all of one model. Rows whose epochs are reduced otherwise than to their mean are left out: lm-eval has no place for them. */
export function lmEvalResults(logs: readonly ExportedLog[]): object {
  const [{ id, name, model, specDigest, created, finished, config }] = logs as [ExportedLog];
  const named = <T>(valueOf: (log: ExportedLog) => T): Record<string, T> =>
    Object.fromEntries(logs.map((log) => [log.benchmark, valueOf(log)]));
  const [start, end] = [secondsOf(created), secondsOf(finished)];
  return {
    results: named(({ benchmark, rows }) => ({
      alias: benchmark,
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
    configs: named((log) => ({
      task: log.benchmark,
      dataset_path: log.dataset.location ?? '',
      output_type: OUTPUT_TYPES.get(log.solver.name) ?? 'generate_until',
      num_fewshot: log.numFewshot,
      generation_kwargs: log.config,
      repeats: log.epochs,
      metadata: { version: 0 },
    })),
    versions: named(() => 0),
    'n-shot': named((log) => log.numFewshot),
    higher_is_better: named(({ scorers, rows }) =>
      Object.fromEntries([
        ...scorers.map(({ id }) => [metricOf(id).metric, !isLessBetter(id)]),
        ...LIKELIHOOD_METRICS.filter((name) => rows.some((row) => row.metrics[name] !== undefined)).map((name) => [name, false]),
      ]),
    ),
    'n-samples': named(({ dataset, rows }) => ({
      original: dataset.samples,
      effective: Math.max(0, ...rows.map((row) => row.samples ?? row.counts.scored)),
    })),
    config: { model, model_args: {}, batch_size: 1, limit: null, bootstrap_iters: 0, gen_kwargs: config },
    git_hash: null,
    date: start,
    assay: { version: VERSION, evaluation: id, name, ...(specDigest === undefined ? {} : { spec_digest: specDigest }) },
    task_hashes: {},
    model_source: 'assay',
    model_name: model,
    start_time: start,
    end_time: end,
    total_evaluation_time_seconds: String(end - start),
  };
}

/** Since 1970; 0 where nobody knows. */
const secondsOf = (time: string): number => (Date.parse(time) || 0) / 1000;

/** One unit, a line for each scorer. Epochs are lines of their own. */
export function lmEvalSamples({ config }: ExportedLog, sample: ExportedSample): object[] {
  const { result, messages, metadata, choices } = sample;
  const target = sample.target.length === 1 ? sample.target[0]! : sample.target;
  const prompt = messages.every(({ parts }) => parts.every(({ kind }) => kind === 'text'))
    ? JSON.stringify(messages.map(({ role, parts }) => ({ role, content: parts.map((part) => part.value).join('') })))
    : JSON.stringify(messages);
  const doc = { id: result.sampleId, target, ...(choices.length > 0 ? { choices } : {}), ...metadata };
  const common = {
    doc_id: sample.docId,
    epoch: result.epoch,
    doc,
    target,
    arguments: { gen_args_0: { arg_0: prompt, arg_1: config } },
    resps: [[result.completion]],
  };
  const hashes = { doc_hash: hashOf(JSON.stringify(doc)), prompt_hash: hashOf(prompt), target_hash: hashOf(String(target)) };
  return result.scores.map(({ scorer, number, answer }) => {
    const { metric, filter } = metricOf(scorer);
    return { ...common, filtered_resps: [answer || result.completion], filter, metrics: [metric], ...hashes, [metric]: number };
  });
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
