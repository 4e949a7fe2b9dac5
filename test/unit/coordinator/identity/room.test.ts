/** How many there may be: of each namespace, and of all. */
import { expect, test } from 'vitest';
import { checkRoom, MAX_OF_ALL, MAX_OF_EACH } from '../../../../coordinator/identity/room.ts';
import type { Namespaces } from '../../../../shared/domain/identity.ts';

const some = (count: number, namespaces: Namespaces): { namespaces: Namespaces }[] => Array.from({ length: count }, () => ({ namespaces }));
const refusal = (kept: { namespaces: Namespaces }[], wanted: Namespaces): string | undefined => {
  try {
    checkRoom(kept, wanted, { what: 'tokens', until: 'wait' });
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
};

test('a namespace is full by itself, also where its own are for several; what is for all is counted apart', () => {
  expect(refusal(some(MAX_OF_EACH - 1, ['a']), ['a'])).toBeUndefined();
  const full = some(MAX_OF_EACH, ['a', 'c']);
  for (const wanted of [['a'], ['c'], ['b', 'c']])
    expect(refusal(full, wanted)).toMatch(/there are 2000 tokens in the namespace [ac]; wait/);
  for (const wanted of [['b'], '*'] as const) expect(refusal(full, wanted)).toBeUndefined();
  expect(refusal(some(MAX_OF_EACH, '*'), '*')).toMatch(/2000 tokens for all namespaces/);
  expect(refusal(some(MAX_OF_EACH, '*'), ['a'])).toBeUndefined();
});

test('and there is an end for all together', () => {
  const kept = Array.from({ length: MAX_OF_ALL }, (_, i) => ({ namespaces: [`n${i}`] }));
  expect(refusal(kept.slice(1), ['b'])).toBeUndefined();
  expect(refusal(kept, ['b'])).toBe('there are 10000 tokens; wait');
});
