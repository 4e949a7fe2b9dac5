/**
 * An endpoint that answers every call with 500 for a minute, then is healthy. With the retries of the default, every sample gets its answer;
 * with fewer, samples are errored and never wrong, and a requeue runs them again. Nothing is lost either way.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AssayClient } from '../../shared/client/client.ts';
import { checkBooks } from '../support/books.ts';
import { Fleet } from '../support/fleet.ts';
import { mockSpec, sums, watchAll } from '../support/mock-evaluation.ts';
import { chatAnswer, ModelEndpoint } from '../support/model-endpoint.ts';
import { waitFor } from '../support/wait-for.ts';

const SAMPLES = 200;
const OUTAGE_MS = 60_000;

let fleet: Fleet;
let client: AssayClient;
let endpoint: ModelEndpoint;
/** Of the first call; the outage is counted from it. */
let sickSince: number | undefined;
let refused = 0;
beforeEach(async () => {
  sickSince = undefined;
  refused = 0;
  endpoint = await new ModelEndpoint(async ({ model, prompt, startedAt }) => {
    sickSince ??= startedAt;
    if (startedAt - sickSince >= OUTAGE_MS) return chatAnswer(model, String(2 * Number(/\d+/.exec(prompt)![0])));
    refused++;
    return { status: 500, body: JSON.stringify({ error: { message: 'The server had an error', type: 'server_error' } }) };
  }).start();
  fleet = await Fleet.start();
  const { address } = await fleet.coordinator();
  client = fleet.client(address);
  for (const name of ['one', 'two'])
    await fleet.agent(name, [address], { models: [{ match: 'openai/*', base_url: endpoint.url, max_connections: 16 }] });
});
afterEach(async () => {
  await fleet.stop();
  await endpoint.stop();
});

async function submitted(retry: Record<string, unknown>): Promise<string> {
  const digest = await client.uploadBytes(sums(SAMPLES));
  const spec = mockSpec(digest, { models: [{ model: 'openai/m' }], retry });
  return (await client.submit({ spec, idempotencyKey: 'outage' })).evaluation.evaluationId;
}

async function allRight(id: string): Promise<void> {
  const report = await checkBooks(client, id);
  expect(report.units).toMatchObject({ total: SAMPLES, scored: SAMPLES, errored: 0, dead: 0 });
  expect(report.results[0]!.metrics.accuracy).toBe(1);
}

test('with the retries of the default, every sample is scored right', { timeout: 600_000 }, async () => {
  const id = await submitted({});
  expect((await watchAll(client, id)).at(-1)).toMatchObject({ kind: 'state', state: 'succeeded' });
  await allRight(id);
  console.log(JSON.stringify({ outage: 'outlasted', samples: SAMPLES, refused, tookMs: Date.now() - sickSince! }));
});

test('with few retries none is scored wrong, and those that are errored run again', { timeout: 400_000 }, async () => {
  const id = await submitted({ max_retries: 2 });
  await watchAll(client, id);
  const before = await checkBooks(client, id);
  expect(before.units.errored).toBeGreaterThan(0);
  expect(before.units.scored + before.units.errored).toBe(SAMPLES);
  // Whatever was scored was right; what was not is in no mean.
  if (before.units.scored > 0) expect(before.results[0]!.metrics.accuracy).toBe(1);
  else expect(before.results[0]!.metrics.accuracy).toBeUndefined();

  await waitFor(() => Date.now() - sickSince! >= OUTAGE_MS, { what: 'the endpoint to be healthy again', timeoutMs: OUTAGE_MS + 10_000 });
  expect((await client.requeue(id, { states: ['errored'] })).requeued).toBe(before.units.errored);
  await watchAll(client, id);
  await allRight(id);
  console.log(JSON.stringify({ outage: 'requeued', samples: SAMPLES, errored: before.units.errored, refused }));
});
