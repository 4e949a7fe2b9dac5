import { expect, test } from 'vitest';
import { asUnavailable } from '../../../../coordinator/redis/errors.ts';
import { AppError } from '../../../../shared/domain/errors.ts';

test.each([
  [
    "OOM command not allowed when used memory > 'maxmemory'. script: 0fb5, on @user_script:80.",
    /^Redis: OOM command not allowed when used memory > 'maxmemory'; it is full \(maxmemory\): .*raise maxmemory$/,
  ],
  [
    'MISCONF Errors writing to the AOF file: No space left on device',
    /^Redis: MISCONF .*device; it cannot write its file: free some of its disk$/,
  ],
  [
    'BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.',
    /; it is busy with a script: .*SCRIPT KILL\)$/,
  ],
  ['LOADING Redis is loading the dataset in memory', /memory; it is reading its file: wait$/],
  ["READONLY You can't write against a read only replica.", /; it is a replica: /],
  ['WRONGTYPE Operation against a key', /^Redis: WRONGTYPE Operation against a key$/],
  ['Connection is closed.', /^Redis: there is no connection to it for the moment$/],
  ["Stream isn't writeable and enableOfflineQueue options is false", /^Redis: there is no connection to it for the moment$/],
])('%s', (text, says) => {
  const error = asUnavailable(new Error(text));
  expect(error.code).toBe('unavailable');
  expect(error.message).toMatch(says);
});

test('what is ours passes, and whatever was thrown has an end', () => {
  const ours = new AppError('not_found', 'x');
  expect(asUnavailable(ours)).toBe(ours);
  expect(asUnavailable('x'.repeat(1_000)).message).toHaveLength('Redis: '.length + 300);
});

test('callers are told none of its words', () => {
  const told = (text: string): string | undefined => asUnavailable(new Error(text)).outward;
  expect(told("OOM command not allowed when used memory > 'maxmemory'.")).toMatch(/^Redis: it is full \(maxmemory\): /);
  for (const text of ['connect ECONNREFUSED 10.0.0.9:6379', 'WRONGTYPE Operation against a key', 'ERR unknown command EVALSHA'])
    expect(told(text)).toBe('Redis: it does not do for the moment what it is asked: try again');
});
