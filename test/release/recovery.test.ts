/** Agents that come back too late, or are told to go: a lost lease is powerless, and nothing is counted twice or never. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AssayClient } from '../../shared/client/client.ts';
import { checkBooks, LedgerReader } from '../support/books.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { mockSpec, sums, watchAll } from '../support/mock-evaluation.ts';
import { chatAnswer, ModelEndpoint } from '../support/model-endpoint.ts';
import { waitFor } from '../support/wait-for.ts';

const SAMPLES = 8;
const LEASE_MS = 1_000;

let fleet: Fleet;
let coordinator: Process & { address: string };
let client: AssayClient;
/** Answers at once, rightly. */
let quick: ModelEndpoint;
/** Answers, wrongly, when it is told to. */
let slow: ModelEndpoint;
let answerSlow: () => void;
beforeEach(async () => {
  const told = new Promise<void>((resolve) => (answerSlow = resolve));
  quick = await new ModelEndpoint(async ({ model, prompt }) =>
    chatAnswer(model, `The answer is ${2 * Number(/(\d+) \+/.exec(prompt)![1])}`),
  ).start();
  slow = await new ModelEndpoint(async ({ model }) => {
    await told;
    return chatAnswer(model, 'The answer is -1');
  }).start();
  fleet = await Fleet.start();
  await startCoordinator(LEASE_MS);
});
afterEach(async () => {
  await fleet.stop();
  await Promise.all([quick.stop(), slow.stop()]);
});

async function startCoordinator(leaseMs: number): Promise<void> {
  coordinator = await fleet.coordinator({ args: ['--lease-ms', String(leaseMs), '--heartbeat-ms', '250', '--sweep-ms', '200'] });
  client = fleet.client(coordinator.address);
}

const agentOf = (name: string, endpoint: ModelEndpoint): Promise<Process> =>
  fleet.agent(name, [coordinator.address], {
    models: [{ match: 'openai/*', provider: 'openai', base_url: endpoint.url, max_connections: SAMPLES }],
  });

/** Submits, and waits until the slow agent has called for every sample. */
async function submitted(): Promise<string> {
  const digest = await client.uploadBytes(sums(SAMPLES));
  const { evaluation } = await client.submit({ spec: mockSpec(digest, { models: [{ model: 'openai/one' }] }), idempotencyKey: 'late' });
  await waitFor(() => slow.calls.length === SAMPLES, { what: 'the calls of the slow agent' });
  return evaluation.evaluationId;
}

/** Every unit counted once, with the answers of the quick agent. */
async function finished(evaluationId: string): Promise<void> {
  expect((await watchAll(client, evaluationId)).at(-1)).toMatchObject({ kind: 'state', state: 'succeeded' });
  const report = await checkBooks(client, evaluationId);
  expect(report).toMatchObject({ units: { total: SAMPLES, scored: SAMPLES }, results: [{ metrics: { accuracy: 1 } }] });
  expect(Object.values(report.agents)).toEqual([SAMPLES]);
  expect(quick.calls).toHaveLength(SAMPLES);
}

test('an agent that was halted for longer than its leases: its late results change nothing', async () => {
  const late = await agentOf('late', slow);
  const id = await submitted();
  process.kill(late.pid, 'SIGSTOP');
  answerSlow();
  await agentOf('quick', quick);
  await waitFor(async () => (await client.get(id)).counts.scored > 0, { what: 'the quick agent to take over', timeoutMs: 20_000 });
  process.kill(late.pid, 'SIGCONT');
  await finished(id);
  await waitFor(() => /"msg":"attempt lost"/.test(late.output), { what: 'the late agent to be told' });
  expect((await client.report(id)).results[0]!.metrics.accuracy).toBe(1);
});

test('an agent that starts again with results in its spool, after its tasks were given to others', async () => {
  const late = await agentOf('late', slow);
  const id = await submitted();
  // The results come when nobody can take them: they are in the spool when the agent dies.
  await coordinator.kill9();
  answerSlow();
  await waitFor(() => slow.calls.every((call) => call.ok), { what: 'the slow answers' });
  await fleet.spooled('late', SAMPLES);
  await late.kill9();
  await coordinator.start();
  await agentOf('quick', quick);
  await finished(id);
  await late.start();
  expect(late.since()).toMatch(/"resumed":0,"lost":[1-9]/);
  const ledger = new LedgerReader(fleet.redis.url);
  expect(await ledger.closedUnits(id)).toHaveLength(SAMPLES);
  ledger.disconnect();
  expect((await client.report(id)).units.scored).toBe(SAMPLES);
});

test('the same agent in time: what is in its spool is counted, and no call is made again', async () => {
  await coordinator.signal('SIGTERM');
  // Long enough for both to start again, also on a busy machine.
  await startCoordinator(30_000);
  const late = await agentOf('late', slow);
  const id = await submitted();
  await coordinator.kill9();
  answerSlow();
  await fleet.spooled('late', SAMPLES);
  await late.kill9();
  await Promise.all([coordinator.start(), late.start()]);
  expect((await watchAll(client, id)).at(-1)).toMatchObject({ kind: 'state', state: 'succeeded' });
  const report = await checkBooks(client, id);
  expect(report).toMatchObject({ units: { scored: SAMPLES }, results: [{ metrics: { accuracy: 0 } }] });
  expect(slow.calls).toHaveLength(SAMPLES);
});

test('a second SIGTERM ends an agent at once; what it ran goes to others without waiting for its leases', async () => {
  const leaving = await agentOf('leaving', slow);
  const id = await submitted();
  const ended = leaving.signal('SIGTERM');
  await waitFor(() => /draining/.test(leaving.output), { what: 'the drain' });
  expect(leaving.running).toBe(true);
  process.kill(leaving.pid, 'SIGTERM');
  expect(await ended).toBe(0);
  await agentOf('quick', quick);
  await finished(id);
  expect(coordinator.output).not.toMatch(/lease expired/);
});
