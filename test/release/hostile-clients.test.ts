/**
 * Clients that want a coordinator to fall over, one kind after the other: it lives, its memory is bounded, and the calls of somebody else take
 * at most twice as long as in the quiet between, or a tenth of a second. What remains of one attack must not weigh upon the next.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ATTACKS, Attacker } from '../support/attacker.ts';
import { Bystander, p99 } from '../support/bystander.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { mockSpec, sums } from '../support/mock-evaluation.ts';

/** The limit of what is pending, and what a process grows by on its own under load. */
const MAX_GROWTH_BYTES = 700 * 1024 * 1024;
/** What a host with two processors, which the attackers share, may take on top: a turn of the loop that begins hundreds of calls at once. */
const TURN_MS = 100;

let fleet: Fleet;
let coordinator: Process & { address: string };
let bystander: Bystander;

beforeAll(async () => {
  fleet = await Fleet.start();
  const limits = ['--max-connections-per-peer', '512', '--call-ms', '5s', '--slow-ms', '5s'];
  coordinator = await fleet.coordinator({ args: [...limits, '--max-pending-bytes', String(256 << 20)] });
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
    expect(attacked.times.length).toBeGreaterThan(20);
    expect(grownBytes).toBeLessThan(MAX_GROWTH_BYTES);
    expect(p99(attacked)).toBeLessThanOrEqual(Math.max(2 * p99(quiet), TURN_MS));
    expect(coordinator.running).toBe(true);
  });
});
