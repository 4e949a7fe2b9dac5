/**
 * Where keys, prompts and completions get to: canary strings, looked for as bytes. Redis holds none of them; the key is
 * nowhere outside the agent, also when an endpoint repeats it in its errors.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectRedis } from '../../coordinator/redis/connect.ts';
import { openDirectoryStore } from '../../coordinator/store/directory-store.ts';
import type { SampleResult } from '../../shared/client/types.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { silentLogger } from '../../shared/telemetry/logger.ts';
import { AlertReceiver } from '../support/alert-receiver.ts';
import { startChatServer, type ChatAnswer, type ChatCall, type ChatServer } from '../support/chat-server.ts';
import { startCollector, type Collector } from '../support/collector.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { allOf, mockSpec, rawReport, sums, watchAll } from '../support/mock-evaluation.ts';
import { waitFor } from '../support/wait-for.ts';

const canary = (what: string): string => `canary${what}${randomBytes(12).toString('hex')}`;
const PROMPT = canary('Prompt');
const SYSTEM = canary('System');
const TARGET = canary('Target');
const COMPLETION = canary('Completion');
/** Nothing that the logger knows as a key by its look, with characters that JSON and URLs write in another way. */
const KEY = `secret-"${canary('Key')}"/+=\\end`;
const SAMPLES = 40;
const SPANS = ['submit', 'plan', 'enqueue', 'execute', 'chat open', 'chat locked', 'commit'];

/** A text as it may stand in a file: itself, as JSON within JSON writes it, in a URL, and in base64 at any offset. */
function formsOf(text: string): string[] {
  const escaped = JSON.stringify(text).slice(1, -1);
  const base64 = [0, 1, 2].map((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), Buffer.from(text)]).toString('base64');
    // The first and the last group mix with what stands beside the text.
    return encoded.slice(4, -4);
  });
  const urlSafe = base64.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'));
  return [
    ...new Set([
      text,
      escaped,
      JSON.stringify(escaped).slice(1, -1),
      encodeURIComponent(text),
      Buffer.from(text).toString('hex'),
      ...base64,
      ...urlSafe,
    ]),
  ];
}

const within = (before: string): Buffer => Buffer.from(`${before}${KEY}`);
const ECHOES = [
  KEY,
  JSON.stringify({ key: KEY }),
  JSON.stringify(JSON.stringify(KEY)),
  encodeURIComponent(KEY),
  within('').toString('hex'),
  ...['', ':', 'ab'].flatMap((before) => [within(before).toString('base64'), within(before).toString('base64url')]),
];

const contains = (bytes: Buffer | string, text: string): boolean => formsOf(text).some((form) => bytes.includes(form));

async function bytesUnder(folder: string): Promise<{ name: string; bytes: Buffer }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(files.map(async (name) => ({ name, bytes: await readFile(name) })));
}

let fleet: Fleet;
let collector: Collector;
let endpoint: ChatServer;
let hooks: AlertReceiver;
let coordinator: Process & { address: string };
let agent: Process;
let redis: Redis;
let watching: Redis;
let evaluationId: string;
/** What Redis was told, and its dumps while the evaluation ran and after it. */
const commands: string[] = [];
const dumps: { name: string; bytes: Buffer }[] = [];

/** The first call of a sample may fail; every error repeats the key, as some endpoints do. */
function answer({ model, prompt, headers }: ChatCall): ChatAnswer {
  const error = { message: `the key ${String(headers.authorization)} is not welcome for ${prompt}`, type: 'some_error' };
  const sample = Number(/Number (\d+)/.exec(prompt)?.[1]);
  if (model === 'locked') return { status: 401, body: { error } };
  if (sample === 0) return { status: 400, body: { error } };
  if (sample % 4 === 1 && endpoint.calls.filter((call) => call.prompt === prompt).length === 1) return { status: 500, body: error.message };
  // An answer may repeat the key as well, in whatever encoding.
  return `${COMPLETION} ${sample % 2 === 0 ? TARGET : 'else'} ${ECHOES[sample % ECHOES.length]!}`;
}

async function dump(when: string): Promise<void> {
  await redis.save();
  for (const { name, bytes } of await bytesUnder(fleet.redis.dir)) dumps.push({ name: `${when}: ${name}`, bytes });
}

beforeAll(async () => {
  fleet = await Fleet.start({ args: ['--rdbcompression', 'no', '--auto-aof-rewrite-percentage', '0', '--aof-use-rdb-preamble', 'no'] });
  redis = (await connectRedis(fleet.redis.url, 'test', silentLogger())) as Redis;
  watching = await redis.monitor();
  watching.on('monitor', (_time: string, args: string[]) => void commands.push(args.join(' ')));
  collector = await startCollector();
  endpoint = await startChatServer(answer);
  hooks = await new AlertReceiver().start();
  const alerts = join(fleet.dir, 'alerts.yaml');
  const channel = { type: 'webhook', secret_env: 'HOOK_SECRET', per_minute: 600 };
  const channels = [{ ...channel, name: 'hook', url: hooks.url }];
  await writeFile(alerts, JSON.stringify({ channels, gates: [{ metric: 'accuracy', min: 1 }], after: { key_rejected: '1ms' } }));
  const env = {
    OTEL_SDK_DISABLED: 'false',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_BSP_SCHEDULE_DELAY: '100',
    ASSAY_LOG_LEVEL: 'trace',
    SECRET_KEY: KEY,
    HOOK_SECRET: randomBytes(32).toString('hex'),
  };
  coordinator = await fleet.coordinator({ env, args: ['--alerts', alerts, '--sweep-ms', '100'] });
  const entry = { provider: 'openai', base_url: endpoint.url, api_key_env: 'SECRET_KEY', stream: false, max_connections: 2 };
  agent = await fleet.agent(
    'one',
    [coordinator.address],
    {
      models: [
        { ...entry, match: 'openai/open' },
        { ...entry, match: 'openai/locked' },
      ],
    },
    { env },
  );

  const client = fleet.client(coordinator.address);
  const digest = await client.uploadBytes(sums(SAMPLES, (i) => ({ input: `Number ${i} ${PROMPT}`, target: TARGET })));
  const benchmarks = [
    {
      benchmark: 'secret',
      dataset: { uri: 'file:sums.jsonl', digest, fields: { id: 'id' } },
      prompt: { template: `{{ input }} ${PROMPT}`, system_message: SYSTEM },
      scorers: [{ name: 'includes' }],
    },
  ];
  const open = mockSpec(digest, { benchmarks, models: [{ model: 'openai/open' }] });
  const locked = mockSpec(digest, { benchmarks, models: [{ model: 'openai/locked' }] });
  const refused = (await client.submit({ spec: locked, idempotencyKey: 'locked' })).evaluation.evaluationId;
  ({
    evaluation: { evaluationId },
  } = await client.submit({ spec: open, idempotencyKey: 'open' }));
  await waitFor(async () => (await client.get(evaluationId)).counts.scored >= 3, { what: 'the first samples', timeoutMs: 30_000 });
  await dump('running');
  await watchAll(client, evaluationId);
  // The agent takes the key's refusal as its own trouble, and says so in its log.
  await waitFor(() => endpoint.calls.some((call) => call.model === 'locked') && /"auth"/.test(agent.output), {
    what: 'the refusal in the log',
    state: () => agent.output.slice(-2_000),
  });
  const toldOf = (kind: string): Promise<unknown> =>
    waitFor(() => hooks.told().includes(kind), { what: `the alert: ${kind}`, state: () => hooks.told() });
  await toldOf('opened key_rejected');
  await client.cancel(refused, 'the key is refused');
  await watchAll(client, refused);
  for (const kind of ['happened evaluation_finished', 'opened evaluation_below_gate']) await toldOf(kind);
  await dump('finished');
  const named = (name: string): number => collector.spans().filter((span) => span.name === name).length;
  await waitFor(() => named('execute') >= SAMPLES / 10 && SPANS.every(named), {
    what: 'the spans',
    state: () => collector.spans().map((s) => s.name),
  });
});
afterAll(async () => {
  watching?.disconnect();
  redis?.disconnect();
  await endpoint?.stop();
  await hooks?.stop();
  await fleet?.stop();
  await collector?.stop();
});

test('the job was done, with the key, over errors that repeat it', async () => {
  expect(new Set(endpoint.calls.map((call) => call.headers.authorization))).toEqual(new Set([`Bearer ${KEY}`]));
  const results = await allOf(fleet.client(coordinator.address).results(evaluationId));
  expect(results).toHaveLength(SAMPLES);
  expect(results[0]).toMatchObject({ state: 'errored', errorClass: 'request' });
  expect(results[0]!.errorMessage).toContain('[key] is not welcome');
  for (const result of results.slice(1))
    expect(result).toMatchObject({ state: 'scored', completion: expect.stringMatching(new RegExp(`^${COMPLETION}.*\\[key\\]`)) as string });
});

describe('no prompt, completion, target or key', () => {
  const CONTENT = { PROMPT, SYSTEM, TARGET, COMPLETION, KEY };
  const expectNothingIn = (name: string, bytes: Buffer | string, what: Record<string, string> = CONTENT): void => {
    for (const [label, text] of Object.entries(what)) expect(contains(bytes, text), `${label} in ${name}`).toBe(false);
  };

  test('in a dump or append-only file of Redis, during and after', () => {
    expect(dumps.filter(({ name }) => name.endsWith('.rdb')).length).toBeGreaterThanOrEqual(2);
    expect(dumps.filter(({ name }) => name.endsWith('.aof')).length).toBeGreaterThanOrEqual(2);
    // Bytes can be found in them: the evaluation's id is there.
    for (const when of ['running', 'finished']) {
      const own = dumps.filter(({ name }) => name.startsWith(when));
      for (const kind of ['.rdb', '.aof'])
        expect(
          own.some(({ name, bytes }) => name.endsWith(kind) && bytes.includes(evaluationId)),
          `${when} ${kind}`,
        ).toBe(true);
    }
    for (const { name, bytes } of dumps) expectNothingIn(name, bytes);
  });

  test('in any command that Redis was sent', () => {
    const all = commands.join('\n');
    expect(all).toContain(evaluationId);
    expectNothingIn('the commands', all);
  });

  test('in the logs of coordinator and agent at their finest', () => {
    expect(coordinator.output).toMatch(/"level":"(debug|trace)"/);
    expect(agent.output).toContain('answers auth (HTTP 401)');
    for (const process of [coordinator, agent]) expectNothingIn(process.name, process.output);
  });

  test('in any span', () => {
    const names = collector.spans().map((span) => span.name);
    for (const name of SPANS) expect(names).toContain(name);
    for (const { body } of collector.requests) expectNothingIn('an export', body);
  });

  test('in any alert', () => {
    const bodies = hooks.calls.map(({ body, headers }) => JSON.stringify([body, headers]));
    expect(bodies.some((body) => body.includes(evaluationId))).toBe(true);
    for (const body of bodies) expectNothingIn('an alert', body);
  });

  test('in the report', async () => {
    expectNothingIn('the report', (await rawReport(coordinator.address, evaluationId)).reportJson);
  });

  test('in the spool, once all is acknowledged: at least no key', async () => {
    for (const { name, bytes } of await bytesUnder(join(fleet.dir, 'spool-one'))) expectNothingIn(name, bytes, { KEY });
  });
});

test('the key is not in the store either, packed or unpacked, and not in the results', async () => {
  for (const { name, bytes } of await bytesUnder(fleet.store))
    expect({ name, found: contains(bytes, KEY) }).toEqual({ name, found: false });
  const store = await openDirectoryStore({ path: fleet.store, clock: systemClock, logger: silentLogger(), coordinatorId: 'co_test' });
  const index = await store.openResults(evaluationId);
  const contents = (await allOf(index.results())).map(({ content }) => content);
  await index.close();
  await store.close();
  expect(contents).toHaveLength(SAMPLES);
  // What can be found there is found: the store is where content lives.
  expect(contents.filter((content) => contains(content, COMPLETION))).toHaveLength(SAMPLES - 1);
  for (const content of contents) expect(contains(content, KEY)).toBe(false);
  const results: SampleResult[] = await allOf(fleet.client(coordinator.address).results(evaluationId));
  expect(contains(JSON.stringify(results), KEY)).toBe(false);
});
