/** A call that takes many times the lease is made once, also when the coordinator dies in its middle. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkBooks } from '../support/books.ts';
import { Fleet } from '../support/fleet.ts';
import { mockSpec, sums, watchAll } from '../support/mock-evaluation.ts';
import { chatAnswer, latency, ModelEndpoint } from '../support/model-endpoint.ts';
import { waitFor } from '../support/wait-for.ts';

const LEASE_MS = 1_000;
const CALL_MS = 20 * LEASE_MS;
const MODELS = ['openai/kept', 'openai/left'];

let fleet: Fleet;
let endpoint: ModelEndpoint;
beforeEach(async () => {
  endpoint = await new ModelEndpoint(async ({ model }, _body, signal) => {
    await latency(CALL_MS, signal);
    return chatAnswer(model, 'The answer is 0');
  }).start();
  fleet = await Fleet.start();
});
afterEach(async () => {
  await fleet.stop();
  await endpoint.stop();
});

test('calls of 20 leases are made once: under a coordinator that lives, and under one that is killed and started again', async () => {
  const times = { args: ['--lease-ms', String(LEASE_MS), '--heartbeat-ms', '250'] };
  const [kept, killed] = await Promise.all([fleet.coordinator(times), fleet.coordinator(times)]);
  const client = fleet.client(kept.address);
  // Idle agents beside the busy ones, so that a task that is given away by mistake is run at once.
  const agents = [
    ['a', kept, 'openai/kept'],
    ['b', kept, 'openai/*'],
    ['c', killed, 'openai/left'],
    ['d', killed, 'openai/left'],
  ] as const;
  await Promise.all(
    agents.map(([name, { address }, match]) =>
      fleet.agent(name, [address], { models: [{ match, provider: 'openai', base_url: endpoint.url, max_connections: 2 }] }),
    ),
  );
  const digest = await client.uploadBytes(sums(1));
  const { evaluation } = await client.submit({
    spec: mockSpec(digest, { models: MODELS.map((model) => ({ model })) }),
    idempotencyKey: 'long',
  });
  await waitFor(() => endpoint.calls.length === 2, { what: 'the calls' });
  const startedAt = Math.max(...endpoint.calls.map((call) => call.startedAt));
  await waitFor(() => Date.now() - startedAt > CALL_MS / 2, { what: 'their middle', timeoutMs: CALL_MS });
  await killed.kill9();
  await killed.start();
  expect((await watchAll(client, evaluation.evaluationId)).at(-1)).toMatchObject({ kind: 'state', state: 'succeeded' });
  expect(endpoint.calls).toMatchObject([{ ok: true }, { ok: true }]);
  const report = await checkBooks(client, evaluation.evaluationId);
  expect(report).toMatchObject({
    units: { total: 2, scored: 2 },
    usage: { calls: 2, retries: 0 },
    results: [{ metrics: { accuracy: 1 } }, { metrics: { accuracy: 1 } }],
  });
  expect(report.timing.modelMsTotal).toBeGreaterThanOrEqual(2 * CALL_MS);
});
