/** How soon a watcher hears of progress. A matter of speed, so it is looked at on a machine that has nothing else to do. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Fleet } from '../support/fleet.ts';
import { mockSpec, sums, watchAll } from '../support/mock-evaluation.ts';

const LATENCY_MS = 50;

let fleet: Fleet;
beforeAll(async () => {
  fleet = await Fleet.start();
});
afterAll(() => fleet.stop());

test('the first progress is told less than a second after the first sample', async () => {
  const [a, b] = [await fleet.coordinator(), await fleet.coordinator()];
  const models = [{ match: 'mock/*', provider: 'mock', max_connections: 4, options: { latency_ms: LATENCY_MS, accuracy: 0.7, seed: 5 } }];
  await fleet.agent('one', [a.address], { models });
  const client = fleet.client(b.address);
  const spec = mockSpec(await client.uploadBytes(sums(100)));
  const { evaluationId } = (await client.submit({ spec, idempotencyKey: 'progress' })).evaluation;
  const events = await watchAll(client, evaluationId);
  const { timing } = await client.report(evaluationId);
  const firstSampleMs = Date.parse(timing.firstSampleStartedAt!) + LATENCY_MS;
  const told = events.find((event) => event.kind === 'progress' && event.counts.scored > 0)!;
  expect(told.timeMs - firstSampleMs).toBeLessThan(1_000);
});
