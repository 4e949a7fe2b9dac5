/** Benchmarks of one model as lm-evaluation-harness writes them: `results_*.json`, and a line of `samples_*.jsonl` for each sample and filter. Pure. */
import { createHash } from 'node:crypto';
import { VERSION } from '../../shared/domain/version.ts';
import { isOfCorpus } from '../../shared/scoring/metrics/corpus-scores.ts';
import { LIKELIHOOD_METRICS } from '../../shared/scoring/metrics/perplexities.ts';
import type { Likelihood } from '../../shared/scoring/likelihoods.ts';
import { pythonFloatText } from '../../shared/scoring/python/numbers.ts';
import { createScorer, isLessBetter } from '../../shared/scoring/registry.ts';
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

/** `logs`: all of one model; `hashes`: of their samples by benchmark. Rows whose epochs are reduced otherwise than to their mean are left out: lm-eval has no place for them. */
export function lmEvalResults(logs: readonly ExportedLog[], hashes: Readonly<Record<string, string>> = {}): object {
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
          // Here the sentences' mean, there the corpus' value has the scorer's name.
          const ofCorpus = isOfCorpus(metric) ? metrics[metric] : undefined;
          if (ofCorpus !== undefined)
            return [
              [`${metric},${filter}`, ofCorpus],
              [`${metric}_stderr,${filter}`, 'N/A'],
            ];
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
      target_delimiter: log.delimiter,
      metric_list: metricList(log),
      filter_list: filterList(log),
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
    task_hashes: hashes,
    model_source: 'assay',
    model_name: model,
    start_time: start,
    end_time: end,
    total_evaluation_time_seconds: String(end - start),
  };
}

/** Each metric once, with its arguments. */
const metricList = (log: ExportedLog): object[] => [
  ...new Map(
    log.scorers.flatMap(({ id, args }): [string, object][] => {
      const { metric } = metricOf(id);
      const perplexities = perplexitiesOf(log, id);
      if (perplexities.length > 0)
        return perplexities.map((name) => [name, { metric: name, aggregation: AGGREGATIONS[name], higher_is_better: false }]);
      return [[metric, { metric, aggregation: isCorpusScore(log, id) ? metric : 'mean', higher_is_better: !isLessBetter(id), ...args }]];
    }),
  ).values(),
];

/** Whether what is told of a scorer is the value of the corpus. */
function isCorpusScore({ rows }: ExportedLog, id: string): boolean {
  const { metric } = metricOf(id);
  return isOfCorpus(metric) && rows.some(({ scorer, metrics }) => scorer === id && metrics[metric] !== undefined);
}

const AGGREGATIONS: Readonly<Record<(typeof LIKELIHOOD_METRICS)[number], string>> = {
  perplexity: 'perplexity',
  word_perplexity: 'weighted_perplexity',
  byte_perplexity: 'weighted_perplexity',
  bits_per_byte: 'bits_per_byte',
};

/** Each chain of filters once; lm-eval takes the first of a document's answers at the end of each. */
const filterList = ({ scorers }: ExportedLog): object[] => [
  ...new Map(
    scorers.map(({ id, filters }) => {
      const { filter } = metricOf(id);
      const steps = filters.map(({ name, args }) => ({ function: name, ...args }));
      return [filter, { name: filter, filter: [...steps, { function: 'take_first' }] }];
    }),
  ).values(),
];

/** Since 1970; 0 where nobody knows. */
const secondsOf = (time: string): number => (Date.parse(time) || 0) / 1000;

/** One unit, a line for each filter with the scores behind it. Epochs are lines of their own. */
export function lmEvalSamples(log: ExportedLog, sample: ExportedSample): LmEvalSample[] {
  const { result, metadata, choices, likelihoods } = sample;
  const prompt = promptOf(log, sample);
  const own = { id: result.sampleId, target: oneOrAll(sample.target), ...(choices.length > 0 ? { choices } : {}) };
  // Metadata does not hide what the sample is.
  const doc = sample.doc ?? { ...own, ...metadata, ...own };
  const target = likelihoods && likelihoods.length > 1 ? rightPlaces(likelihoods) : oneOrAll(sample.target);
  const common = {
    doc_id: sample.docId,
    epoch: result.epoch,
    doc,
    target,
    ...(likelihoods
      ? ratedOf(log, prompt, likelihoods)
      : { arguments: { gen_args_0: { arg_0: prompt, arg_1: log.config } }, resps: [[result.completion]] }),
  };
  const hashes = { doc_hash: hashOf(JSON.stringify(doc, null, 2)), prompt_hash: hashOf(prompt), target_hash: hashOf(pythonText(target)) };
  const byFilter = Map.groupBy(result.scores, ({ scorer }) => metricOf(scorer).filter);
  return Array.from(byFilter, ([filter, scores]) => {
    const said = scores.find(({ answer }) => answer)?.answer ?? result.completion;
    const filtered_resps = likelihoods ? common.resps.map(([first]) => first) : [said];
    const values = Object.fromEntries(scores.flatMap((score) => valuesOf(log, sample, score)));
    return { ...common, filtered_resps, filter, metrics: Object.keys(values), ...hashes, ...values };
  });
}

/**
 * What a line has of a score. A log-likelihood stands there under each perplexity that was asked for: alone for `perplexity`, for the others with the
 * words or bytes that it is divided by, as lm-eval's `process_results` gives it to their aggregations.
 */
function valuesOf(log: ExportedLog, sample: ExportedSample, { scorer: id, number }: Score): [metric: string, value: unknown][] {
  const asked = perplexitiesOf(log, id);
  const own = log.scorers.find((scorer) => scorer.id === id);
  if (asked.length === 0 || number === null || !own || !sample.likelihoods) return [[metricOf(id).metric, number]];
  const inputText =
    sample.input ??
    sample.messages
      .findLast(({ role }) => role === 'user')
      ?.parts.map(({ value }) => value)
      .join('');
  const { words, bytes } = createScorer(own)('', [], { likelihoods: sample.likelihoods, inputText }).counts!;
  return asked.map((name) => [name, name === 'perplexity' ? number : [number, name === 'word_perplexity' ? words : bytes]]);
}

type Score = ExportedSample['result']['scores'][number];

/** The perplexities that a scorer's rows have. */
const perplexitiesOf = ({ rows }: ExportedLog, id: string) =>
  LIKELIHOOD_METRICS.filter((name) => rows.some(({ scorer, metrics }) => scorer === id && metrics[name] !== undefined));

export type LmEvalSample = Record<string, unknown> & Record<'doc_hash' | 'prompt_hash' | 'target_hash', string>;

/** What a line adds to its task's hash, which is that of all of them in a row. */
export const hashesOf = (line: LmEvalSample): string => line.doc_hash + line.prompt_hash + line.target_hash;

/** A request for each text, and its answers: texts of (log-likelihood, greedy), of a rolling text the first alone. */
function ratedOf(
  { solver, delimiter }: ExportedLog,
  prompt: string,
  likelihoods: readonly Likelihood[],
): { arguments: object; resps: unknown[][] } {
  const isRolling = solver.name === 'loglikelihood_rolling';
  const alone = likelihoods.filter(({ unconditional }) => unconditional !== undefined);
  const requests = [
    ...likelihoods.map(({ text }) => (isRolling ? [text] : [prompt, delimiter + text])),
    ...alone.map(({ text }) => ['', delimiter + text]),
  ];
  return {
    arguments: Object.fromEntries(
      requests.map((args, i) => [`gen_args_${i}`, Object.fromEntries(args.map((arg, j) => [`arg_${j}`, arg]))]),
    ),
    resps: [
      ...likelihoods.map(({ logLikelihood, isGreedy }) => [
        isRolling ? pythonFloatText(logLikelihood) : [pythonFloatText(logLikelihood), isGreedy ? 'True' : 'False'],
      ]),
      // Whether these are greedy is not asked.
      ...alone.map(({ unconditional }) => [[pythonFloatText(unconditional!), 'False']]),
    ],
  };
}

/**
 * The first argument of the first request. A single question is its text; of several messages it is their list, as lm-eval has it where it applies a chat
 * template; texts that are rated follow one text.
 */
function promptOf({ solver }: ExportedLog, { messages, likelihoods }: ExportedSample): string {
  const texts = messages.map(({ role, parts }) => ({ role, content: parts.map((part) => part.value).join('') }));
  if (solver.name === 'loglikelihood_rolling' && likelihoods) return likelihoods[0]!.text;
  if (likelihoods) return texts.map(({ content }) => content).join('\n\n');
  if (texts.length === 1 && texts[0]!.role === 'user') return texts[0]!.content;
  const listed = texts.map(
    ({ role, content }) => `{"role": ${JSON.stringify(role)}, "content": ${JSON.stringify(content)}, "type": "text"}`,
  );
  return `[${listed.join(', ')}]`;
}

const oneOrAll = (target: readonly string[]): string | readonly string[] => (target.length === 1 ? target[0]! : target);

/** By their places: one as it is, several as a list. */
function rightPlaces(likelihoods: readonly Likelihood[]): string {
  const places = likelihoods.flatMap(({ isTarget }, i) => (isTarget ? [i] : []));
  return places.length === 1 ? String(places[0]) : `[${places.join(', ')}]`;
}

/** `str(value)` of Python: of a list the texts in quotes. */
const pythonText = (target: string | readonly string[]): string =>
  typeof target === 'string' ? target : `[${target.map(pythonQuoted).join(', ')}]`;

function pythonQuoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t');
  return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote;
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
