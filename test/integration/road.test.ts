/** The road of an evaluation from `submit` to its report, over real processes: accepted, kept, run, counted, reported, cancelled. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AssayClient } from '../../shared/client/client.ts';
import type { AppError } from '../../shared/domain/errors.ts';
import { checkBooks } from '../support/books.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { mockSpec, sums, watchAll } from '../support/mock-evaluation.ts';
import { waitFor } from '../support/wait-for.ts';

const SAMPLES = 60;
/** Minutes of work for the slow one. */
const MANY = 3_000;
const models = (names: string[], mock: Record<string, unknown> = {}) =>
  names.map((model) => ({ model, generate_config: { extra_body: { mock: { latency_ms: 5, ...mock } } } }));
const serving = (match: string, connections = 8) => ({ models: [{ match, provider: 'mock', max_connections: connections }] });

let fleet: Fleet;
let coordinator: Process & { address: string };
let client: AssayClient;
let digest: string;
beforeAll(async () => {
  fleet = await Fleet.start();
  coordinator = await fleet.coordinator();
  client = fleet.client(coordinator.address);
  digest = await client.uploadBytes(sums(SAMPLES));
});
afterAll(() => fleet.stop());

test('what was accepted without an agent outlives the death of everything, and runs when agents come', async () => {
  const spec = mockSpec(digest, { models: models(['mock/a', 'mock/b'], { accuracy: 0.5 }) });
  const { evaluation, existed } = await client.submit({ spec, idempotencyKey: 'kept' });
  expect(existed).toBe(false);
  await Promise.all([coordinator.kill9(), fleet.redis.kill9()]);
  await fleet.redis.restart();
  await coordinator.start();
  const again = await client.submit({ spec, idempotencyKey: 'kept' });
  expect(again).toMatchObject({
    existed: true,
    evaluation: { evaluationId: evaluation.evaluationId, counts: { total: 2 * SAMPLES, scored: 0 } },
  });

  // Each model has an agent of its own: both are needed, and nothing is sent where it does not fit.
  const [a, b] = [
    await fleet.agent('a', [coordinator.address], serving('mock/a')),
    await fleet.agent('b', [coordinator.address], serving('mock/b')),
  ];
  const events = await watchAll(client, evaluation.evaluationId);
  expect(events.at(-1)).toMatchObject({ kind: 'state', state: 'succeeded' });
  const report = await checkBooks(client, evaluation.evaluationId);
  expect(report.units).toEqual({ total: 2 * SAMPLES, scored: 2 * SAMPLES, unscored: 0, errored: 0, cancelled: 0, dead: 0 });
  expect(report.usage.calls).toBe(2 * SAMPLES);
  expect(Object.values(report.agents)).toEqual([SAMPLES, SAMPLES]);
  for (const row of report.results) expect(row.metrics.accuracy).toBeGreaterThan(0.2);
  await Promise.all([a.signal('SIGTERM'), b.signal('SIGTERM')]);
});

test('a key names one evaluation: the same spec finds it, another one is refused', async () => {
  const spec = mockSpec(digest, { name: 'keyed' });
  const [first, second] = await Promise.all([
    client.submit({ spec, idempotencyKey: 'keyed' }),
    client.submit({ spec, idempotencyKey: 'keyed' }),
  ]);
  expect(second.evaluation.evaluationId).toBe(first.evaluation.evaluationId);
  const other = client.submit({ spec: mockSpec(digest, { epochs: 2 }), idempotencyKey: 'keyed' });
  await expect(other).rejects.toMatchObject({ code: 'already_exists' } satisfies Partial<AppError>);
  await client.uploadBytes(sums(SAMPLES), { namespace: 'team-b' });
  const elsewhere = await client.submit({ spec: mockSpec(digest, { epochs: 2 }), idempotencyKey: 'keyed', namespace: 'team-b' });
  expect(elsewhere.evaluation.evaluationId).not.toBe(first.evaluation.evaluationId);
  for (const id of [first.evaluation.evaluationId, elsewhere.evaluation.evaluationId])
    expect(await client.cancel(id, 'not needed')).toMatch(/finalizing|cancelled/);
});

test('a cancel stops what runs; the books balance, and it cannot be undone', async () => {
  await fleet.agent('slow', [coordinator.address], serving('mock/slow', 2));
  const { evaluation } = await client.submit({
    spec: mockSpec(await client.uploadBytes(sums(MANY)), { name: 'cancelled', models: models(['mock/slow'], { latency_ms: 150 }) }),
    idempotencyKey: 'cancelled',
  });
  const { evaluationId } = evaluation;
  await waitFor(async () => (await client.get(evaluationId)).counts.scored > 2, { what: 'some results' });
  await client.cancel(evaluationId, 'enough');
  expect((await watchAll(client, evaluationId)).at(-1)).toMatchObject({ kind: 'state', state: 'cancelled', reason: 'enough' });
  const report = await checkBooks(client, evaluationId);
  expect(report.state).toBe('cancelled');
  expect(report.units.cancelled).toBeGreaterThan(0);
  expect(report.units.scored).toBeGreaterThan(2);
  expect(await client.cancel(evaluationId)).toBe('cancelled');
});
