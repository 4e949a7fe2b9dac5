/**
 * Agents that want a coordinator, or the work of others, to suffer, one kind after the other: it lives, its memory is bounded, an honest agent goes
 * on, and the calls of somebody else take at most twice as long as in the quiet between, or a tenth of a second.
 */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AssayClient } from '../../shared/client/client.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { HOSTILE_KINDS, HostileAgent } from '../support/hostile-agent.ts';
import { mockSpec, sums } from '../support/mock-evaluation.ts';
import { Prober } from '../support/prober.ts';

const TURNS = 4;
const QUIET_MS = 2_000;
const ATTACK_MS = 3_000;
/** What reports of all sessions may have waiting, a message of each, and what a process grows by on its own under load. */
const MAX_GROWTH_BYTES = 900 * 1024 * 1024;
/** What a host with two processors, which the attackers share, may take on top. */
const TURN_MS = 100;

let fleet: Fleet;
let coordinator: Process & { address: string };
let client: AssayClient;
let prober: Prober;
let own: string;
let atFirstBytes: number;

beforeAll(async () => {
  fleet = await Fleet.start();
  coordinator = await fleet.coordinator();
  client = fleet.client(coordinator.address);
  const labels = { trusted: 'yes' };
  const model = { match: 'mock/*', provider: 'mock', max_connections: 4, options: { latency_ms: 50 } };
  await fleet.agent('honest', [coordinator.address], { labels, models: [model] });
  const digest = await client.uploadBytes(sums(100_000));
  const submit = async (key: string, more: Record<string, unknown>): Promise<string> =>
    (await client.submit({ spec: mockSpec(digest, more), idempotencyKey: key })).evaluation.evaluationId;
  own = await submit('own', { models: [{ model: 'mock/own' }], route: { labels } });
  await submit('bait', { models: [{ model: 'openai/bait' }] });
  prober = new Prober(coordinator.address, own);
  const seen = nothing();
  await phase(3_000, seen);
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

const scored = async (): Promise<number> => (await client.get(own)).counts.scored;

describe.each(HOSTILE_KINDS)('%s', (kind) => {
  test('hurt nobody else', async () => {
    const [quiet, attacked] = [nothing(), nothing()];
    await phase(QUIET_MS, quiet);
    const before = await scored();
    const hostile = [new HostileAgent(kind, coordinator.address), new HostileAgent(kind, coordinator.address)];
    // In turns, since the host may be busy with something else at one time more than at another.
    for (let turn = 0; turn < TURNS; turn++) {
      for (const agent of hostile) agent.go();
      await phase(ATTACK_MS, attacked);
      for (const agent of hostile) agent.hold();
      await phase(QUIET_MS, quiet);
    }
    await Promise.all(hostile.map((agent) => agent.stop()));
    const mib = (bytes: number): number => Math.round(bytes / 1024 ** 2);
    console.log(
      `${kind}: p99 ${p99(quiet).toFixed(1)} → ${p99(attacked).toFixed(1)} ms, ${quiet.times.length} and ${attacked.times.length} calls, ` +
        `memory ${mib(quiet.maxRssBytes)} → ${mib(attacked.maxRssBytes)} MiB, ${(await scored()) - before} samples counted`,
    );
    expect(attacked.failed).toBe(0);
    expect(attacked.times.length).toBeGreaterThan(20);
    expect(await scored()).toBeGreaterThan(before);
    expect(attacked.maxRssBytes - atFirstBytes).toBeLessThan(MAX_GROWTH_BYTES);
    expect(p99(attacked)).toBeLessThanOrEqual(Math.max(2 * p99(quiet), TURN_MS));
    expect(coordinator.running).toBe(true);
  });
});
