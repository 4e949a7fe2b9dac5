/** Answers that are scored again in the page. */
import { expect, test } from 'vitest';
import { isHere, judgingOf, Rescoring, scorersHere } from '../../../dashboard/src/rescoring.ts';
import type { Sample } from '../../../shared/client/types.ts';
import { sampleOf } from '../../support/cli-samples.ts';
import { result } from '../../support/rpc.ts';

const score = (scorer: string, number: number | null) => ({ scorer, value: '', number, answer: '', explanation: '', error: '' });
const answer = (unit: number, completion: string, before: number | null, more: Partial<Sample['result']> = {}): Sample =>
  sampleOf({
    result: result(unit, { benchmark: 'b', model: 'm', completion, errorClass: '', scores: [score('match', before)], ...more }),
    target: ['4'],
    choices: [],
  });
const scorer = (name: string, args: Record<string, unknown> = {}, filters: { name: string; args: Record<string, unknown> }[] = []) =>
  judgingOf({ id: name, name, args, filters });

test('what it was, what it is now, and what has changed', () => {
  const rescoring = new Rescoring();
  const judgings = [scorer('match', { numeric: true, location: 'end' }), scorer('includes')];
  rescoring.add(answer(1, 'It is 4', 0), judgings);
  rescoring.add(answer(2, '4, or 5', 1), judgings);
  rescoring.add(answer(3, '', null, { errorClass: 'timeout' }), judgings);
  expect(rescoring.rows()).toEqual([
    {
      ...{ benchmark: 'b', model: 'm', scorer: 'match', scored: 2, unscored: 1, now: 0.5, before: 0.5 },
      changed: [
        { unit: 1, sampleId: expect.any(String), before: 0, now: 1 },
        { unit: 2, sampleId: expect.any(String), before: 1, now: 0 },
      ],
    },
    { benchmark: 'b', model: 'm', scorer: 'includes', scored: 2, unscored: 1, now: 1, before: undefined, changed: [] },
  ]);
});

test('filters come before it; wrong names and arguments are told', () => {
  const rescoring = new Rescoring();
  const first = { name: 'regex', args: { regex_pattern: '(\\d+)' } };
  rescoring.add(answer(1, '4, or 5', 0), [scorer('exact_match', {}, [first])]);
  expect(rescoring.rows()[0]!.now).toBe(1);
  expect(() => scorer('mtach')).toThrow('no scorer is named "mtach"');
  expect(() => scorer('match', { location: 'begun' })).toThrow('scorer match: location');
  expect(() => scorer('match', {}, [{ name: 'regx', args: {} }])).toThrow('no filter is named "regx"');
});

test('only scorers that need neither a model, nor an agent, nor likelihoods', () => {
  expect(scorersHere()).toContain('match');
  expect(['model_graded_qa', 'command', 'acc_norm', 'loglikelihood'].filter(isHere)).toEqual([]);
});
