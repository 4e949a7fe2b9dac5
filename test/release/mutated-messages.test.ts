/**
 * 200,000 mutated messages to a real coordinator: it lives, answers, says nothing of an internal error, and neither Redis nor the store
 * know of anything that they did not know before.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Fleet, type Process } from '../support/fleet.ts';
import { fuzzCalls, fuzzCodecs } from '../support/fuzz.ts';
import { mockSpec, sums } from '../support/mock-evaluation.ts';

const MESSAGES = 200_000;
/** What good calls leave behind. */
const COMMANDED = /index|\/audit\/|\/switches\/(tokens|join-tokens|namespaces|quarantined-agents)\/|\.reserve$/;
let fleet: Fleet;
let coordinator: Process & { address: string };
beforeAll(async () => {
  fleet = await Fleet.start();
  coordinator = await fleet.coordinator();
});
afterAll(() => fleet.stop());

/**
 * What Redis knows of evaluations, and the files of the store: an agent that says Hello and takes work is no change of either. A call that is still
 * a good one may make a token of either kind or bound a namespace, and is written down; an agent that shows wrong leases is quarantined.
 */
async function state(redis: Redis): Promise<string[]> {
  // Why it does not run is looked at every now and then, whoever asks.
  const keys = (await redis.keys('*:{ev_*')).filter((key) => !key.endsWith(':why')).toSorted();
  const values = await Promise.all(keys.map(async (key) => `${key} ${(await redis.dumpBuffer(key))?.toString('hex')}`));
  const entries = await readdir(fleet.store, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return [...values, ...files.filter((file) => !COMMANDED.test(file)).toSorted()];
}

test(`${MESSAGES} to all methods and both ends of the agent’s stream`, { timeout: 1_800_000 }, async () => {
  const client = fleet.client(coordinator.address);
  // Something to spoil: an evaluation that nobody works on, in a namespace that no mutation hits upon. A filter that is still one may well mean
  // others: that is a command.
  const { evaluationId } = (
    await client.submit({
      spec: mockSpec(await client.uploadBytes(sums(20), { namespace: 'kept-apart' })),
      idempotencyKey: 'k',
      namespace: 'kept-apart',
    })
  ).evaluation;
  await client.pause({ evaluationId });
  const redis = new Redis(fleet.redis.url);
  const before = [await state(redis), await client.get(evaluationId)];
  const seed = Number(process.env['SEED'] ?? Date.now() % 1e9);
  const found = await fuzzCalls(coordinator.address, MESSAGES / 2, seed);
  const decoded = fuzzCodecs(MESSAGES / 2, seed);
  console.log(`seed ${seed}: ${JSON.stringify(found.statuses)}; at the ends of the stream ${JSON.stringify(decoded.statuses)}`);
  expect([found, decoded]).toMatchObject([
    { crashes: [], hangs: [] },
    { crashes: [], hangs: [] },
  ]);
  expect(coordinator.output).not.toContain('internal error');
  expect([await state(redis), await client.get(evaluationId)]).toEqual(before);
  expect(await client.verifyAudit()).toMatchObject({ count: 0, problems: [] });
  redis.disconnect();
});
