/** A result that was durable and not counted when its attempt was lost, and a recovery that counts it while the next attempt runs. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Catalog } from '../../coordinator/evaluations/catalog.ts';
import { Recovery } from '../../coordinator/evaluations/recovery.ts';
import { SingleFlight } from '../../coordinator/evaluations/single-flight.ts';
import { Ledger } from '../../coordinator/ledger/ledger.ts';
import { redisOptions } from '../../coordinator/redis/options.ts';
import { openDirectoryStore } from '../../coordinator/store/directory-store.ts';
import type { Store } from '../../coordinator/store/store.ts';
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
  path = await mkdtemp(join(tmpdir(), 'overruled-'));
  store = await openDirectoryStore({ path, coordinatorId: 'co_1', clock: systemClock, logger: { warn: () => undefined } });
  await waitFor(() => redis.status === 'ready', { what: 'Redis' });
});
afterEach(async () => {
  redis.disconnect();
  await store.close();
  await Promise.all([server.stop(), rm(path, { recursive: true, force: true })]);
});

test.each([{ units: 2 }, { units: 1 }])('of a task of $units: what the ledger counted wins in the store, too', async ({ units }) => {
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
  const append = (attemptId: string, grant: number, unit: number): Promise<void> => {
    const text = `by ${attemptId}`;
    const content = JSON.stringify({
      unit,
      sampleId: unit + 1,
      epoch: 1,
      outcome: 'scored',
      completion: text,
      scores: [{ scorer: 'exact', value: 1, number: 1, answer: text }],
      usage: { inputTokens: 1, outputTokens: 1 },
      timing: { startedAt: 1, modelMs: 1, totalMs: 1 },
      calls: 1,
      retries: 0,
    });
    const results = [{ unit, content: Buffer.from(content) }];
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
  const index = await store.openResults(evaluationId);
  const winners: string[] = [];
  for await (const { attemptId } of index.results()) winners.push(attemptId);
  await index.close();
  expect(winners).toEqual(['A', 'B'].slice(0, units));
});
