/**
 * Processes are killed while an evaluation runs: every unit is counted once, with the right answer; what was counted is never
 * called again; and only samples that had started and were not counted at a kill are.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AssayClient } from '../../shared/client/client.ts';
import { callKey, checkBooks, correctByModel, LedgerReader, repeatsOf, type Blow } from '../support/books.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { mockSpec, sums, watchAll } from '../support/mock-evaluation.ts';
import { chatAnswer, latency, ModelEndpoint } from '../support/model-endpoint.ts';
import { waitFor } from '../support/wait-for.ts';

const SAMPLES = 99;
const MODELS = ['openai/alpha', 'openai/beta'];
const UNITS = SAMPLES * MODELS.length;
const LEASE_MS = 3_000;

/** The calls of unit n: models are the outer order of units. */
const keyOf = (unit: number): string => callKey(MODELS[Math.floor(unit / SAMPLES)]!.slice('openai/'.length), `What is ${unit % SAMPLES} + ${unit % SAMPLES}?`);

let fleet: Fleet;
let endpoint: ModelEndpoint;
let ledger: LedgerReader;
let coordinator: Process & { address: string };
let client: AssayClient;
beforeEach(async () => {
  // Every third answer is wrong, so a unit that is counted twice or not at all shows in the numbers.
  endpoint = await new ModelEndpoint(async ({ model, prompt }, _body, signal) => {
    await latency(100 + Math.random() * 100, signal);
    const n = Number(/(\d+) \+/.exec(prompt)![1]);
    return chatAnswer(model, `The answer is ${n % 3 === 0 ? 2 * n + 1 : 2 * n}`);
  }).start();
  fleet = await Fleet.start();
  ledger = new LedgerReader(fleet.redis.url);
  coordinator = await fleet.coordinator({ args: ['--lease-ms', String(LEASE_MS), '--heartbeat-ms', '500'] });
  client = fleet.client(coordinator.address);
});
afterEach(async () => {
  ledger.disconnect();
  await fleet.stop();
  await endpoint.stop();
});

const agentOf = (name: string, match: string, addresses = [coordinator.address]): Promise<Process> =>
  fleet.agent(name, addresses, { models: [{ match, provider: 'openai', base_url: endpoint.url, max_connections: 8 }] }, { env: { OPENAI_API_KEY: '' } });

const twoAgents = (): Promise<Process[]> => Promise.all([agentOf('a', 'openai/*'), agentOf('b', 'openai/*')]);

async function submit(): Promise<string> {
  const digest = await client.uploadBytes(sums(SAMPLES));
  const { evaluation } = await client.submit({ spec: mockSpec(digest, { models: MODELS.map((model) => ({ model })), max_task_samples: 6 }), idempotencyKey: 'killed' });
  return evaluation.evaluationId;
}

/** Waits until a share of the units is counted and calls are under way. */
async function until(evaluationId: string, share: number): Promise<void> {
  await waitFor(async () => (await ledger.closedUnits(evaluationId)).length >= share * UNITS && endpoint.inFlight > 0, { what: `${share} of the units`, timeoutMs: 40_000 });
}

async function finished(evaluationId: string, blows: readonly Blow[]) {
  expect((await watchAll(client, evaluationId)).at(-1)).toMatchObject({ kind: 'state', state: 'succeeded' });
  const report = await checkBooks(client, evaluationId);
  expect(report.units).toMatchObject({ total: UNITS, scored: UNITS });
  expect(correctByModel(report)).toEqual(Object.fromEntries(MODELS.map((model) => [model, SAMPLES - Math.ceil(SAMPLES / 3)])));
  const repeats = repeatsOf(endpoint.calls, blows, keyOf);
  console.log(JSON.stringify({ test: expect.getState().currentTestName, ...repeats }));
  expect(new Set(endpoint.calls.map((call) => callKey(call.model, call.prompt))).size).toBe(UNITS);
  expect(repeats.ofCounted, 'calls of samples that had been counted').toBe(0);
  return repeats;
}

test('an agent, the coordinator and Redis are killed in turn', async () => {
  const agents = await twoAgents();
  const id = await submit();
  const blows: Blow[] = [];
  await until(id, 0.15);
  blows.push(await ledger.strike(id, 'agent', () => agents[0]!.kill9()));
  await agents[0]!.start();
  await until(id, 0.4);
  blows.push(await ledger.strike(id, 'coordinator', () => coordinator.kill9()));
  await coordinator.start();
  await until(id, 0.65);
  blows.push(await ledger.strike(id, 'redis', async () => {
    ledger.disconnect();
    await fleet.redis.kill9();
  }));
  await fleet.redis.restart();
  const { repeats, bound, unexplained } = await finished(id, blows);
  expect(repeats).toBeLessThanOrEqual(bound);
  expect(unexplained).toBe(0);
});

test('the death of coordinators alone repeats no call', async () => {
  await agentOf('a', 'openai/*');
  const id = await submit();
  const blows: Blow[] = [];
  for (const share of [0.1, 0.4, 0.7]) {
    await until(id, share);
    blows.push(await ledger.strike(id, 'coordinator', () => coordinator.kill9()));
    await coordinator.start();
  }
  // An assignment that died on its way is granted again, but none of its samples had been called.
  expect((await finished(id, blows)).repeats).toBe(0);
});

test('Redis is wiped in the middle', async () => {
  await twoAgents();
  const id = await submit();
  const blows: Blow[] = [];
  for (const share of [0.2, 0.6]) {
    await until(id, share);
    blows.push(await ledger.strike(id, 'wipe', () => ledger.flushAll()));
    await waitFor(async () => (await client.get(id)).state === 'running', { what: 'the evaluation to be recovered', timeoutMs: 30_000 });
  }
  const { repeats, calls } = await finished(id, blows);
  expect(calls).toBe(UNITS + repeats);
});

test('Redis comes back as it was some seconds ago, together with a new coordinator', async () => {
  await agentOf('a', 'openai/*');
  const id = await submit();
  await until(id, 0.2);
  // The worst that a lost tail of the append-only file, or a failover to a replica that lags, can do.
  await fleet.redis.keepFile('before');
  await until(id, 0.5);
  const blow = await ledger.strike(id, 'all', async () => {
    ledger.disconnect();
    await Promise.all([fleet.redis.kill9(), coordinator.kill9()]);
  });
  await fleet.redis.restoreFile('before');
  await fleet.redis.restart();
  await coordinator.start();
  await finished(id, [blow]);
});

test('two coordinators share the work; one is told to stop, the other takes its agents over', async () => {
  const other = await fleet.coordinator({ args: ['--lease-ms', String(LEASE_MS), '--heartbeat-ms', '500'] });
  await Promise.all([agentOf('a', 'openai/*', [coordinator.address, other.address]), agentOf('b', 'openai/*', [other.address, coordinator.address])]);
  const id = await submit();
  const blows: Blow[] = [];
  client = fleet.client(other.address);
  await until(id, 0.2);
  expect(await coordinator.signal('SIGTERM')).toBe(0);
  await until(id, 0.5);
  await coordinator.start();
  blows.push(await ledger.strike(id, 'coordinator', () => other.kill9()));
  client = fleet.client(coordinator.address);
  expect((await finished(id, blows)).repeats).toBe(0);
});

test('an agent that is told to stop finishes what runs: nothing is repeated', async () => {
  const agents = await twoAgents();
  const id = await submit();
  await until(id, 0.3);
  expect(await agents[0]!.signal('SIGTERM')).toBe(0);
  expect((await finished(id, [])).repeats).toBe(0);
});
