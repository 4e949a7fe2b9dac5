/**
 * Agents, the coordinator and Redis are killed before, between and during the stages of an evaluation with two judges: there are as many
 * answers as samples and as many verdicts as samples and judges; nothing that was counted is called again, answers least of all.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AssayClient } from '../../shared/client/client.ts';
import { callKey, LedgerReader, repeatsOf, type Blow } from '../support/books.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { mockSpec, sums, watchAll } from '../support/mock-evaluation.ts';
import { chatAnswer, latency, ModelEndpoint } from '../support/model-endpoint.ts';
import { Gate } from '../support/gate.ts';
import { waitFor } from '../support/wait-for.ts';

const SAMPLES = 60;
/** In the order of the groups. */
const MODELS = ['writer', 'first', 'second'];
const UNITS = SAMPLES * MODELS.length;
const TIMES = ['--lease-ms', '3000', '--heartbeat-ms', '500'];

const numberIn = (prompt: string): number => Number(/What is (\d+) \+/.exec(prompt)![1]);
/** Every third answer is wrong; the second judge knows nothing and is kind. */
function answer(model: string, prompt: string): string {
  const n = numberIn(prompt);
  if (model === 'writer') return n % 3 === 0 ? 'no idea' : 'right';
  return `So be it.\nGRADE: ${model === 'first' && prompt.includes('no idea') ? 'I' : 'C'}`;
}

let fleet: Fleet;
let endpoint: ModelEndpoint;
let gate: Gate;
let ledger: LedgerReader;
let coordinator: Process & { address: string };
let client: AssayClient;
const agents = new Map<string, Process>();
let id: string;
let blows: Blow[];

beforeEach(async () => {
  gate = new Gate();
  endpoint = new ModelEndpoint(async (call, _body, signal) => {
    await gate.pass(endpoint.calls.indexOf(call) + 1, signal);
    await latency(30 + Math.random() * 60, signal);
    return chatAnswer(call.model, answer(call.model, call.prompt));
  });
  [fleet] = await Promise.all([Fleet.start(), endpoint.start()]);
  ledger = new LedgerReader(fleet.redis.url);
  coordinator = await fleet.coordinator({ args: TIMES });
  client = fleet.client(coordinator.address);
  const agent = async (name: string, models: string[]): Promise<void> => {
    const entries = models.map((model) => ({ match: `openai/${model}`, provider: 'openai', base_url: endpoint.url, max_connections: 4 }));
    agents.set(name, await fleet.agent(name, [coordinator.address], { models: entries }));
  };
  await Promise.all([
    agent('writer-a', ['writer']),
    agent('writer-b', ['writer']),
    agent('judge-a', MODELS.slice(1)),
    agent('judge-b', MODELS.slice(1)),
  ]);
  const digest = await client.uploadBytes(sums(SAMPLES));
  const scorer = { name: 'model_graded_qa', args: { model: ['openai/first', 'openai/second'] } };
  const spec = mockSpec(digest, {
    benchmarks: [{ benchmark: 'sums', dataset: { uri: 'file:sums.jsonl', digest, fields: { id: 'id' } }, scorers: [scorer] }],
    models: [{ model: 'openai/writer' }],
    max_task_samples: 6,
  });
  gate.set(8);
  id = (await client.submit({ spec, idempotencyKey: 'judged' })).evaluation.evaluationId;
  blows = [];
});
afterEach(async () => {
  ledger.disconnect();
  await fleet.stop();
  await endpoint.stop();
});

/** Waits until so many units of the models are closed and calls of one of them are held; a call beyond is answered only when somebody waits again. */
async function until(model: string, closed: number): Promise<void> {
  const first = MODELS.indexOf(model) * SAMPLES;
  let own = 0;
  await waitFor(
    async () => {
      own = (await ledger.closedUnits(id)).filter((unit) => unit >= first && unit < first + SAMPLES).length;
      const isHeld = endpoint.calls.some((call) => call.endedAt === undefined);
      if (own >= closed && (isHeld || closed === SAMPLES)) return true;
      // With enough of them closed the next call is one that is held: a gate that opens further would let all of them through.
      if (own < closed) gate.set(endpoint.calls.filter((call) => call.endedAt !== undefined).length + 12);
      return false;
    },
    { what: `${closed} of ${model}`, timeoutMs: 60_000, everyMs: 50, state: () => ({ own, calls: endpoint.calls.length }) },
  );
}

const killed = async (name: string): Promise<void> => {
  blows.push(await ledger.strike(id, name, () => agents.get(name)!.kill9()));
  await agents.get(name)!.start();
};

/** `isWiped`: agents begin more of what the ledger has forgotten before they hear of it, so that only what was counted is told apart. */
async function finished({ isWiped = false } = {}): Promise<number> {
  gate.set(Infinity);
  expect((await watchAll(client, id)).at(-1)).toMatchObject({ kind: 'state', state: 'succeeded' });
  const report = await client.report(id);
  expect(report.units).toMatchObject({ total: UNITS, scored: UNITS });
  // The two judges are at odds where the answer is wrong; the first one decides.
  expect(report.results).toMatchObject([{ scorer: 'model_graded_qa', metrics: { accuracy: 2 / 3 }, counts: { scored: SAMPLES } }]);
  expect(await client.verify(id)).toMatchObject({ balanced: true, differences: [] });
  const calls = endpoint.calls.map((call) => ({ ...call, prompt: String(numberIn(call.prompt)) }));
  const keyOf = (unit: number): string => callKey(MODELS[Math.floor(unit / SAMPLES)]!, String(unit % SAMPLES));
  const repeats = repeatsOf(calls, blows, keyOf);
  console.log(JSON.stringify({ test: expect.getState().currentTestName, units: UNITS, ...repeats }));
  expect(new Set(calls.map(({ model, prompt }) => callKey(model, prompt))).size).toBe(UNITS);
  expect(repeats.ofCounted, 'calls of what had been counted').toBe(0);
  if (!isWiped) {
    expect(repeats.unexplained).toBe(0);
    expect(repeats.repeats).toBeLessThanOrEqual(repeats.bound);
  }
  for (const [i, model] of MODELS.entries()) {
    const own = calls.filter((call) => call.model === model).length;
    expect(own, `calls of ${model}`).toBeGreaterThanOrEqual(SAMPLES);
    const again = repeatsOf(
      calls.filter((call) => call.model === model),
      blows,
      keyOf,
    );
    expect(own, `calls of ${model}, ${i > 0 ? 'a judge' : 'the answers'}`).toBe(SAMPLES + again.repeats);
  }
  return report.units.scored;
}

test('agents are killed at each stage, and between them', async () => {
  await until('writer', 10);
  await killed('writer-a');
  await until('first', 8);
  await killed('judge-a');
  await until('writer', SAMPLES);
  await killed('writer-b');
  await until('second', 40);
  await killed('judge-b');
  expect(await finished()).toBe(UNITS);
});

test('Redis is wiped and the coordinator killed while judges judge', async () => {
  await until('first', 10);
  blows.push(await ledger.strike(id, 'wipe', () => ledger.flushAll()));
  await waitFor(async () => (await client.get(id)).state === 'running', { what: 'the evaluation to be recovered', timeoutMs: 30_000 });
  await until('writer', SAMPLES);
  await until('second', 25);
  blows.push(await ledger.strike(id, 'coordinator', () => coordinator.kill9()));
  await coordinator.start();
  expect(await finished({ isWiped: true })).toBe(UNITS);
});

test('two coordinators share the work: answers that the other one counted come from the store', async () => {
  const other = await fleet.coordinator({ args: TIMES });
  const entries = MODELS.map((model) => ({ match: `openai/${model}`, provider: 'openai', base_url: endpoint.url, max_connections: 4 }));
  await fleet.agent('elsewhere', [other.address], { models: entries });
  expect(await finished()).toBe(UNITS);
  const { setbacks } = await client.get(id);
  console.log(JSON.stringify({ test: expect.getState().currentTestName, setbacks }));
  expect(setbacks).toMatchObject({ crashes: 0, losses: 0 });
  expect(endpoint.calls).toHaveLength(UNITS);
});
