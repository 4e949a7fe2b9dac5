/** lm-eval's results of benchmarks by log-probabilities; test/integration/exports.test.ts has those of an evaluation that generates. */
import { expect, test } from 'vitest';
import type { ExportedGroup } from '../../../cli/export/group.ts';
import { lmEvalResults, lmEvalSamples } from '../../../cli/export/lm-eval.ts';
import { logOf, type ExportedSample } from '../../../cli/export/log.ts';
import { scorersOf } from '../../../shared/domain/spec-scorers.ts';
import { parseSpec } from '../../../shared/domain/spec.ts';
import { emptyCounts } from '../../../shared/domain/states.ts';

const spec = parseSpec({
  name: 'n',
  benchmarks: [
    { benchmark: 'text', solver: 'loglikelihood_rolling', scorers: ['loglikelihood'], metrics: ['word_perplexity', 'bits_per_byte'] },
    { benchmark: 'choice', solver: 'loglikelihood_choice', scorers: ['acc', 'brier_score'], metrics: ['mean', 'stderr'] },
    { benchmark: 'plain', scorers: ['match'] },
    { benchmark: 'translated', scorers: ['bleu', 'ter'], metrics: ['bleu', 'mean', 'stderr'] },
  ].map((benchmark) => ({ ...benchmark, dataset: { uri: 'file:a.jsonl' } })),
  models: [{ model: 'openai/m' }],
});

const METRICS: Record<string, Record<string, number>> = {
  loglikelihood: { word_perplexity: 12.5, bits_per_byte: 0.9 },
  acc: { mean: 0.5, stderr: 0.1 },
  brier_score: { mean: 0.3, stderr: 0.02 },
  match: { accuracy: 1 },
  bleu: { bleu: 47.967, mean: 51.245, stderr: 1 },
  ter: { mean: 40, stderr: 2 },
};

const groups = spec.benchmarks.map((benchmark) => ({
  ...{ spec, benchmark, model: spec.models[0]!, units: 2, epochs: 1, counts: emptyCounts(2), firstUnit: 0, scorers: scorersOf(benchmark) },
  evaluation: { name: 'n' },
  report: { usageByModel: {}, timing: { createdAt: '2026-01-01T00:00:00Z', finishedAt: '2026-01-01T00:00:01Z', durationMs: 1000 } },
  rows: benchmark.scorers.map(({ name }) => ({ scorer: name, reducer: 'mean', metrics: METRICS[name], samples: 2 })),
})) as unknown as ExportedGroup[];

test('perplexities have their names, output types are those of the solvers, and less is better where it is', () => {
  expect(lmEvalResults(groups.map(logOf))).toMatchObject({
    results: {
      text: { 'word_perplexity,none': 12.5, 'word_perplexity_stderr,none': 'N/A', 'bits_per_byte,none': 0.9 },
      choice: { 'acc,none': 0.5, 'acc_stderr,none': 0.1, 'brier_score,none': 0.3 },
      plain: { 'match,none': 1, 'match_stderr,none': 'N/A' },
      translated: { 'bleu,none': 47.967, 'bleu_stderr,none': 'N/A', 'ter,none': 40, 'ter_stderr,none': 2 },
    },
    configs: {
      text: { output_type: 'loglikelihood_rolling' },
      choice: { output_type: 'multiple_choice' },
      plain: { output_type: 'generate_until' },
      translated: {
        metric_list: [
          { metric: 'bleu', aggregation: 'bleu' },
          { metric: 'ter', aggregation: 'mean' },
        ],
      },
    },
    higher_is_better: {
      text: { word_perplexity: false, bits_per_byte: false },
      choice: { acc: true, brier_score: false },
      plain: { match: true },
    },
  });
});

test('hashes are those of lm-eval', () => {
  const log = { ...logOf(groups[2]!), config: {} };
  const target = ["it's", '"b"\n'];
  const part = (value: string) => [{ kind: 'text' as const, value }];
  const sample = {
    result: { sampleId: 'é1', epoch: 1, completion: 'x', scores: [{ scorer: 'match', number: 1, answer: '' }] },
    messages: [
      { role: 'system', parts: part('Bé "brief"\n') },
      { role: 'user', parts: part('q') },
    ],
    ...{ target, choices: ['x'], metadata: { n: [1, 2.5], e: {}, l: [] }, docId: 3 },
  } as unknown as ExportedSample;
  // CPython 3.11, hashlib over what lm_eval/evaluator.py makes of them: json.dumps(doc, indent=2, ensure_ascii=False), str(target), and the list of
  // messages as JsonChatStr has it.
  expect(lmEvalSamples(log, sample)).toEqual([
    expect.objectContaining({
      doc_id: 3,
      doc_hash: '13f47d53b7bbee06bd70d9a2089dcb4a7dde4b099d8e97d8224ef7f2f76d7fce',
      prompt_hash: 'd09d673e1a1c81d5d6ec339131f2bf1946314d5d2f6e833f6d726ff53eddbe4e',
      target_hash: '0741129bb834f0943266c70e4159d1d0ddfe20a4f4ed647af26b70327509b9d9',
    }),
  ]);
});

test('a rolling text has a pair for each perplexity that was asked for, of what is counted', () => {
  const sampleOf = (benchmark: number, input: string): object[] => {
    const log = logOf(groups[benchmark]!);
    const sample = {
      result: { sampleId: '1', epoch: 1, completion: '', scores: [{ scorer: 'loglikelihood', number: -20.5, answer: '' }] },
      messages: [{ role: 'user', parts: [{ kind: 'text', value: input }] }],
      likelihoods: [{ text: 'one two é', logLikelihood: -20.5, isGreedy: false, isTarget: true, tokens: 4 }],
      ...{ target: ['one two é'], choices: [], metadata: {}, docId: 0 },
    } as unknown as ExportedSample;
    return lmEvalSamples(log, sample);
  };
  expect(sampleOf(0, 'x')).toMatchObject([
    {
      arguments: { gen_args_0: { arg_0: 'one two é' } },
      resps: [['-20.5']],
      metrics: ['word_perplexity', 'bits_per_byte'],
      word_perplexity: [-20.5, 3],
      bits_per_byte: [-20.5, 10],
    },
  ]);
  // Of the original document, where the text that is rated is another form of it.
  groups[0]!.scorers[0]!.args = { count: 'input' };
  expect(sampleOf(0, 'one  two , e d')).toMatchObject([{ word_perplexity: [-20.5, 5], bits_per_byte: [-20.5, 14] }]);
});
