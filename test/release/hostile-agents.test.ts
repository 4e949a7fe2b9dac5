/**
 * Agents that want a coordinator, or the work of others, to suffer, one kind after the other: it lives, its memory is bounded, an honest agent goes
 * on, and the calls of somebody else take at most twice as long as in the quiet between, or `FLOOR_MS`.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AssayClient } from '../../shared/client/client.ts';
import { Bystander, p99 } from '../support/bystander.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { HOSTILE_KINDS, HostileAgent } from '../support/hostile-agent.ts';
import { mockSpec, sums } from '../support/mock-evaluation.ts';
import { freePort } from '../support/ports.ts';

/** What messages that are not whole, and reports of all sessions, may hold, and what a process grows by on its own under load. */
const MAX_GROWTH_BYTES = 450 * 1024 * 1024;
/** Whose calls take 8 ms does not notice 20, and a host with two processors has that of its own now and then: see docs/threat-model.md. */
const FLOOR_MS = 20;

let fleet: Fleet;
let coordinator: Process & { address: string; http: string };
let client: AssayClient;
let bystander: Bystander;
let own: string;

beforeAll(async () => {
  fleet = await Fleet.start();
  const http = `127.0.0.1:${await freePort()}`;
  const started = await fleet.coordinator({ args: ['--lease-ms', '3000', '--heartbeat-ms', '500', '--http', http] });
  coordinator = Object.assign(started, { http });
  client = fleet.client(coordinator.address);
  const labels = { trusted: 'yes' };
  const model = { match: 'mock/*', provider: 'mock', max_connections: 4, options: { latency_ms: 50 } };
  await fleet.agent('honest', [coordinator.address], { labels, models: [model] });
  const digest = await client.uploadBytes(sums(100_000));
  const submit = async (key: string, more: Record<string, unknown>): Promise<string> =>
    (await client.submit({ spec: mockSpec(digest, more), idempotencyKey: key })).evaluation.evaluationId;
  own = await submit('own', { models: [{ model: 'mock/own' }], route: { labels } });
  await submit('bait', { models: [{ model: 'openai/bait' }] });
  bystander = await Bystander.start(coordinator, own);
});
afterAll(async () => {
  await bystander.stop();
  await fleet.stop();
});

const scored = async (): Promise<number> => (await client.get(own)).counts.scored;

describe.each(HOSTILE_KINDS)('%s', (kind) => {
  test('hurt nobody else', async () => {
    const before = await scored();
    const { quiet, attacked, grownBytes, line } = await bystander.beside(() => [
      new HostileAgent(kind, coordinator.address),
      new HostileAgent(kind, coordinator.address),
    ]);
    console.log(`${kind}: ${line}, ${(await scored()) - before} samples counted`);
    expect(attacked.failed).toBe(0);
    expect(attacked.calls).toBeGreaterThan(1_000);
    expect(await scored()).toBeGreaterThan(before);
    expect(grownBytes).toBeLessThan(MAX_GROWTH_BYTES);
    expect(p99(attacked)).toBeLessThanOrEqual(Math.max(2 * p99(quiet), FLOOR_MS));
    expect(coordinator.running).toBe(true);
  });
});
