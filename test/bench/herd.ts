/**
 * Many agents that come back at once: `node test/bench/herd.ts [AGENTS]` (default 500). All hold a task; their coordinator is killed and
 * started again. Prints one line of JSON: when all were back, what unary calls took meanwhile and after ten seconds, and the books.
 */
import { readFileSync } from 'node:fs';
import { Fleet } from '../support/fleet.ts';
import { Herd } from '../support/herd.ts';
import { mockSpec, sums } from '../support/mock-evaluation.ts';
import { Prober } from '../support/prober.ts';
import { waitFor } from '../support/wait-for.ts';

const size = Number(process.argv[2] ?? 500);
const say = (text: string): void => void process.stderr.write(`${text}\n`);
const memoryOf = (pid: number, what: 'VmHWM' | 'VmRSS'): number =>
  Math.round(Number(new RegExp(`${what}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024);
const round = (ms: number | undefined): number | null => (ms === undefined ? null : Math.round(ms));

const fleet = await Fleet.start();
try {
  const coordinator = await fleet.coordinator({ args: [] });
  const herd = await Herd.start(coordinator.address, size);
  await herd.allOpen();
  say(`${size} agents are connected`);
  herd.provider.hold();
  const client = fleet.client(coordinator.address);
  const digest = await client.uploadBytes(sums(size));
  const spec = mockSpec(digest, { max_task_samples: 1 });
  const { evaluation } = await client.submit({ spec, idempotencyKey: 'herd' });
  await waitFor(() => herd.provider.running >= 0.5 * size, {
    what: 'tasks at the agents',
    timeoutMs: 60_000,
    state: () => herd.provider.running,
  });
  const held = herd.agents.reduce((sum, agent) => sum + agent.work.heldAttempts().length, 0);
  say(`${held} tasks are held`);
  const dialled = herd.dialled;

  await coordinator.kill9();
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  await coordinator.start();
  const startedAtMs = Date.now();
  const prober = new Prober(coordinator.address, evaluation.evaluationId);
  await herd.allOpen(120_000);
  const allBackMs = Date.now() - startedAtMs;
  say(`all are back after ${allBackMs} ms`);
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, 20_000 - allBackMs)));
  await prober.stop();
  const span = (from: number, to: number): object => ({
    p50: round(prober.percentile(0.5, startedAtMs + from, startedAtMs + to)),
    p99: round(prober.percentile(0.99, startedAtMs + from, startedAtMs + to)),
    max: round(prober.percentile(1, startedAtMs + from, startedAtMs + to)),
  });
  herd.provider.open();
  for await (const _ of client.watch(evaluation.evaluationId)); // to its end
  const report = await client.report(evaluation.evaluationId);
  process.stdout.write(
    `${JSON.stringify({
      agents: size,
      tasksHeld: held,
      allBackMs,
      dialledAgain: herd.dialled - dialled,
      unaryMs: { first10s: span(0, 10_000), after10s: span(10_000, 20_000) },
      coordinatorMiB: { now: memoryOf(coordinator.pid, 'VmRSS'), peak: memoryOf(coordinator.pid, 'VmHWM') },
      units: report.units,
      calls: herd.provider.requests.length,
    })}\n`,
  );
  await herd.stop();
} finally {
  await fleet.stop();
}
process.exit(0);
