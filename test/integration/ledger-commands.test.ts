/** Any order of planning, granting, reports and commands keeps the books balanced, and no unit is counted twice or forgotten. */
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Ledger } from '../../coordinator/ledger/ledger.ts';
import { redisOptions } from '../../coordinator/redis/options.ts';
import type { Manifest } from '../../shared/domain/manifest.ts';
import { LedgerModel } from '../support/ledger-model.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { waitFor } from '../support/wait-for.ts';

let server: TestRedis;
let redis: Redis;
let ledger: Ledger;
let made = 0;
beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(redisOptions(server.url));
  await waitFor(() => redis.status === 'ready', { what: 'Redis' });
  ledger = new Ledger(redis, 'test');
});
afterAll(async () => {
  redis?.disconnect();
  await server?.stop();
});

/** Two groups with an odd number of units, so that they share a byte. */
function manifestOf(units: number, spec: Record<string, unknown> = {}): Manifest {
  const group = (index: number): unknown => ({
    index,
    benchmarkIndex: 0,
    firstUnit: index * units,
    samples: units,
    epochs: 1,
    scorers: ['match'],
    route: { id: 'r' },
  });
  const evaluationId = `ev_${String(made++)
    .padStart(26, 'a')
    .replace(/\d/g, (d) => 'abcdefghij'[Number(d)]!)}`;
  return {
    evaluationId,
    units: 2 * units,
    spec: { priority: 5, tags: [], metadata: {}, ...spec },
    sampleIndexes: [''],
    traceparent: '',
    groups: [group(0), group(1)],
  } as unknown as Manifest;
}

test('while Redis is full, tasks return, results are replayed and samples opened again; nothing new is planned or granted', async () => {
  const manifest = manifestOf(4);
  const { evaluationId } = manifest;
  await ledger.create(manifest, 'accepted', 1);
  await ledger.control(manifest, { action: 'start' });
  const task = (first: number, end: number): object => ({ group: 0, route: 0, first, end, traceparent: '' });
  await ledger.plan(evaluationId, 0, [task(0, 2), task(2, 4)] as never, [[0, 4]]);
  const grant = (sequence: number): Promise<unknown> =>
    ledger.grant(evaluationId, 'ag_1', [{ sequence, incarnation: 1, attemptId: `A${sequence}` }]);
  await grant(0);
  await redis.config('SET', 'maxmemory', '1');
  try {
    await expect(grant(1)).rejects.toThrow(/full/);
    const counted = { group: 0, retries: 0, values: [1] };
    expect(await ledger.release(evaluationId, [{ sequence: 0, attemptId: 'A0', kind: 'returned' }] as never)).toEqual([
      { answer: 'queued', incarnation: 2 },
    ]);
    await ledger.control(manifest, { action: 'recover', reason: '', generation: 0 });
    await ledger.control(manifest, { action: 'recover', reason: '', generation: 2 });
    expect(await ledger.restore(evaluationId, [{ ...counted, unit: 0, code: 4 }])).toBe(true);
    await ledger.control(manifest, { action: 'recovered', generation: 2, state: 'running' });
    await ledger.control(manifest, { action: 'begin', states: ['running'], command: 'c' });
    expect(await ledger.reopen(evaluationId, [{ ...counted, unit: 0, code: 4 }], 'c')).toBe(1);
    await ledger.control(manifest, { action: 'end', command: 'c', reason: '', requeued: true });
    expect((await ledger.snapshot(evaluationId))!).toMatchObject({ state: 'running', counts: [8, 0, 0, 0, 0, 0] });
  } finally {
    await redis.config('SET', 'maxmemory', '0');
  }
});

test('tokens of what is restored are added to those of what was counted; a ledger of an earlier release knows of none', async () => {
  const manifest = manifestOf(2);
  const { evaluationId } = manifest;
  await ledger.create(manifest, 'accepted', 1);
  await ledger.control(manifest, { action: 'start' });
  await ledger.plan(evaluationId, 0, [{ group: 0, route: 0, first: 0, end: 2, traceparent: '' }], [[0, 2]]);
  await ledger.grant(evaluationId, 'ag_1', [{ sequence: 0, incarnation: 1, attemptId: 'A' }]);
  const counted = { code: 2, group: 0, retries: 0, values: [1] };
  const units = [{ ...counted, unit: 0, tokens: [8, 2] as const }];
  await ledger.commit(evaluationId, [{ sequence: 0, attemptId: 'A', agentId: 'ag_1', totalMs: 1, units }]);
  await ledger.control(manifest, { action: 'recover', reason: '', generation: 0 });
  await ledger.control(manifest, { action: 'recover', reason: '', generation: 2 });
  // The first is closed already, and changes nothing.
  await ledger.restore(evaluationId, [...units, { ...counted, unit: 1, tokens: [5, 1] as const }]);
  const row = async (): Promise<number[]> => (await ledger.snapshot(evaluationId))!.groups[0]!;
  expect((await row()).slice(7)).toEqual([2, 2, 2, 13, 3]);
  await redis.hdel(`test:{${evaluationId}}:meta`, 'tokens');
  expect((await row()).slice(7)).toEqual([2, 2, 2]);
});

const SIZE = 13;
const unit = fc.nat(2 * SIZE - 1);
const pick = fc.nat(30);
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('plan' as const) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('grant' as const), pick }) },
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant('commit' as const),
      pick,
      skip: fc.nat(3),
      take: fc.nat(3),
      outcome: fc.constantFrom('scored' as const, 'unscored' as const, 'errored' as const, 'errored' as const),
      value: fc.constantFrom(0, 0.5, 1),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('release' as const), pick, kind: fc.constantFrom('lost', 'returned', 'crash', 'crash') }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('spare' as const), pick, skip: fc.nat(3), take: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('turn' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('skip' as const), unit, count: fc.integer({ min: 1, max: 6 }) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('requeue' as const),
      unit,
      count: fc.integer({ min: 1, max: 26 }),
      states: fc.constantFrom(['errored', 'dead'] as const, ['errored', 'dead', 'cancelled', 'unscored'] as const, ['cancelled'] as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('recover' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('drain' as const, 'drain' as const, 'cancel' as const) }) },
);

test('agrees with a plain model under any order of commands', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60, size: 'max' }), async (steps) => {
      const model = await LedgerModel.start(ledger, manifestOf(SIZE));
      await model.plan();
      for (const s of steps) {
        if (s.do === 'plan') await model.plan();
        else if (s.do === 'grant') await model.grant(s.pick);
        else if (s.do === 'commit') await model.commit(s.pick, s.skip, s.take, s.outcome, s.value);
        else if (s.do === 'release') await model.release(s.pick, s.kind);
        else if (s.do === 'spare') await model.spare(s.pick, s.skip, s.take);
        else if (s.do === 'turn') await model.pauseOrResume();
        else if (s.do === 'skip') await model.skip(s.unit, s.count);
        else if (s.do === 'requeue') await model.requeue(s.unit, s.count, s.states);
        else if (s.do === 'recover') await model.recover();
        else await model[s.do]();
        await model.check();
      }
      await model.finish();
    }),
    { numRuns: 60 },
  );
}, 120_000);

test('more errors than the spec bears end it in the same script, with the reason', async () => {
  const manifest = manifestOf(SIZE, { fail_on_error: 0.1 });
  const { evaluationId } = manifest;
  const model = await LedgerModel.start(ledger, manifest);
  await model.plan();
  await model.grant(0);
  await model.grant(0);
  await model.commit(0, 0, 1, 'errored', 0);
  await model.check();
  await ledger.commit(evaluationId, [
    {
      sequence: model.attempts[1]!.sequence,
      attemptId: model.attempts[1]!.id,
      agentId: 'ag',
      totalMs: 1,
      units: [{ unit: [...model.attempts[1]!.units.keys()][0]!, code: 4, group: 0, retries: 0, values: [] }],
    },
  ]);
  const failed = (await ledger.snapshot(evaluationId))!;
  expect(failed).toMatchObject({ state: 'finalizing', hasFailed: true, counts: [26, 0, 0, 3, 23, 0] });
  expect(failed.reason).toBe('3 of 26 samples errored; fail_on_error: 0.1 bears 2');
});

test('of what the spec bears, an answer and its judges’ calls are one sample, whatever of them errs, in any order, and is opened again', async () => {
  const EACH = 5;
  const judged = (): Manifest => {
    const manifest = manifestOf(EACH, { fail_on_error: EACH + 1 });
    const groups = [0, 1, 2].map((index) => {
      const group = { ...manifest.groups[0]!, index, firstUnit: index * EACH };
      return index === 0 ? group : { ...group, judge: { of: 0, scorer: 'j' } };
    });
    return { ...manifest, units: 3 * EACH, groups };
  };
  const placesOf = (units: readonly number[]): number => new Set(units.map((unit) => unit % EACH)).size;
  const erringUnit = (unit: number) => ({ unit, code: 4, group: Math.floor(unit / EACH), retries: 0, values: [] });
  const errors = fc.uniqueArray(fc.nat({ max: 3 * EACH - 1 }), { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(errors, errors, fc.boolean(), async (erring, opened, areDead) => {
      const manifest = judged();
      const { evaluationId } = manifest;
      const counted = async (): Promise<number> => {
        const counts = await redis.hmget(ledger.key(evaluationId, 'meta'), 'errored', 'dead', 'beside');
        const [errored = 0, dead = 0, beside = 0] = counts.map(Number);
        return errored + dead - beside;
      };
      await ledger.create(manifest, 'recovering', 1);
      if (areDead) for (const unit of erring) await ledger.close(manifest, [[unit, unit + 1]], 6, { generation: 1 });
      else for (const unit of erring) await ledger.restore(evaluationId, [erringUnit(unit)]);
      expect(await counted()).toBe(placesOf(erring));
      await ledger.control(manifest, { action: 'recovered', generation: 1, state: 'running' });
      const command = { action: 'begin', command: 'one', states: ['running'] } as const;
      expect(await ledger.control(manifest, command)).toMatchObject({ done: true });
      const again = opened.toSorted((a, b) => a - b).map((unit) => ({ ...erringUnit(unit), code: areDead ? 6 : 4 }));
      await ledger.reopen(evaluationId, again, 'one');
      expect(await counted()).toBe(placesOf(erring.filter((unit) => !opened.includes(unit))));
    }),
    { numRuns: 60 },
  );
});

test('a command under way keeps others out and the end away; a mark breaks it off', async () => {
  const manifest = manifestOf(1);
  const { evaluationId } = manifest;
  const model = await LedgerModel.start(ledger, manifest);
  await model.plan();
  await model.grant(0);
  await model.grant(0);
  const begin = (command: string): Promise<{ answer: string }> =>
    ledger.control(manifest, { action: 'begin', command, states: ['running'] });
  expect((await begin('one')).answer).toBe('done');
  expect((await begin('one')).answer).toBe('done');
  expect((await begin('two')).answer).toBe('busy');
  for (const a of model.attempts)
    await ledger.commit(evaluationId, [
      {
        sequence: a.sequence,
        attemptId: a.id,
        agentId: 'ag',
        totalMs: 1,
        units: [...a.units.keys()].map((u) => ({ unit: u, code: 4, group: u, retries: 0, values: [] })),
      },
    ]);
  expect((await ledger.snapshot(evaluationId))!.state).toBe('running');
  expect((await ledger.control(manifest, { action: 'recover', reason: '', generation: 2 })).answer).toBe('busy');
  expect((await ledger.control(manifest, { action: 'recover', reason: '', generation: 0 })).state).toBe('recovering');
  expect((await ledger.control(manifest, { action: 'end', command: 'one', reason: '' })).answer).toBe('lost');
  // Marked again while it is recovered: it has to be done once more.
  expect((await ledger.control(manifest, { action: 'recover', reason: '', generation: 2 })).answer).toBe('done');
  await ledger.control(manifest, { action: 'recover', reason: '', generation: 0 });
  expect((await ledger.control(manifest, { action: 'recovered', generation: 2, state: 'running' })).answer).toBe('busy');
  await ledger.control(manifest, { action: 'recover', reason: '', generation: 3 });
  // The recovery of before goes on: another one is at it.
  expect((await ledger.control(manifest, { action: 'recovered', generation: 2, state: 'running' })).answer).toBe('busy');
  expect(await ledger.close(manifest, [[0, 1]], 5, { generation: 2 })).toBeUndefined();
  expect(await ledger.control(manifest, { action: 'recovered', generation: 3, state: 'running' })).toMatchObject({
    answer: 'done',
    state: 'finalizing',
  });
});

test('a plan that was made before a requeue is refused: units that it passes over would be forgotten', async () => {
  const manifest = manifestOf(4);
  const { evaluationId } = manifest;
  const model = await LedgerModel.start(ledger, manifest);
  await model.plan();
  await model.grant(0);
  await model.commit(0, 0, 0, 'errored', 0);
  const view = (await ledger.planView(manifest, 1))!;
  await model.requeue(0, 1, ['errored']);
  expect(await ledger.plan(evaluationId, view.version, [], [[0, 4]])).toBeUndefined();
  await model.check();
  await model.finish();
});

test('how long units take is known per route: a slow model beside a fast one gets small tasks', async () => {
  const manifest = manifestOf(4);
  const { evaluationId } = manifest;
  await LedgerModel.start(ledger, manifest);
  const tasks = [0, 1].map((g) => ({ group: g, route: g, first: 4 * g, end: 4 * g + 4, traceparent: '' }));
  await ledger.plan(evaluationId, (await ledger.planView(manifest, 2))!.version, tasks, []);
  expect((await ledger.planView(manifest, 2))!.unitMs).toEqual([0, 0]);
  for (const sequence of [0, 1]) await ledger.grant(evaluationId, 'ag', [{ sequence, incarnation: 1, attemptId: `a${sequence}` }]);
  const report = (sequence: number, totalMs: number) => ({
    sequence,
    attemptId: `a${sequence}`,
    agentId: 'ag',
    totalMs,
    units: [0, 1].map((u) => ({ unit: 4 * sequence + u, code: 2, group: sequence, retries: 0, values: [1] })),
  });
  await ledger.commit(evaluationId, [report(0, 40), report(1, 20_000)]);
  expect(await ledger.planView(manifest, 2)).toMatchObject({ unitMs: [20, 10_000], queued: [0, 0], leased: [2, 2], open: 4 });
});
