import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScorer } from '../../../../shared/scoring/registry.ts';
import { isEquivalent, lastBoxed } from '../../../../shared/scoring/text/hendrycks.ts';
import { verdict } from '../../../support/verdict.ts';

describe('math_equiv', () => {
  it.each([
    ['\\frac12', '\\frac{1}{2}', 'C'],
    ['\\frac1{72}', '\\dfrac{1}{72}', 'C'],
    ['1/2', '0.5', 'C'],
    ['-3/4', '\\frac{-3}{4}', 'C'],
    ['x = 5', '5', 'C'],
    ['abc = 5', '5', 'I'],
    ['.5', '0.5', 'C'],
    ['\\sqrt3', '\\sqrt{3}', 'C'],
    ['90^\\circ', '90', 'C'],
    ['50\\%', '50', 'C'],
    ['\\$1.50', '1.50', 'C'],
    ['12\\text{ apples}', '12', 'C'],
    ['\\left( 1, 2 \\right)', '(1,2)', 'C'],
    ['1,000', '1000', 'I'],
    ['1/02', '\\frac{1}{2}', 'I'],
  ])('%j against %j: %s', (output, target, expected) => {
    expect(verdict('math_equiv', {}, output, target)).toBe(expected);
  });

  it('compares as written where the normalisation fails', () => {
    for (const broken of ['a/b', '5 \\sqrt', '\\frac', '1\\text{ m}2\\text{ s}']) {
      expect(isEquivalent(broken, broken)).toBe(true);
      expect(isEquivalent(broken, `${broken} `)).toBe(false);
    }
  });

  it('takes the last box of the output and of a target that has one', () => {
    const args = { last_boxed: true };
    const scorer = createScorer({ name: 'math_equiv', args });
    expect(scorer('so \\boxed{1}, no: \\boxed{\\frac{1}{2}}.', ['thus $\\boxed{0.5}$'])).toEqual({ value: 'C', answer: '\\frac{1}{2}' });
    expect(scorer('it is 5', ['5'])).toMatchObject({ value: 'N' });
    expect(verdict('math_equiv', args, '\\fbox{7}', '7')).toBe('C');
    expect(verdict('math_equiv', args, '$\\boxed 7$', '8', '7')).toBe('C');
  });

  it.each([
    ['\\boxed{a{b}c} d}', '\\boxed{a{b}c}'],
    ['\\boxed{1} \\boxed{2', undefined],
    ['\\boxed 3$ and \\boxed{4}', '\\boxed 3'],
    ['\\fbox{1}', '\\fbox{1}'],
    ['none', undefined],
  ])('last box of %j: %j', (text, expected) => {
    expect(lastBoxed(text)).toBe(expected);
  });

  it('is reflexive and symmetric', () => {
    const part = fc.constantFrom('\\frac', '\\sqrt', '{', '}', '1', '2', '/', '=', ' ', '.', 'x', '\\text{ cm}', '\\%', '𝒳');
    const latex = fc.array(part, { maxLength: 8 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(latex, latex, (a, b) => {
        expect(isEquivalent(a, a)).toBe(true);
        expect(isEquivalent(a, b)).toBe(isEquivalent(b, a));
      }),
    );
  });
});
