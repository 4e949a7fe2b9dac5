/** Scorers and metrics of log-likelihoods against values worked out by hand. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MetricFold } from '../../../../shared/scoring/metrics.ts';
import { LIKELIHOOD_METRICS } from '../../../../shared/scoring/metrics/perplexities.ts';
import type { Likelihood } from '../../../../shared/scoring/likelihoods.ts';
import { createScorer } from '../../../../shared/scoring/registry.ts';
import { choiceAccuracy } from '../../../../shared/scoring/statistics/loglikelihood.ts';
import { valueToNumber } from '../../../../shared/scoring/values.ts';

const rated = (text: string, logLikelihood: number, isTarget = false, isGreedy = false): Likelihood => ({
  text,
  logLikelihood,
  isTarget,
  isGreedy,
  tokens: 1,
});
const judge = (name: string, likelihoods: Likelihood[], args: Record<string, unknown> = {}, inputText = '') =>
  createScorer({ name, args })('', [], { likelihoods, inputText });

describe('choices', () => {
  // −4/2 = −2, −6/6 = −1, −3/1 = −3: the sum prefers the third, the length the second.
  const three = [rated('ab', -4), rated('abcdef', -6, true), rated('a', -3)];

  test.each([
    ['acc', 'I', 'a'],
    ['acc_norm', 'C', 'abcdef'],
    ['acc_bytes', 'C', 'abcdef'],
  ])('%s weighs by its own length', (name, value, answer) => expect(judge(name, three)).toEqual({ value, answer }));

  test('characters are code points, bytes are of UTF-8', () => {
    // 😀😀: 2 characters, 8 bytes: −4/2 = −2 and −4/8 = −0.5. abc: −3/3 = −1 by both.
    const two = [rated('😀😀', -4, true), rated('abc', -3)];
    expect([judge('acc_norm', two).value, judge('acc_bytes', two).value]).toEqual(['I', 'C']);
  });

  test('the first of equals counts', () => {
    const tie = [rated('a', -1), rated('b', -1, true)];
    expect([judge('acc', tie).value, judge('acc', tie.toReversed()).value]).toEqual(['I', 'C']);
  });

  test('any right choice will do', () => expect(judge('acc', [rated('a', -1, true), rated('b', -2, true)]).value).toBe('C'));

  test('greedy asks for a right one that decoding would have written', () => {
    expect(judge('greedy', [rated('a', -1, false, true), rated('b', -2, true)]).value).toBe('I');
    expect(judge('greedy', [rated('a', -1, true, true), rated('b', -2)]).value).toBe('C');
  });

  test('brier_score is Σ (p − [right])², by softmax', () => {
    // p = 3/4 and 1/4: (3/4 − 1)² + (1/4)² = 1/8; the other way round (3/4)² + (1/4 − 1)² = 9/8.
    const two = [rated('a', Math.log(3), true), rated('b', 0)];
    expect(judge('brier_score', two).value).toBeCloseTo(1 / 8, 12);
    expect(
      judge('brier_score', [
        { ...two[0]!, isTarget: false },
        { ...two[1]!, isTarget: true },
      ]).value,
    ).toBeCloseTo(9 / 8, 12);
  });
});

test('acc_mutual_info is by what the prompt adds, and needs both', () => {
  const [a, b] = [rated('a', -1, true), rated('b', -5)];
  expect(judge('acc', [a, b]).value).toBe('C');
  const both = [
    { ...a, unconditional: -1 },
    { ...b, unconditional: -9 },
  ];
  expect(judge('acc_mutual_info', both)).toEqual({ value: 'I', answer: 'b' });
  const { acc_mutual_info: known } = choiceAccuracy({ choices: ['a', 'b'], logLikelihoods: [-1, -5], unconditional: [-1, -9], gold: 1 });
  expect(known).toBe(1);
  expect(() => judge('acc_mutual_info', [{ ...a, unconditional: -1 }, b])).toThrow(/without the prompt/);
});

test('of one text acc is whether it is greedy', () => {
  expect(judge('acc', [rated('a', -9, true, true)]).value).toBe('C');
  expect(judge('acc', [rated('a', -9, true, false)]).value).toBe('I');
});

test('loglikelihood counts the words between white space and the bytes, of the target or of the input', () => {
  expect(judge('loglikelihood', [rated('a bé\n c', -2.5)])).toEqual({ value: -2.5, counts: { words: 3, bytes: 8 } });
  expect(judge('loglikelihood', [rated(' a ', -1)])).toMatchObject({ counts: { words: 3 } });
  expect(judge('loglikelihood', [rated('x', -1)], { count: 'input' }, 'one two')).toMatchObject({ counts: { words: 2, bytes: 7 } });
});

test('without log-likelihoods there is nothing to judge', () => {
  for (const name of ['acc', 'acc_norm', 'acc_bytes', 'acc_mutual_info', 'greedy', 'brier_score', 'loglikelihood'])
    expect(() => createScorer({ name, args: {} })('text', ['text'])).toThrow(/loglikelihood_choice/);
});

describe('perplexities', () => {
  test('are weighted by what they divide by', () => {
    const fold = new MetricFold(LIKELIHOOD_METRICS);
    fold.add(0, -6, {}, { words: 2, bytes: 10 });
    fold.add(1, -3, {}, { words: 1, bytes: 2 });
    expect(fold.result()).toEqual({
      perplexity: Math.exp(4.5),
      word_perplexity: Math.exp(3),
      byte_perplexity: Math.exp(0.75),
      bits_per_byte: 0.75 / Math.LN2,
    });
  });

  test('a sample counts once, however many epochs it has', () => {
    const fold = new MetricFold(['word_perplexity']);
    for (const ll of [-1, -3]) fold.add(0, ll, {}, { words: 2, bytes: 4 });
    expect(fold.result()).toEqual({ word_perplexity: Math.exp(1) });
  });

  test('there are none of other scores, nor where they are beyond all numbers', () => {
    const fold = new MetricFold(['perplexity', 'bits_per_byte', 'mean']);
    fold.add(0, 1);
    expect(fold.result()).toEqual({ perplexity: null, bits_per_byte: null, mean: 1 });
    const most = new MetricFold(['word_perplexity', 'mean']);
    most.add(0, -1e6, {}, { words: 1, bytes: 1 });
    expect(most.result()).toEqual({ word_perplexity: null, mean: -1e6 });
  });

  test('are those of a slow reference', () => {
    const document = fc.record({ ll: fc.double({ min: -1e3, max: 0, noNaN: true }), words: fc.integer({ min: 1, max: 500 }) });
    fc.assert(
      fc.property(fc.array(document, { minLength: 1, maxLength: 50 }), (documents) => {
        const fold = new MetricFold(['word_perplexity', 'bits_per_byte']);
        documents.forEach(({ ll, words }, i) => fold.add(i, ll, {}, { words, bytes: words * 3 }));
        const [ll, words] = [documents.reduce((sum, d) => sum + d.ll, 0), documents.reduce((sum, d) => sum + d.words, 0)];
        const { word_perplexity: word, bits_per_byte: bits } = fold.result();
        if (word !== null) expect(word).toBeCloseTo(Math.exp(-ll / words), 6);
        expect(bits).toBeCloseTo(-ll / (words * 3) / Math.log(2), 9);
      }),
    );
  });
});

test('valueToNumber keeps a log-likelihood', () => expect(valueToNumber(-12.5)).toBe(-12.5));
