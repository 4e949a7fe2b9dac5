/** The use-cases as a caller of some namespaces may see them: what they are asked, where not everything was meant that was named. */
import { expect, test } from 'vitest';
import { MAX_TEXT } from '../../../../coordinator/audit/entry.ts';
import { guard, type GuardedCall } from '../../../../coordinator/rpc/guard.ts';
import type { EvaluationUseCases } from '../../../../coordinator/rpc/use-cases.ts';
import type { EvaluationOutcome } from '../../../../shared/client/types.ts';
import { AppError } from '../../../../shared/domain/errors.ts';
import { BUFFERED } from '../../../../shared/domain/durability.ts';
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
    onAllowed: async ({ namespace, target }) => {
      if (refuse) throw new AppError('unavailable', 'cannot be written down');
      told.push({ allowed: namespace, target });
    },
    onChanged: ({ namespace, target, reason }) => void told.push({ changed: target, namespace, ...(reason !== '' && { reason }) }),
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
  for (const evaluationId of [OTHERS, ABSENT]) {
    const absent = { code: 'not_found' };
    await expect(seen.deadLetters.list({ evaluationId }, {})).rejects.toMatchObject(absent);
    await expect(seen.deadLetters.replay({ evaluationId }, '')).rejects.toMatchObject(absent);
    await expect(seen.deadLetters.drop({ evaluationId }, '')).rejects.toMatchObject(absent);
  }
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
    expect(told).toEqual([
      { allowed: 'a', target: MINE },
      { allowed: 'a', target: '{"namespace":"a"}' },
    ]);
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

test('a deletion by a filter says which are removed, before the first of them is', async () => {
  const ids = Array.from({ length: 20 }, (_, i) => evaluationIdOf('a', String(i)));
  let deleted = 0;
  const some: Partial<EvaluationUseCases> = {
    delete: async (_which, _required, before) => {
      await before?.(ids);
      deleted++;
      return [];
    },
  };
  const { seen, told } = guarded(some, { method: DELETE, namespaces: '*' });
  await seen.delete({ filter: { namespace: 'a', states: ['cancelled'] } });
  const [first, ...lines] = told as { allowed: string; target: string }[];
  expect(first).toEqual({ allowed: 'a', target: '{"namespace":"a","states":["cancelled"]}' });
  expect(lines.map(({ target }) => target.length <= MAX_TEXT)).toEqual([true, true]);
  expect(lines.flatMap(({ target }) => target.split(' '))).toEqual(ids);
  expect(deleted).toBe(1);
});

test.each([['a'], '*'] as const)(
  'what was changed is told with its evaluation, and what changed nothing is not: %j',
  async (namespaces) => {
    const outcome = (evaluationId: string, changed: boolean): EvaluationOutcome => ({
      ...{ evaluationId, state: 'cancelled', changed, problem: '', durability: BUFFERED },
    });
    const done = { letters: 1, units: 1, failed: 0, evaluations: [{ evaluationId: MINE, letters: 1, units: 1, problem: '' }] };
    const { deadLetters } = useCases();
    const some: Partial<EvaluationUseCases> = {
      cancel: async () => [outcome(MINE, true), outcome(MINE, false)],
      pause: async () => [outcome(MINE, false)],
      skip: async () => ({ skipped: 0, state: 'running', durability: BUFFERED }),
      requeue: async () => Promise.reject(new AppError('unavailable', 'the command is written down')),
      update: async () => Promise.reject(new AppError('failed_precondition', 'it is over')),
      deadLetters: { ...deadLetters, drop: async () => done },
    };
    const as = (method: string) => guarded(some, { method: `/assay.v1.EvaluationService/${method}`, namespaces: namespaces as Namespaces });
    const toldBy = async (method: string, work: (seen: EvaluationUseCases) => Promise<unknown>): Promise<object[]> => {
      const { seen, told } = as(method);
      await work(seen).catch(() => undefined);
      return told;
    };
    const change = { changed: MINE, namespace: 'a' };
    expect(await toldBy('CancelEvaluation', (seen) => seen.cancel({ evaluationId: MINE }, { reason: '', mode: 'abort' }))).toContainEqual(
      change,
    );
    expect(await toldBy('DropDeadLetters', (seen) => seen.deadLetters.drop({ evaluationId: MINE }, ''))).toEqual([change]);
    const unsure = await toldBy('RequeueSamples', (seen) => seen.requeue(MINE, {}, ''));
    expect(unsure).toContainEqual(expect.objectContaining({ changed: MINE, reason: expect.stringContaining('unavailable') as string }));
    for (const told of [
      await toldBy('PauseEvaluation', (seen) => seen.pause({ evaluationId: MINE }, '')),
      await toldBy('SkipSamples', (seen) => seen.skip(MINE, {}, '')),
      await toldBy('UpdateEvaluation', (seen) => seen.update(MINE, {})),
    ])
      expect(told.filter((one) => 'changed' in one)).toEqual([]);
  },
);

test('a store that does not answer is no "absent"', async () => {
  const failing = guard({
    useCases: useCases(),
    namespaceOf: async () => Promise.reject(new AppError('unavailable', 'the store is away')),
    onDenied: () => undefined,
    onAllowed: async () => undefined,
    onChanged: () => undefined,
  })({ identity: { name: 'n', kind: 'token', scopes: new Set(), namespaces: ['a'] }, method: '/m', peer: 'p' });
  await expect(failing.get(MINE)).rejects.toMatchObject({ code: 'unavailable' });
});
