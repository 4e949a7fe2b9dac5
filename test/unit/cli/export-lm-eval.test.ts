/** lm-eval's results of benchmarks by log-probabilities; test/integration/exports.test.ts has those of an evaluation that generates. */
import { expect, test } from 'vitest';
import type { ExportedGroup } from '../../../cli/export/group.ts';
import { lmEvalResults } from '../../../cli/export/lm-eval.ts';
import { logOf } from '../../../cli/export/log.ts';
import { scorersOf } from '../../../shared/domain/spec-scorers.ts';
import { parseSpec } from '../../../shared/domain/spec.ts';

const spec = parseSpec({
  name: 'n',
  benchmarks: [
    { benchmark: 'text', solver: 'loglikelihood_rolling', scorers: ['loglikelihood'], metrics: ['word_perplexity', 'bits_per_byte'] },
    { benchmark: 'choice', solver: 'loglikelihood_choice', scorers: ['acc', 'brier_score'], metrics: ['mean', 'stderr'] },
    { benchmark: 'plain', scorers: ['match'] },
  ].map((benchmark) => ({ ...benchmark, dataset: { uri: 'file:a.jsonl' } })),
  models: [{ model: 'openai/m' }],
});

const METRICS: Record<string, Record<string, number>> = {
  loglikelihood: { word_perplexity: 12.5, bits_per_byte: 0.9 },
  acc: { mean: 0.5, stderr: 0.1 },
  brier_score: { mean: 0.3, stderr: 0.02 },
  match: { accuracy: 1 },
};

const groups = spec.benchmarks.map((benchmark) => ({
  ...{ spec, benchmark, model: spec.models[0]!, units: 2, epochs: 1, firstUnit: 0, scorers: scorersOf(benchmark) },
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
    },
    configs: {
      text: { output_type: 'loglikelihood_rolling' },
      choice: { output_type: 'multiple_choice' },
      plain: { output_type: 'generate_until' },
    },
    higher_is_better: {
      text: { word_perplexity: false, bits_per_byte: false },
      choice: { acc: true, brier_score: false },
      plain: { match: true },
    },
  });
});
