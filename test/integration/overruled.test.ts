/** A result that was durable and not counted when its attempt was lost, and a recovery that counts it while the next attempt runs. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Catalog, type Known } from '../../coordinator/evaluations/catalog.ts';
import { Commands } from '../../coordinator/evaluations/commands/commands.ts';
import { Skip } from '../../coordinator/evaluations/commands/skip.ts';
import { setAside } from '../../coordinator/evaluations/commands/set-aside.ts';
import { Committer } from '../../coordinator/evaluations/committer.ts';
import { Recovery } from '../../coordinator/evaluations/recovery.ts';
import { SingleFlight } from '../../coordinator/evaluations/single-flight.ts';
import { Ledger } from '../../coordinator/ledger/ledger.ts';
import { redisOptions } from '../../coordinator/redis/options.ts';
import { openDirectoryStore } from '../../coordinator/store/directory-store.ts';
import type { Store } from '../../coordinator/store/store.ts';
import { unitCode } from '../../shared/domain/states.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { silentLogger } from '../../shared/telemetry/logger.ts';
import { createMetrics } from '../../shared/telemetry/metrics.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { manifestOf } from '../support/store-fixtures.ts';
import { waitFor } from '../support/wait-for.ts';

let server: TestRedis;
let redis: Redis;
let path: string;
let store: Store;
beforeEach(async () => {
  server = await startRedis();
  redis = new Redis(redisOptions(server.url));
  path = await mkdtemp(join(tmpdir(), 'overruled-'));
  store = await openDirectoryStore({ path, coordinatorId: 'co_1', clock: systemClock, logger: { warn: () => undefined } });
  await waitFor(() => redis.status === 'ready', { what: 'Redis' });
});
afterEach(async () => {
  redis.disconnect();
  await store.close();
  await Promise.all([server.stop(), rm(path, { recursive: true, force: true })]);
});

const contentOf = (unit: number, attemptId: string): Buffer =>
  Buffer.from(
    JSON.stringify({
      unit,
      sampleId: unit + 1,
      epoch: 1,
      outcome: 'scored',
      completion: `by ${attemptId}`,
      scores: [{ scorer: 'exact', value: 1, number: 1, answer: `by ${attemptId}` }],
      usage: { inputTokens: 1, outputTokens: 1 },
      timing: { startedAt: 1, modelMs: 1, totalMs: 1 },
      calls: 1,
      retries: 0,
    }),
  );

/** One task with all units of a running evaluation. */
async function planned(units: number) {
  const manifest = manifestOf('overruled', units);
  const { evaluationId } = manifest;
  const ledger = new Ledger(redis, 'test');
  const catalog = new Catalog(store, ledger, () => undefined);
  const recovery = new Recovery({
    store,
    ledger,
    catalog,
    clock: systemClock,
    logger: silentLogger(),
    flight: new SingleFlight(redis, 'test', 'co_1', systemClock),
    onRecovered: () => undefined,
  });
  await store.stage(manifest);
  await ledger.create(manifest, 'accepted', 1);
  await store.markAccepted(evaluationId);
  await ledger.control(manifest, { action: 'start' });
  await ledger.plan(evaluationId, 0, [{ group: 0, route: 0, first: 0, end: units, traceparent: '' }], [[0, units]]);
  const granted = async (attemptId: string, incarnation: number): Promise<number> => {
    const [answer] = await ledger.grant(evaluationId, `ag_${attemptId}`, [{ sequence: 0, incarnation, attemptId }]);
    return (answer as { grant: number }).grant;
  };
  const winners = async (): Promise<string[]> => {
    const index = await store.openResults(evaluationId);
    const found: string[] = [];
    for await (const { attemptId } of index.results()) found.push(attemptId);
    await index.close();
    return found;
  };
  return { manifest, evaluationId, ledger, catalog, recovery, granted, winners };
}

test.each([{ units: 2 }, { units: 1 }])('of a task of $units: what the ledger counted wins in the store, too', async ({ units }) => {
  const { manifest, evaluationId, ledger, recovery, granted, winners } = await planned(units);
  const append = (attemptId: string, grant: number, unit: number): Promise<void> => {
    const results = [{ unit, content: contentOf(unit, attemptId) }];
    return store.appendResults(evaluationId, [{ taskId: 't', attemptId, agentId: `ag_${attemptId}`, grant, results }]);
  };
  const commit = (attemptId: string, unit: number): ReturnType<Ledger['commit']> =>
    ledger.commit(evaluationId, [
      {
        sequence: 0,
        attemptId,
        agentId: `ag_${attemptId}`,
        units: [{ unit, code: unitCode('scored'), group: 0, retries: 0, values: [1] }],
        totalMs: 1,
      },
    ]);

  // Its coordinator dies between the frame and the count; then its lease runs out.
  await append('A', await granted('A', 1), 0);
  await ledger.release(evaluationId, [{ sequence: 0, attemptId: 'A', kind: 'lost' }]);
  const grant = await granted('B', 2);
  await recovery.mark(manifest, 'Redis was restarted');
  await recovery.recover(evaluationId, 'Redis was restarted');
  expect((await ledger.snapshot(evaluationId))!.counts[1]).toBe(1);

  for (let unit = 0; unit < units; unit++) {
    await append('B', grant, unit);
    expect((await commit('B', unit)).verdicts[0]).toMatchObject({ refused: [], late: [] });
  }
  expect((await ledger.snapshot(evaluationId))!).toMatchObject({ state: 'finalizing', counts: [units, units, 0, 0, 0, 0] });
  expect(await winners()).toEqual(['A', 'B'].slice(0, units));
});

test('refused by a ledger that is lost before that is written down: what the recovery has counted stays in the store', async () => {
  const { manifest, evaluationId, ledger, catalog, recovery, granted, winners } = await planned(1);
  let refused!: () => void;
  let goOn!: () => void;
  const isRefused = new Promise<void>((resolve) => (refused = resolve));
  const isRecovered = new Promise<void>((resolve) => (goOn = resolve));
  const committer = new Committer({
    // Its process is stopped when it is about to write that the result is void.
    store: {
      appendResults: (...args) => store.appendResults(...args),
      appendVoids: async (...args) => {
        refused();
        await isRecovered;
        await store.appendVoids(...args);
      },
    },
    ledger,
    catalog,
    clock: systemClock,
    logger: silentLogger(),
    instruments: createMetrics().instruments,
    onCommitted: () => undefined,
    isSettled: () => true,
    answers: { era: async () => undefined, keep: () => undefined, judged: () => undefined },
    costs: { add: () => undefined },
  });
  const grant = await granted('A', 1);
  await ledger.release(evaluationId, [{ sequence: 0, attemptId: 'A', kind: 'lost' }]);
  await granted('B', 2);
  const results = [{ unit: 0, content: contentOf(0, 'A') }];
  const report = { evaluationId, taskId: 't', sequence: 0, attemptId: 'A', agentId: 'ag_A', grant, results, traceparent: '' };
  const committed = committer.commit(report);
  await isRefused;
  await redis.flushall();
  await recovery.mark(manifest, 'Redis was wiped');
  await recovery.recover(evaluationId, 'Redis was wiped');
  expect((await ledger.snapshot(evaluationId))!.counts[1]).toBe(1);
  goOn();
  expect(await committed).toMatchObject({ lost: true });
  await committer.stop();
  expect(await winners()).toEqual(['A']);
});

function commandsOf(ledger: Ledger, recovery: Recovery): Commands {
  return new Commands({
    store,
    ledger,
    clock: systemClock,
    mark: (...args) => recovery.mark(...args),
    acknowledge: async () => ({ class: 'buffered', replicas: 0 }),
  });
}

test('a result that comes after a cancel is not counted, by no recovery either', async () => {
  const { manifest, evaluationId, ledger, recovery, granted, winners } = await planned(3);
  const commands = commandsOf(ledger, recovery);
  const append = (unit: number, grant: number): Promise<void> => {
    const results = [{ unit, content: contentOf(unit, 'A') }];
    return store.appendResults(evaluationId, [{ taskId: 't', attemptId: 'A', agentId: 'ag_A', grant, results }]);
  };
  const grant = await granted('A', 1);
  await append(0, grant);
  const counted = { unit: 0, code: unitCode('scored'), group: 0, retries: 0, values: [1] };
  await ledger.commit(evaluationId, [{ sequence: 0, attemptId: 'A', agentId: 'ag_A', units: [counted], totalMs: 1 }]);
  const carried = await commands.run((await new Catalog(store, ledger, () => undefined).find(evaluationId))!, {
    states: ['running'],
    record: () => commands.record('cancel', ''),
    apply: async (command) => (await ledger.control(manifest, { action: 'cancel', reason: '', command })).answer,
  });
  expect(carried).toMatchObject({ changed: true, state: 'finalizing' });
  // Twice: whoever cancels once more does no harm.
  for (let times = 0; times < 2; times++) await setAside({ store, ledger, commands }, { manifest });
  expect((await store.controls(evaluationId)).map(({ kind }) => kind)).toEqual(['cancel', 'aside']);
  // Their coordinator dies between the frame and the refusal, and Redis with it.
  await append(1, grant);
  await redis.flushall();
  await recovery.mark(manifest, 'Redis was wiped');
  await recovery.recover(evaluationId, 'Redis was wiped');
  expect((await ledger.snapshot(evaluationId))!).toMatchObject({ state: 'finalizing', counts: [3, 1, 0, 0, 2, 0] });
  expect(await winners()).toEqual(['A']);
});

test('the same after a skip, which is written down once', async () => {
  const { manifest, evaluationId, ledger, catalog, recovery, granted, winners } = await planned(3);
  const commands = commandsOf(ledger, recovery);
  const known = async (): Promise<Known> => (await catalog.find(evaluationId))!;
  const append = (unit: number, grant: number): Promise<void> => {
    const results = [{ unit, content: contentOf(unit, `${grant}`) }];
    return store.appendResults(evaluationId, [{ taskId: 't', attemptId: `${grant}`, agentId: 'ag_A', grant, results }]);
  };
  const parts = { store, ledger, commands, known, clock: systemClock, catalog, recovery };
  let open = [1, 2];
  const matchingUnits = async function* (): AsyncGenerator<number> {
    yield* open;
  };
  const skip = new Skip({ ...parts, matchingUnits, onSkipped: () => (open = []) });
  const grant = await granted('A', 1);
  for (const skipped of [2, 0])
    expect(await skip.skip(evaluationId, { units: [1, 2] }, 'not these')).toMatchObject({ skipped, state: 'running' });
  expect((await store.controls(evaluationId)).filter(({ kind }) => kind === 'aside')).toMatchObject([{ units: [[1, 3]], grant }]);
  // Their coordinator dies between the frame and the refusal, and Redis with it.
  await append(1, grant);
  await append(0, grant);
  await redis.flushall();
  await recovery.mark(manifest, 'Redis was wiped');
  await recovery.recover(evaluationId, 'Redis was wiped');
  expect((await ledger.snapshot(evaluationId))!.counts).toEqual([3, 1, 0, 0, 2, 0]);
  expect(await winners()).toEqual([`${grant}`]);
});

/** Remembers all that Redis holds; the answer brings it back, as a replica does that had not heard the last words of its primary. */
async function rememberedBy(server: Redis): Promise<() => Promise<void>> {
  const kept = await Promise.all((await server.keys('*')).map(async (key) => [key, await server.dumpBuffer(key)] as const));
  return async () => {
    await server.flushall();
    for (const [key, value] of kept) await server.restore(key, 0, value);
  };
}

describe('Redis goes back', () => {
  async function course() {
    const world = await planned(2);
    const { manifest, evaluationId, ledger, recovery, granted } = world;
    const grant = await granted('A', 1);
    const append = (unit: number): Promise<void> =>
      store.appendResults(evaluationId, [
        { taskId: 't', attemptId: 'A', agentId: 'ag_A', grant, results: [{ unit, content: contentOf(unit, 'A') }] },
      ]);
    const commit = (unit: number): ReturnType<Ledger['commit']> =>
      ledger.commit(evaluationId, [
        {
          ...{ sequence: 0, attemptId: 'A', agentId: 'ag_A', totalMs: 1 },
          units: [{ unit, code: unitCode('scored'), group: 0, retries: 0, values: [1] }],
        },
      ]);
    const goBack = await rememberedBy(redis);
    const recover = async (): Promise<readonly number[]> => {
      await recovery.mark(manifest, 'Redis went back');
      await recovery.recover(evaluationId, 'Redis went back');
      const { state, counts } = (await ledger.snapshot(evaluationId))!;
      expect(state).not.toBe('recovering');
      return counts;
    };
    return { ...world, grant, append, commit, goBack, recover };
  }

  test('to before a skip, and counts what was skipped: it is cancelled all the same', async () => {
    const { evaluationId, ledger, catalog, recovery, append, commit, goBack, recover, winners } = await course();
    const commands = commandsOf(ledger, recovery);
    const matchingUnits = async function* (): AsyncGenerator<number> {
      yield 1;
    };
    const parts = { store, ledger, commands, clock: systemClock, catalog, recovery };
    const skip = new Skip({ ...parts, known: async () => (await catalog.find(evaluationId))!, matchingUnits, onSkipped: () => undefined });
    await skip.skip(evaluationId, { units: [1] }, 'not this');
    await goBack();
    for (const unit of [0, 1]) {
      await append(unit);
      await commit(unit);
    }
    expect(await recover()).toEqual([2, 1, 0, 0, 1, 0]);
    expect(await winners()).toEqual(['A']);
    // Recovered under the second generation, and once more under the third; that of the ledger made anew counts its events from the beginning.
    expect((await ledger.head(evaluationId))!.generation).toBe(4);
  });

  test('to before a refusal: what an attempt reports whose results are void is not counted', async () => {
    const { evaluationId, ledger, append, commit, goBack, recover, winners } = await course();
    await append(1);
    await ledger.release(evaluationId, [{ sequence: 0, attemptId: 'A', kind: 'lost' }]);
    expect((await commit(1)).verdicts[0]).toMatchObject({ refused: [1] });
    await store.appendVoids(evaluationId, [{ attemptId: 'A', units: [1], generation: 1 }]);
    await goBack();
    expect(await recover()).toEqual([2, 0, 0, 0, 0, 0]);
    await append(1);
    expect((await commit(1)).verdicts[0]).toMatchObject({ refused: [1] });
    expect(await winners()).toEqual([]);
  });

  test('to before a refusal, and counts what was refused: acknowledged, it stays', async () => {
    const { evaluationId, ledger, append, commit, goBack, recover, winners } = await course();
    await append(1);
    await ledger.release(evaluationId, [{ sequence: 0, attemptId: 'A', kind: 'lost' }]);
    await store.appendVoids(evaluationId, [{ attemptId: 'A', units: [1], generation: 1 }]);
    await goBack();
    expect((await commit(1)).verdicts[0]).toMatchObject({ refused: [] });
    expect(await recover()).toEqual([2, 1, 0, 0, 0, 0]);
    expect(await winners()).toEqual(['A']);
    // Its attempt runs on.
    await append(0);
    expect((await commit(0)).verdicts[0]).toMatchObject({ refused: [] });
    expect(await winners()).toEqual(['A', 'A']);
  });
});
