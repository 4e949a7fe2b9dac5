/** What a namespace may cost a day: below the bound, at it, after coordinators are killed and Redis has lost everything, and raised. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectRedis } from '../../coordinator/redis/connect.ts';
import type { AssayClient } from '../../shared/client/client.ts';
import { connect } from '../../shared/client/connect.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { silentLogger } from '../../shared/telemetry/logger.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { mockSpec, sums } from '../support/mock-evaluation.ts';
import { waitFor } from '../support/wait-for.ts';

let fleet: Fleet;
let coordinators: (Process & { address: string })[];
let here: AssayClient;
let there: AssayClient;

beforeAll(async () => {
  fleet = await Fleet.start();
  const prices = join(fleet.dir, 'prices.json');
  await writeFile(
    prices,
    JSON.stringify({ version: 'test', models: [{ match: 'mock/*', inputUsdPerMillion: 1000, outputUsdPerMillion: 1000 }] }),
  );
  const options = { args: ['--sweep-ms', '200', '--prices', prices] };
  coordinators = [await fleet.coordinator(options), await fleet.coordinator(options)];
  here = connect({ addresses: [coordinators[0]!.address] });
  there = connect({ addresses: [coordinators[1]!.address] });
  const models = [{ match: 'mock/*', provider: 'mock', max_connections: 2, options: { latency_ms: 20 } }];
  await fleet.agent('one', [coordinators[0]!.address], { models });
});
afterAll(async () => {
  here.close();
  there.close();
  await fleet.stop();
});

async function submit(client: AssayClient, namespace: string, samples: number, key: string): Promise<string> {
  const digest = await client.uploadBytes(sums(samples), { namespace });
  const spec = mockSpec(digest, { max_task_samples: 1 });
  return (await client.submit({ spec, idempotencyKey: key, namespace })).evaluation.evaluationId;
}
const refusalOf = (run: Promise<unknown>): Promise<AppError | undefined> => run.then(() => undefined, AppError.from);
const succeeded = (id: string): Promise<unknown> =>
  waitFor(async () => (await here.get(id).catch(() => undefined))?.state === 'succeeded', { what: `the end of ${id}`, timeoutMs: 60_000 });
const used = async (client: AssayClient): Promise<number> => (await client.namespace('costly')).usage!.costMicroUsd;

test('up to the bound, not beyond it, over all losses, and on when it is raised', async () => {
  await here.setNamespace('costly', { maxCostPerDayMicroUsd: 1e9 });
  await succeeded(await submit(here, 'costly', 4, 'first'));
  await waitFor(async () => (await used(here)) > 0, { what: 'a cost' });
  const first = await used(here);

  await here.setNamespace('costly', { maxCostPerDayMicroUsd: first + 1 });
  const id = await submit(here, 'costly', 100, 'second');
  for (const client of [here, there]) {
    await waitFor(async () => (await used(client)) > first, { what: 'the bound to be reached' });
    expect(await refusalOf(submit(client, 'costly', 1, 'refused'))).toMatchObject({ reason: 'NAMESPACE_QUOTA' });
  }
  const refusal = await refusalOf(submit(here, 'costly', 1, 'refused'));
  expect(refusal).toMatchObject({ code: 'resource_exhausted', details: { namespace: 'costly', quota: 'max-cost-per-day' } });
  expect(refusal!.message).toMatch(/wait until the day ends \(\d{4}-\d{2}-\d{2}T00:00:00\.000Z\), or ask an administrator for more/);
  const blocked = async (): Promise<boolean> =>
    (await here.why({ evaluationId: id })).reasons.some(({ code, effect }) => code === 'namespace_bound' && effect === 'blocks');
  await waitFor(blocked, { what: 'the reason' });
  const { counts } = await here.get(id);
  expect(counts.scored, 'what ran is finished, no more is begun').toBeLessThan(100);
  await waitFor(async () => (await used(there)) === (await used(here)), { what: 'one sum' });
  const spent = await used(there);
  await succeeded(await submit(here, 'others', 4, 'others'));

  for (const coordinator of coordinators) await coordinator.kill9();
  const redis = await connectRedis(fleet.redis.url, 'test', silentLogger());
  await redis.flushall();
  redis.disconnect();
  for (const coordinator of coordinators) await coordinator.start();
  await waitFor(async () => (await used(here).catch(() => -1)) >= spent, { what: 'the sum as it was' });
  await waitFor(async () => (await refusalOf(submit(there, 'costly', 1, 'refused')))?.reason === 'NAMESPACE_QUOTA', { what: 'a refusal' });
  await waitFor(() => blocked().catch(() => false), { what: 'the reason again', timeoutMs: 30_000 });
  expect((await here.get(id)).counts.scored).toBe(counts.scored);

  await here.setNamespace('costly', { maxCostPerDayMicroUsd: 1e9 });
  await succeeded(id);
  expect(await used(here)).toBeGreaterThan(spent);
}, 120_000);
