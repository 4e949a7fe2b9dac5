/** An agent that is heard and never finishes: what waits on it goes to others, then all of it, and what nobody finishes is given up. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AssayClient } from '../../shared/client/client.ts';
import { checkBooks } from '../support/books.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { mockSpec, sums, watchAll } from '../support/mock-evaluation.ts';
import { chatAnswer, ModelEndpoint } from '../support/model-endpoint.ts';
import { waitFor } from '../support/wait-for.ts';

const SAMPLES = 8;
const STUCK = 'What is 1 + 1?';

let fleet: Fleet;
let client: AssayClient;
let coordinator: Process & { address: string };
/** Answers all but one. */
let endpoint: ModelEndpoint;
beforeEach(async () => {
  endpoint = await new ModelEndpoint(async ({ model, prompt }) =>
    prompt === STUCK ? new Promise(() => undefined) : chatAnswer(model, `The answer is ${2 * Number(/(\d+) \+/.exec(prompt)![1])}`),
  ).start();
  fleet = await Fleet.start();
});
afterEach(async () => {
  await fleet.stop();
  await endpoint.stop();
});

async function begin(...args: string[]): Promise<string> {
  coordinator = await fleet.coordinator({ args: ['--lease-ms', '20000', '--heartbeat-ms', '500', '--sweep-ms', '200', ...args] });
  client = fleet.client(coordinator.address);
  // One connection, and room for all to wait behind it.
  await fleet.agent('one', [coordinator.address], {
    models: [{ match: 'openai/*', provider: 'openai', base_url: endpoint.url, max_connections: 1, look_ahead: SAMPLES }],
  });
  const digest = await client.uploadBytes(sums(SAMPLES));
  const spec = mockSpec(digest, { models: [{ model: 'openai/one' }] });
  return (await client.submit({ spec, idempotencyKey: 'limits' })).evaluation.evaluationId;
}

const callsOfStuck = (): number => endpoint.calls.filter((call) => call.prompt === STUCK).length;

test('the hard limit: the stuck sample is tried three times and given up, all others are counted, once', async () => {
  const id = await begin('--task-soft-ms', '1000', '--task-hard-ms', '2500');
  expect((await watchAll(client, id)).at(-1)).toMatchObject({ kind: 'state', state: 'succeeded' });
  const report = await checkBooks(client, id);
  expect(report.units).toMatchObject({ scored: SAMPLES - 1, dead: 1 });
  expect(callsOfStuck()).toBe(3);
  expect(endpoint.calls).toHaveLength(SAMPLES - 1 + 3);
  expect(endpoint.inFlight).toBe(0);
  const { items } = await client.deadLetters({ evaluationId: id });
  const letter = await client.deadLetter(items[0]!.taskId);
  expect(letter.attempts).toHaveLength(3);
  for (const attempt of letter.attempts)
    expect(attempt).toMatchObject({
      agent: 'one',
      end: 'crash',
      exit: 'did not finish it within 2500 ms',
      instanceId: expect.stringMatching(/./),
    });
  // The agent was heard all the time.
  expect(coordinator.output).not.toMatch(/lease expired/);
  expect(coordinator.output).toMatch(/a task was not finished in time/);
});

test('the soft limit: what waits behind the stuck sample goes to whoever has room, and what runs goes on', async () => {
  const id = await begin('--task-soft-ms', '1000');
  await waitFor(() => callsOfStuck() === 1, { what: 'the stuck sample', timeoutMs: 20_000 });
  await fleet.agent('two', [coordinator.address], {
    models: [{ match: 'openai/*', provider: 'openai', base_url: endpoint.url, max_connections: 1, look_ahead: SAMPLES }],
  });
  await waitFor(async () => (await client.get(id)).counts.scored === SAMPLES - 1, { what: 'all others', timeoutMs: 30_000 });
  expect(callsOfStuck()).toBe(1);
  expect(endpoint.inFlight).toBe(1);
});
