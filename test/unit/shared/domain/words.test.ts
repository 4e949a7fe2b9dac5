import { expect, test } from 'vitest';
import { bytesInWords, count, duration, fineDuration, perSecond, plural } from '../../../../shared/domain/words.ts';

test('numbers, times and bytes as people read them', () => {
  expect([0, 999, 1_000, 1_234_567].map(count)).toEqual(['0', '999', '1,000', '1,234,567']);
  expect([plural(1, 'agent'), plural(0, 'agent'), plural(1_200, 'agent')]).toEqual(['1 agent', '0 agents', '1,200 agents']);
  expect([420, 9_940, 9_960, 12_000, 185_000, 7_440_000, 3 * 86_400_000].map(duration)).toEqual([
    ...['0.4 s', '9.9 s', '10 s', '12 s', '3 min 5 s', '2 h 4 min', '3 days'],
  ]);
  expect([-3, 8, 412, 1_300].map(fineDuration)).toEqual(['0 ms', '8 ms', '412 ms', '1.3 s']);
  expect([0.42, 4.2, 42].map(perSecond)).toEqual(['0.42/s', '4.2/s', '42/s']);
  expect([0, 512, 1_536, 200 * 2 ** 20].map(bytesInWords)).toEqual(['0 B', '512 B', '1.5 KiB', '200 MiB']);
});
