import { expect, test } from 'vitest';
import { describeDurability, durabilityOf, parseDurability, strongerOf, weakerOf } from '../../../../shared/domain/durability.ts';

test('a class is written as it is read', () => {
  for (const text of ['buffered', 'fsynced', 'replicated:1', 'replicated:16', 'replicated_fsynced:2'])
    expect(describeDurability(parseDurability(text)!)).toBe(text);
  expect(parseDurability('Replicated')).toEqual({ class: 'replicated', replicas: 1 });
  for (const text of ['', 'auto', 'fsynced:1', 'replicated:0', 'replicated:17', 'replicated:', 'replicated:1.5', 'replicated:-1'])
    expect(parseDurability(text)).toBeUndefined();
});

test('the stronger of two satisfies both, the weaker is satisfied by both', () => {
  const [fsynced, replicated] = [durabilityOf(true, 0), durabilityOf(false, 2)];
  expect(strongerOf(fsynced, replicated)).toEqual({ class: 'replicated_fsynced', replicas: 2 });
  expect(weakerOf(fsynced, replicated)).toEqual({ class: 'buffered', replicas: 0 });
  expect(weakerOf(durabilityOf(true, 1), replicated)).toEqual({ class: 'replicated', replicas: 1 });
});
