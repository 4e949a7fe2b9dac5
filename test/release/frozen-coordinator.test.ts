/**
 * A coordinator that stands still (stopped, or its event loop is blocked) and goes on: its agents' leases do not end because of it, and what
 * it had decided before is powerless.
 */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { connect } from '../../shared/client/connect.ts';
import { Commanded } from '../support/commanded.ts';
import type { Process } from '../support/fleet.ts';
import { half, sleep, wellAgain } from '../support/sickness.ts';
import { waitFor } from '../support/wait-for.ts';

const LEASE_MS = 3_000;
const ARGS = ['--lease-ms', String(LEASE_MS), '--heartbeat-ms', '500', '--sweep-ms', '200'];
let commanded: Commanded;
let other: Process & { address: string };
let agent: Process;

beforeAll(async () => {
  commanded = await Commanded.start({ args: () => ARGS });
  other = await commanded.fleet.coordinator({ args: ARGS });
});
afterEach(async () => {
  await agent.signal('SIGTERM');
  await commanded.reset();
});
afterAll(() => commanded.stop());

async function frozen(forMs: number): Promise<void> {
  process.kill(commanded.coordinator.pid, 'SIGSTOP');
  try {
    await sleep(forMs);
  } finally {
    process.kill(commanded.coordinator.pid, 'SIGCONT');
  }
}

const connections = (): number => agent.since().match(/"msg":"connected"/g)?.length ?? 0;

test('for a third of a lease: its agents do not even notice', async () => {
  agent = await commanded.agent('short', [commanded.coordinator.address], 16);
  const id = await half(commanded);
  await frozen(LEASE_MS / 3);
  await sleep(1_000);
  expect(connections()).toBe(1);
  await wellAgain(commanded, id);
});

test('for two leases, and there is no other: its agents come back and keep what they hold', async () => {
  agent = await commanded.agent('long', [commanded.coordinator.address], 16);
  const id = await half(commanded);
  // The other one must not take the leases for lost either, so it is not there.
  await other.signal('SIGTERM');
  await frozen(2 * LEASE_MS);
  expect(commanded.coordinator.running).toBe(true);
  await waitFor(() => connections() >= 2, { what: 'the agent to be back', timeoutMs: 30_000 });
  await sleep(LEASE_MS + 1_000);
  await wellAgain(commanded, id);
  await other.start();
});

test('for two leases, and its agents go to another one: what it does when it wakes takes nothing from them', async () => {
  agent = await commanded.agent('moved', [commanded.coordinator.address, other.address], 16);
  const id = await half(commanded);
  await frozen(2 * LEASE_MS);
  expect(connections()).toBe(2);
  await sleep(LEASE_MS + 1_000);
  expect(other.output).not.toMatch(/lease expired/);
  await wellAgain(commanded, id);
});

test('clients that know another one have their answer from it, also those that were connected', async () => {
  agent = await commanded.agent('aside', [other.address], 1);
  const addresses = [commanded.coordinator.address, other.address];
  const clients = [connect({ addresses }), connect({ addresses })];
  try {
    await clients[0]!.list();
    process.kill(commanded.coordinator.pid, 'SIGSTOP');
    const since = performance.now();
    await Promise.all(clients.map((client) => client.list()));
    // Twice a keepalive of six seconds, and room for a busy machine.
    expect(performance.now() - since).toBeLessThan(25_000);
  } finally {
    process.kill(commanded.coordinator.pid, 'SIGCONT');
    for (const client of clients) client.close();
  }
});
