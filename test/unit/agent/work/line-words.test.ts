import { expect, test } from 'vitest';
import { endWords, errorWords, retryWords, unscoredWords } from '../../../../agent/work/line-words.ts';
import type { UnitResult } from '../../../../shared/domain/result.ts';

const resultOf = (more: Partial<UnitResult>): UnitResult => ({ sampleId: 's"1', calls: 1, retries: 0, ...more }) as UnitResult;

test('what is said of samples and attempts', () => {
  expect(retryWords('rate_limit', 2_140, 'HTTP 429')).toBe('the endpoint wants fewer calls, and is tried again in 2.1 s: HTTP 429');
  expect(retryWords('server_error', 0, '')).toBe('it failed (server_error), and is tried again in 0.0 s');
  const error = { class: 'timeout' as const, message: 'no answer' };
  expect(errorWords(resultOf({ error }))).toBe('sample "s\\"1" errored (timeout): no answer');
  expect(errorWords(resultOf({ error, calls: 3 }))).toBe('sample "s\\"1" errored after 3 calls (timeout): no answer');
  const scores = [
    { scorer: 'match', value: null, number: null, explanation: 'x'.repeat(1000) },
    { scorer: 'exact', value: 1, number: 1 },
    { scorer: 'grade', value: null, number: null },
  ];
  expect(unscoredWords(resultOf({ scores }))).toBe(`sample "s\\"1" has no verdict of match: ${'x'.repeat(300)}; grade`);
  expect(endWords({ kind: 'returned', reason: 'quota', detail: 'no money left' })).toEqual(['warn', 'given back (quota): no money left']);
  expect(endWords({ kind: 'returned', reason: 'drain', detail: 'it ends' })[0]).toBe('info');
  expect(endWords({ kind: 'lost' })[0]).toBe('warn');
});
