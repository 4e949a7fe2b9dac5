import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { majorityOf, type Vote } from '../../../../shared/scoring/judges/majority.ts';

const scored = (value: string): Vote => ({ state: 'scored', value });
const unscored: Vote = { state: 'unscored' };
const errored: Vote = { state: 'errored' };

describe('the majority of judges', () => {
  it.each([
    ['the most frequent grade', [scored('I'), scored('C'), scored('C')], scored('C')],
    ['of equals the first in the judges’ order', [scored('I'), scored('C')], scored('I')],
    ['of three that differ the first', [scored('P'), scored('C'), scored('I')], scored('P')],
    ['nobody votes who gave no grade', [unscored, errored, scored('I')], scored('I')],
    ['no vote: no verdict', [errored, unscored], unscored],
    ['all failed', [errored, errored], errored],
    ['one was given up', [{ state: 'cancelled' }, { state: 'dead' }], { state: 'dead' }],
  ] as [string, Vote[], Vote][])('%s', (_what, votes, expected) => expect(majorityOf(votes)).toEqual(expected));

  it('is a grade that somebody gave at least as often as any other', () => {
    const vote = fc.oneof(fc.constantFrom('C', 'P', 'I').map(scored), fc.constantFrom(unscored, errored));
    fc.assert(
      fc.property(fc.array(vote, { minLength: 1, maxLength: 10 }), (votes) => {
        const count = (value: unknown): number => votes.filter((v) => v.state === 'scored' && v.value === value).length;
        const { state, value } = majorityOf(votes);
        if (state === 'scored') return count(value) === Math.max(...['C', 'P', 'I'].map(count)) && count(value) > 0;
        return votes.every((v) => v.state !== 'scored') && votes.some((v) => v.state === state);
      }),
    );
  });
});
