import { expect, test } from 'vitest';
import { callOff, callOffIfOver } from '../../../../coordinator/sessions/call-off.ts';

const sessionOf = (...ids: string[]) => ({ held: new Map(ids.map((evaluationId, i) => [`${evaluationId} ${i}`, { evaluationId }])) });

test('attempts at what is over are called off, whoever holds them; what runs, and what nobody knows, is left alone', async () => {
  const revoked: string[] = [];
  const registry = {
    all: () => [sessionOf('running', 'ending', 'running'), sessionOf('finished', 'unknown', 'ending')] as never,
    revoke: (id: string) => void revoked.push(id),
  };
  const catalog = {
    active: () => [
      { manifest: { evaluationId: 'running' }, state: 'running' },
      { manifest: { evaluationId: 'ending' }, state: 'finalizing' },
    ],
  };
  await callOff(registry, catalog as never, { isFinished: async (id) => id === 'finished' });
  expect(revoked.toSorted()).toEqual(['ending', 'finished']);
});

test.each([
  ['finalizing', ['one']],
  ['cancelled', ['one']],
  [undefined, ['one']],
  ['running', []],
  ['paused', []],
  ['recovering', []],
])('a notice of an end that finds it %s takes back %j', async (state, expected) => {
  const revoked: string[] = [];
  const registry = { all: () => [sessionOf('one')] as never, revoke: (id: string) => void revoked.push(id) };
  const looks = async (ids: readonly string[]) => ids.map(() => state && { state }) as never;
  for (const id of ['one', 'another']) await callOffIfOver(registry, { looks }, id);
  expect(revoked).toEqual(expected);
});
