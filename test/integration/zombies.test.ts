/** Agents that sleep past their leases: they stop what they run before they say anything, and one that does not is refused. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { buildAgent } from '../../agent/build.ts';
import { readAgentConfig } from '../../agent/config.ts';
import type { AssayClient } from '../../shared/client/client.ts';
import type { SampleAttempt } from '../../shared/client/types.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { readConfigFile } from '../../shared/runtime/config-file.ts';
import { createLogger } from '../../shared/telemetry/logger.ts';
import { createMetrics } from '../../shared/telemetry/metrics.ts';
import { BareAgent } from '../support/bare-agent.ts';
import { checkBooks } from '../support/books.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { mockSpec, sums, watchAll } from '../support/mock-evaluation.ts';
import { chatAnswer, ModelEndpoint } from '../support/model-endpoint.ts';
import { waitFor } from '../support/wait-for.ts';

const SAMPLES = 12;
const CONNECTIONS = 4;
const LEASE_MS = 1_200;

let fleet: Fleet;
let coordinator: Process & { address: string };
let client: AssayClient;
/** Answers rightly, when it may. */
let quick: ModelEndpoint;
let mayAnswer: () => void;
/** Never answers. */
let stuck: ModelEndpoint;
beforeEach(async () => {
  const may = new Promise<void>((resolve) => (mayAnswer = resolve));
  quick = await new ModelEndpoint(async ({ model, prompt }) => {
    await may;
    return chatAnswer(model, `The answer is ${2 * Number(/(\d+) \+/.exec(prompt)![1])}`);
  }).start();
  stuck = await new ModelEndpoint(() => new Promise(() => undefined)).start();
  fleet = await Fleet.start();
});
afterEach(async () => {
  await fleet.stop();
  await Promise.all([quick.stop(), stuck.stop()]);
});

async function begin(leaseMs = LEASE_MS): Promise<void> {
  coordinator = await fleet.coordinator({ args: ['--lease-ms', String(leaseMs), '--heartbeat-ms', '300', '--sweep-ms', '200'] });
  client = fleet.client(coordinator.address);
}

const agentOf = (name: string, endpoint: ModelEndpoint): Promise<Process> =>
  fleet.agent(name, [coordinator.address], {
    models: [{ match: 'openai/*', provider: 'openai', base_url: endpoint.url, max_connections: CONNECTIONS, look_ahead: SAMPLES }],
  });

async function submit(): Promise<string> {
  const digest = await client.uploadBytes(sums(SAMPLES));
  const spec = mockSpec(digest, { models: [{ model: 'openai/one' }], max_task_samples: 3 });
  return (await client.submit({ spec, idempotencyKey: 'zombie' })).evaluation.evaluationId;
}

/** Every unit counted once, with the answers of the quick agent alone. */
async function finished(evaluationId: string): Promise<void> {
  mayAnswer();
  expect((await watchAll(client, evaluationId)).at(-1)).toMatchObject({ kind: 'state', state: 'succeeded' });
  const report = await checkBooks(client, evaluationId);
  expect(report).toMatchObject({ units: { total: SAMPLES, scored: SAMPLES }, results: [{ metrics: { accuracy: 1 } }] });
  expect(Object.values(report.agents)).toEqual([SAMPLES]);
  expect(quick.calls).toHaveLength(SAMPLES);
}

test('an agent that was stopped for three leases aborts its calls on waking, starts no other, and goes on with a fresh session', async () => {
  await begin();
  const zombie = await agentOf('zombie', stuck);
  const id = await submit();
  await waitFor(() => stuck.inFlight === CONNECTIONS, { what: 'the calls of the zombie' });
  const stoppedAt = Date.now();
  process.kill(zombie.pid, 'SIGSTOP');
  await agentOf('quick', quick);
  await finished(id);
  await waitFor(() => Date.now() - stoppedAt > 3 * LEASE_MS, { what: 'three leases', timeoutMs: 20_000 });
  expect(stuck.inFlight).toBe(CONNECTIONS);
  process.kill(zombie.pid, 'SIGCONT');
  await waitFor(() => stuck.inFlight === 0, { what: 'its calls to be aborted' });
  await waitFor(() => /slept for .*longer than its leases.*"msg":"connected"/s.test(zombie.output), { what: 'its new session' });
  // What waited behind them was not started: the repeated calls are those that were in flight.
  expect(stuck.calls).toHaveLength(CONNECTIONS);
  expect((await client.report(id)).units.scored).toBe(SAMPLES);
});

test('one that slept while a call waited to be repeated does not repeat it before it has asked whose the sample is', async () => {
  await begin(60_000);
  const heard: string[] = [];
  let sleptMs = 0;
  let knewOfSleep: boolean | undefined;
  const endpoint = await new ModelEndpoint(async ({ model }) => {
    if (sleptMs > 0) {
      knewOfSleep ??= heard.some((line) => line.includes('this process slept for'));
      return chatAnswer(model, 'The answer is 0');
    }
    sleptMs = 90_000;
    return { status: 429, body: '{}', headers: { 'retry-after-ms': '30' } };
  }).start();
  const models = [{ match: 'openai/*', provider: 'openai', base_url: endpoint.url, max_connections: 1 }];
  const path = join(fleet.dir, 'sleeper.yaml');
  await writeFile(path, stringify({ addresses: [coordinator.address], spool: join(fleet.dir, 'sleeper'), models }));
  const agent = await buildAgent(readAgentConfig({ file: await readConfigFile(path), environment: {} }), {
    logger: createLogger({ name: 'agent', destination: { write: (line) => void heard.push(line) } }),
    clock: systemClock,
    metrics: createMetrics(),
    version: '0',
    random: () => 0,
    sinceBootMs: () => performance.now() + sleptMs,
  });
  try {
    await agent.start();
    const digest = await client.uploadBytes(sums(1));
    const spec = mockSpec(digest, { models: [{ model: 'openai/one' }] });
    const id = (await client.submit({ spec, idempotencyKey: 'sleeper' })).evaluation.evaluationId;
    expect((await watchAll(client, id)).at(-1)).toMatchObject({ kind: 'state', state: 'succeeded' });
    expect(knewOfSleep).toBe(true);
  } finally {
    await agent.stop();
    await endpoint.stop();
  }
});

test('one whose stream lives while its leases are over is refused by the ledger, and counted nowhere', async () => {
  await begin();
  const zombie = await BareAgent.connect(coordinator.address);
  const id = await submit();
  const held = await zombie.take(SAMPLES);
  // It is heard, but renews nothing.
  const beats = setInterval(() => void zombie.beat().catch(() => undefined), 100);
  try {
    await agentOf('quick', quick);
    const expired = (attemptId: string): boolean =>
      coordinator.output.split('\n').some((line) => line.includes('"msg":"lease expired"') && line.includes(attemptId));
    await waitFor(() => quick.inFlight === CONNECTIONS && held.every(({ attemptId }) => expired(attemptId)), {
      what: 'its tasks to be given to others',
      timeoutMs: 20_000,
    });
    for (const assignment of held) await zombie.report(assignment, 'The answer is -1');
    await waitFor(() => zombie.all('reportAck').flatMap((m) => m.acks).length === held.length, { what: 'the answers' });
    expect(zombie.all('reportAck').flatMap((m) => m.acks.map((ack) => ack.lost))).toEqual(held.map(() => true));
    await finished(id);
  } finally {
    clearInterval(beats);
    zombie.close();
  }
  const results: string[] = [];
  for await (const { agentId } of client.results(id)) results.push(agentId);
  expect(new Set(results)).not.toContain(zombie.agentId);
  // A sample tells of both.
  const { attempts, attemptsLeftOut } = await client.sample(id, { unit: 0 });
  expect(attempts.map(({ agent, state, result }) => [agent, state, result])).toEqual([
    ['bare', 'lost', 'refused'],
    ['quick', 'done', 'counts'],
  ]);
  const [lost, done] = attempts as [SampleAttempt, SampleAttempt];
  expect(lost.toMs).toBeLessThanOrEqual(done.fromMs);
  expect([lost.waitedMs, done.waitedMs, attemptsLeftOut]).toEqual([expect.any(Number), expect.any(Number), 0]);
});

test('a Hello that a later one of its agent has overtaken is refused, and costs the agent nothing', async () => {
  // No lease is to end here, however busy this process is.
  await begin(20_000);
  const agent = await BareAgent.connect(coordinator.address, { number: 2_000 });
  const id = await submit();
  const held = await agent.take(SAMPLES);
  const beats = setInterval(() => void agent.beat(held.map((a) => a.attemptId)).catch(() => undefined), 100);
  try {
    // As a coordinator that was halted reads it: of a life before, which knows nothing of these tasks.
    await expect(
      BareAgent.connect(coordinator.address, { agentId: agent.agentId, instanceId: 'before', number: 1_999 }),
    ).rejects.toMatchObject({ code: 'unavailable', reason: 'STALE_HELLO', details: { latest: '2000' } });
    for (const assignment of held) await agent.report(assignment, 'The answer is -1');
    expect((await watchAll(client, id)).at(-1)).toMatchObject({ kind: 'state', state: 'succeeded' });
    expect(agent.all('reportAck').flatMap((m) => m.acks.filter((ack) => ack.lost))).toEqual([]);
    expect((await client.get(id)).setbacks).toEqual({ crashes: 0, losses: 0, returns: 0 });
  } finally {
    clearInterval(beats);
    agent.close();
  }
});
