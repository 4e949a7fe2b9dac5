/** An agent that learns how many calls its endpoint bears: it rises while it may, falls by 429s, and says so; nothing is lost by it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkBooks } from '../support/books.ts';
import { cliHome, type CliHome } from '../support/cli.ts';
import { Fleet } from '../support/fleet.ts';
import { mockSpec, sums, watchAll } from '../support/mock-evaluation.ts';
import { waitFor } from '../support/wait-for.ts';
import { chatAnswer, ModelEndpoint } from '../support/model-endpoint.ts';

const SAMPLES = 300;
/** Calls at the same time that the endpoint answers. */
const BEARS = 30;
/** It answers all that it has when no other call has come for so long: a slow machine has them all under way as well. */
const QUIET_MS = 60;

let fleet: Fleet;
let cli: CliHome;
let endpoint: ModelEndpoint;
let most = 0;
let now = 0;
beforeAll(async () => {
  let quiet: NodeJS.Timeout | undefined;
  let waiting: (() => void)[] = [];
  const answerAll = (): void => {
    for (const answer of waiting) answer();
    waiting = [];
  };
  endpoint = await new ModelEndpoint(async ({ model, prompt }) => {
    most = Math.max(most, ++now);
    const isTooMany = now > BEARS;
    if (!isTooMany) {
      clearTimeout(quiet);
      quiet = setTimeout(answerAll, QUIET_MS);
      await new Promise<void>((resolve) => void waiting.push(resolve));
    }
    now--;
    if (isTooMany) return { status: 429, body: JSON.stringify({ error: { message: 'too many requests' } }) };
    return chatAnswer(model, String(2 * Number(/\d+/.exec(prompt)![0])));
  }).start();
  [fleet, cli] = await Promise.all([Fleet.start(), cliHome()]);
});
afterAll(async () => {
  await cli.dispose();
  await fleet.stop();
  await endpoint.stop();
});

test('the limit rises until the endpoint has too many calls, and falls below', { timeout: 120_000 }, async () => {
  const { address } = await fleet.coordinator();
  const client = fleet.client(address);
  const connections = { adaptive: { min: 1, start: 2, max: 40 } };
  await fleet.agent('learner', [address], {
    models: [
      { match: 'openai/*', base_url: endpoint.url, max_connections: connections },
      { match: 'mock/*', max_connections: 3 },
    ],
  });
  const digest = await client.uploadBytes(sums(SAMPLES));
  const spec = mockSpec(digest, { models: [{ model: 'openai/m' }], retry: { max_retries: 20 } });
  const { evaluation } = await client.submit({ spec, idempotencyKey: 'learn' });
  expect((await watchAll(client, evaluation.evaluationId)).at(-1)).toMatchObject({ kind: 'state', state: 'succeeded' });
  const report = await checkBooks(client, evaluation.evaluationId);
  expect(report.units).toMatchObject({ total: SAMPLES, scored: SAMPLES });
  expect(report.results[0]!.metrics.accuracy).toBe(1);

  // 2, 4, 8, 16, 32, perhaps 40: then a 429 cuts it to what the endpoint bears.
  expect(most).toBeGreaterThan(BEARS);
  // The picture of it is a little behind.
  const isCut = (connections = 0): boolean => connections > 2 && connections < 40;
  await waitFor(async () => isCut((await client.agents()).items[0]!.models[0]!.connections), { what: 'the limit to be known' });
  const [agent] = (await client.agents()).items;
  expect(agent!.models).toMatchObject([{ maxConnections: 40 }, { maxConnections: 3, connections: 3 }]);
  expect(agent!.models[0]!.connections).toBeGreaterThan(2);
  expect(agent!.models[0]!.connections).toBeLessThan(40);
  const { stdout } = await cli.inside(['agent', 'show', 'learner', '--address', address]);
  expect(stdout).toMatch(/openai\/\* +\d+ of 40/);
  expect(stdout).toMatch(/mock\/\* +3 of 3/);
});
