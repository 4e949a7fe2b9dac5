/** What a key may take in a day: at the cap its model is parked, over a kill of the agent too; no sample is errored for it, and others do the rest. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AssayClient } from '../../shared/client/client.ts';
import { checkBooks } from '../support/books.ts';
import { cliHome, type CliHome } from '../support/cli.ts';
import { Fleet } from '../support/fleet.ts';
import { mockSpec, sums, watchAll } from '../support/mock-evaluation.ts';
import { chatAnswer, ModelEndpoint } from '../support/model-endpoint.ts';

const SAMPLES = 60;
const CAP = 300;
/** What the endpoint says that each call took. */
const TOKENS = 10;

let fleet: Fleet;
let cli: CliHome;
let client: AssayClient;
let address: string;
let endpoint: ModelEndpoint;
beforeAll(async () => {
  endpoint = await new ModelEndpoint(async ({ model, prompt }) => chatAnswer(model, String(2 * Number(/\d+/.exec(prompt)![0])))).start();
  [fleet, cli] = await Promise.all([Fleet.start(), cliHome()]);
  ({ address } = await fleet.coordinator());
  client = fleet.client(address);
});
afterAll(async () => {
  await cli.dispose();
  await fleet.stop();
  await endpoint.stop();
});

const entry = (): object => ({ match: 'openai/*', base_url: endpoint.url, max_connections: 4 });
async function shown(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await cli.inside([...args, '--address', address]);
  expect({ args, code, stderr }).toMatchObject({ code: 0 });
  return stdout;
}
const until = (what: () => Promise<string>, pattern: RegExp): Promise<void> =>
  expect.poll(what, { timeout: 30_000, interval: 100 }).toMatch(pattern);

async function submitted(model: string): Promise<string> {
  const digest = await client.uploadBytes(sums(SAMPLES));
  const spec = mockSpec(digest, { models: [{ model, generate_config: { max_tokens: 20 } }] });
  return (await client.submit({ spec, idempotencyKey: model })).evaluation.evaluationId;
}

test('a cap in tokens', { timeout: 120_000 }, async () => {
  const config = { models: [entry()], policy: { spend_per_day: { tokens: CAP } } };
  const capped = await fleet.agent('capped', [address], config);
  const id = await submitted('openai/m');
  await until(() => shown('agents'), /capped +ready \(spend_cap\)/);
  await until(() => shown('routes', '--without-agent'), /capped: model openai\/m is suspended: spend_cap/);
  expect(capped.output).toMatch(
    /the agent's own cap for the key of openai\/\*: \d+ of 300 tokens are spent today \(UTC\), and the next call may take \d+/,
  );
  const calls = endpoint.calls.length;
  expect(calls).toBeGreaterThan(CAP / TOKENS / 2);
  expect(calls).toBeLessThanOrEqual(CAP / TOKENS);
  expect((await client.get(id)).counts).toMatchObject({ total: SAMPLES, scored: calls, errored: 0 });

  // It is killed, and knows what it has spent: never less than that.
  await capped.kill9();
  const file = JSON.parse(await readFile(join(fleet.dir, 'spool-capped/spend.json'), 'utf8')) as {
    keys: Record<string, { tokens: number }>;
  };
  expect(Object.values(file.keys)[0]!.tokens).toBeGreaterThanOrEqual(calls * TOKENS);
  await capped.start();
  await until(() => shown('agents'), /capped +ready \(spend_cap\)/);
  expect(endpoint.calls).toHaveLength(calls);

  await fleet.agent('free', [address], { models: [entry()] });
  expect((await watchAll(client, id)).at(-1)).toMatchObject({ kind: 'state', state: 'succeeded' });
  const report = await checkBooks(client, id);
  expect(report.units).toMatchObject({ total: SAMPLES, scored: SAMPLES, errored: 0 });
  expect(endpoint.byModel()).toEqual({ m: SAMPLES });
});

test('a policy says who is served, and with which models; what asks for too much is handed back alone', { timeout: 60_000 }, async () => {
  const policy = { namespaces: ['team-a'], models: ['served/*'], spend_per_day: { tokens: 2000 } };
  const served = { match: 'served/m*', provider: 'openai', base_url: endpoint.url };
  const choosy = await fleet.agent('choosy', [address], { models: [served], policy });
  const digest = await client.uploadBytes(sums(2));
  await client.uploadBytes(sums(2), { namespace: 'team-a' });
  const calls = endpoint.calls.length;
  const submit = (what: string, config: object, namespace?: string) => {
    const spec = mockSpec(digest, { models: [{ model: 'served/m', generate_config: { max_tokens: 20, ...config } }] });
    return client.submit({ spec, idempotencyKey: what, ...(namespace ? { namespace } : {}) });
  };
  await submit('another namespace', {});
  await submit('another model', { extra_body: { model: 'o1' } }, 'team-a');
  await submit('too much', { max_tokens: 5000 }, 'team-a');
  const { evaluation } = await submit('its own', {}, 'team-a');
  expect((await watchAll(client, evaluation.evaluationId)).at(-1)).toMatchObject({ state: 'succeeded' });
  await until(
    async () => choosy.output,
    /of 2000 tokens are spent today \(UTC\), and the next call may take \d+: it goes back, and others go on/,
  );
  expect(endpoint.calls).toHaveLength(calls + 2);
  await until(() => shown('agents'), /choosy +ready +\d/);
});
