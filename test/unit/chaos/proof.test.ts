/** What `npm run proof` takes, and how it judges. */
import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { judge } from '../../proof/idle.ts';
import { chosenOf, seedOf } from '../../proof/proof.ts';
import { minutesOf, tooLittle } from '../../proof/soak.ts';

test('a limit of time is judged by the clock on an idle machine; on another one by the processor, or not at all', () => {
  const [idle, busy] = [[0.05, 0.1] as const, [0.05, 0.9] as const];
  const cores = availableParallelism();
  expect(judge({ seconds: 130, busyShare: idle }, 10, 120)).toEqual({
    judged: 'wall clock',
    violations: ['took 130.0 s on an idle machine; the limit is 120 s'],
  });
  expect(judge({ seconds: 110, busyShare: idle }, 500 * cores, 120)).toEqual({ judged: 'wall clock', violations: [] });
  expect(judge({ seconds: 300, busyShare: busy }, 110 * cores, 120)).toEqual({ judged: 'processor', violations: [] });
  expect(judge({ seconds: 300, busyShare: busy }, 130 * cores, 120)).toEqual({ judged: false, violations: [] });
});

test('a seed is a whole number', () => {
  expect(seedOf()).toBe(1);
  expect(seedOf('17')).toBe(17);
  for (const text of ['abc', '', ' ', '-1', '1.5', '1e9', '99999999999']) expect(() => seedOf(text)).toThrow('--seed');
});

test('parts that are named must be there', () => {
  const parts = ['simulation', 'soak'].map((name) => ({ name }));
  expect(chosenOf(parts, undefined, false)).toEqual([{ name: 'simulation' }]);
  expect(chosenOf(parts, undefined, true)).toEqual(parts);
  expect(chosenOf(parts, ['soak'], false)).toEqual([{ name: 'soak' }]);
  expect(() => chosenOf(parts, ['simulation', 'typo'], false)).toThrow('--only typo: there are simulation, soak');
});

test('a soak has a length', () => {
  expect([minutesOf(undefined, true), minutesOf(undefined, false), minutesOf('0.5', true)]).toEqual([30, 3, 0.5]);
  for (const text of ['abc', '', '0', '-3', 'Infinity']) expect(() => minutesOf(text, true)).toThrow('SOAK_MINUTES');
});

test('a soak that came to too little says what it has not shown', () => {
  expect(tooLittle({ minutes: 30, rounds: 40, faults: 60 })).toEqual([]);
  expect(tooLittle({ minutes: 30, rounds: 5, faults: 60 })).toEqual(['5 rounds: all names that are left are judged from 6 on']);
  expect(tooLittle({ minutes: 30, rounds: 40, faults: 29 })).toEqual(['29 faults, and 30 at least were to be']);
  expect(tooLittle({ minutes: 5, rounds: 40, faults: 10 })).toEqual(['5 minutes: memory is judged from 30 on']);
  expect(tooLittle({ minutes: Number('abc'), rounds: 0, faults: 0 })).toHaveLength(3);
});
