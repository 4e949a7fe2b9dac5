/** The ledger's scripts on a real Redis against a plain model: counted once, fenced by attempt, books balanced. */
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Ledger } from '../../coordinator/ledger/ledger.ts';
import { redisOptions } from '../../coordinator/redis/options.ts';
import type { Manifest } from '../../shared/domain/manifest.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';

let server: TestRedis;
let redis: Redis;
let ledger: Ledger;
let made = 0;

beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(redisOptions(server.url));
  await new Promise<void>((resolve) => void redis.once('ready', () => resolve()));
  ledger = new Ledger(redis, 'test');
});
afterAll(async () => {
  redis?.disconnect();
  await server?.stop();
});

/** An evaluation of two groups with `units` units each. */
function manifestOf(units: number): Manifest {
  const group = (index: number): unknown => ({ index, firstUnit: index * units, samples: units, epochs: 1, scorers: ['match'] });
  const evaluationId = `ev_${String(made++)
    .padStart(26, 'a')
    .replace(/\d/g, (d) => 'abcdefghij'[Number(d)]!)}`;
  return { evaluationId, units: 2 * units, spec: {}, groups: [group(0), group(1)] } as Manifest;
}

async function started(units: number): Promise<Manifest> {
  const manifest = manifestOf(units);
  await ledger.create(manifest, 'accepted', 1);
  await ledger.control(manifest, { action: 'start' });
  return manifest;
}

/** With one task, of which ag_1 has attempt A. */
async function held(units: number): Promise<Manifest> {
  const manifest = await started(units);
  const { evaluationId } = manifest;
  await ledger.plan(evaluationId, 0, [{ group: 0, route: 0, first: 0, end: units, traceparent: '' }], [[0, units]]);
  await ledger.grant(evaluationId, 'ag_1', [{ sequence: 0, incarnation: 1, attemptId: 'A' }]);
  return manifest;
}

const unit = (u: number, units: number, value: number | null = 1) => ({
  unit: u,
  code: value === null ? 3 : 2,
  group: u < units ? 0 : 1,
  retries: 0,
  values: [value],
});

describe('the ledger', () => {
  it('keeps a bounded log of events, however many groups they tell of', async () => {
    const groups = 100;
    const group = (index: number): unknown => ({ index, firstUnit: index, samples: 1, epochs: 1, scorers: ['match'] });
    const manifest = { ...manifestOf(1), units: groups, groups: Array.from({ length: groups }, (_, i) => group(i)) } as Manifest;
    const key = (name: string): string => `test:{${manifest.evaluationId}}:${name}`;
    await ledger.create(manifest, 'accepted', 1);
    await ledger.control(manifest, { action: 'start' });
    for (let i = 0; i < 400; i++) {
      await redis.sadd(key('dirty'), ...Array.from({ length: groups }, (_, g) => g));
      await redis.hset(key('meta'), 'event_at', 0);
      await ledger.control(manifest, { action: 'tell' });
    }
    expect(await redis.memory('USAGE', key('events'), 'SAMPLES', 0)).toBeLessThan(1.5 * 1024 ** 2);
    const kept = await redis.xrange(key('events'), '-', '+');
    expect(kept.length).toBeGreaterThanOrEqual(30);
    expect(kept.at(-1)![0]).toBe((await ledger.snapshot(manifest.evaluationId))!.cursor);
  });
  it('is made once', async () => {
    const manifest = manifestOf(5);
    expect(await ledger.create(manifest, 'accepted', 1)).toBe(true);
    expect(await ledger.create(manifest, 'running', 2)).toBe(false);
    expect((await ledger.snapshot(manifest.evaluationId))?.state).toBe('accepted');
  });

  it('lets one of two planners win', async () => {
    const { evaluationId } = await started(10);
    const tasks = [{ group: 0, route: 0, first: 0, end: 10, traceparent: '' }];
    expect(await ledger.plan(evaluationId, 0, tasks, [[0, 10]])).toBe(0);
    expect(await ledger.plan(evaluationId, 0, tasks, [[0, 10]])).toBeUndefined();
    expect(await ledger.tasks(evaluationId)).toHaveLength(1);
  });

  it('says how long a task has been in its state by the clock that stamped it', async () => {
    const { evaluationId } = await held(4);
    const key = `test:{${evaluationId}}:tasks`;
    const task = JSON.parse((await redis.hget(key, '0'))!) as { at: number };
    await redis.hset(key, '0', JSON.stringify({ ...task, at: task.at - 3_600_000 }));
    const { ageMs } = (await ledger.task(evaluationId, 0))!;
    expect(ageMs).toBeGreaterThanOrEqual(3_600_000);
    expect(ageMs).toBeLessThan(3_660_000);
    expect(await ledger.task(evaluationId, 1)).toBeUndefined();
  });

  it('refuses a lost lease, and answers a repeated grant and report as before', async () => {
    const { evaluationId } = await started(4);
    await ledger.plan(evaluationId, 0, [{ group: 0, route: 0, first: 0, end: 4, traceparent: '' }], [[0, 4]]);
    const grant = (attemptId: string, incarnation = 1) => ledger.grant(evaluationId, 'ag_1', [{ sequence: 0, incarnation, attemptId }]);
    const commit = (attemptId: string, units: number[]) =>
      ledger.commit(evaluationId, [{ sequence: 0, attemptId, agentId: 'ag_1', totalMs: 1, units: units.map((u) => unit(u, 4)) }]);
    expect((await grant('A'))[0]).toMatchObject({ answer: 'granted', units: [0, 1, 2, 3] });
    expect((await grant('A'))[0]).toMatchObject({ answer: 'granted', units: [0, 1, 2, 3] });
    expect((await grant('B'))[0]).toMatchObject({ answer: 'stale' });
    expect((await commit('A', [0])).verdicts).toEqual([{ refused: [], late: [], taskOver: false }]);
    const lost = await ledger.release(evaluationId, [{ sequence: 0, kind: 'lost', attemptId: 'A' }]);
    expect(lost).toEqual([{ answer: 'queued', incarnation: 2 }]);
    expect((await commit('A', [1])).verdicts[0]!.refused).not.toEqual([]);
    expect((await grant('C', 1))[0]).toMatchObject({ answer: 'stale' });
    expect((await grant('C', 2))[0]).toMatchObject({ answer: 'granted', units: [1, 2, 3] });
    expect((await commit('A', [1])).verdicts[0]!.refused).not.toEqual([]);
    expect((await commit('C', [1, 2, 3])).verdicts).toEqual([{ refused: [], late: [], taskOver: true }]);
    expect((await commit('C', [1, 2, 3])).verdicts[0]!.refused).toEqual([]);
    expect((await ledger.snapshot(evaluationId))!.counts).toEqual([8, 4, 0, 0, 0, 0]);
  });

  it('gives a task up after three crashes, not after three losses', async () => {
    const manifest = await started(2);
    const { evaluationId } = manifest;
    await ledger.plan(evaluationId, 0, [{ group: 0, route: 0, first: 0, end: 2, traceparent: '' }], [[0, 2]]);
    let incarnation = 1;
    const turn = async (kind: 'lost' | 'crash'): Promise<string> => {
      await ledger.grant(evaluationId, 'ag_1', [{ sequence: 0, incarnation, attemptId: `${kind}${incarnation}` }]);
      const [answer] = await ledger.release(evaluationId, [{ sequence: 0, kind, attemptId: `${kind}${incarnation}` }]);
      incarnation = answer!.incarnation;
      return answer!.answer;
    };
    for (let i = 0; i < 3; i++) expect(await turn('lost')).toBe('queued');
    expect(await turn('crash')).toBe('queued');
    expect(await turn('crash')).toBe('queued');
    expect(await turn('crash')).toBe('doomed');
    // Nothing is dead before the journal says so; nobody is given it meanwhile.
    expect((await ledger.snapshot(evaluationId))!).toMatchObject({
      counts: [4, 0, 0, 0, 0, 0],
      setbacks: { crashes: 3, losses: 3, returns: 0 },
    });
    expect((await ledger.looks([evaluationId]))[0]).toMatchObject({ doomed: 1 });
    expect((await ledger.grant(evaluationId, 'ag_1', [{ sequence: 0, incarnation, attemptId: 'D' }]))[0]).toMatchObject({
      answer: 'stale',
    });
    expect(await ledger.task(evaluationId, 0)).toMatchObject({ state: 'doomed', setbacks: { crashes: 3, losses: 3 } });
    await ledger.control(manifest, { action: 'begin', command: 'bury', states: ['running'] });
    expect(await ledger.close(manifest, [[0, 2]], 6, 'bury')).toBe(2);
    await ledger.control(manifest, { action: 'end', command: 'bury', reason: '' });
    expect((await ledger.snapshot(evaluationId))!.counts).toEqual([4, 0, 0, 0, 0, 2]);
    expect((await ledger.looks([evaluationId]))[0]).toMatchObject({ doomed: 0 });
    expect(await ledger.task(evaluationId, 0)).toBeUndefined();
  });

  it('does not end what drains before its dead letters are written down', async () => {
    const manifest = await started(2);
    const { evaluationId } = manifest;
    const state = async (): Promise<string> => (await ledger.snapshot(evaluationId))!.state;
    await ledger.plan(evaluationId, 0, [{ group: 0, route: 0, first: 0, end: 2, traceparent: '' }], [[0, 2]]);
    for (const [i, attemptId] of ['A', 'B', 'C'].entries()) {
      await ledger.grant(evaluationId, 'ag_1', [{ sequence: 0, incarnation: i + 1, attemptId }]);
      if (i === 2) await ledger.control(manifest, { action: 'drain', reason: 'enough' });
      await ledger.release(evaluationId, [{ sequence: 0, kind: 'crash', attemptId, evidence: { agent: 'north' } }]);
    }
    expect(await state()).toBe('running');
    expect(await ledger.task(evaluationId, 0)).toMatchObject({ state: 'doomed', evidence: [{ agent: 'north' }, {}, {}] });
    await ledger.control(manifest, { action: 'begin', command: 'bury', states: ['running'] });
    await ledger.close(manifest, [[0, 2]], 6, 'bury');
    await ledger.control(manifest, { action: 'end', command: 'bury', reason: '' });
    expect(await state()).toBe('finalizing');
    expect((await ledger.snapshot(evaluationId))!.counts).toEqual([4, 0, 0, 0, 2, 2]);
  });

  it('makes a crash of a loss that was one, once', async () => {
    const { evaluationId } = await started(4);
    await ledger.plan(evaluationId, 0, [{ group: 0, route: 0, first: 0, end: 4, traceparent: '' }], [[0, 4]]);
    const late = (attemptId: string): Promise<unknown> =>
      ledger.release(evaluationId, [{ sequence: 0, kind: 'crashed', attemptId, evidence: { agent: 'north' }, suspects: [1] }]);
    for (const [i, attemptId] of ['A', 'B', 'C'].entries()) {
      await ledger.grant(evaluationId, 'ag_1', [{ sequence: 0, incarnation: i + 1, attemptId }]);
      await ledger.release(evaluationId, [{ sequence: 0, kind: 'lost', attemptId }]);
      expect(await late(attemptId)).toEqual([{ answer: i < 2 ? 'noted' : 'doomed', incarnation: i + 2 }]);
      expect(await late(attemptId)).toEqual([{ answer: 'unknown', incarnation: 0 }]);
    }
    expect(await ledger.task(evaluationId, 0)).toMatchObject({
      state: 'doomed',
      open: 1,
      aside: [0, 2, 3],
      setbacks: { crashes: 3, losses: 0 },
      evidence: [{ kind: 'crash', agent: 'north', agentId: 'ag_1' }, {}, {}],
    });
    expect((await ledger.snapshot(evaluationId))!.setbacks).toEqual({ crashes: 3, losses: 0, returns: 0 });
    expect((await ledger.planView({ evaluationId, groups: [] } as never, 1))!.queued).toEqual([0]);
  });

  it('counts a crash that is told before anybody has missed its lease', async () => {
    const { evaluationId } = await held(4);
    const told = { sequence: 0, kind: 'crashed', attemptId: 'A', evidence: { agent: 'north' }, suspects: [1] } as const;
    for (const answer of ['queued', 'unknown']) expect(await ledger.release(evaluationId, [told])).toMatchObject([{ answer }]);
    const evidence = [{ kind: 'crash', agent: 'north', attemptId: 'A' }];
    expect(await ledger.task(evaluationId, 0)).toMatchObject({ open: 1, setbacks: { crashes: 1, losses: 0 }, evidence });
  });

  it('keeps only the suspects of a crash in its task, and plans the others again', async () => {
    const { evaluationId } = await held(4);
    const evidence = { agent: 'north', instanceId: 'i', words: 'sha256:x' };
    const [answer] = await ledger.release(evaluationId, [{ sequence: 0, kind: 'crash', attemptId: 'A', evidence, suspects: [2, 9] }]);
    expect(answer).toEqual({ answer: 'queued', incarnation: 2 });
    expect(await ledger.task(evaluationId, 0)).toMatchObject({
      open: 1,
      aside: [0, 1, 3],
      evidence: [{ ...evidence, attemptId: 'A', agentId: 'ag_1', kind: 'crash' }],
    });
    const granted = await ledger.grant(evaluationId, 'ag_1', [{ sequence: 0, incarnation: 2, attemptId: 'B' }]);
    expect(granted[0]).toMatchObject({ answer: 'granted', units: [2], crashes: 1 });
  });

  it('pauses without losing a task, and cancels exactly what is open', async () => {
    const manifest = await started(3);
    const { evaluationId } = manifest;
    await ledger.plan(
      evaluationId,
      0,
      [
        { group: 0, route: 0, first: 0, end: 3, traceparent: '' },
        { group: 1, route: 0, first: 3, end: 6, traceparent: '' },
      ],
      [
        [0, 3],
        [1, 6],
      ],
    );
    await ledger.grant(evaluationId, 'ag_1', [{ sequence: 0, incarnation: 1, attemptId: 'A' }]);
    await ledger.commit(evaluationId, [{ sequence: 0, attemptId: 'A', agentId: 'ag_1', totalMs: 1, units: [unit(1, 3, null)] }]);
    await ledger.control(manifest, { action: 'pause', reason: '' });
    expect((await ledger.grant(evaluationId, 'ag_1', [{ sequence: 1, incarnation: 1, attemptId: 'B' }]))[0]!.answer).toBe('paused');
    await ledger.control(manifest, { action: 'resume', reason: '' });
    expect((await ledger.task(evaluationId, 1))!).toMatchObject({ state: 'queued', incarnation: 2 });
    expect((await ledger.grant(evaluationId, 'ag_1', [{ sequence: 1, incarnation: 2, attemptId: 'B' }]))[0]!.answer).toBe('granted');
    expect(await ledger.control(manifest, { action: 'cancel', reason: 'enough' })).toMatchObject({ done: true, state: 'finalizing' });
    expect(
      (await ledger.commit(evaluationId, [{ sequence: 1, attemptId: 'B', agentId: 'ag_1', totalMs: 1, units: [unit(4, 3)] }])).verdicts[0]!
        .refused,
    ).not.toEqual([]);
    const snapshot = await ledger.snapshot(evaluationId);
    expect(snapshot!.counts).toEqual([6, 0, 1, 0, 5, 0]);
    expect([...(await ledger.unitCodes(evaluationId, 0, 6))]).toEqual([5, 3, 5, 5, 5, 5]);
    expect(await ledger.control(manifest, { action: 'finish', state: 'cancelled' })).toMatchObject({ done: true, state: 'cancelled' });
    expect(await ledger.control(manifest, { action: 'cancel', reason: '' })).toMatchObject({ done: false, state: 'cancelled' });
  });

  it('agrees with a plain model under any order of commands', async () => {
    const command = fc.oneof(
      fc.record({ do: fc.constant('plan' as const), size: fc.integer({ min: 1, max: 5 }) }),
      fc.record({ do: fc.constant('grant' as const), pick: fc.nat(9) }),
      fc.record({
        do: fc.constant('commit' as const),
        pick: fc.nat(9),
        take: fc.nat(4),
        value: fc.constantFrom(0, 0.5, 1, null),
        stale: fc.boolean(),
      }),
      fc.record({ do: fc.constant('release' as const), pick: fc.nat(9), stale: fc.boolean() }),
      fc.record({ do: fc.constant('restore' as const), unit: fc.nat(23) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 40 }), async (commands) => {
        const size = 12;
        const manifest = await started(size);
        const { evaluationId } = manifest;
        const closed = new Map<number, number | null>();
        const tasks: {
          first: number;
          end: number;
          incarnation: number;
          attempt?: string | undefined;
          before: string[];
          crashes: number;
          over: boolean;
        }[] = [];
        let cursor = 0;
        let attempts = 0;
        for (const c of commands) {
          const live = tasks.filter((t) => !t.over);
          const task = live.length > 0 && 'pick' in c ? live[c.pick % live.length] : undefined;
          const sequence = task ? tasks.indexOf(task) : -1;
          if (c.do === 'plan' && cursor < size) {
            const end = Math.min(size, cursor + c.size);
            const view = await ledger.planView(manifest, 1);
            expect(
              await ledger.plan(evaluationId, view!.version, [{ group: 0, route: 0, first: cursor, end, traceparent: '' }], [[0, end]]),
            ).toBe(tasks.length);
            tasks.push({ first: cursor, end, incarnation: 1, before: [], crashes: 0, over: false });
            cursor = end;
          } else if (c.do === 'grant' && task) {
            const attemptId = `attempt${attempts++}`;
            const [answer] = await ledger.grant(evaluationId, 'ag_1', [{ sequence, incarnation: task.incarnation, attemptId }]);
            const left = Array.from({ length: task.end - task.first }, (_, i) => task.first + i).filter((u) => !closed.has(u));
            if (task.attempt) expect(answer!.answer).toBe('stale');
            else if (left.length === 0) {
              expect(answer!.answer).toBe('done');
              task.over = true;
            } else {
              expect(answer).toMatchObject({ answer: 'granted', units: left });
              task.attempt = attemptId;
            }
          } else if (c.do === 'commit' && task?.attempt) {
            const attemptId = c.stale ? (task.before.at(-1) ?? 'nobody') : task.attempt;
            const units = Array.from({ length: task.end - task.first }, (_, i) => task.first + i).slice(0, c.take + 1);
            const { verdicts } = await ledger.commit(evaluationId, [
              { sequence, attemptId, agentId: 'ag_1', totalMs: 1, units: units.map((u) => unit(u, size, c.value)) },
            ]);
            if (c.stale) expect(verdicts[0]!.refused).toEqual(units.filter((u) => !closed.has(u)));
            else {
              for (const u of units) if (!closed.has(u)) closed.set(u, c.value);
              expect(verdicts[0]!.refused).toEqual([]);
              task.over = verdicts[0]!.taskOver;
            }
          } else if (c.do === 'release' && task?.attempt) {
            const attemptId = c.stale ? (task.before.at(-1) ?? 'nobody') : task.attempt;
            const [answer] = await ledger.release(evaluationId, [{ sequence, kind: 'returned', attemptId }]);
            if (c.stale) expect(answer!.answer).toBe('unknown');
            else {
              task.before.push(task.attempt);
              task.attempt = undefined;
              if (answer!.answer === 'done') task.over = true;
              else expect(answer).toEqual({ answer: 'queued', incarnation: ++task.incarnation });
            }
          } else if (c.do === 'restore') {
            // Only while it is being recovered; nothing is granted meanwhile.
            expect(await ledger.restore(evaluationId, [unit(c.unit, size, 0.25)])).toBe(false);
            await ledger.control(manifest, { action: 'recover', reason: '', generation: 0 });
            expect(await ledger.restore(evaluationId, [unit(c.unit, size, 0.25)])).toBe(true);
            await ledger.control(manifest, { action: 'recovered', generation: 1, state: 'running' });
            if (!closed.has(c.unit)) closed.set(c.unit, 0.25);
            // A recovery leaves no task without open units.
            for (const t of tasks) t.over ||= Array.from({ length: t.end - t.first }, (_, i) => t.first + i).every((u) => closed.has(u));
          }
        }
        const snapshot = (await ledger.snapshot(evaluationId))!;
        const scored = [...closed.values()].filter((v) => v !== null);
        expect(snapshot.counts).toEqual([2 * size, scored.length, closed.size - scored.length, 0, 0, 0]);
        const sums = snapshot.groups.map((g) => g[8]!).reduce((a, b) => a + b, 0);
        expect(sums).toBeCloseTo(
          scored.reduce((a, b) => a + b, 0),
          9,
        );
        const codes = await ledger.unitCodes(evaluationId, 0, 2 * size);
        for (const [u, code] of codes.entries()) expect(code >= 2).toBe(closed.has(u));
        const view = (await ledger.planView(manifest, 1))!;
        expect(view.open).toBe(2 * size - closed.size);
      }),
      { numRuns: 60 },
    );
  });
});

it('neither tells nor changes anything while Redis may have forgotten what was answered; only a mark goes through', async () => {
  const manifest = await started(2);
  let isSettled = false;
  const unsure = new Ledger(redis, 'test', { isSettled: () => isSettled });
  await expect(unsure.snapshot(manifest.evaluationId)).rejects.toMatchObject({ code: 'unavailable' });
  await expect(unsure.control(manifest, { action: 'pause', reason: '' })).rejects.toMatchObject({ code: 'unavailable' });
  expect(await unsure.control(manifest, { action: 'recover', reason: '', generation: 0 })).toMatchObject({ done: true });
  isSettled = true;
  expect(await unsure.snapshot(manifest.evaluationId)).toMatchObject({ state: 'recovering' });
});
