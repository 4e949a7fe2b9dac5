/** Completions that agents keep: a second run makes no call and has the same scores. */
import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { AssayClient } from '../../shared/client/client.ts';
import type { Report, SampleResult } from '../../shared/client/types.ts';
import { cliHome, type CliHome } from '../support/cli.ts';
import { startCollector } from '../support/collector.ts';
import { Fleet } from '../support/fleet.ts';
import { allOf, mockSpec, sums, watchAll } from '../support/mock-evaluation.ts';
import { waitFor } from '../support/wait-for.ts';
import { freePort } from '../support/ports.ts';
import { chatAnswer, ModelEndpoint } from '../support/model-endpoint.ts';

const SAMPLES = 15;
/** In front of each answer: another one for each call, so that a repeated call shows. */
let calls = 0;
const endpoint = new ModelEndpoint(async ({ prompt, model }) => {
  const sample = Number(/(\d+) \+/.exec(prompt)![1]);
  // One in three is wrong.
  return chatAnswer(model, `Call ${calls++}. The answer is ${sample % 3 === 0 ? 1_000_001 : 2 * sample}`);
});

let fleet: Fleet;
let cli: CliHome;
let client: AssayClient;
let address: string;
let digest: string;
beforeAll(async () => {
  [fleet, cli] = await Promise.all([Fleet.start(), cliHome()]);
  await endpoint.start();
  ({ address } = await fleet.coordinator());
  client = fleet.client(address);
  digest = await client.uploadBytes(sums(SAMPLES));
  await client.uploadBytes(sums(SAMPLES), { namespace: 'other' });
});
afterAll(async () => {
  await fleet.stop();
  await endpoint.stop();
  await cli.dispose();
});
afterEach(() => {
  endpoint.calls.length = 0;
});

const models = (more: object = {}) => [{ match: 'openai/*', provider: 'openai', base_url: endpoint.url, max_connections: 4, ...more }];
let agents = 0;
/** An agent of its own label, so that each test has its own cache. */
async function agent(
  config: object = {},
  env: Record<string, string> = {},
): Promise<{ label: string; cache: string; kill: () => Promise<unknown> }> {
  const label = `a${agents++}`;
  const process = await fleet.agent(label, [address], { models: models(), labels: { own: label }, ...config }, { env });
  return { label, cache: join(fleet.dir, `spool-${label}`, 'cache'), kill: () => process.kill9() };
}

let submits = 0;
async function run(
  label: string,
  more: Record<string, unknown> = {},
  namespace?: string,
): Promise<{ id: string; report: Report; results: SampleResult[]; calls: number }> {
  const before = endpoint.calls.length;
  const spec = mockSpec(digest, { models: [{ model: 'openai/one' }], cache: true, route: { labels: { own: label } }, ...more });
  const { evaluation } = await client.submit({ spec, idempotencyKey: `k${submits++}`, ...(namespace ? { namespace } : {}) });
  const id = evaluation.evaluationId;
  await watchAll(client, id);
  return { id, report: await client.report(id), results: await allOf(client.results(id)), calls: endpoint.calls.length - before };
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
async function filesIn(folder: string): Promise<string[]> {
  const all = await readdir(folder, { recursive: true, withFileTypes: true });
  return all.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

describe('a second run', () => {
  test('makes no call, costs no token, and has the same results; reports and samples say so', async () => {
    const { label } = await agent();
    const [one, two] = [await run(label, { epochs: 2 }), await run(label, { epochs: 2, name: 'again' })];
    expect([one.calls, two.calls]).toEqual([2 * SAMPLES, 0]);
    expect(JSON.stringify(two.report.results)).toBe(JSON.stringify(one.report.results));
    expect(one.report.cache).toEqual({ hits: 0, of: 2 * SAMPLES, byModel: { 'openai/one': { hits: 0, of: 2 * SAMPLES } } });
    expect(two.report.cache).toEqual({
      hits: 2 * SAMPLES,
      of: 2 * SAMPLES,
      byModel: { 'openai/one': { hits: 2 * SAMPLES, of: 2 * SAMPLES } },
    });
    expect(two.report.usage).toEqual({ inputTokens: 0, outputTokens: 0, calls: 0, retries: 0, reasoningTokens: 0 });
    expect(two.report.specDigest).toBe(one.report.specDigest);
    // Each epoch has its own.
    expect(new Set(one.results.map(({ completion }) => completion)).size).toBe(2 * SAMPLES);
    expect(two.results.map(({ completion, scores }) => ({ completion, scores }))).toEqual(
      one.results.map(({ completion, scores }) => ({ completion, scores })),
    );
    expect(two.results.every(({ provenance }) => provenance?.cached && provenance.model === 'one')).toBe(true);
    const [a, b] = [await client.record(one.id), await client.record(two.id)];
    expect([b.digest, b.completions, b.groups[0]!.cached]).toEqual([a.digest, a.completions, 2 * SAMPLES]);
    expect(await client.verify(two.id)).toMatchObject({ balanced: true });
    const print = async (...args: string[]): Promise<string> => (await cli.inside([...args, '--address', address])).stdout;
    for (const command of ['report', 'show']) expect(await print(command, two.id)).toContain('from the cache: 30 of 30 completions');
    expect(await print('sample', two.id, '3')).toContain('the completion is from the cache');
    expect(await print('report', one.id)).toContain('from the cache: 0 of 30 completions');
  });

  test('asks anew for what changed: parameters, prompt, namespace, scope, age, a spoilt file', async () => {
    const { label, cache } = await agent();
    expect((await run(label)).calls).toBe(SAMPLES);
    expect((await run(label)).calls).toBe(0);
    const config = { models: [{ model: 'openai/one', generate_config: { temperature: 0.5 } }] };
    expect((await run(label, config)).calls).toBe(SAMPLES);
    expect((await run(label, {}, 'other')).calls).toBe(SAMPLES);
    expect((await run(label, { cache: { scopes: { team: 'a' } } })).calls).toBe(SAMPLES);
    expect((await run(label, { cache: { expiry: 'never', scopes: { team: 'a' } } })).calls).toBe(0);
    const files = await filesIn(cache);
    expect(files).toHaveLength(4 * SAMPLES);
    for (const file of files) await writeFile(file, 'nonsense');
    expect((await run(label)).calls).toBe(SAMPLES);
    const keptAt = Date.now();
    await waitFor(() => Date.now() - keptAt > 1_000, { what: 'a second to be over' });
    expect((await run(label, { cache: { expiry: '1s' } })).calls).toBe(SAMPLES);
    expect((await run(label, { cache: { expiry: '1h' } })).calls).toBe(0);
  });

  test('finds what an agent kept before it was killed', async () => {
    const one = await agent();
    expect((await run(one.label)).calls).toBe(SAMPLES);
    await one.kill();
    const two = await agent({ cache: { dir: one.cache } });
    expect((await run(two.label)).calls).toBe(0);
  });
});

test('the execute spans of a second run have an event for each completion that was kept, and no call below them', async () => {
  const collector = await startCollector();
  try {
    const env = { OTEL_SDK_DISABLED: 'false', OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' };
    const { label } = await agent({}, { ...env, OTEL_BSP_SCHEDULE_DELAY: '100' });
    const named = (name: RegExp) => collector.spans().filter((span) => name.test(span.name));
    const hits = () => named(/^execute$/).flatMap(({ events = [] }) => events.filter(({ name }) => name === 'cache_hit')).length;
    await run(label);
    await run(label);
    await waitFor(() => hits() === SAMPLES, { what: 'an event for each kept completion', state: () => `${hits()} events` });
    expect(named(/^chat /)).toHaveLength(SAMPLES);
  } finally {
    await collector.stop();
  }
});

test('log-likelihoods are kept as well, and are the same; metrics of the agent count hits and misses', async () => {
  const port = await freePort();
  const { label } = await agent({ models: [{ match: 'mock/*' }], http: `127.0.0.1:${port}` });
  const choices = await client.uploadBytes(sums(SAMPLES, (i) => ({ choices: [String(2 * i), 'none'] })));
  const benchmark = {
    ...{ benchmark: 'rated', dataset: { uri: 'file:sums.jsonl', digest: choices, fields: { id: 'id' } } },
    ...{ solver: { name: 'loglikelihood_choice', args: { target: 'text' } }, scorers: ['acc', 'acc_norm'], metrics: ['accuracy'] },
  };
  const mock = { seed: 3, accuracy: 0.5 };
  const rated = { benchmarks: [benchmark], models: [{ model: 'mock/a', generate_config: { extra_body: { mock } } }] };
  const [one, two] = [await run(label, rated), await run(label, rated)];
  expect(one.report).toMatchObject({ state: 'succeeded', usage: { calls: SAMPLES } });
  expect(two.report).toMatchObject({ usage: { calls: 0 }, cache: { hits: SAMPLES } });
  expect(JSON.stringify(two.report.results)).toBe(JSON.stringify(one.report.results));
  const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const looks = [...metrics.matchAll(/^assay_cache_lookups_total\{.*outcome="(\w+)".*\} (\d+)/gm)].map((row) => [row[1], Number(row[2])]);
  expect(Object.fromEntries(looks)).toEqual({ hit: SAMPLES, miss: SAMPLES });
});

describe('nothing is kept', () => {
  test('where the spec does not ask for it: no file is made', async () => {
    const { label, cache } = await agent();
    for (const more of [{ cache: undefined }, { cache: false }]) {
      const { report, calls: made } = await run(label, more);
      expect([made, report.cache]).toEqual([SAMPLES, undefined]);
    }
    expect(await exists(cache)).toBe(false);
  });

  test('where the operator forbids it; the report says that there was no hit', async () => {
    const { label, cache } = await agent({ cache: false });
    for (let i = 0; i < 2; i++) expect(await run(label)).toMatchObject({ calls: SAMPLES, report: { cache: { hits: 0, of: SAMPLES } } });
    expect(await exists(cache)).toBe(false);
  });
});
