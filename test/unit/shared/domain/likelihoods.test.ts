/** Solvers by log-probabilities in a spec: what goes with them, what they rate, where they are routed. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { misfitsOf } from '../../../../shared/domain/fit.ts';
import { ratedTexts, splitPrompt } from '../../../../shared/domain/likelihood-texts.ts';
import { routeOf } from '../../../../shared/domain/routing.ts';
import { compileBenchmark, shotOf } from '../../../../shared/domain/sample.ts';
import { needsOf, ratingCapabilities } from '../../../../shared/domain/spec-needs.ts';
import { parseSpec, readSpec, type EvaluationSpec } from '../../../../shared/domain/spec.ts';
import { stripEnd } from '../../../../shared/scoring/python/text.ts';
import { textWindows } from '../../../../shared/domain/text-windows.ts';

const specOf = (benchmark: Record<string, unknown>) => ({
  name: 'n',
  benchmarks: [{ benchmark: 'b', dataset: { uri: 'file:a.jsonl' }, ...benchmark }],
  models: [{ model: 'openai/m' }],
});
const parsed = (benchmark: Record<string, unknown>): EvaluationSpec => parseSpec(specOf(benchmark));
const faultsOf = (benchmark: Record<string, unknown>): string[] => {
  const read = readSpec(specOf(benchmark));
  return 'faults' in read ? read.faults.map(({ place, problem }) => `${place}: ${problem}`) : [];
};

describe('what goes together', () => {
  test.each([
    ['loglikelihood_choice', ['acc', 'acc_norm', 'acc_bytes', 'acc_mutual_info', 'greedy', 'brier_score'], ['accuracy', 'stderr']],
    ['loglikelihood', ['acc', 'greedy', 'loglikelihood'], ['accuracy', 'perplexity']],
    ['loglikelihood_rolling', ['loglikelihood'], ['word_perplexity', 'byte_perplexity', 'bits_per_byte']],
    ['generate', ['bleu', 'chrf', 'exact'], ['bleu', 'chrf', 'mean']],
  ])('%s', (solver, scorers, metrics) => expect(faultsOf({ solver, scorers, metrics })).toEqual([]));

  test.each<[string, Record<string, unknown>, RegExp[]]>([
    [
      'a scorer without its solver',
      { scorers: ['acc'] },
      [/scorers\[0\].*"acc", which judges log-likelihoods of the solver loglikelihood_choice or loglikelihood, but the solver is generate/],
    ],
    [
      'a scorer of text',
      { solver: 'loglikelihood', scorers: ['match'] },
      [/"match", but the solver loglikelihood generates no text; there are acc, greedy, loglikelihood for it/],
    ],
    ['a metric of a corpus without its scorer', { scorers: ['exact'], metrics: ['ter'] }, [/metrics\[0\].*"ter", .*the scorer ter counts/]],
    [
      "a corpus' BLEU of NLTK's",
      { scorers: [{ name: 'bleu', args: { weights: [1] } }], metrics: ['bleu'] },
      [/the scorer bleu without weights counts/],
    ],
    ['a metric without its scorer', { scorers: ['match'], metrics: ['perplexity'] }, [/metrics\[0\].*add the scorer loglikelihood/]],
    [
      'what needs an answer, all at once',
      { solver: 'loglikelihood', scorers: ['acc'], prompt: { gen_prefix: 'x', num_fewshot: 1, fewshot: { as_multiturn: true } } },
      [/gen_prefix.*which generates nothing/, /as_multiturn.*which has no turns/],
    ],
    ['an argument that is none', { solver: { name: 'loglikelihood', args: { cot: true } }, scorers: ['acc'] }, [/cot/]],
  ])('%s is a fault', (_, benchmark, words) => {
    const faults = faultsOf(benchmark);
    expect(faults).toHaveLength(words.length);
    words.forEach((pattern, i) => expect(faults[i]).toMatch(pattern));
  });
});

describe('the texts', () => {
  const choice = (args: Record<string, unknown> = {}, more: Record<string, unknown> = {}) =>
    parsed({ solver: { name: 'loglikelihood_choice', args }, scorers: ['acc'], ...more }).benchmarks[0]!;
  const rated = (benchmark = choice(), line: Record<string, unknown> = {}) => {
    const sample = compileBenchmark(benchmark).map(JSON.stringify({ input: 'q', choices: ['x', 'y', 'z'], target: 'y', ...line }), 1);
    return ratedTexts(benchmark, sample);
  };
  const right = (...args: Parameters<typeof rated>): number[] => rated(...args).flatMap(({ isTarget }, i) => (isTarget ? [i] : []));

  test('stand behind the delimiter; the target is text, place or letter', () => {
    expect(rated().map(({ continuation }) => continuation)).toEqual([' x', ' y', ' z']);
    expect([right(), right(choice(), { target: 1 }), right(choice(), { target: 'B' })]).toEqual([[1], [1], [1]]);
    expect(right(choice(), { target: ['x', 'C'] })).toEqual([0, 2]);
  });

  test('a target that may be two choices is not guessed', () => {
    const line = { choices: ['1', '2', '3'], target: '1' };
    expect(() => rated(choice(), line)).toThrow(/names two choices.*solver\.args\.target/);
    expect([right(choice({ target: 'text' }), line), right(choice({ target: 'index' }), line)]).toEqual([[0], [1]]);
  });

  test.each<[Record<string, unknown>, RegExp]>([
    [{ target: 'w' }, /names no choice; there are 3/],
    [{ choices: ['x'] }, /has one choice/],
    [{ choices: undefined }, /has no choices/],
    [{ choices: ['x', ''], target: 'x' }, /an empty choice \(the 2\.\)/],
    [{ input: [{ role: 'user', content: 'q' }] }, /list of messages/],
  ])('a sample with %j is a fault', (line, words) => expect(() => rated(choice(), line)).toThrow(words));

  test('an example shows the right choice', () => {
    const line = JSON.stringify({ input: 'q', choices: ['x', 'y'], target: 1 });
    expect(shotOf(compileBenchmark(choice()), line, 3)).toEqual({ ordinal: 3, user: 'q', target: 'y' });
  });
});

test('white space at the end of the prompt goes to what follows, and no character is lost', () => {
  expect(splitPrompt('a: \n', 'b')).toEqual({ context: 'a:', continuation: ' \nb' });
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (context, continuation) => {
      const split = splitPrompt(context, continuation);
      expect(split.context + split.continuation).toBe(context + continuation);
      expect(stripEnd(split.context)).toBe(split.context);
    }),
  );
});

test('windows join to the text, and none is longer than it may be or cuts a character', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(' ', 'ab', '😀', 'xyz', '\n'), { maxLength: 400 }),
      fc.integer({ min: 10, max: 80 }),
      (parts, most) => {
        const text = parts.join('');
        const windows = textWindows(text, most);
        expect(windows.map((one) => one.text).join('')).toBe(text);
        let before = '';
        for (const { context, text: piece } of windows) {
          expect(piece.length).toBeLessThanOrEqual(most);
          expect(piece.isWellFormed() && context.isWellFormed()).toBe(true);
          expect(before.endsWith(context)).toBe(true);
          expect(context === '').toBe(before === '');
          before += piece;
        }
      },
    ),
  );
});

test('work goes to entries that may know them, and others say why not', () => {
  const spec = parsed({ solver: 'loglikelihood', scorers: ['acc'] });
  const needs = needsOf(spec.benchmarks[0]!, spec.models[0]!, spec);
  expect(needs).toEqual(['loglikelihood:openai/m', 'wire:1.2']);
  const entries = [{ match: 'openai/*', endpoint: 'completions' }, { match: 'openai/chat' }, { match: 'anthropic/*' }, { match: 'mock/*' }];
  expect(ratingCapabilities(entries)).toEqual(['loglikelihood:openai/*', 'loglikelihood:mock/*']);
  const candidate = (own: string[]) => ({
    ...{
      namespaces: '*' as const,
      labels: {},
      models: [{ match: 'openai/*', maxConnections: 1, lookAhead: 0 }],
      state: 'ready' as const,
      reason: '',
    },
    ...{ drainedByOperator: false, suspended: [''], capabilities: ['wire:1.1', 'wire:1.2', ...own] },
  });
  const route = routeOf('openai/m', {}, needs);
  expect(misfitsOf(route, candidate(['loglikelihood:openai/*']))).toEqual([]);
  expect(misfitsOf(route, candidate([]))).toMatchObject([
    { kind: 'capability', text: expect.stringContaining('endpoint: completions') as string },
  ]);
});
