/** One model call of five and a half minutes, with the lease times of production. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkBooks } from '../support/books.ts';
import { Fleet } from '../support/fleet.ts';
import { mockSpec, sums, watchAll } from '../support/mock-evaluation.ts';
import { chatAnswer, latency, ModelEndpoint } from '../support/model-endpoint.ts';

const CALL_MS = 330_000;

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

test('a call of 330 s is made once', async () => {
  const { address } = await fleet.coordinator({ args: [] });
  const client = fleet.client(address);
  const agent = { models: [{ match: 'openai/*', provider: 'openai', base_url: endpoint.url, max_connections: 2 }] };
  await Promise.all([fleet.agent('a', [address], agent), fleet.agent('b', [address], agent)]);
  const digest = await client.uploadBytes(sums(1));
  const { evaluation } = await client.submit({ spec: mockSpec(digest, { models: [{ model: 'openai/slow' }] }), idempotencyKey: 'long' });
  expect((await watchAll(client, evaluation.evaluationId)).at(-1)).toMatchObject({ kind: 'state', state: 'succeeded' });
  const report = await checkBooks(client, evaluation.evaluationId);
  console.log(
    JSON.stringify({ test: 'a call of 330 s', calls: endpoint.calls.length, usage: report.usage, durationMs: report.timing.durationMs }),
  );
  expect(endpoint.calls).toMatchObject([{ ok: true }]);
  expect(report).toMatchObject({ units: { total: 1, scored: 1 }, usage: { calls: 1, retries: 0 } });
});
