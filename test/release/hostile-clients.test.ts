/**
 * Clients that want a coordinator to fall over, one kind after the other: it lives, its memory is bounded, and the calls of somebody else take
 * at most twice as long as in the quiet before. What remains of one attack must not weigh upon the next.
 */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ATTACKS, Attacker } from '../support/attacker.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { mockSpec, sums } from '../support/mock-evaluation.ts';
import { Prober } from '../support/prober.ts';

const PHASE_MS = 12_000;
/** The limit of what is pending, and what a process grows by on its own under load. */
const MAX_GROWTH_BYTES = 700 * 1024 * 1024;
/** Below that a p99 is the noise of the host. */
const NOISE_MS = 25;

let fleet: Fleet;
let coordinator: Process & { address: string };
let prober: Prober;
let id: string;

beforeAll(async () => {
  fleet = await Fleet.start();
  const limits = ['--max-connections-per-peer', '512', '--call-ms', '5s', '--slow-ms', '5s'];
  coordinator = await fleet.coordinator({ args: [...limits, '--max-pending-bytes', String(256 << 20)] });
  const client = fleet.client(coordinator.address);
  id = (await client.submit({ spec: mockSpec(await client.uploadBytes(sums(20))), idempotencyKey: 'k' })).evaluation.evaluationId;
  prober = new Prober(coordinator.address, id);
  await phase(3000);
});
afterAll(async () => {
  await prober.stop();
  await fleet.stop();
});

/** A span of calls of somebody else. */
async function phase(ms: number): Promise<{ p99Ms: number; calls: number; failed: number; maxRssBytes: number }> {
  const fromMs = Date.now();
  let maxRssBytes = 0;
  while (Date.now() - fromMs < ms) {
    maxRssBytes = Math.max(maxRssBytes, await rssOf(coordinator.pid));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const probes = prober.probes.filter(({ atMs }) => atMs >= fromMs);
  return {
    p99Ms: prober.percentile(0.99, fromMs, Infinity) ?? Infinity,
    calls: probes.length,
    failed: probes.filter(({ ok }) => !ok).length,
    maxRssBytes,
  };
}

const rssOf = async (pid: number): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)![1]) * 1024;
};

describe.each(ATTACKS)('%s', (kind) => {
  test('hurt nobody else', async () => {
    const quiet = await phase(PHASE_MS / 2);
    const attackers = [new Attacker(kind, coordinator.address), new Attacker(kind, coordinator.address)];
    const attacked = await phase(PHASE_MS);
    await Promise.all(attackers.map((attacker) => attacker.stop()));
    const mib = (bytes: number): number => Math.round(bytes / 1024 ** 2);
    console.log(
      `${kind}: p99 ${quiet.p99Ms.toFixed(1)} → ${attacked.p99Ms.toFixed(1)} ms, ${quiet.calls} and ${attacked.calls} calls, ` +
        `memory ${mib(quiet.maxRssBytes)} → ${mib(attacked.maxRssBytes)} MiB`,
    );
    expect(attacked.failed).toBe(0);
    expect(attacked.calls).toBeGreaterThan(20);
    expect(attacked.maxRssBytes - quiet.maxRssBytes).toBeLessThan(MAX_GROWTH_BYTES);
    expect(attacked.p99Ms).toBeLessThanOrEqual(Math.max(2 * quiet.p99Ms, NOISE_MS));
    expect(coordinator.running).toBe(true);
  });
});
