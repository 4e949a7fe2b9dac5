/** A fleet whose store is in S3: Redis is wiped and the coordinator killed in the middle, and every sample is counted once. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Blow } from '../support/books.ts';
import { TestS3 } from '../support/s3-server.ts';
import { finished, Victim } from '../support/victim.ts';
import { waitFor } from '../support/wait-for.ts';

let s3: TestS3;
let victim: Victim;
beforeAll(async () => {
  s3 = await TestS3.start();
  victim = await Victim.start({ args: ['--store', s3.url('fleet')] });
});
afterAll(async () => {
  await victim?.stop();
  await s3?.stop();
});

test('Redis is wiped, then the coordinator killed: what was counted is not run again, and the report is right', async () => {
  await victim.agents('a', 'b');
  const id = await victim.submit();
  const blows: Blow[] = [];
  await victim.until(id, 0.2);
  blows.push(await victim.ledger.strike(id, 'wipe', () => victim.ledger.flushAll()));
  await waitFor(async () => (await victim.client.get(id)).state === 'running', { what: 'the recovery', timeoutMs: 30_000 });
  await victim.until(id, 0.6);
  blows.push(await victim.ledger.strike(id, 'coordinator', () => victim.coordinator.kill9()));
  await victim.coordinator.start();
  expect(await finished(victim, id, blows)).toMatchObject({ ofCounted: 0 });
});

test('it is listed and read without Redis, and leaves nothing but its log when it is deleted', async () => {
  const { client } = victim;
  const [found] = (await client.list({}, { size: 10 })).items;
  expect(found).toMatchObject({ state: 'succeeded' });
  await victim.ledger.flushAll();
  const { evaluationId } = found!;
  const lines: number[] = [];
  for await (const { unit } of client.results(evaluationId)) lines.push(unit);
  expect(lines).toEqual(Array.from({ length: (await client.report(evaluationId)).units.total }, (_, i) => i));
  await client.delete({ evaluationId });
  const keys = (await s3.keys('fleet')).filter((key) => !/^(audit|content|claims|switches\/(retention|content|lease-keys))\//.test(key));
  expect(keys.filter((key) => key !== 'store.json' && !key.startsWith(`evaluations/${evaluationId}/log/`))).toEqual([]);
});
