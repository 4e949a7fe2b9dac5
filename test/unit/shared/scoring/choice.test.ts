/** `choice` and the reading of answer letters. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { letterOf, selectedLetters, targetLetters } from '../../../../shared/scoring/scorers/answer-letters.ts';
import { scorersOf } from '../../../../shared/domain/spec-scorers.ts';
import { createScorer } from '../../../../shared/scoring/registry.ts';

const letters = (n: number): string[] => Array.from({ length: n }, (_, i) => letterOf(i));

describe('letters', () => {
  it('are A to Z, then numbers', () => {
    expect([0, 25, 26, 27].map(letterOf)).toEqual(['A', 'Z', '1', '2']);
  });

  it.each([
    ['ANSWER: B', false, ['B']],
    ['answer : b', false, ['B']],
    ['ANSWER: B.', false, ['B']],
    ['ANSWER: A\nI was wrong.\nANSWER: C', false, ['C']],
    ['ANSWER: A\nso (see ANSWER: C)', false, ['A']],
    ['I say ANSWER: C because', false, []],
    ['**ANSWER: B**', false, ['B']],
    ['ANSWER:\n\n D', false, ['D']],
    ['ANSWER: Z', false, []],
    ['ANSWER: A, C', false, []],
    ['ANSWER: A,', false, ['A']],
    ['ANSWER: , b ,\n', false, ['B']],
    ['ANSWER: A, C', true, ['A', 'C']],
    ['ANSWER: A and C', true, ['A', 'C']],
    ['ANSWER: CA', true, ['C', 'A']],
    ['ANSWER: A, Z', true, []],
    ['ANSWER: B_2', false, []],
    // A later one that says nothing is the last one all the same, where a space stands for it.
    ['ANSWER: B\nANSWER: ', false, []],
    ['ANSWER: B\nANSWER:', false, ['B']],
    ['I say ANSWER: B or ANSWER: ?', false, []],
    ['ANSWER: A, C\nANSWER:  \n', true, []],
    ['nothing', false, []],
    ['', true, []],
  ])('%j (several: %j) → %j', (output, multiple, expected) => {
    expect(selectedLetters(output, letters(4), multiple)).toEqual(expected);
  });

  it('agree with the expressions that define them', () => {
    const piece = fc.constantFrom(
      'ANSWER',
      'answer',
      'ANSWER:',
      'ANSWER: ',
      '\nANSWER:',
      ':',
      ' ',
      '\n',
      'A',
      'B',
      ',',
      '.',
      '*',
      'x',
      '_',
      'é',
      ' and ',
      '  ',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const output = pieces.join('');
        const line = [...output.matchAll(/^ANSWER\s*:\s*([A-Za-z\d ,]+)\s*(?:$|\n|\.)/gim)].at(-1);
        const any = [...output.matchAll(/ANSWER\s*:\s*([A-Za-z\d ,]+)(?:[^\p{L}\p{N}_]|\n|$|\.)/giu)].at(-1);
        const tokens = ((line ?? any)?.[1] ?? '')
          .split(',')
          .map((token) => token.trim().toUpperCase())
          .filter((token) => token !== '');
        const expected = tokens.length === 1 && letters(4).includes(tokens[0]!) ? tokens : [];
        expect(selectedLetters(output, letters(4), false)).toEqual(expected);
      }),
      { numRuns: 3000 },
    );
  });

  it('are read from long runs of spaces', () => {
    expect(selectedLetters(`ANSWER:${' '.repeat(2_000_000)}?${'ANSWER: '.repeat(200_000)}\nANSWER: B`, letters(4), false)).toEqual(['B']);
  });
});

describe('choice', () => {
  const score = createScorer({ name: 'choice', args: {} });
  const choices = ['one', 'two', 'three', 'four'];

  it.each([
    ['ANSWER: B', 'B', 'C'],
    ['ANSWER: b', 'b', 'C'],
    ['ANSWER: A', 'B', 'I'],
    ['no idea', 'B', 'I'],
    ['ANSWER: A, B', 'AB', 'C'],
    ['ANSWER: B, A', 'A, B', 'C'],
    ['ANSWER: A, B', 'A', 'I'],
    ['ANSWER: A', 'A,B', 'I'],
    ['none of them', '', 'C'],
    ['ANSWER: A', '', 'I'],
    // The form of one letter reads nothing here, as Inspect's solver does.
    ['ANSWER: A, B', '', 'C'],
  ])('%j against %j is %s', (output, target, value) => {
    expect(score(output, [target], { choices }).value).toBe(value);
  });

  it('joins several targets', () => expect(score('ANSWER: A, B', ['A', 'B'], { choices }).value).toBe('C'));

  it('finds no answer right where the target is not offered, as Inspect does', () => {
    expect(score('ANSWER: A', ['E'], { choices })).toEqual({ value: 'I', answer: 'A', explanation: 'the target "E" names no choice' });
    expect(score('ANSWER: E', ['E'], { choices })).toEqual({ value: 'I', explanation: 'the target "E" names no choice' });
  });

  it('takes from the solver multiple_choice that several letters may be selected, where it does not say so itself', () => {
    const argsOf = (solver: Record<string, unknown>, own: Record<string, unknown> = {}) =>
      scorersOf({ scorers: [{ name: 'choice', args: own }], solver: { name: 'multiple_choice', args: solver } })[0]!.args;
    const several = argsOf({ multiple_correct: true });
    expect(several).toEqual({ multiple_correct: true });
    expect(argsOf({ multiple_correct: true }, { multiple_correct: false })).toEqual({ multiple_correct: false });
    expect(argsOf({ multiple_correct: false })).toEqual({ multiple_correct: false });
    expect(argsOf({})).toEqual({ multiple_correct: false });
    const valueOf = (args: Record<string, unknown>, output: string, target: string) =>
      createScorer({ name: 'choice', args })(output, [target], { choices }).value;
    expect(valueOf(several, 'ANSWER: A, A', 'A')).toBe('C');
    expect(valueOf(several, 'ANSWER: A, B', '')).toBe('I');
    expect(valueOf({}, 'ANSWER: A, A', 'A')).toBe('I');
  });

  it('knows letters without a list of choices', () => {
    expect(score('ANSWER: Q', ['Q'])).toMatchObject({ value: 'C', answer: 'Q' });
    expect(targetLetters('A,B', letters(26))).toEqual(['A', 'B']);
  });
});
