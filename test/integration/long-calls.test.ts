/** A call that takes many times the lease is made once, whatever happens to the coordinator meanwhile. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkBooks } from '../support/books.ts';
import { Fleet } from '../support/fleet.ts';
import { mockSpec, sums, watchAll } from '../support/mock-evaluation.ts';
import { chatAnswer, latency, ModelEndpoint } from '../support/model-endpoint.ts';
import { waitFor } from '../support/wait-for.ts';

const LEASE_MS = 1_000;
const CALL_MS = 20 * LEASE_MS;
const TIMES = { args: ['--lease-ms', String(LEASE_MS), '--heartbeat-ms', '250'] };

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

test('one call of 20 leases, with the coordinator killed and started again in its middle', async () => {
  const coordinator = await fleet.coordinator(TIMES);
  const client = fleet.client(coordinator.address);
  const agent = { models: [{ match: 'openai/*', provider: 'openai', base_url: endpoint.url, max_connections: 2 }] };
  await Promise.all([fleet.agent('a', [coordinator.address], agent), fleet.agent('b', [coordinator.address], agent)]);
  const digest = await client.uploadBytes(sums(1));
  const { evaluation } = await client.submit({ spec: mockSpec(digest, { models: [{ model: 'openai/slow' }] }), idempotencyKey: 'long' });
  await waitFor(() => endpoint.calls.length === 1, { what: 'the call' });
  const { startedAt } = endpoint.calls[0]!;
  await waitFor(() => Date.now() - startedAt > CALL_MS / 2, { what: 'its middle', timeoutMs: CALL_MS });
  await coordinator.kill9();
  await coordinator.start();
  expect((await watchAll(client, evaluation.evaluationId)).at(-1)).toMatchObject({ kind: 'state', state: 'succeeded' });
  expect(endpoint.calls).toMatchObject([{ ok: true }]);
  const report = await checkBooks(client, evaluation.evaluationId);
  expect(report).toMatchObject({ units: { total: 1, scored: 1 }, usage: { calls: 1, retries: 0 }, results: [{ metrics: { accuracy: 1 } }] });
  expect(report.timing.modelMsTotal).toBeGreaterThanOrEqual(CALL_MS);
});

test('the same without a kill: leases are renewed, however long the call', async () => {
  const coordinator = await fleet.coordinator(TIMES);
  const client = fleet.client(coordinator.address);
  const agent = { models: [{ match: 'openai/*', provider: 'openai', base_url: endpoint.url, max_connections: 2 }] };
  await Promise.all([fleet.agent('a', [coordinator.address], agent), fleet.agent('b', [coordinator.address], agent)]);
  const digest = await client.uploadBytes(sums(3));
  const { evaluation } = await client.submit({ spec: mockSpec(digest, { models: [{ model: 'openai/slow' }] }), idempotencyKey: 'long' });
  expect((await watchAll(client, evaluation.evaluationId)).at(-1)).toMatchObject({ kind: 'state', state: 'succeeded' });
  expect(endpoint.calls).toHaveLength(3);
  await checkBooks(client, evaluation.evaluationId);
});
