/** A key that is refused for good on one of two agents: its work goes to the other one, nothing is counted against it, and operators see why. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AssayClient } from '../../shared/client/client.ts';
import { checkBooks } from '../support/books.ts';
import { cliHome, type CliHome } from '../support/cli.ts';
import { Fleet } from '../support/fleet.ts';
import { mockSpec, sums, watchAll } from '../support/mock-evaluation.ts';
import { freePort } from '../support/ports.ts';
import { chatAnswer, ModelEndpoint } from '../support/model-endpoint.ts';

const SAMPLES = 60;

let fleet: Fleet;
let cli: CliHome;
let client: AssayClient;
let address: string;
let refusing: ModelEndpoint;
let working: ModelEndpoint;
beforeAll(async () => {
  refusing = await new ModelEndpoint(async () => ({
    status: 401,
    body: JSON.stringify({ error: { message: 'Incorrect API key provided', code: 'invalid_api_key' } }),
  })).start();
  working = await new ModelEndpoint(async ({ model, prompt }) => chatAnswer(model, String(2 * Number(/\d+/.exec(prompt)![0])))).start();
  [fleet, cli] = await Promise.all([Fleet.start(), cliHome()]);
  ({ address } = await fleet.coordinator());
  client = fleet.client(address);
});
afterAll(async () => {
  await cli.dispose();
  await fleet.stop();
  await Promise.all([refusing.stop(), working.stop()]);
});

const agentOf = (name: string, endpoint: ModelEndpoint, more: object = {}) =>
  fleet.agent(name, [address], { models: [{ match: 'openai/*', base_url: endpoint.url, max_connections: 4 }], ...more });

async function submitted(key: string): Promise<string> {
  const digest = await client.uploadBytes(sums(SAMPLES));
  const { evaluation } = await client.submit({ spec: mockSpec(digest, { models: [{ model: 'openai/m' }] }), idempotencyKey: key });
  return evaluation.evaluationId;
}

async function shown(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await cli.inside([...args, '--address', address]);
  expect({ args, code, stderr }).toMatchObject({ code: 0 });
  return stdout;
}
const until = (what: () => Promise<string>, pattern: RegExp): Promise<void> =>
  expect.poll(what, { timeout: 30_000, interval: 100 }).toMatch(pattern);

async function allByTheGoodOne(id: string): Promise<void> {
  expect((await watchAll(client, id)).at(-1)).toMatchObject({ kind: 'state', state: 'succeeded' });
  const report = await checkBooks(client, id);
  expect(report.units).toMatchObject({ total: SAMPLES, scored: SAMPLES, errored: 0 });
  expect(report.results[0]!.metrics.accuracy).toBe(1);
  expect(Object.values(report.agents)).toEqual([SAMPLES]);
}

test('alone, the agent waits and says why; the one that comes does all the work', { timeout: 120_000 }, async () => {
  const port = await freePort();
  await agentOf('refused', refusing, { http: `127.0.0.1:${port}` });
  const id = await submitted('alone');
  await until(() => shown('agents'), /refused +ready \(auth\)/);
  expect(await shown('agent', 'show', 'refused')).toMatch(/takes none\n[^]*openai\/\* [^]*auth\n/);
  await until(() => shown('routes', '--without-agent'), /model=openai\/m +no agent +60 [^]*refused: model openai\/m is suspended: auth/);
  const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const told = [...metrics.matchAll(/^assay_model_(suspended|connections|max_connections)\{(.*)\} (\d+)$/gm)].map((row) =>
    row.slice(1).join(' '),
  );
  expect(told.toSorted()).toEqual([
    'connections model="openai/*" 4',
    'max_connections model="openai/*" 4',
    'suspended model="openai/*",reason="auth" 1',
    'suspended model="openai/*",reason="model_not_found" 0',
    'suspended model="openai/*",reason="quota" 0',
    'suspended model="openai/*",reason="spend_cap" 0',
  ]);
  // Never counted, and asked again by one sample at a time only.
  expect((await client.get(id)).counts).toMatchObject({ total: SAMPLES, scored: 0, errored: 0 });
  const asked = refusing.calls.length;
  expect(asked).toBeLessThanOrEqual(4);

  await agentOf('good', working);
  await allByTheGoodOne(id);
  expect(refusing.calls).toHaveLength(asked);
  expect(working.byModel()).toEqual({ m: SAMPLES });
});

test('an evaluation that comes later never meets it', { timeout: 60_000 }, async () => {
  const asked = refusing.calls.length;
  await allByTheGoodOne(await submitted('later'));
  expect(refusing.calls.length - asked).toBeLessThanOrEqual(1);
  // A key that is refused is no secret of the agent's log: `doctor` names the agent, the entry and the remedy.
  const { stdout } = await cli.inside(['doctor', '--address', address]);
  expect(stdout).toMatch(/refused[^]*openai\/\*[^]*key/);
});
