import { expect, test } from 'vitest';
import { CallTrouble } from '../../../../agent/work/call-trouble.ts';

test('failures in a row are told once, when they are many and last; a success ends that', () => {
  const trouble = new CallTrouble();
  const failed = (...times: number[]): (number | undefined)[] => times.map((ms) => trouble.failed(ms));
  // Many at once are what a burst of throttling looks like.
  expect(failed(0, 1, 2, 3, 4, 5, 4_999)).toEqual(Array.from({ length: 7 }, () => undefined));
  expect(failed(5_000, 60_000)).toEqual([8, undefined]);
  expect(trouble.succeeded()).toBe(true);
  expect(trouble.succeeded()).toBe(false);
  // Few, however long.
  expect(failed(100_000, 110_000, 120_000, 130_000)).toEqual([undefined, undefined, undefined, undefined]);
  expect(trouble.succeeded()).toBe(false);
  expect(failed(200_000, 201_000, 202_000, 203_000, 206_000)).toEqual([undefined, undefined, undefined, undefined, 5]);
});
