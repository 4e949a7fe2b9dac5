/** Vectors of metrics, reducers, statistics and filters. */
import {
  createChain,
  type FilterSpec,
  MetricFold,
  type MetricKey,
  reducerOf,
  reducePlaces,
  type StructuredValue,
  createScorer,
  brierScore,
  clusteredStderr,
  confidenceInterval,
  gPassAtK,
  groupMean,
  grouped,
  choiceAccuracy,
  mcnemar,
  upperMedian,
  mean,
  pairedDifference,
  meanPassAtK,
  passAtK,
  passHatK,
  bitsPerByte,
  documentPerplexity,
  sequencePerplexity,
  unitPerplexity,
  type CountedLikelihood,
  pooledStderr,
  tQuantile,
  unpairedDifference,
  withinSampleStderr,
  type Tries,
  valueToNumber,
} from '../../../../../shared/scoring/index.ts';
import { errorsBorne } from '../../../../../shared/domain/spec-defaults.ts';
import { parseSpec } from '../../../../../shared/domain/spec.ts';
import { collect } from '../../../../../shared/scoring/reducers/collect.ts';
import { mostFrequent } from '../../../../../shared/scoring/reducers/most-frequent.ts';
import type { Adapters, Vector } from './vector.ts';

type Value = string | number | boolean | null;

const numbers = (values: unknown): number[] => collect((values as Value[]).map(valueToNumber));
const num = (v: Vector, field: string): number => v[field] as number;
const items = (v: Vector): CountedLikelihood[] => v['items'] as CountedLikelihood[];

/** A metric as a report has it: one value or a list of epochs per sample. */
const metric = (name: MetricKey) => (v: Vector) => {
  const samples = v.values as (Value | Value[])[];
  const fold = new MetricFold([name]);
  samples.forEach((sample, i) => [sample].flat().forEach((value) => fold.add(i, valueToNumber(value))));
  const result = fold.result()[name];
  // Nothing to average has no mean here; the vector has the 0 that others print.
  return samples.length === 0 && result === null ? 0 : result;
};

const reducer = (name: string) => (v: Vector) => {
  const { k, value } = v.params as { k?: number; value?: number };
  const reduce = reducerOf(name + (k === undefined ? '' : `_${k}`) + (value === undefined ? '' : `_from_${value}`))!;
  return typeof (v.values as unknown[])[0] === 'object' ? reducePlaces(reduce, v.values as StructuredValue[]) : reduce(numbers(v.values));
};

const groupedMean = (v: Vector): unknown => {
  const { groups, all } = grouped(numbers(v.values), v['groups'] as string[], mean, v['all'] as 'samples' | 'groups');
  return { ...Object.fromEntries(groups), all };
};

/** Two hundred values of which 180 make one cluster stand in words in the vector. */
const described = (v: Vector): [values: number[], clusters: (string | number)[]] =>
  typeof v.values === 'string'
    ? [Array.from({ length: 200 }, (_, i) => i % 5), Array.from({ length: 200 }, (_, i) => (i < 180 ? 'big' : `small${i}`))]
    : [numbers(v.values), v['clusters'] as (string | number)[]];

/** A filter pipeline of lm-evaluation-harness and its `exact_match`. */
const lmEval =
  (chain: (v: Vector) => FilterSpec[], exactMatch: Record<string, unknown> = {}) =>
  (v: Vector): unknown => {
    const [answer] = createChain(chain(v))([v.output as string]);
    if (answer !== v.extracted) throw new Error(`the filters took out ${JSON.stringify(answer)}`);
    return createScorer({ name: 'exact_match', args: exactMatch })(answer!, [v.target as string]).value;
  };

const regexFilter = ({ params }: Vector): FilterSpec[] => [
  { name: 'regex', args: { regex_pattern: params!['regex'], group_select: params!['group_select'] ?? 0 } },
  { name: 'take_first', args: {} },
];

const GSM8K = { ignore_case: true, regexes_to_ignore: [',', '\\$', '(?s).*#### ', '\\.$'] };
const MMLU = { ignore_case: true, ignore_punctuation: true };

const multiChoice = (v: Vector): unknown => {
  const { regex, choices, ...args } = v.params as { regex: string; choices: string[] };
  return createChain([{ name: 'multi_choice_regex', args: { ...args, regex_pattern: regex } }])([v.output as string], { choices })[0];
};

export const ADAPTERS: Adapters = {
  value_to_float: (v) => valueToNumber(v.value as Value),
  accuracy: metric('accuracy'),
  mean: metric('mean'),
  stderr: metric('stderr'),
  var: metric('var'),
  epochs_then_accuracy: metric('accuracy'),
  epochs_then_stderr: metric('stderr'),
  'reducer:mean': reducer('mean'),
  'reducer:median': reducer('median'),
  'reducer:max': reducer('max'),
  'reducer:at_least': reducer('at_least'),
  'reducer:pass_at': reducer('pass_at'),
  'reducer:pass_k': reducer('pass_k'),
  // Numbers in the project; the vector has letters.
  'reducer:mode': (v) => mostFrequent(v.values as string[]),
  // JSON has no NaN, so that the vector spells it out.
  'reducer:collect': (v) => collect((v.values as (number | 'NaN')[]).map((value) => (value === 'NaN' ? null : value))),
  clustered_stderr: (v) => clusteredStderr(...described(v)),
  t_quantile: (v) => tQuantile(num(v, 'p'), num(v, 'df')),
  ci_t: (v) => confidenceInterval(numbers(v.values), { level: num(v, 'level') }),
  ci_t_clustered: (v) => {
    const [values, clusters] = described(v);
    return confidenceInterval(values, { level: num(v, 'level'), clusters });
  },
  grouped_mean: groupedMean,
  grouped_accuracy: groupedMean,
  pass_at_k: (v) => passAtK(num(v, 'n'), num(v, 'c'), num(v, 'k')),
  pass_at_k_mean: (v) => meanPassAtK(v['problems'] as Tries[], num(v, 'k')),
  pass_hat_k: (v) => passHatK(num(v, 'n'), num(v, 'c'), num(v, 'k')),
  g_pass_at_k: (v) => gPassAtK(num(v, 'n'), num(v, 'c'), num(v, 'k'), num(v, 'threshold')),
  within_sample_stderr: (v) => withinSampleStderr(v['problems'] as Tries[]),
  word_perplexity: (v) => unitPerplexity(items(v)),
  perplexity_per_token: (v) => unitPerplexity(items(v)),
  perplexity_per_seq: (v) => sequencePerplexity(items(v)),
  bits_per_byte: (v) => bitsPerByte(items(v)),
  perplexity_lm_eval: (v) => documentPerplexity(v['items'] as number[]),
  brier_score: (v) => brierScore(v['probs'] as number[][], v['golds'] as number[]),
  loglikelihood_mc: (v) =>
    choiceAccuracy({ choices: v['choices'] as string[], logLikelihoods: v['lls'] as number[], gold: num(v, 'gold') }),
  median_lm_eval: (v) => upperMedian(numbers(v.values)),
  pooled_stderr: (v) => pooledStderr(v['stderrs'] as number[], v['sizes'] as number[]),
  group_mean_weighted: (v) => groupMean(v['metrics'] as number[], v['sizes'] as number[], v['weight_by_size'] as boolean),
  mcnemar_exact_one_sided: (v) => mcnemar(num(v, 'baseline_only_correct'), num(v, 'candidate_only_correct')),
  paired_diff: (v) => pairedDifference(v['a'] as number[], v['b'] as number[]),
  unpaired_diff_stderr: (v) => unpairedDifference(v['a'] as number[], v['b'] as number[])!.stderr,
  fail_on_error: (v) => {
    const spec = parseSpec({
      name: 's',
      benchmarks: [{ benchmark: 'b', dataset: { uri: 'file:d.jsonl' }, scorers: [{ name: 'match' }] }],
      models: [{ model: 'mock/m' }],
      fail_on_error: v['fail_on_error'],
    });
    return num(v, 'errors') > errorsBorne(spec, num(v, 'total'));
  },
  'filter:majority_vote': (v) => createChain([{ name: 'majority_vote', args: {} }])(v.values as string[])[0],
  maj_at_k: (v) => {
    const scorer = createScorer({ name: 'exact_match', args: {} });
    const verdicts = (v.output as string[]).map((each) => scorer(each, [v.target as string]));
    return reducerOf(`maj_${v.params!['k'] as number}`)!(
      verdicts.map(({ value }) => value as number),
      verdicts.map(({ answer }) => ({ answer })),
    );
  },
  'lm_eval:gsm8k/strict-match': lmEval(regexFilter, GSM8K),
  'lm_eval:gsm8k/flexible-extract': lmEval(regexFilter, GSM8K),
  'lm_eval:gsm8k_cot/strict-match': lmEval(regexFilter, GSM8K),
  'lm_eval:mmlu_pro/custom-extract': lmEval(regexFilter, MMLU),
  // Generation stops at the end of the first line; the regular expression stands for that.
  'lm_eval:mmlu_generative': lmEval(() => [{ name: 'regex', args: { regex_pattern: '\\A(.*)' } }], MMLU),
  'lm_eval:multi_choice_regex': multiChoice,
};
