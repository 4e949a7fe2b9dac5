/** Samples that wait on a slow agent go to agents that idle; what has started stays, and nothing runs twice. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AssayClient } from '../../shared/client/client.ts';
import type { Assignment } from '../../shared/rpc/messages.ts';
import { BareAgent } from '../support/bare-agent.ts';
import { checkBooks } from '../support/books.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { mockSpec, sums, watchAll } from '../support/mock-evaluation.ts';
import { chatAnswer, ModelEndpoint } from '../support/model-endpoint.ts';
import { waitFor } from '../support/wait-for.ts';

const TIMES = ['--lease-ms', '6000', '--heartbeat-ms', '500', '--sweep-ms', '200'];
const SLOW_CONNECTIONS = 2;

let fleet: Fleet;
let coordinators: (Process & { address: string })[];
let client: AssayClient;
let quick: ModelEndpoint;
/** Answers when it may. */
let slow: ModelEndpoint;
let mayAnswer: () => void;
const bare: BareAgent[] = [];
beforeEach(async () => {
  const right = ({ model, prompt }: { model: string; prompt: string }) =>
    chatAnswer(model, `The answer is ${2 * Number(/(\d+) \+/.exec(prompt)![1])}`);
  const may = new Promise<void>((resolve) => (mayAnswer = resolve));
  quick = await new ModelEndpoint(async (call) => right(call)).start();
  slow = await new ModelEndpoint(async (call) => {
    await may;
    return right(call);
  }).start();
  fleet = await Fleet.start();
  coordinators = [await fleet.coordinator({ args: TIMES })];
  client = fleet.client(coordinators[0]!.address);
});
afterEach(async () => {
  for (const agent of bare.splice(0)) agent.close();
  await fleet.stop();
  await Promise.all([quick.stop(), slow.stop()]);
});

const agentOf = (name: string, endpoint: ModelEndpoint, connections: number, lookAhead: number, at = coordinators[0]!): Promise<Process> =>
  fleet.agent(name, [at.address], {
    models: [{ match: 'openai/*', provider: 'openai', base_url: endpoint.url, max_connections: connections, look_ahead: lookAhead }],
  });

async function bareAgent(options: Parameters<typeof BareAgent.connect>[1] = {}): Promise<BareAgent> {
  const agent = await BareAgent.connect(coordinators[0]!.address, {
    models: [{ match: 'openai/*', maxConnections: 1, lookAhead: 50 }],
    ...options,
  });
  bare.push(agent);
  return agent;
}

async function submit(samples: number): Promise<string> {
  const digest = await client.uploadBytes(sums(samples));
  const spec = mockSpec(digest, { models: [{ model: 'openai/one' }], max_task_samples: 4 });
  return (await client.submit({ spec, idempotencyKey: 'stolen' })).evaluation.evaluationId;
}

async function finished(evaluationId: string, samples: number): Promise<void> {
  expect((await watchAll(client, evaluationId)).at(-1)).toMatchObject({ kind: 'state', state: 'succeeded' });
  const report = await checkBooks(client, evaluationId);
  expect(report).toMatchObject({ units: { total: samples, scored: samples } });
}

const until = (evaluationId: string, scored: number): Promise<unknown> =>
  waitFor(async () => (await client.get(evaluationId)).counts.scored === scored, { what: `${scored} samples`, timeoutMs: 30_000 });

test.each([
  ['the same coordinator', 0],
  ['another coordinator', 1],
])('all that a slow agent has not started is run by agents of %s, once', async (_, other) => {
  if (other > 0) coordinators.push(await fleet.coordinator({ args: TIMES }));
  await agentOf('slow', slow, SLOW_CONNECTIONS, 30);
  const id = await submit(40);
  await waitFor(async () => (await client.get(id)).inFlight >= 30, { what: 'the slow agent to hold plenty' });
  await agentOf('quick', quick, 4, 2, coordinators[other]);
  await until(id, 40 - SLOW_CONNECTIONS);
  expect(slow.calls).toHaveLength(SLOW_CONNECTIONS);
  mayAnswer();
  await finished(id, 40);
  expect(slow.calls.length + quick.calls.length).toBe(40);
});

/** Beats with all that it holds, so that no lease ends. */
function beating(agent: BareAgent, held: readonly Assignment[]): () => void {
  const timer = setInterval(() => void agent.beat(held.map((a) => a.attemptId)).catch(() => undefined), 300);
  return () => clearInterval(timer);
}

test('spared units are no longer reportable, also when it is said twice; an agent that does not know the question is not asked', async () => {
  const [old, one] = [await bareAgent({ canSpare: false }), await bareAgent()];
  const id = await submit(48);
  const [held, kept] = [await one.take(12), await old.take(12)];
  const stop = [beating(one, held), beating(old, kept)];
  try {
    // Fewer at once than a task has samples.
    await agentOf('quick', quick, 3, 0);
    const asked = await waitFor(() => one.all('spare')[0], { what: 'the question', timeoutMs: 20_000 });
    const { samples, attemptId, evaluationId, taskId } = held.find((a) => a.attemptId === asked.attemptId)!;
    const units = samples.map((s) => s.unit).slice(-asked.samples);
    expect(units.length).toBeLessThan(samples.length);
    const spared = { kind: 'spared' as const, attemptId, evaluationId, taskId, units };
    const acks = (): unknown[] => one.all('reportAck').flatMap((m) => m.acks);
    await one.send(spared);
    await one.send(spared);
    await waitFor(() => acks().length === 2, { what: 'both answers' });
    expect(acks()).toEqual([
      { attemptId, units, lost: false },
      { attemptId, units, lost: false },
    ]);
    const [own, others] = [held, kept].map((all) => all.reduce((sum, a) => sum + a.samples.length, 0));
    await until(id, 48 - own! - others! + units.length);
    // It reports also what it has let go of, wrongly: that is answered, and counts nowhere.
    for (const assignment of held) await one.report(assignment, 'The answer is -1');
    await until(id, 48 - others!);
    expect(old.all('spare')).toEqual([]);
    for (const assignment of kept) await old.report(assignment, 'The answer is -1');
    await finished(id, 48);
    // Right answers are those of the quick agent alone.
    expect(quick.calls).toHaveLength(48 - own! - others! + units.length);
    expect((await client.report(id)).results[0]!.metrics.accuracy).toBeCloseTo(quick.calls.length / 48, 9);
  } finally {
    stop.forEach((end) => end());
  }
});

test('an agent that dies after it was asked: whether its answer came or not, every sample is counted once', async () => {
  const one = await bareAgent();
  const id = await submit(6);
  const held = await one.take(6);
  const stop = beating(one, held);
  await agentOf('quick', quick, 4, 0);
  const asked = await waitFor(() => one.all('spare')[0], { what: 'the question', timeoutMs: 20_000 });
  const { samples, ...own } = held.find((a) => a.attemptId === asked.attemptId)!;
  const { attemptId, evaluationId, taskId } = own;
  await one.send({ kind: 'spared', attemptId, evaluationId, taskId, units: samples.map((s) => s.unit).slice(-1) });
  stop();
  one.close();
  await finished(id, 6);
  expect(quick.calls).toHaveLength(6);
});
