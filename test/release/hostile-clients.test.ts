/**
 * Clients that want a coordinator to fall over, one kind after the other: it lives, its memory is bounded, and the calls of somebody else take
 * at most twice as long as in the quiet between, or a tenth of a second. What remains of one attack must not weigh upon the next.
 */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ATTACKS, Attacker } from '../support/attacker.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { mockSpec, sums } from '../support/mock-evaluation.ts';
import { Prober } from '../support/prober.ts';

const TURNS = 4;
const QUIET_MS = 2000;
const ATTACK_MS = 3000;
/** The limit of what is pending, and what a process grows by on its own under load. */
const MAX_GROWTH_BYTES = 700 * 1024 * 1024;
/** What a host with two processors, which the attackers share, may take on top: a turn of the loop that begins hundreds of calls at once. */
const TURN_MS = 100;

let fleet: Fleet;
let coordinator: Process & { address: string };
let prober: Prober;
let atFirstBytes: number;

beforeAll(async () => {
  fleet = await Fleet.start();
  const limits = ['--max-connections-per-peer', '512', '--call-ms', '5s', '--slow-ms', '5s'];
  coordinator = await fleet.coordinator({ args: [...limits, '--max-pending-bytes', String(256 << 20)] });
  const client = fleet.client(coordinator.address);
  const id = (await client.submit({ spec: mockSpec(await client.uploadBytes(sums(20))), idempotencyKey: 'k' })).evaluation.evaluationId;
  prober = new Prober(coordinator.address, id);
  const seen = nothing();
  await phase(3000, seen);
  atFirstBytes = seen.maxRssBytes;
});
afterAll(async () => {
  await prober.stop();
  await fleet.stop();
});

interface Seen {
  times: number[];
  failed: number;
  maxRssBytes: number;
}

const nothing = (): Seen => ({ times: [], failed: 0, maxRssBytes: 0 });

/** A span of calls of somebody else, added to what was seen of its kind. */
async function phase(ms: number, seen: Seen): Promise<void> {
  const fromMs = Date.now();
  while (Date.now() - fromMs < ms) {
    seen.maxRssBytes = Math.max(seen.maxRssBytes, await rssOf(coordinator.pid));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const probes = prober.probes.filter(({ atMs }) => atMs >= fromMs);
  seen.times.push(...probes.filter(({ ok }) => ok).map((probe) => probe.ms));
  seen.failed += probes.filter(({ ok }) => !ok).length;
}

const p99 = ({ times }: Seen): number => times.toSorted((x, y) => x - y)[Math.floor(0.99 * times.length)] ?? Infinity;

const rssOf = async (pid: number): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)![1]) * 1024;
};

describe.each(ATTACKS)('%s', (kind) => {
  test('hurt nobody else', async () => {
    const [quiet, attacked] = [nothing(), nothing()];
    await phase(QUIET_MS, quiet);
    const attackers = [new Attacker(kind, coordinator.address), new Attacker(kind, coordinator.address)];
    // In turns, since the host may be busy with something else at one time more than at another.
    for (let turn = 0; turn < TURNS; turn++) {
      for (const attacker of attackers) attacker.go();
      await phase(ATTACK_MS, attacked);
      for (const attacker of attackers) attacker.hold();
      await phase(QUIET_MS, quiet);
    }
    await Promise.all(attackers.map((attacker) => attacker.stop()));
    const mib = (bytes: number): number => Math.round(bytes / 1024 ** 2);
    console.log(
      `${kind}: p99 ${p99(quiet).toFixed(1)} → ${p99(attacked).toFixed(1)} ms, ${quiet.times.length} and ${attacked.times.length} calls, ` +
        `memory ${mib(quiet.maxRssBytes)} → ${mib(attacked.maxRssBytes)} MiB`,
    );
    expect(attacked.failed).toBe(0);
    expect(attacked.times.length).toBeGreaterThan(20);
    expect(attacked.maxRssBytes - atFirstBytes).toBeLessThan(MAX_GROWTH_BYTES);
    expect(p99(attacked)).toBeLessThanOrEqual(Math.max(2 * p99(quiet), TURN_MS));
    expect(coordinator.running).toBe(true);
  });
});
