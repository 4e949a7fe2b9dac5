/** Replays and drops over several evaluations, of which one cannot be reached. */
import { beforeEach, expect, test } from 'vitest';
import { absentEvaluation } from '../../../../coordinator/evaluations/absent.ts';
import { DeadLetters, type DeadLettersParts } from '../../../../coordinator/evaluations/dead/dead-letters.ts';
import type { ControlRecord } from '../../../../coordinator/store/store.ts';
import { BUFFERED, durabilityOf, type Durability } from '../../../../shared/domain/durability.ts';
import { AppError } from '../../../../shared/domain/errors.ts';
import { evaluationIdOf, taskIdOf } from '../../../../shared/domain/ids.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { manifestOf } from '../../../support/store-fixtures.ts';

const names = ['a', 'b', 'c'];
const manifests = names.map((name) => manifestOf(name, 20));
const [a, b, c] = manifests.map(({ evaluationId }) => evaluationId) as [string, string, string];
const REPLICATED = durabilityOf(false, 1);

let journal: Map<string, ControlRecord[]>;
/** Demanded, by call. */
let demanded: (Durability | undefined)[];
let broken: string;

beforeEach(() => {
  demanded = [];
  broken = '';
  const letter = (sequence: number, first: number) => ({
    sequence,
    group: 0,
    units: [[first, first + 2]] as [number, number][],
    crashes: 3,
    losses: 0,
    returns: 0,
    attempts: [],
  });
  journal = new Map(
    manifests.map(({ evaluationId }) => [
      evaluationId,
      [{ kind: 'dead', atMs: 1, reason: '', units: [[0, 4]], letters: [letter(1, 0), letter(2, 2)] }],
    ]),
  );
});

function made(): DeadLetters {
  const fails = (evaluationId: string): void => {
    if (evaluationId === broken) throw new AppError('unavailable', 'it is busy');
  };
  const parts = {
    store: {
      controls: async (id: string) => journal.get(id)!,
      appendControl: async (id: string, record: ControlRecord) => {
        fails(id);
        journal.get(id)!.push(record);
      },
    },
    clock: new FakeClock(),
    queries: {
      known: async (id: string) => {
        const manifest = manifests.find(({ evaluationId }) => evaluationId === id);
        if (!manifest) throw absentEvaluation(id);
        return { manifest, routes: [manifest.groups[0]!.route], ordinals: [0] };
      },
    },
    browse: {
      list: async () => ({
        items: manifests.map(({ evaluationId }) => ({ evaluationId, counts: { dead: 4 }, state: 'succeeded' })),
        nextToken: '',
      }),
    },
    commander: {
      demanding: async (required: Durability | undefined) => {
        demanded.push(required);
        return {
          requeue: async (id: string, { units }: { units: number[] }) => {
            fails(id);
            return { requeued: units.length, state: 'running', durability: id === a ? BUFFERED : (required ?? REPLICATED) };
          },
          acknowledgeStored: async () => required ?? BUFFERED,
        };
      },
    },
  };
  return new DeadLetters(parts as unknown as DeadLettersParts);
}

test('a replay by filter says what was done in each evaluation, and goes on after one that fails', async () => {
  broken = b;
  const done = await made().replay({ model: 'mock/m' }, '', REPLICATED);
  expect(done).toEqual({
    letters: 4,
    units: 8,
    durability: BUFFERED,
    evaluations: [
      { evaluationId: b, letters: 0, units: 0, problem: 'it is busy' },
      { evaluationId: a, letters: 2, units: 4, problem: '', durability: BUFFERED },
      { evaluationId: c, letters: 2, units: 4, problem: '', durability: REPLICATED },
    ],
    failed: 1,
  });
  expect(demanded).toEqual([REPLICATED]);
});

test('of one that is named, what fails is the answer', async () => {
  broken = b;
  await expect(made().replay({ evaluationId: b }, '')).rejects.toMatchObject({ code: 'unavailable' });
  await expect(made().drop({ evaluationId: b }, '')).rejects.toMatchObject({ code: 'unavailable' });
  expect(await made().replay({ evaluationId: c }, '')).toMatchObject({ letters: 2, failed: 0, durability: REPLICATED });
});

test('a drop goes on as well, and drops once', async () => {
  broken = a;
  const filter = { taskIds: [taskIdOf(a, 1), taskIdOf(b, 2), taskIdOf(c, 1)] };
  expect(await made().drop(filter, 'r', REPLICATED)).toMatchObject({
    letters: 2,
    units: 0,
    durability: REPLICATED,
    evaluations: [{ evaluationId: a, problem: 'it is busy' }, { letters: 1 }, { letters: 1 }],
    failed: 1,
  });
  expect(journal.get(b)!.at(-1)).toMatchObject({ kind: 'drop', tasks: [2] });
  expect(await made().drop({ evaluationId: b, taskIds: [taskIdOf(b, 2)] }, '')).toEqual({
    letters: 0,
    units: 0,
    evaluations: [],
    failed: 0,
  });
});

test('a namespace holds for tasks that are named as well', async () => {
  const filter = { taskIds: [taskIdOf(a, 1)], namespace: 'another' };
  expect(await made().drop(filter, '')).toMatchObject({ letters: 0 });
  expect((await made().list(filter, {})).items).toEqual([]);
  expect(await made().drop({ ...filter, namespace: manifests[0]!.namespace }, '')).toMatchObject({ letters: 1 });
});

test('an evaluation that is named must be there', async () => {
  const filter = { evaluationId: evaluationIdOf('default', 'absent') };
  const letters = made();
  for (const call of [letters.list(filter, {}), letters.replay(filter, ''), letters.drop(filter, '')])
    await expect(call).rejects.toMatchObject({ code: 'not_found' });
  await expect(letters.get(`${filter.evaluationId}-1`)).rejects.toThrow('there is no dead letter');
});
