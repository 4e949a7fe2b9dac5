/**
 * The scorers and metrics against published vectors and recorded completions, which lie beside the project and not in it.
 * Absent: the tests are skipped, and say so.
 */
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { errorsBorne } from '../../../../shared/domain/spec-defaults.ts';
import { parseSpec } from '../../../../shared/domain/spec.ts';
import { letterOf, selectedLetters } from '../../../../shared/scoring/answer-letters.ts';
import { passAtK, reducerOf } from '../../../../shared/scoring/reducers.ts';
import { MetricFold, type MetricName } from '../../../../shared/scoring/metrics.ts';
import { createScorer } from '../../../../shared/scoring/registry.ts';
import { valueToNumber } from '../../../../shared/scoring/values.ts';

const DATA = new URL('../../../../../shared/data/', import.meta.url);
const VECTORS = new URL('vectors.json', DATA);
const GSM8K = new URL('gsm8k/', DATA);

interface Vector {
  id: number;
  scorer?: string;
  metric?: string;
  params?: Record<string, unknown>;
  output?: string;
  target?: string | string[];
  value?: string | number | boolean;
  values?: unknown[];
  expected: unknown;
  tolerance?: number;
}

const lines = <T>(text: string): T[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);

describe.skipIf(!existsSync(VECTORS))('published vectors (skipped where ../shared/data/vectors.json is absent)', () => {
  const vectors = existsSync(VECTORS) ? (JSON.parse(readFileSync(VECTORS, 'utf8')) as Vector[]) : [];
  const scored = vectors.filter((v) => ['match', 'includes', 'exact', 'pattern'].includes(v.scorer ?? ''));

  it.each(scored)('$id $scorer $params', (v) => {
    const target = typeof v.target === 'string' ? [v.target] : v.target!;
    expect(createScorer({ name: v.scorer!, args: v.params! })(v.output!, target).value).toBe(v.expected);
  });

  it.each(vectors.filter((v) => v.metric === 'value_to_float'))('$id value $value', (v) => {
    expect(valueToNumber(v.value!)).toBe(v.expected);
  });

  const isMetric = (v: Vector): boolean =>
    /^(mean|accuracy|stderr|var|epochs_then_\w+)$/.test(v.metric ?? '') ||
    (v.metric === 'reducer:mean' && !Array.isArray(v.expected) && typeof v.expected === 'number');
  it.each(vectors.filter(isMetric))('$id $metric $values', (v) => {
    const name = v.metric!.replace('epochs_then_', '').replace('reducer:', '');
    const fold = new MetricFold([name === 'var' ? 'stderr' : (name as MetricName)]);
    v.values!.forEach((value, sample) => {
      for (const one of Array.isArray(value) ? value : [value])
        fold.add(v.metric === 'reducer:mean' ? 0 : sample, valueToNumber(one as number));
    });
    const metrics = fold.result();
    const result = name === 'var' ? metrics.stderr! ** 2 * fold.samples : metrics[name as MetricName];
    // Nothing to average has no mean here; the vector has the 0 that others print.
    if (v.values!.length === 0) expect(result).toBeNull();
    else expect(Math.abs(result! - (v.expected as number))).toBeLessThanOrEqual(v.tolerance ?? 1e-15);
  });

  it.each(vectors.filter((v) => v.scorer === 'multiple_choice_parse'))('$id letters of $output', (v) => {
    const offered = Array.from({ length: v.params!['num_choices'] as number }, (_, i) => letterOf(i));
    expect(selectedLetters(v.output!, offered, v.params!['multiple_correct'] === true)).toEqual(v.expected);
  });

  it.each(vectors.filter((v) => v.scorer === 'choice'))('$id choice $output of $target', (v) => {
    const output = `ANSWER: ${(v.output as unknown as string[]).join(', ')}`;
    expect(createScorer({ name: 'choice', args: {} })(output, [v.target as string], { choices: ['', '', '', ''] }).value).toBe(v.expected);
  });

  const isReducer = (v: Vector): boolean =>
    /^reducer:(median|max|at_least|pass_at)$/.test(v.metric ?? '') && v.params!['value'] === undefined;
  it.each(vectors.filter(isReducer))('$id $metric $params', (v) => {
    const name = v.metric!.replace('reducer:', '') + (v.params!['k'] === undefined ? '' : `_${v.params!['k'] as number}`);
    expect(reducerOf(name)!(v.values as number[])).toBeCloseTo(v.expected as number, 12);
  });

  it.each(
    vectors.filter((v) => v.metric === 'pass_at_k') as unknown as { id: number; n: number; c: number; k: number; expected: number }[],
  )('$id pass@$k of $c in $n', (v) => expect(passAtK(v.n, v.c, v.k)).toBeCloseTo(v.expected, 12));

  it.each(
    vectors.filter((v) => v.metric === 'fail_on_error') as unknown as {
      id: number;
      errors: number;
      total: number;
      fail_on_error: number | boolean;
      expected: boolean;
    }[],
  )('$id $errors errors of $total under $fail_on_error', (v) => {
    const spec = parseSpec({
      name: 's',
      benchmarks: [{ benchmark: 'b', dataset: { uri: 'file:d.jsonl' }, scorers: [{ name: 'match' }] }],
      models: [{ model: 'mock/m' }],
      fail_on_error: v.fail_on_error,
    });
    expect(v.errors > errorsBorne(spec, v.total)).toBe(v.expected);
  });

  it('there are vectors of each kind', () => {
    expect(scored.length).toBeGreaterThanOrEqual(37);
  });
});

describe.skipIf(!existsSync(GSM8K))('recorded GSM8K completions (skipped where ../shared/data/gsm8k is absent)', () => {
  it('match numeric gives the published verdict for each of 4 × 1,319 completions', () => {
    const targets = new Map(
      lines<{ question: string; answer: string }>(readFileSync(new URL('test.jsonl', GSM8K), 'utf8')).map((r) => [
        r.question,
        r.answer.split('#### ')[1]!,
      ]),
    );
    const records = lines<{ model: string; key: string; completion: string; is_correct: boolean }>(
      gunzipSync(readFileSync(new URL('recorded.jsonl.gz', GSM8K))).toString(),
    );
    const scorer = createScorer({ name: 'match', args: { numeric: true } });
    const correct: Record<string, number> = {};
    const disagreements: unknown[] = [];
    for (const record of records) {
      const right = scorer(record.completion, [targets.get(record.key)!]).value === 'C';
      correct[record.model] = (correct[record.model] ?? 0) + Number(right);
      if (right !== record.is_correct) disagreements.push({ ...record, target: targets.get(record.key) });
    }
    expect(disagreements).toEqual([]);
    expect(correct).toEqual({ '6b_finetuning': 286, '175b_finetuning': 458, '6b_verification': 515, '175b_verification': 742 });
  });
});
