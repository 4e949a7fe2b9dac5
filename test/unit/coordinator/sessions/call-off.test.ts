import { expect, test } from 'vitest';
import { callOff } from '../../../../coordinator/sessions/call-off.ts';

test('attempts at what is over are called off, whoever holds them; what runs, and what nobody knows, is left alone', async () => {
  const sessionOf = (...ids: string[]) => ({ held: new Map(ids.map((evaluationId, i) => [`${evaluationId} ${i}`, { evaluationId }])) });
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
