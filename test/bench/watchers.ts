/**
 * Watchers that stop reading: `node test/bench/watchers.ts [WATCHERS] [EVENTS]` (default 200 and 20,000). Prints one line of JSON: how much
 * memory of the coordinator each of them costs, and what unary calls and a watcher that reads take meanwhile.
 */
import { readFileSync } from 'node:fs';
import { Redis } from 'ioredis';
import { redisOptions } from '../../coordinator/redis/connect.ts';
import { Fleet } from '../support/fleet.ts';
import { mockSpec, sums } from '../support/mock-evaluation.ts';
import { Prober } from '../support/prober.ts';
import { floodEvents, StalledWatcher } from '../support/stalled-watcher.ts';
import { waitFor } from '../support/wait-for.ts';

const watchers = Number(process.argv[2] ?? 200);
const events = Number(process.argv[3] ?? 20_000);
const BATCH = 400;

const fleet = await Fleet.start();
try {
  const coordinator = await fleet.coordinator();
  const client = fleet.client(coordinator.address);
  const redis = new Redis(redisOptions(fleet.redis.url));
  const digest = await client.uploadBytes(sums(3));
  const { evaluationId } = (await client.submit({ spec: mockSpec(digest), idempotencyKey: 'watched' })).evaluation;
  let [seen, cursor, resyncs] = [0, '', 0];
  const reader = (async () => {
    for await (const event of client.watch(evaluationId)) {
      seen++;
      ({ cursor } = event);
      if (event.kind === 'snapshot' && event.resync) resyncs++;
    }
  })();
  const stalled = Array.from({ length: watchers }, () => new StalledWatcher(coordinator.address, evaluationId));
  await waitFor(() => stalled.every((watcher) => watcher.events.length > 0), { what: 'all snapshots', timeoutMs: 60_000 });
  const rssMiB = (): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${coordinator.pid}/status`, 'utf8'))![1]) / 1024;
  const before = rssMiB();
  const startedAtMs = Date.now();
  const prober = new Prober(coordinator.address, evaluationId);
  for (let told = 0; told < events; told += BATCH) {
    const last = await floodEvents(redis, evaluationId, BATCH);
    await waitFor(() => cursor === last, { what: 'the reader to have them', timeoutMs: 60_000 });
  }
  const seconds = (Date.now() - startedAtMs) / 1000;
  const grownMiB = rssMiB() - before;
  await prober.stop();
  for (const watcher of stalled) watcher.close();
  await client.cancel(evaluationId);
  await reader;
  redis.disconnect();
  const round = (ms: number | undefined): number | null => (ms === undefined ? null : Math.round(ms));
  process.stdout.write(
    `${JSON.stringify({
      watchers,
      events,
      seconds: Number(seconds.toFixed(1)),
      coordinatorMiB: { before: Math.round(before), grown: Math.round(grownMiB), perWatcher: Number((grownMiB / watchers).toFixed(2)) },
      reader: { seen, resyncs },
      unaryMs: {
        p50: round(prober.percentile(0.5, 0, Infinity)),
        p90: round(prober.percentile(0.9, 0, Infinity)),
        p99: round(prober.percentile(0.99, 0, Infinity)),
      },
    })}\n`,
  );
} finally {
  await fleet.stop();
}
process.exit(0);
