/** A glance at a result's bytes never passes over one that a filter means. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sampleMatcher } from '../../../../coordinator/evaluations/reading/sample-matcher.ts';
import { UNIT_STATES, unitCode } from '../../../../shared/domain/states.ts';
import { ERROR_CLASSES, type UnitResult } from '../../../../shared/domain/result.ts';

const letters = fc.constantFrom('a', 'B', 'k', 'K', 'İ', 'ß', '"', '\\', '/', '\n', '\u0001', '�', '7', ' ', '😀');
const text = fc.string({ unit: letters, maxLength: 6 });
const result = fc.record({ completion: text, answer: text, errorClass: fc.option(fc.constantFrom(...ERROR_CLASSES)) }).map(
  ({ completion, answer, errorClass }) =>
    ({
      ...{ unit: 0, completion, scores: [{ scorer: 's', value: 'C', number: 1, answer }] },
      ...(errorClass && { error: { class: errorClass, message: completion } }),
    }) as unknown as UnitResult,
);
/** As a program writes it that escapes all that it may. */
const escaped = (json: string): string => json.replace(/[^ -~]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

test('whatever is meant is read, however it was written', () => {
  fc.assert(
    fc.property(result, text, fc.subarray([...ERROR_CLASSES], { maxLength: 2 }), fc.boolean(), (one, wanted, errorClasses, isEscaped) => {
      const matcher = sampleMatcher({ text: wanted, errorClasses });
      const json = JSON.stringify(one);
      if (matcher.result(one)) expect(matcher.bytes(Buffer.from(isEscaped ? escaped(json) : json))).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test('an agent’s results are known without a look at them; others want reading', () => {
  const matcher = sampleMatcher({ agents: ['ag_1'] });
  expect([matcher.agent('ag_1'), matcher.agent('ag_2'), matcher.needsResult, sampleMatcher({}).agent('ag_2')]).toEqual([
    true,
    false,
    true,
    true,
  ]);
  const begun = (startedAt: number): UnitResult => ({ scores: [], timing: { startedAt } }) as unknown as UnitResult;
  const timed = sampleMatcher({ startedFromMs: 5, startedToMs: 7 });
  expect([timed.needsResult, ...[4, 5, 6, 7].map((at) => timed.result(begun(at)))]).toEqual([true, false, true, true, false]);
});

test('what has nothing of it is not read', () => {
  const content = Buffer.from('{"unit":0,"completion":"The answer is 7"}');
  expect(sampleMatcher({ text: 'ANSWER is' }).bytes(content)).toBe(true);
  expect(sampleMatcher({ text: 'answer was' }).bytes(content)).toBe(false);
  expect(sampleMatcher({ errorClasses: ['timeout'] }).bytes(content)).toBe(false);
  expect(UNIT_STATES.filter((state) => sampleMatcher({ errorClasses: ['timeout'] }).state(unitCode(state)))).toEqual(['errored']);
  expect(sampleMatcher({ text: 'say "no"' }).bytes(content)).toBe(true);
});
