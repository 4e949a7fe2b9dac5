/** A coordinator is started again, and all its agents come back at once: each keeps its task, and callers hardly notice. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkBooks } from '../support/books.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { Herd } from '../support/herd.ts';
import { mockSpec, sums, watchAll } from '../support/mock-evaluation.ts';
import { Prober } from '../support/prober.ts';
import { waitFor } from '../support/wait-for.ts';

const AGENTS = 60;
let fleet: Fleet;
let coordinator: Process & { address: string };
let herd: Herd;

beforeAll(async () => {
  fleet = await Fleet.start();
  coordinator = await fleet.coordinator({ args: [] });
  herd = await Herd.start(coordinator.address, AGENTS);
  await herd.allOpen();
});
afterAll(async () => {
  await herd.stop();
  await fleet.stop();
});

test('60 agents with a task each: no task is lost or run again, calls stay quick', async () => {
  const client = fleet.client(coordinator.address);
  herd.provider.hold();
  const spec = mockSpec(await client.uploadBytes(sums(2 * AGENTS)), { max_task_samples: 1 });
  const { evaluationId } = (await client.submit({ spec, idempotencyKey: 'herd' })).evaluation;
  await waitFor(() => herd.provider.running === AGENTS, {
    what: 'a call of each agent',
    timeoutMs: 30_000,
    state: () => herd.provider.running,
  });

  await coordinator.kill9();
  await waitFor(() => herd.open === 0, { what: 'all agents to notice' });
  await coordinator.start();
  const prober = new Prober(coordinator.address, evaluationId);
  try {
    await herd.allOpen();
    const backAtMs = Date.now();
    await waitFor(() => prober.probes.filter(({ atMs }) => atMs > backAtMs).length >= 50, { what: 'calls after that', timeoutMs: 30_000 });
    expect(prober.percentile(0.99, backAtMs, Infinity)).toBeLessThan(5_000); // a loaded machine; the bench says what it takes on a quiet one
  } finally {
    await prober.stop();
  }

  herd.provider.open();
  await watchAll(client, evaluationId);
  expect((await checkBooks(client, evaluationId)).units).toMatchObject({ total: 2 * AGENTS, scored: 2 * AGENTS });
  expect(herd.provider.requests).toHaveLength(2 * AGENTS);
  expect(coordinator.output.includes('lease expired')).toBe(false);
});
