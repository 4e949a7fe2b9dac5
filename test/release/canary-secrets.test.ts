/**
 * Canary keys in a fleet whose endpoint and whose scorer are hostile: they repeat the agent's keys in every encoding, cut into two at every place, in
 * streams, error bodies and headers, on stderr. None is found in Redis, the store, spools, logs, spans, results, nor in any process's arguments or environment.
 */
import { randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectRedis } from '../../coordinator/redis/connect.ts';
import type { SampleResult } from '../../shared/client/types.ts';
import { silentLogger } from '../../shared/telemetry/logger.ts';
import { startCollector, type Collector } from '../support/collector.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { allOf, mockSpec, sums, watchAll } from '../support/mock-evaluation.ts';
import { waitFor } from '../support/wait-for.ts';

/** With characters that JSON, URLs and HTML write in another way; as headers may bear them. */
const KEY = `ca"${randomBytes(9).toString('hex')}/+\\<&=`;
const RUBRIC = `scorers-own-${randomBytes(9).toString('hex')}`;

/** Eight ways, written here by other means than the redactor's own. */
function encodingsOf(text: string): Record<string, string> {
  const bytes = Buffer.from(text);
  const within = (before: string): Buffer => Buffer.from(`${before}${text}`);
  return {
    plain: text,
    json: JSON.stringify({ key: text }),
    'json in json': JSON.stringify(JSON.stringify(text)),
    url: encodeURIComponent(text),
    'hex, lower': bytes.toString('hex'),
    'hex, upper': bytes.toString('hex').toUpperCase(),
    base64: within('').toString('base64'),
    'base64, moved by one': within('u').toString('base64'),
    'base64, moved by two': within('us').toString('base64'),
    base64url: within('').toString('base64url'),
    html: text.replace(/[&<>"]/g, (char) => `&${{ '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot' }[char]};`),
  };
}

/** What must be nowhere: of each encoding the part that says the key, and nothing beside it. */
function forbidden(text: string): [string, string][] {
  return Object.entries(encodingsOf(text)).map(([name, form]) => {
    if (name.startsWith('base64')) return [name, form.replace(/=+$/, '').slice(4, -4)];
    return [name, name === 'json' ? form.slice(8, -2) : name === 'json in json' ? form.slice(3, -3) : form];
  });
}
const FORBIDDEN = [KEY, RUBRIC].flatMap(forbidden);
const found = (bytes: Buffer | string): string[] => FORBIDDEN.filter(([, form]) => bytes.includes(form)).map(([name]) => name);

/** Every encoding, cut at every place. */
const CASES = Object.values(encodingsOf(KEY)).flatMap((form) =>
  Array.from({ length: form.length - 1 }, (_, i) => [form.slice(0, i + 1), form.slice(i + 1)]),
);

/** Writes to stderr what it was given in its environment, in every encoding and cut at every place, and answers like any scorer. */
const SCORER = `
const forms = ${JSON.stringify(Object.values(encodingsOf(RUBRIC)))};
const cuts = forms.flatMap((form) => Array.from({ length: form.length - 1 }, (_, i) => [form.slice(0, i + 1), form.slice(i + 1)]));
let line = '';
let next = 0;
process.stdin.on('data', (chunk) => {
  line += chunk;
  for (let at = line.indexOf('\\n'); at >= 0; at = line.indexOf('\\n')) {
    const { id } = JSON.parse(line.slice(0, at));
    line = line.slice(at + 1);
    const [first, rest] = cuts[next++ % cuts.length];
    process.stderr.write('it says ' + first);
    setTimeout(() => {
      process.stderr.write(rest + '\\n');
      process.stdout.write(JSON.stringify({ id, value: 1, explanation: first + rest, metadata: { own: first + rest } }) + '\\n');
    }, 1);
  }
});
`;

let fleet: Fleet;
let collector: Collector;
let endpoint: Server;
let coordinator: Process & { address: string };
let agent: Process;
let evaluationId: string;
let calls = 0;
let wrongKeys = 0;
const lists = new Set<string>();

/** A stream whose events, and whose packets, are cut within the key; every seventh call fails first, with the key in body and headers. */
async function answer(response: ServerResponse, prompt: string): Promise<void> {
  const sample = Number(/Number (\d+)/.exec(prompt)?.[1] ?? 0);
  const [first, rest] = CASES[sample % CASES.length] as [string, string];
  const headers = { 'x-request-id': KEY, 'x-echo': `Bearer ${KEY}`, 'retry-after': '0' };
  if (calls++ % 7 === 0) {
    response.writeHead(503, { 'content-type': 'application/json', ...headers });
    const body = JSON.stringify({ error: { message: `${first}${rest} is not welcome`, code: KEY, type: first + rest } });
    const at = Math.max(1, body.indexOf(JSON.stringify(first).slice(1, -1)) + 3);
    response.write(body.slice(0, at));
    await new Promise((resolve) => void setTimeout(resolve, 1));
    return void response.end(body.slice(at));
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', ...headers });
  const event = (delta: object, more: object = {}): string =>
    `data: ${JSON.stringify({ id: KEY, model: `m ${first}${rest}`, system_fingerprint: first + rest, choices: [{ index: 0, delta }], ...more })}\n\n`;
  const pieces = [event({ content: `said: ${first}`, reasoning_content: first }), event({ content: rest, reasoning_content: rest })];
  for (const piece of pieces) {
    const at = sample % piece.length;
    response.write(piece.slice(0, at));
    await new Promise((resolve) => void setImmediate(resolve));
    response.write(piece.slice(at));
  }
  const end = { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], usage: { prompt_tokens: 1, completion_tokens: 1 } };
  response.end(`${event({}, end)}data: [DONE]\n\n`);
}

async function bytesUnder(folder: string): Promise<{ name: string; bytes: Buffer }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(files.map(async (name) => ({ name, bytes: await readFile(name) })));
}

/** Arguments of all processes, and the environments of those that belong to the fleet. */
async function lookAtProcesses(): Promise<void> {
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const read = (file: string): Promise<string> => readFile(`/proc/${pid}/${file}`, 'latin1').catch(() => '');
    const [cmdline, environ, stat] = await Promise.all([read('cmdline'), read('environ'), read('stat')]);
    if (cmdline.includes(KEY) || cmdline.includes(RUBRIC)) lists.add(`arguments of ${pid}`);
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    if (environ.includes(KEY) && (Number(pid) === agent.pid || parent === agent.pid)) lists.add(`environment of ${pid}`);
  }
}

beforeAll(async () => {
  fleet = await Fleet.start({ args: ['--rdbcompression', 'no', '--aof-use-rdb-preamble', 'no'] });
  collector = await startCollector();
  endpoint = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      wrongKeys += Number(request.headers.authorization !== `Bearer ${KEY}`);
      const { messages } = JSON.parse(Buffer.concat(chunks).toString()) as { messages: { content: string }[] };
      void answer(response, messages.at(-1)!.content);
    });
  });
  await new Promise<void>((resolve) => void endpoint.listen(0, '127.0.0.1', resolve));
  await writeFile(join(fleet.dir, 'key'), `${KEY}\n`, { mode: 0o600 });
  await writeFile(join(fleet.dir, 'scorer.mjs'), SCORER);
  const env = {
    OTEL_SDK_DISABLED: 'false',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_BSP_SCHEDULE_DELAY: '100',
    ASSAY_LOG_LEVEL: 'trace',
  };
  coordinator = await fleet.coordinator({ env });
  const config = {
    models: [
      {
        match: 'openai/*',
        base_url: `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/v1`,
        api_key_file: 'key',
        max_connections: 4,
      },
    ],
    commands: { hostile: { argv: [process.execPath, 'scorer.mjs'], env: { RUBRIC }, instances: 2 } },
    policy: { spend_per_day: { tokens: 1_000_000_000 } },
  };
  agent = await fleet.agent('one', [coordinator.address], config, { env });
  const client = fleet.client(coordinator.address);
  const digest = await client.uploadBytes(sums(CASES.length, (i) => ({ input: `Number ${i}`, target: 'x' })));
  const spec = mockSpec(digest, {
    benchmarks: [
      {
        benchmark: 'canary',
        dataset: { uri: 'file:sums.jsonl', digest, fields: { id: 'id' } },
        prompt: { template: '{{ input }}' },
        scorers: [{ name: 'command', args: { command: 'hostile' } }],
      },
    ],
    models: [{ model: 'openai/m', generate_config: { max_tokens: 100 } }],
    retry: { max_retries: 20 },
  });
  evaluationId = (await client.submit({ spec, idempotencyKey: 'canary' })).evaluation.evaluationId;
  await waitFor(async () => (await client.get(evaluationId)).counts.scored >= 20, { what: 'the first samples', timeoutMs: 60_000 });
  await lookAtProcesses();
  await watchAll(client, evaluationId);
  await lookAtProcesses();
  await waitFor(() => collector.spans().some((span) => span.name === 'finalize' || span.name === 'commit'), { what: 'spans' });
}, 300_000);
afterAll(async () => {
  endpoint?.closeAllConnections();
  endpoint?.close();
  await fleet?.stop();
  await collector?.stop();
});

test('all was answered, scored and redacted', async () => {
  const results: SampleResult[] = await allOf(fleet.client(coordinator.address).results(evaluationId));
  expect(results).toHaveLength(CASES.length);
  expect(CASES.length).toBeGreaterThan(300);
  expect(wrongKeys).toBe(0);
  for (const result of results) {
    expect(result).toMatchObject({ state: 'scored', completion: expect.stringContaining('[key]') as string });
    expect(found(JSON.stringify(result))).toEqual([]);
  }
});

test('a leak would be found', () => {
  for (const form of Object.values(encodingsOf(KEY))) expect(found(`before ${form} after`)).not.toEqual([]);
});

test('not in Redis, the store, the spool, or any other file of the fleet but the key', async () => {
  const redis = (await connectRedis(fleet.redis.url, 'test', silentLogger())) as Redis;
  await redis.save();
  redis.disconnect();
  const ofRedis = await bytesUnder(fleet.redis.dir);
  // It can be found there, so a key could.
  for (const kind of ['.rdb', '.aof'])
    expect(ofRedis.filter(({ name, bytes }) => name.endsWith(kind) && bytes.includes(evaluationId))).not.toEqual([]);
  for (const files of [ofRedis, await bytesUnder(fleet.dir)]) {
    expect(files.length).toBeGreaterThan(0);
    for (const { name, bytes } of files) {
      if (/\/(key|one\.yaml|scorer\.mjs)$/.test(name)) continue;
      expect({ name, found: found(bytes) }).toEqual({ name, found: [] });
    }
  }
});

test('not in the logs, where stderr of the scorer is, nor in what spans and metrics are sent', () => {
  expect(agent.output).toContain('it says [key]');
  for (const { name, output } of [agent, coordinator]) expect({ name, found: found(output) }).toEqual({ name, found: [] });
  expect(collector.requests.length).toBeGreaterThan(0);
  for (const { body } of collector.requests) expect(found(body)).toEqual([]);
});

test('not in the lines that the agent tells of its tasks and of itself, which quote the endpoint and the scorer', async () => {
  const client = fleet.client(coordinator.address);
  const ofTasks = (await allOf(client.logs({ evaluationId }))).flatMap(({ lines }) => lines);
  const own = (await allOf(client.agentLogs('one'))).flat();
  expect(ofTasks.map(({ text }) => text)).toContainEqual(expect.stringContaining('[key] is not welcome'));
  expect(own.map(({ text }) => text)).toContainEqual(expect.stringContaining('it says [key]'));
  for (const line of [...ofTasks, ...own]) expect(found(JSON.stringify(line))).toEqual([]);
});

test('not in the arguments of any process, nor in the environment of the agent and its programs', () => expect([...lists]).toEqual([]));
