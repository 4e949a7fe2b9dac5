/** Retention on a real fleet: old evaluations go from store and Redis; those that are kept, or still run, stay. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { redisOptions } from '../../coordinator/redis/options.ts';
import type { AssayClient } from '../../shared/client/client.ts';
import type { StoreStatus } from '../../shared/client/types.ts';
import { cliHome, type CliHome } from '../support/cli.ts';
import { Fleet } from '../support/fleet.ts';
import { mockSpec, sums, watchAll } from '../support/mock-evaluation.ts';
import { codeOf } from '../support/store-fixtures.ts';
import { waitFor } from '../support/wait-for.ts';

/** A round of retention comes with every sixtieth sweep. */
const SETTINGS = ['--sweep-ms', '30', '--keep-evaluations', '2', '--keep-ledger', '1h', '--keep-ledgers', '2'];

let fleet: Fleet;
let cli: CliHome;
let client: AssayClient;
let addresses: string[];
let redis: Redis;
beforeAll(async () => {
  [fleet, cli] = await Promise.all([Fleet.start(), cliHome()]);
  const coordinators = [await fleet.coordinator({ args: SETTINGS }), await fleet.coordinator({ args: SETTINGS })];
  addresses = coordinators.map(({ address }) => address);
  client = fleet.client(addresses[0]!);
  redis = new Redis(redisOptions(fleet.redis.url));
  await fleet.agent('mock', addresses, { models: [{ match: 'mock/one', provider: 'mock' }] });
});
afterAll(async () => {
  redis.disconnect();
  await cli.dispose();
  await fleet.stop();
});

async function submit(key: string, more: Record<string, unknown> = {}): Promise<string> {
  const digest = await client.uploadBytes(sums(5));
  return (await client.submit({ spec: mockSpec(digest, { name: key, ...more }), idempotencyKey: key })).evaluation.evaluationId;
}
async function finished(key: string): Promise<string> {
  const id = await submit(key);
  await watchAll(client, id);
  return id;
}
const isThere = (id: string): boolean => existsSync(join(fleet.store, 'evaluations', id));
async function status(): Promise<StoreStatus> {
  for await (const { store } of client.watchCluster()) if (store) return store;
  throw new Error('no picture came');
}

test('the oldest finished go beyond the bound; kept and running ones do not', async () => {
  const running = await submit('running', { models: [{ model: 'openai/nobody' }] });
  const kept = await finished('kept');
  expect((await client.update(kept, { keep: true })).keep).toBe(true);
  const ids: string[] = [];
  for (let i = 0; i < 4; i++) ids.push(await finished(`old-${i}`));
  await waitFor(async () => !isThere(ids[0]!) && !isThere(ids[1]!), { what: 'the oldest two to go', timeoutMs: 30_000 });
  expect(await codeOf(client.get(ids[0]!))).toBe('not_found');
  // The lock under which it went is given back a moment later.
  await waitFor(async () => (await redis.keys(`*${ids[1]!}*`)).length === 0, { what: 'its keys to go' });
  expect([running, kept, ids[2]!, ids[3]!].map(isThere)).toEqual([true, true, true, true]);
  const { ttl, list } = { ttl: await redis.ttl(`assay:{${ids[3]!}}:meta`), list: (await client.list()).items.map((e) => e.evaluationId) };
  expect(ttl).toBeGreaterThan(3000);
  expect(ttl).toBeLessThanOrEqual(3600);
  expect(list.toSorted()).toEqual([running, kept, ids[2]!, ids[3]!].toSorted());

  // Of three that are over Redis knows the two that ended last; the store answers for the third.
  const known = (id: string): Promise<number> => redis.exists(`assay:{${id}}:meta`);
  await waitFor(async () => (await known(kept)) === 0, { what: 'the oldest ledger to go' });
  expect(await Promise.all([running, ids[2]!, ids[3]!].map(known))).toEqual([1, 1, 1]);
  expect(await client.get(kept)).toMatchObject({ state: 'succeeded', counts: { total: 5, scored: 5 }, keep: true });
  await waitFor(async () => (await status()).finished === 2, { what: 'the status to say so', timeoutMs: 30_000 });
  const said = await status();
  expect(said).toMatchObject({ finished: 2, kept: 1, policy: { keepEvaluations: 2 }, lastRemoved: { evaluationId: ids[1]! } });
  expect(said.keptBytes).toBeGreaterThan(500);
  expect(said.freeBytes).toBeGreaterThan(0);
  const { stdout } = await cli.inside(['cluster', '--once', '--address', addresses[1]!]);
  expect(stdout).toMatch(/store: 3 finished evaluations with .*, 1 kept for ever, .* free of/);
  expect(stdout).toContain(`place: directory, ${said.place!}\n`);
  expect(stdout).toMatch(/keeps: of finished evaluations the last 2/);
  expect(stdout).toMatch(new RegExp(`removed last: ${ids[1]!} .*keep_evaluations`));
  expect(stdout).toMatch(/^limits: of every coordinator\n\nOne call\nmessage_bytes +4 MiB {2}one message by gRPC$/m);
}, 120_000);

test('one that is kept is not deleted either, until it is let go', async () => {
  const { items } = await client.list();
  const kept = items.find((e) => e.keep)!;
  expect(kept.storedBytes).toBeGreaterThan(500);
  expect(await codeOf(client.delete({ evaluationId: kept.evaluationId }))).toBe('failed_precondition');
  expect(await client.delete({ filter: { name: 'kept' } })).toMatchObject([
    { changed: false, problem: expect.stringContaining('--no-keep') },
  ]);
  expect(isThere(kept.evaluationId)).toBe(true);
  const letGo = await cli.inside(['update', kept.evaluationId, '--no-keep', '--json', '--address', addresses[0]!]);
  expect(JSON.parse(letGo.stdout)).toMatchObject({ keep: false });
  // The oldest beyond the bound now.
  await waitFor(() => !isThere(kept.evaluationId), { what: 'it to go', timeoutMs: 30_000 });
}, 60_000);
