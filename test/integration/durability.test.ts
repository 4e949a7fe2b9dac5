/** What acknowledgements are worth: a class that was demanded is reached, refused at once, or said not to be known. */
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Barrier } from '../../coordinator/redis/barrier.ts';
import { onePrimary } from '../../coordinator/redis/primaries.ts';
import type { AssayClient } from '../../shared/client/client.ts';
import { connect } from '../../shared/client/connect.ts';
import { parseDurability, type Durability } from '../../shared/domain/durability.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { mockSpec, sums } from '../support/mock-evaluation.ts';
import { redisVersion } from '../support/redis.ts';
import { startRedisPair, type RedisPair } from '../support/redis-pair.ts';
import { waitFor } from '../support/wait-for.ts';

const REPLICATED: Durability = { class: 'replicated', replicas: 1 };
const hasWaitAof = Number(redisVersion().split('.').slice(0, 2).join('.')) >= 7.2;

let pair: RedisPair;
let fleet: Fleet;
let coordinator: Process & { address: string };
const clients: AssayClient[] = [];
beforeAll(async () => {
  pair = await startRedisPair();
  fleet = await Fleet.on({ ...pair.primary, stop: pair.stop });
  coordinator = await fleet.coordinator();
});
afterAll(async () => {
  for (const client of clients) client.close();
  await fleet?.stop();
});

/** A client that demands a class; it gives up soon. */
function demanding(text?: string, address = coordinator.address): AssayClient {
  const client = connect({ addresses: [address], patienceMs: 500, ...(text ? { durability: parseDurability(text)! } : {}) });
  clients.push(client);
  return client;
}

async function submit(client: AssayClient, key: string): ReturnType<AssayClient['submit']> {
  return client.submit({ spec: mockSpec(await client.uploadBytes(sums(4))), idempotencyKey: key });
}

test('without a demand an answer says what the settings of Redis give', async () => {
  const client = demanding();
  const { evaluation, durability } = await submit(client, 'plain');
  expect(durability).toEqual({ class: 'buffered', replicas: 0 });
  expect(await client.pause({ evaluationId: evaluation.evaluationId })).toMatchObject([
    { changed: true, durability: { class: 'buffered' } },
  ]);
  for await (const { coordinators } of client.watchCluster()) {
    expect(coordinators[0]!.durability).toEqual({ class: 'buffered', replicas: 0 });
    break;
  }
  expect(coordinator.output).toMatch(/"durability":"buffered".*"replicas":1.*durability of acknowledgements/);
});

test('a replica that is demanded is waited for: by a submit and every command, also by one that finds nothing to do', async () => {
  const client = demanding('replicated:1');
  const { evaluation, durability } = await submit(client, 'replicated');
  const { evaluationId } = evaluation;
  expect(durability).toEqual(REPLICATED);
  expect(await submit(client, 'replicated')).toMatchObject({ existed: true, durability: REPLICATED });
  expect(await client.pause({ evaluationId })).toMatchObject([{ changed: true, durability: REPLICATED }]);
  expect(await client.pause({ evaluationId })).toMatchObject([{ changed: false, durability: REPLICATED }]);
  expect(await client.resume({ evaluationId })).toMatchObject([{ changed: true, durability: REPLICATED }]);
  expect(await client.update(evaluationId, { priority: 2 })).toMatchObject({ priority: 2, durability: REPLICATED });
  expect(await client.skip(evaluationId, { units: [0] })).toMatchObject({ skipped: 1, durability: REPLICATED });
  expect(await client.skip(evaluationId, { units: [0] })).toMatchObject({ skipped: 0, durability: REPLICATED });
  expect(await client.requeue(evaluationId, { states: ['cancelled'] })).toMatchObject({ requeued: 1, durability: REPLICATED });
  expect(await client.cancelAll({ evaluationId })).toMatchObject([{ changed: true, durability: REPLICATED }]);
  await waitFor(async () => (await client.get(evaluationId)).finishedAtMs > 0, { what: 'its end' });
  expect(await client.requeue(evaluationId, { states: ['cancelled'] })).toMatchObject({ requeued: 4, durability: REPLICATED });
  await client.cancelAll({ evaluationId });
  await waitFor(async () => (await client.get(evaluationId)).finishedAtMs > 0, { what: 'its second end' });
  expect(await client.delete({ evaluationId })).toMatchObject([{ changed: true, durability: REPLICATED }]);
});

test('what the settings cannot reach is refused before anything is written', async () => {
  const refused = async (text: string): Promise<unknown> => submit(demanding(text), `refused ${text}`).catch((error: unknown) => error);
  expect(await refused('replicated:2')).toMatchObject({ code: 'failed_precondition', reason: 'DURABILITY_UNREACHABLE' });
  expect((await submit(demanding(), 'refused replicated:2')).existed).toBe(false);
});

test.skipIf(hasWaitAof)('without WAITAOF (before Redis 7.2) the disks of replicas are refused', async () => {
  const error: unknown = await submit(demanding('replicated_fsynced:1'), 'no WAITAOF').catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'failed_precondition', reason: 'DURABILITY_UNREACHABLE' });
});

test.skipIf(!hasWaitAof)('with WAITAOF (Redis 7.2) the disks of replicas are waited for', async () => {
  const client = demanding('replicated_fsynced:1');
  const { evaluation, durability } = await submit(client, 'WAITAOF');
  expect(durability).toEqual({ class: 'replicated_fsynced', replicas: 1 });
  await client.cancel(evaluation.evaluationId);
});

test('a replica that does not get it: the answer is not known; the same call again finds what was written', async () => {
  const client = demanding('replicated:1');
  await client.uploadBytes(sums(4));
  pair.link.stall('down');
  const error: unknown = await submit(client, 'stalled').catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'unavailable', details: { indeterminate: 'true', required: 'replicated:1' } });
  const plain = demanding();
  expect(await submit(plain, 'stalled')).toMatchObject({ existed: true, durability: { class: 'buffered' } });
  pair.link.heal();
  await waitFor(async () => (await submit(client, 'stalled')).durability?.class === 'replicated', { what: 'the replica' });
  expect((await plain.list()).items.filter(({ state }) => state === 'running')).toHaveLength(2);
});

test('a coordinator that is set to it makes every answer wait', async () => {
  const strict = await fleet.coordinator({ args: ['--durability', 'replicated:1'] });
  expect((await submit(demanding(undefined, strict.address), 'strict')).durability).toEqual(REPLICATED);
  await strict.signal('SIGTERM');
});

test('who waits together shares one WAIT; a write that the server does not hold is not taken for kept', async () => {
  const [writing, waiting] = [new Redis({ port: pair.primary.port }), new Redis({ port: pair.primary.port })];
  const barrier = new Barrier(onePrimary(waiting), 'test', systemClock);
  const calls = async (): Promise<number> => Number(/cmdstat_wait:calls=(\d+)/.exec(await writing.info('commandstats'))?.[1] ?? 0);
  try {
    const ids = Array.from({ length: 200 }, (_, i) => `e${i}`);
    for (const id of ids) await writing.hset(`test:{${id}}:meta`, 'told', `name-${id} `, 'generation', 3);
    const before = await calls();
    const reached = await Promise.all(ids.map((id) => barrier.pass(id, { kind: 'command', name: `name-${id}` }, REPLICATED)));
    expect(reached.every(({ class: own, replicas }) => own === 'replicated' && replicas === 1)).toBe(true);
    expect((await calls()) - before).toBeLessThan(10);
    await barrier.pass('e0', { kind: 'there', generation: 3 }, REPLICATED);
    await barrier.pass('nowhere', { kind: 'gone' }, REPLICATED);
    for (const witness of [{ kind: 'command', name: 'other' }, { kind: 'there', generation: 4 }, { kind: 'gone' }] as const)
      await expect(barrier.pass('e0', witness, REPLICATED)).rejects.toMatchObject({
        code: 'unavailable',
        details: { indeterminate: 'true' },
        message: expect.stringContaining('does not hold it any more'),
      });
  } finally {
    for (const redis of [writing, waiting]) redis.disconnect();
  }
});
