/** Scorers that compare texts: what the published vectors leave out. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScorer } from '../../../../shared/scoring/registry.ts';
import type { Verdict } from '../../../../shared/scoring/registry.ts';
import { dropScore } from '../../../../shared/scoring/text/drop.ts';
import { bestAssignment } from '../../../../shared/scoring/text/hungarian.ts';
import { length, levenshtein } from '../../../../shared/scoring/text/levenshtein.ts';
import { numpyRound2, pythonRound2 } from '../../../../shared/scoring/text/rounding.ts';
import { squadNormalize } from '../../../../shared/scoring/text/squad.ts';

const score = (name: string, args: Record<string, unknown>, output: string, ...target: string[]): Verdict =>
  createScorer({ name, args })(output, target);
const value = (...call: Parameters<typeof score>): unknown => score(...call).value;

describe('answer', () => {
  it.each([
    ['letter', 'ANSWER: b', 'b'],
    ['letter', 'answer\u00a0:\n(C)', undefined],
    ['letter', 'Answer: C) because', 'C'],
    ['letter', 'ANSWER: Cat', undefined],
    ['letter', 'ANSWER: Aé', undefined],
    ['letter', 'ANSWER: A, no: ANSWER: none', undefined],
    ['word', 'ANSWER: x-ray!  \n', 'x-ray'],
    ['word', 'ANSWER: wait..', 'wait.'],
    ['word', 'ANSWER: !', '!'],
    ['word', 'ANSWER:\n\n😀', '😀'],
    ['word', 'ANSWER: yes\nor ANSWER: it depends', undefined],
    ['word', 'ANSWER:yesANSWER:no', 'yesANSWER:no'],
    ['line', 'ANSWER: 1\nANSWER: two words \n\n', 'two words '],
    ['line', 'ANSWER: 1\nthat is all', undefined],
    ['line', 'first ANSWER: 1, then ANSWER: 2', '1, then ANSWER: 2'],
    ['line', 'ANSWER:\n', undefined],
    ['line', 'ANSWER: \n', ' '],
    ['line', '', undefined],
  ])('%s of %j: %j', (pattern, output, expected) => {
    const verdict = score('answer', { pattern }, output, expected ?? 'x');
    expect(verdict.answer).toBe(expected);
    expect(verdict.value).toBe(expected === undefined ? 'N' : 'C');
  });

  it('compares without case, and with any of the targets', () => {
    expect(value('answer', { pattern: 'word' }, 'ANSWER: Kelvin', 'x', 'kELVIN')).toBe('C');
    expect(score('answer', { pattern: 'letter' }, 'ANSWER: B', 'A')).toEqual({ value: 'I', answer: 'B' });
  });

  it('wants a pattern', () => {
    expect(() => createScorer({ name: 'answer', args: {} })).toThrow(/pattern/);
  });
});

describe('F1', () => {
  it.each([
    ['f1', {}, 'a cat and a dog', ['the cat'], 0.5],
    ['f1', {}, 'x', [' ', '\n'], 0],
    ['f1', {}, 'x', [], 0],
    ['f1', {}, 'the', ['a'], 1],
    ['f1', {}, '$1,000 well-known', ['1000.0', 'well known'], 0.8],
    ['f1', { stop_words: ['Of', '1.0'] }, 'king of 1', ['king'], 1],
    ['f1', { stop_words: ['-5', 'well-known'] }, '5 well known', ['5 well'], 0.8],
    ['f1', { stop_words: ['well-known'] }, 'wellknown king', ['king'], 1],
    ['f1_multiset', {}, 'b b c', ['b c c'], 2 / 3],
    ['f1_multiset', {}, 'the', ['a'], 0],
    ['f1_multiset', {}, 'x y', ['z', "X, Y's"], 0.5],
    ['f1_set', {}, 'b b', ['b'], 1],
    ['f1_set', {}, 'The', ['the'], 0],
    ['f1_set', {}, '', [''], 0],
    ['f1_set', { normalization: 'helm' }, 'well-known.', ['Wellknown'], 1],
    ['f1_set', { normalization: 'lighteval' }, 'well-known 4.50', ['known 450 well'], 1],
    ['f1_set', { normalization: 'lighteval' }, 'Infinity', ['inf'], 1],
  ])('%s %j: %j against %j is %d', (name, args, output, targets, expected) => {
    expect(value(name, args, output, ...targets)).toBeCloseTo(expected, 12);
  });

  it('rounds as Python does: half to even, by the binary value', () => {
    expect([0.125, 0.375, 0.285, 0.575, 1 / 3, 1].map(pythonRound2)).toEqual([0.12, 0.38, 0.28, 0.57, 0.33, 1]);
    expect([0.125, 0.375, 0.285, 0.155, 1].map(numpyRound2)).toEqual([0.12, 0.38, 0.28, 0.16, 1]);
    expect(pythonRound2(0.155)).toBe(0.15);
  });
});

describe('drop', () => {
  it.each([
    [['3 yards', 'Smith'], ['smith', '3 yard'], { em: 0, f1: 0.75 }],
    [['b', 'c'], ['c', 'd'], { em: 0, f1: 0.5 }],
    [['b', 'a'], ['the', 'b'], { em: 1, f1: 1 }],
    [['cat', 'dog'], ['Dog.', 'the cat'], { em: 1, f1: 1 }],
    [['cat', 'cat'], ['cat', 'dog'], { em: 0, f1: 0.5 }],
    [['cat'], ['cat', 'dog'], { em: 0, f1: 0.5 }],
    [['cat', 'dog'], ['cat'], { em: 0, f1: 0.5 }],
    [['1,5 m'], ['15.0 m'], { em: 1, f1: 1 }],
    [['(4.5)'], ['45'], { em: 1, f1: 1 }],
    [['yards 3'], ['yards 4'], { em: 0, f1: 0 }],
    [['yards 3'], ['yards'], { em: 0, f1: 0.67 }],
    [['infinity'], ['inf'], { em: 1, f1: 1 }],
  ])('spans %j against %j: %j', (predicted, gold, expected) => {
    expect(dropScore(predicted, gold)).toEqual(expected);
  });

  it('takes the best target, leaves blank ones out, and splits spans where it is told to', () => {
    expect(value('drop', {}, 'red fox', 'blue', 'fox')).toBe(0.67);
    expect(value('drop', {}, '', '', ' ')).toBe(0);
    expect(value('drop', { metric: 'em', target_separator: '|', output_separator: ', ' }, 'dog, cat', 'x', 'cat|dog')).toBe(1);
    expect(value('drop', { target_separator: '|' }, 'cat', '|cat')).toBe(0);
  });
});

describe('assignment', () => {
  const permutations = (n: number): number[][] =>
    n === 0 ? [[]] : permutations(n - 1).flatMap((rest) => Array.from({ length: n }, (_, at) => rest.toSpliced(at, 0, n - 1)));

  it('is the best of all', () => {
    const matrix = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })).chain(([height, width]) =>
      fc.array(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: width, maxLength: width }), {
        minLength: height,
        maxLength: height,
      }),
    );
    fc.assert(
      fc.property(matrix, (weights) => {
        const [height, width] = [weights.length, weights[0]!.length];
        const pairs = bestAssignment(weights);
        const sum = pairs.reduce((total, { row, column }) => total + weights[row]![column]!, 0);
        const sums = permutations(Math.max(height, width)).map((order) =>
          weights.reduce((total, row, i) => total + (row[order[i]!] ?? 0), 0),
        );
        expect(sum).toBe(Math.max(...sums));
        expect(new Set(pairs.map(({ row }) => row)).size).toBe(Math.min(height, width));
        expect(new Set(pairs.map(({ column }) => column)).size).toBe(Math.min(height, width));
      }),
    );
  });

  it('of nothing is empty', () => {
    expect(bestAssignment([])).toEqual([]);
  });
});

describe('exact_match', () => {
  it.each([
    [{}, 'B', 'b', 0],
    [{}, 'B ', 'B', 0],
    [{}, '', '', 1],
    [{ ignore_case: true, ignore_punctuation: true }, '(b)', 'B.', 1],
    [{ ignore_punctuation: true }, '“b”', 'b', 0],
    [{ ignore_numbers: true }, 'b12', 'b', 1],
    [{ ignore_numbers: true }, 'b１', 'b', 0],
    // In their order, and before the case is lowered: the second sees what the first left, and no lower case.
    [{ regexes_to_ignore: ['x+', 'ab'], ignore_case: true }, 'axbC', 'c', 1],
    [{ regexes_to_ignore: ['ab', 'x+'], ignore_case: true }, 'axbC', 'c', 0],
    [{ regexes_to_ignore: ['c'], ignore_case: true }, 'abC', 'ab', 0],
    [{ regexes_to_ignore: ['\\.$'] }, '5.\n', '5\n', 1],
    [{ regexes_to_ignore: [',', '\\$', '(?s).*#### ', '\\.$'] }, '$1,234.', 'so\n#### 9\n#### 1234', 1],
  ])('%j: %j against %j is %d', (args, output, target, expected) => {
    expect(value('exact_match', args, output, target)).toBe(expected);
  });

  it('refuses an expression that is none', () => {
    expect(() => createScorer({ name: 'exact_match', args: { regexes_to_ignore: [',', '('] } })).toThrow(
      /regexes_to_ignore\.1.*without its \)/,
    );
  });
});

describe('one text in the other', () => {
  it.each([
    ['squad_exact', {}, 'The Eiffel-Tower!', 'eiffeltower', 'C'],
    ['squad_exact', {}, 'a', 'the', 'C'],
    ['helm_exact_match', {}, '\u0085x ', ' x', 1],
    ['helm_exact_match', {}, ' ', '', 0],
    ['quasi_exact_match', {}, 'An  apple.', 'apple', 1],
    ['quasi_exact_match', {}, 'the', '.', 1],
    ['prefix_exact_match', {}, ' Yes, it is', 'Yes ', 1],
    ['prefix_exact_match', {}, 'Yes', '', 1],
    ['quasi_prefix_exact_match', {}, 'Yes, Elmendorf', 'yes', 1],
    ['quasi_prefix_exact_match', {}, 'yes', 'Yes, Elmendorf', 0],
    ['final_number_exact_match', {}, '7 eggs: 1,033.50 in all', 'x = 1033.50', 1],
    ['final_number_exact_match', {}, '7 eggs, 1,033.50 in all', '033.50', 1],
    ['final_number_exact_match', {}, 'eggs, 1', '1', 1],
    ['final_number_exact_match', {}, '33.0', '33', 0],
    ['final_number_exact_match', {}, 'of 33 34', '34', 0],
    ['final_number_exact_match', {}, 'none, none', ',', 0],
    ['openai_match', {}, ' Paris', 'Paris', 'I'],
    ['openai_match', {}, 'Paris', '', 'C'],
    ['openai_includes', {}, 'Paris', 'paris', 'I'],
    ['openai_includes', { ignore_case: true }, 'STRASSE', 'straße', 'I'],
    ['fuzzy_match', {}, 'the', 'a', 'C'],
    ['fuzzy_match', {}, 'the', 'cat', 'I'],
    ['fuzzy_match', {}, 'cat', 'a black cat', 'C'],
  ])('%s %j: %j against %j is %s', (name, args, output, target, expected) => {
    expect(value(name, args, output, target)).toBe(expected);
  });

  it('any of several targets may match', () => {
    expect(value('openai_match', {}, 'Paris is nice', 'Rome', 'Paris')).toBe('C');
    expect(value('prefix_exact_match', {}, 'Paris is nice', 'Rome', 'Paris')).toBe(1);
  });

  it('normalises as SQuAD does, words and marks beyond ASCII included', () => {
    expect(squadNormalize('\u3000The “Ätna”, a thé\x1can_a')).toBe('“ätna” thé ana');
  });
});

describe('levenshtein', () => {
  it('counts code points', () => {
    expect(value('levenshtein', {}, '😀b', '😀c')).toBe(0.5);
    expect(value('levenshtein', {}, '', '')).toBe(1);
    expect(value('levenshtein', {}, 'kitten', 'x', 'sitting')).toBeCloseTo(4 / 7, 12);
  });

  it('is what the table gives, and a metric', () => {
    const table = (a: string[], b: string[]): number => {
      let row = Array.from({ length: b.length + 1 }, (_, i) => i);
      for (const [i, x] of a.entries()) {
        const next = [i + 1];
        for (const [j, y] of b.entries()) next.push(Math.min(row[j + 1]! + 1, next[j]! + 1, row[j]! + (x === y ? 0 : 1)));
        row = next;
      }
      return row[b.length]!;
    };
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'é', '😀'), maxLength: 120 });
    fc.assert(
      fc.property(text, text, text, (a, b, c) => {
        const distance = levenshtein(a, b);
        expect(distance).toBe(table(Array.from(a), Array.from(b)));
        expect(levenshtein(b, a)).toBe(distance);
        expect(levenshtein(a, c) + levenshtein(c, b)).toBeGreaterThanOrEqual(distance);
        expect(length(a)).toBe(Array.from(a).length);
      }),
    );
  });

  it('refuses texts that would take minutes, but not those that are nearly the same', () => {
    const long = 'ab'.repeat(200_000);
    expect(levenshtein(`${long}x${long}`, `${long}y${long}`)).toBe(1);
    expect(() => levenshtein(`x${long}`, `${long}y`)).toThrow(/too long/);
  });
});

describe('numbers and letters', () => {
  it.each([
    ['105', '100', 1 - 5 / 205],
    [' 1_0 ', '1e1', 1],
    ['0', '-0.0', 1],
    ['1e308', '-1e308', 0],
    ['about 5', '5', 'N'],
    ['', '5', 'N'],
    ['nan', '5', 'N'],
  ])('numeric_diff of %j and %j is %s', (output, target, expected) => {
    expect(value('numeric_diff', {}, output, target)).toBe(expected);
  });

  it('numeric_diff cannot judge by a target that is no number', () => {
    expect(() => score('numeric_diff', {}, '5', 'five')).toThrow(/"five" is no number/);
  });

  it.each([
    ['en', 'Answer: 7\nAnswer: about 12.50 or so', '12.5'],
    ['en', 'Answer: 1,234.00.', '1234'],
    ['en', 'Answer: 3.', '3'],
    ['en', 'Answer: 0.0', '0'],
    ['en', 'answer: 3', ''],
    ['en', 'Answer: none', ''],
    ['de', 'Answer: 3 Antwort: ４', '４'],
    ['ja', '答え: 18個', '18'],
  ])('mgsm in %s takes from %j: %j', (language, output, expected) => {
    expect(score('mgsm', { language }, output, 'x', expected)).toEqual({ value: 'C', answer: expected });
  });

  it('mgsm takes the commas out of targets', () => {
    expect(value('mgsm', {}, 'Answer: 70000', '70,000')).toBe('C');
  });

  it.each([
    ['answer \t: $B$', 'B', 1],
    ['Answer: b', 'B', 0],
    ['Answer: **B**', 'B', 0],
    ['Answer:\nB', 'B', 0],
    ['Answer: E. Answer: Bad', 'B', 1],
  ])('gpqa_letter of %j against %s is %d', (output, target, expected) => {
    expect(value('gpqa_letter', {}, output, target)).toBe(expected);
  });
});

describe('all scorers of texts', () => {
  it('give a verdict on any text, from 0 to 1 where it is a number, and keep answers short', () => {
    const scorers = [
      { name: 'answer', args: { pattern: 'letter' } },
      { name: 'answer', args: { pattern: 'word' } },
      { name: 'answer', args: { pattern: 'line' } },
      { name: 'f1_set', args: { normalization: 'lighteval' } },
      { name: 'drop', args: { output_separator: ' ', target_separator: ' ' } },
      { name: 'exact_match', args: { ignore_case: true, ignore_punctuation: true, ignore_numbers: true, regexes_to_ignore: ['a|$'] } },
      ...['f1', 'f1_multiset', 'squad_exact', 'helm_exact_match', 'quasi_exact_match', 'prefix_exact_match', 'quasi_prefix_exact_match'],
      ...['final_number_exact_match', 'openai_match', 'openai_includes', 'fuzzy_match', 'levenshtein', 'mgsm', 'gpqa_letter'],
    ].map((each) => createScorer(typeof each === 'string' ? { name: each, args: {} } : each));
    const part = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('ANSWER: ', 'Answer', '4.0', ' the ', '\n', 'B'));
    const text = fc.array(part, { maxLength: 6 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, fc.array(text, { maxLength: 3 }), (output, targets) => {
        for (const scorer of scorers) {
          const verdict = scorer(output, targets).value;
          if (typeof verdict === 'number') expect(verdict >= 0 && verdict <= 1).toBe(true);
          else expect(['C', 'I', 'N']).toContain(verdict);
        }
      }),
    );
    const long = `ANSWER: ${'x'.repeat(5000)}`;
    for (const scorer of scorers) expect(scorer(long, ['y']).answer?.length ?? 0).toBeLessThanOrEqual(1000);
  });

  it('find that a text is like itself', () => {
    const names = [
      'f1',
      'f1_multiset',
      'f1_set',
      'drop',
      'squad_exact',
      'exact_match',
      'helm_exact_match',
      'quasi_exact_match',
      'levenshtein',
    ];
    for (const name of names) expect([1, 'C']).toContain(value(name, {}, 'Ein Text, 4.0 wörter', 'Ein Text, 4.0 wörter'));
  });

  it('judge megabytes in seconds', { timeout: 60_000 }, () => {
    const startedAt = performance.now();
    const spaces = ' '.repeat(1_000_000);
    expect(value('answer', { pattern: 'word' }, 'ANSWER:'.repeat(150_000), 'x')).toBe('I');
    expect(value('answer', { pattern: 'line' }, `ANSWER:${spaces}`, 'x')).toBe('I');
    expect(value('gpqa_letter', {}, `Answer${spaces}`, 'A')).toBe(0);
    expect(value('mgsm', {}, `Answer 1.${'0'.repeat(1_000_000)}1`, '1')).toBe('I');
    expect(value('squad_exact', {}, `${spaces}the ${spaces}`, 'a')).toBe('C');
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  });
});
