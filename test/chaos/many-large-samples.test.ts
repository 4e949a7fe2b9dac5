/** More samples of 20 MiB at once than a stream may queue: they reach the agent one after the other, in bounded memory. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startChatServer, type ChatServer } from '../support/chat-server.ts';
import { Fleet } from '../support/fleet.ts';
import { mockSpec, sums, watchAll } from '../support/mock-evaluation.ts';

const MIB = 1024 * 1024;
const SAMPLES = 16;
/** All samples together have 320 MiB; what waits for one agent has a fraction of it. */
const MAX_COORDINATOR_MIB = 600;

let fleet: Fleet;
let model: ChatServer;
beforeAll(async () => {
  fleet = await Fleet.start();
  model = await startChatServer(() => 'y');
});
afterAll(async () => {
  await fleet?.stop();
  await model?.stop();
});

test('16 connections, 16 prompts of 20 MiB: each is called once', async () => {
  const coordinator = await fleet.coordinator();
  await fleet.agent('one', [coordinator.address], {
    models: [{ match: 'openai/*', provider: 'openai', base_url: model.url, stream: false, max_connections: SAMPLES }],
  });
  const client = fleet.client(coordinator.address);
  const digest = await client.uploadBytes(sums(SAMPLES, (i) => ({ input: `${i} `.repeat(10 * MIB).slice(0, 20 * MIB), target: 'y' })));
  const benchmarks = [
    { benchmark: 'large', dataset: { uri: 'file:large.jsonl', digest, fields: { id: 'id' } }, scorers: [{ name: 'includes' }] },
  ];
  const { evaluation } = await client.submit({
    spec: mockSpec(digest, { benchmarks, models: [{ model: 'openai/large' }] }),
    idempotencyKey: 'many',
  });
  expect((await watchAll(client, evaluation.evaluationId)).at(-1)).toMatchObject({ kind: 'state', state: 'succeeded' });
  expect(model.calls).toHaveLength(SAMPLES);
  expect(coordinator.output).not.toMatch(/lease expired|does not read|did not accept/);
  if (process.platform === 'linux') {
    const peakKib = Number(/VmHWM:\s*(\d+) kB/.exec(await readFile(`/proc/${coordinator.pid}/status`, 'utf8'))![1]);
    expect(peakKib / 1024).toBeLessThan(MAX_COORDINATOR_MIB);
  }
});
