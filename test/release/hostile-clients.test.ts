/**
 * Clients that want a coordinator to fall over, one kind after the other: it lives, its memory is bounded, and the calls of somebody else take
 * at most twice as long as in the quiet between, or `FLOOR_MS`. What remains of one attack must not weigh upon the next.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ATTACKS, Attacker } from '../support/attacker.ts';
import { Bystander, p99 } from '../support/bystander.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { mockSpec, sums } from '../support/mock-evaluation.ts';
import { freePort } from '../support/ports.ts';

/** The limit of what is pending, and what a process grows by on its own under load. */
const MAX_GROWTH_BYTES = 700 * 1024 * 1024;
/** Whose calls take 8 ms does not notice 20, and a host with two processors has that of its own now and then: see docs/threat-model.md. */
const FLOOR_MS = 20;

let fleet: Fleet;
let coordinator: Process & { address: string; http: string };
let bystander: Bystander;

beforeAll(async () => {
  fleet = await Fleet.start();
  const limits = ['--max-connections-per-peer', '512', '--call-ms', '5s', '--slow-ms', '5s'];
  const http = `127.0.0.1:${await freePort()}`;
  const started = await fleet.coordinator({ args: [...limits, '--max-pending-bytes', String(256 << 20), '--http', http] });
  coordinator = Object.assign(started, { http });
  const client = fleet.client(coordinator.address);
  const id = (await client.submit({ spec: mockSpec(await client.uploadBytes(sums(20))), idempotencyKey: 'k' })).evaluation.evaluationId;
  bystander = await Bystander.start(coordinator, id);
});
afterAll(async () => {
  await bystander.stop();
  await fleet.stop();
});

describe.each(ATTACKS)('%s', (kind) => {
  test('hurt nobody else', async () => {
    const { quiet, attacked, grownBytes, line } = await bystander.beside(() => [
      new Attacker(kind, coordinator.address),
      new Attacker(kind, coordinator.address),
    ]);
    console.log(`${kind}: ${line}`);
    expect(attacked.failed).toBe(0);
    expect(attacked.calls).toBeGreaterThan(1_000);
    expect(grownBytes).toBeLessThan(MAX_GROWTH_BYTES);
    expect(p99(attacked)).toBeLessThanOrEqual(Math.max(2 * p99(quiet), FLOOR_MS));
    expect(coordinator.running).toBe(true);
  });
});
