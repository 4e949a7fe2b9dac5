/** The use-cases as a caller of some namespaces may see them: what they are asked, where not everything was meant that was named. */
import { expect, test } from 'vitest';
import { guard, type GuardedCall } from '../../../../coordinator/rpc/guard.ts';
import type { EvaluationUseCases } from '../../../../coordinator/rpc/use-cases.ts';
import { AppError } from '../../../../shared/domain/errors.ts';
import { evaluationIdOf } from '../../../../shared/domain/ids.ts';
import type { Namespaces } from '../../../../shared/domain/identity.ts';
import { letter } from '../../../support/rpc-rows/answers.ts';
import { useCases } from '../../../support/rpc.ts';

const MINE = evaluationIdOf('a', 'k');
const OTHERS = evaluationIdOf('b', 'k');
const ABSENT = evaluationIdOf('c', 'k');
const NAMESPACES: Record<string, string> = { [MINE]: 'a', [OTHERS]: 'b' };
const DELETE = '/assay.v1.EvaluationService/DeleteEvaluation';

function guarded(some: Partial<EvaluationUseCases>, { method = '/m', namespaces = ['a'] as Namespaces, refuse = false } = {}) {
  const told: object[] = [];
  const call: GuardedCall = { identity: { name: 'n', kind: 'token', scopes: new Set(), namespaces }, method, peer: 'p' };
  const seen = guard({
    useCases: useCases(some),
    namespaceOf: async (id) => NAMESPACES[id],
    onDenied: ({ reason, namespace }) => void told.push({ reason, namespace }),
    onAllowed: async ({ namespace }) => {
      if (refuse) throw new AppError('unavailable', 'cannot be written down');
      told.push({ allowed: namespace });
    },
  })(call);
  return { seen, told };
}

test('of dead letters that are named only the caller’s are meant', async () => {
  const asked: unknown[] = [];
  const done = { letters: 1, units: 1, evaluations: [], failed: 0 };
  const { deadLetters } = useCases();
  const list: EvaluationUseCases['deadLetters']['list'] = async (filter) => {
    asked.push(filter);
    return { items: [], nextToken: '' };
  };
  const change: EvaluationUseCases['deadLetters']['drop'] = async (filter) => {
    asked.push(filter);
    return done;
  };
  const { seen, told } = guarded({ deadLetters: { ...deadLetters, list, drop: change, replay: change } });
  const taskIds = [`${OTHERS}-1`, `${MINE}-1`, `${ABSENT}-1`, `${MINE}-2`, 'nonsense'];
  await seen.deadLetters.list({ taskIds, model: 'm' }, {});
  expect(await seen.deadLetters.drop({ taskIds }, '')).toBe(done);
  expect(await seen.deadLetters.replay({ taskIds }, '')).toBe(done);
  const own = [`${MINE}-1`, `${MINE}-2`];
  expect(asked).toEqual([{ taskIds: own, model: 'm' }, { taskIds: own }, { taskIds: own }]);
  // However many are not theirs, it is told once.
  expect(told).toHaveLength(1);
  for (const evaluationId of [OTHERS, ABSENT])
    for (const ask of [seen.deadLetters.list, seen.deadLetters.replay, seen.deadLetters.drop])
      await expect((async () => ask({ evaluationId }, '' as never))()).rejects.toMatchObject({ code: 'not_found' });
  expect(asked).toHaveLength(3);
});

test.each([
  [['a'], ''],
  ['*', 'of b: …'],
] as const)('what an agent said last, perhaps of others’ work, is for whoever may see all: %j', async (namespaces, lastOutput) => {
  const get: EvaluationUseCases['deadLetters']['get'] = async () => ({
    ...letter,
    attempts: [{ ...letter.attempts[0]!, lastOutput: 'of b: …' }],
  });
  const { seen } = guarded({ deadLetters: { ...useCases().deadLetters, get } }, { namespaces });
  expect((await seen.deadLetters.get(`${MINE}-1`)).attempts).toEqual([{ ...letter.attempts[0]!, lastOutput }]);
});

test('a filter without a namespace means the default one', async () => {
  const list: EvaluationUseCases['list'] = async () => ({ items: [], nextToken: 'more' });
  expect(await guarded({ list }).seen.list({}, {})).toEqual({ items: [], nextToken: '' });
  expect(await guarded({ list }, { namespaces: ['default'] }).seen.list({}, {})).toEqual({ items: [], nextToken: 'more' });
  expect(await guarded({ list }, { namespaces: ['default'] }).seen.list({ namespace: 'a' }, {})).toEqual({ items: [], nextToken: '' });
});

test('what is privileged is told of with its namespace, when it is sure, by whomever', async () => {
  let deleted = 0;
  const some: Partial<EvaluationUseCases> = {
    delete: async () => {
      deleted++;
      return [];
    },
  };
  for (const namespaces of [['a'], '*'] as const) {
    const { seen, told } = guarded(some, { method: DELETE, namespaces });
    await seen.delete({ evaluationId: MINE });
    await seen.delete({ filter: { namespace: 'a' } });
    expect(told).toEqual([{ allowed: 'a' }, { allowed: 'a' }]);
  }
  expect(deleted).toBe(4);
  const { seen, told } = guarded(some, { method: DELETE });
  await expect(seen.delete({ evaluationId: OTHERS })).rejects.toMatchObject({ code: 'not_found' });
  expect(told).toMatchObject([{ namespace: 'b' }]);
  const unwritten = guarded(some, { method: DELETE, refuse: true });
  await expect(unwritten.seen.delete({ evaluationId: MINE })).rejects.toMatchObject({ code: 'unavailable' });
  await expect(unwritten.seen.delete({ filter: { namespace: 'a' } })).rejects.toMatchObject({ code: 'unavailable' });
  expect(deleted).toBe(4);
});

test('a store that does not answer is no "absent"', async () => {
  const failing = guard({
    useCases: useCases(),
    namespaceOf: async () => Promise.reject(new AppError('unavailable', 'the store is away')),
    onDenied: () => undefined,
    onAllowed: async () => undefined,
  })({ identity: { name: 'n', kind: 'token', scopes: new Set(), namespaces: ['a'] }, method: '/m', peer: 'p' });
  await expect(failing.get(MINE)).rejects.toMatchObject({ code: 'unavailable' });
});
