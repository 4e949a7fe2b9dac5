/** A cursor names one event, and there is one for every cursor that is told: whatever Redis forgets, and however often a ledger is made anew. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Catalog } from '../../coordinator/evaluations/catalog.ts';
import { Commands } from '../../coordinator/evaluations/commands/commands.ts';
import { Requeue } from '../../coordinator/evaluations/commands/requeue.ts';
import { Submit } from '../../coordinator/evaluations/intake/submit.ts';
import { Finalizer } from '../../coordinator/evaluations/finalizer.ts';
import { Queries } from '../../coordinator/evaluations/reading/queries.ts';
import { Recovery } from '../../coordinator/evaluations/recovery.ts';
import { SingleFlight } from '../../coordinator/evaluations/single-flight.ts';
import { Ledger } from '../../coordinator/ledger/ledger.ts';
import { EventLog } from '../../coordinator/progress/event-log.ts';
import { unpriced } from '../../shared/domain/cost.ts';
import { watchEvaluation } from '../../coordinator/progress/watch.ts';
import { redisOptions } from '../../coordinator/redis/options.ts';
import { openDirectoryStore } from '../../coordinator/store/directory-store.ts';
import type { Store } from '../../coordinator/store/store.ts';
import type { WatchEvent } from '../../shared/client/types.ts';
import { digestOf, evaluationIdOf } from '../../shared/domain/ids.ts';
import { parseSpec, specDigestOf } from '../../shared/domain/spec.ts';
import { unitCode } from '../../shared/domain/states.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { silentLogger } from '../../shared/telemetry/logger.ts';
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
  path = await mkdtemp(join(tmpdir(), 'cursors-'));
  store = await openDirectoryStore({ path, coordinatorId: 'co_1', clock: systemClock, logger: silentLogger() });
  await waitFor(() => redis.status === 'ready', { what: 'Redis' });
});
afterEach(async () => {
  redis.disconnect();
  await store.close();
  await Promise.all([server.stop(), rm(path, { recursive: true, force: true })]);
});

const DEAD = unitCode('dead');

/** An evaluation that runs, and what a coordinator has for it. */
async function running(units: number) {
  const manifest = manifestOf('cursors', units);
  const { evaluationId } = manifest;
  const ledger = new Ledger(redis, 'test');
  const catalog = new Catalog(store, ledger, () => undefined);
  const flight = new SingleFlight(redis, 'test', 'co_1', systemClock);
  const parts = { store, ledger, catalog, clock: systemClock, logger: silentLogger(), flight };
  const recovery = new Recovery({ ...parts, onRecovered: () => undefined });
  const finalizer = new Finalizer({ ...parts, onFinished: () => undefined });
  const queries = new Queries({ store, ledger, catalog, priced: unpriced });
  const log = new EventLog(redis, (id) => ledger.key(id, 'events'), systemClock);
  await store.stage(manifest);
  await ledger.create(manifest, 'accepted', 1);
  await store.markAccepted(evaluationId);
  await ledger.control(manifest, { action: 'start' });
  const watch = (cursor: string, signal: AbortSignal): AsyncIterable<WatchEvent> =>
    watchEvaluation({
      ...{ log, cursor, clock: systemClock, signal },
      source: { manifest, picture: () => queries.picture(evaluationId), head: () => queries.head(evaluationId) },
    });
  const told = async (): Promise<string[]> =>
    (await redis.xrange(ledger.key(evaluationId, 'events'), '-', '+')).map(([cursor, [, json]]) => `${cursor} ${json}`);
  const cursor = async (): Promise<string> => (await ledger.head(evaluationId))!.cursor;
  return { ...parts, manifest, evaluationId, recovery, finalizer, queries, log, watch, told, cursor };
}

test('each recovery is told under its own generation, also one that follows another that was broken off', async () => {
  const { manifest, evaluationId, ledger, queries, log, watch, cursor } = await running(2);
  for (const generation of [2, 3]) await ledger.control(manifest, { action: 'recover', reason: `${generation}`, generation });
  expect((await queries.picture(evaluationId)).cursor).toBe(await cursor());
  expect(await log.after(evaluationId, await cursor())).toEqual([]);
  // One picture, and then what follows.
  const over = new AbortController();
  const seen: string[] = [];
  for await (const event of watch('', over.signal)) {
    seen.push(`${event.kind} ${event.cursor}`);
    if (seen.length === 1) await ledger.control(manifest, { action: 'recovered', generation: 3, state: 'running' });
    if (seen.length === 2) break;
  }
  expect(seen).toEqual(['snapshot 3-4', 'state 3-5']);
});

test('a recovery that Redis has forgotten in part tells nothing under its generation any more', async () => {
  const { manifest, ledger, told } = await running(4);
  await ledger.control(manifest, { action: 'recover', reason: '', generation: 2 });
  const before = await told();
  // Redis comes back as it was by then; the recovery that was under way goes on.
  await ledger.control(manifest, { action: 'recover', reason: 'Redis went back', generation: 0 });
  expect(await ledger.close(manifest, [[0, 1]], DEAD, { generation: 2 })).toBe(1);
  await ledger.control(manifest, { action: 'tell' });
  expect(await told()).toEqual(before);
  await ledger.control(manifest, { action: 'recover', reason: '', generation: 3 });
  expect((await told()).slice(before.length)).toEqual([
    expect.stringMatching(/^3-4 .*"k":"p"/),
    expect.stringMatching(/^3-5 .*"recovering"/),
  ]);
});

/** A store that lets somebody look before it forgets an end. */
const lookingBefore = (look: () => Promise<void>): Store =>
  new Proxy(store, {
    get: (target, name: keyof Store) => {
      const own = (target[name] as (...args: unknown[]) => unknown).bind(target);
      return name === 'reopen' ? async (id: string) => (await look(), own(id)) : own;
    },
  });

/** Everything was given up, and written down so. */
async function ended() {
  const world = await running(2);
  const { manifest, evaluationId, ledger, finalizer, catalog, recovery } = world;
  const known = async () => (await catalog.find(evaluationId))!;
  const commands = new Commands({
    ...world,
    mark: (...args) => recovery.mark(...args),
    acknowledge: async () => ({ class: 'buffered', replicas: 0 }),
  });
  const matchingUnits = async function* (): AsyncGenerator<number> {
    yield 0;
  };
  const quotas = { reopening: <T>(_of: unknown, work: (take: undefined) => Promise<T>) => work(undefined) };
  const nothing = { quotas, onRequeued: () => undefined, onChanged: async () => undefined };
  await ledger.control(manifest, { action: 'cancel', reason: 'enough' });
  await finalizer.finish(evaluationId);
  /** Opens one sample again; `look`: while that is under way. */
  const openedAgain = async (look: () => Promise<void>): Promise<void> => {
    const requeue = new Requeue({ ...world, ...nothing, commands, known, matchingUnits, store: lookingBefore(look) });
    const filter = { states: ['cancelled' as const] };
    expect(await requeue.requeue(evaluationId, filter, 'after all')).toMatchObject({ requeued: 1, state: 'running' });
  };
  return { ...world, openedAgain };
}

test('an evaluation that is opened again when Redis has forgotten it: no cursor of before is led on', async () => {
  const { evaluationId, ledger, log, told, openedAgain } = await ended();
  const before = (await told()).map((entry) => entry.split(' ', 1)[0]!);
  await ledger.forget(evaluationId);
  let looks = 0;
  await openedAgain(async () => {
    looks++;
    expect(await told()).toHaveLength(1);
    const ledOn = await Promise.all(before.map(async (cursor) => [cursor, await log.after(evaluationId, cursor)]));
    expect(ledOn).toEqual(before.map((cursor) => [cursor, undefined]));
  });
  expect(looks).toBe(1);
});

test('one that is opened again: nothing is told under the generation of its end, which Redis might forget', async () => {
  const { told, openedAgain } = await ended();
  const before = await told();
  let looks = 0;
  await openedAgain(async () => {
    looks++;
    expect(await told()).toEqual(before);
  });
  expect(looks).toBe(1);
});

test('the end of what Redis forgets between the picture and its event has no cursor', async () => {
  const { manifest, evaluationId, ledger, log, queries } = await ended();
  const picture = async () => {
    const evaluation = await queries.picture(evaluationId);
    await ledger.forget(evaluationId);
    return evaluation;
  };
  const source = { manifest, picture, head: picture };
  const events: WatchEvent[] = [];
  const { signal } = new AbortController();
  for await (const event of watchEvaluation({ log, source, cursor: '', clock: systemClock, signal })) events.push(event);
  expect(events).toMatchObject([
    { kind: 'snapshot', cursor: '', evaluation: { state: 'cancelled', cursor: '' } },
    { kind: 'state', cursor: '', state: 'cancelled', reason: 'enough' },
  ]);
});

test.each(['running', 'finished'])(
  'a submit that was overtaken makes no ledger in the place of one that Redis has lost: %s',
  async (then) => {
    const spec = {
      name: 's',
      benchmarks: [{ benchmark: 'b', dataset: { uri: 'file:d.jsonl' }, scorers: [{ name: 'exact' }] }],
      models: [{ model: 'mock/m' }],
    };
    const manifest = { ...manifestOf('default/k', 2), specDigest: specDigestOf(parseSpec(spec)), idempotencyKey: 'k' };
    manifest.evaluationId = evaluationIdOf('default', 'k');
    const { evaluationId } = manifest;
    const ledger = new Ledger(redis, 'test');
    const index = Buffer.from('index');
    const content = async function* () {
      yield index;
    };
    await store.putContent(digestOf('index'), content(), index.length);
    await store.stage(manifest);
    /** While this one was on its way: another one was accepted, has run, and Redis was wiped. */
    const meanwhile = async (): Promise<void> => {
      await ledger.create(manifest, 'accepted', 1);
      await store.markAccepted(evaluationId);
      await ledger.control(manifest, { action: 'start' });
      if (then === 'finished') {
        const report = Buffer.from('{}');
        await store.putReport(evaluationId, report);
        await store.markFinished(evaluationId, digestOf(report));
      }
      await redis.flushdb();
    };
    const submit = new Submit({
      ...{ store, ledger, clock: systemClock, logger: silentLogger() },
      quotas: { check: async () => undefined, admit: (_wanted, work) => work(), content: (_namespace, _digest, _bytes, work) => work() },
      datasets: { prepare: () => Promise.reject(new Error('it is there')) },
      admission: {
        check: async () => undefined,
        content: (_bytes, work) => work(),
        admit: async (_size, work) => {
          await meanwhile();
          return work();
        },
      },
      start: async () => void (await ledger.control(manifest, { action: 'start' })),
      onAccepted: () => undefined,
    });
    expect(await submit.submit({ spec, idempotencyKey: 'k', namespace: 'default' })).toMatchObject({ existed: true });
    const [look] = await ledger.looks([evaluationId]);
    if (then === 'finished') expect(look).toBeUndefined();
    // Nothing of it is granted under the numbers of the first one, until it is in line with the store.
    else expect(look).toMatchObject({ state: 'recovering' });
  },
);
