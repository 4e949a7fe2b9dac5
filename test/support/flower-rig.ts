/** A coordinator with its page for whoever comes from Flower: an evaluation that is over, one that is held, one that kills its agent, one that nobody serves. */
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildDashboard } from '../../scripts/build.ts';
import type { AssayClient } from '../../shared/client/client.ts';
import { connect } from '../../shared/client/connect.ts';
import { Fleet, type Process } from './fleet.ts';
import { Gate } from './gate.ts';
import { mockSpec, sums } from './mock-evaluation.ts';
import { chatAnswer, ModelEndpoint } from './model-endpoint.ts';
import { freePorts } from './ports.ts';
import { waitFor } from './wait-for.ts';

export const TOKEN = 'a-token-of-this-test-0123456789';
/** Samples of all evaluations but the one that kills. */
export const SAMPLES = 12;
/** The calls of `held` that are answered at first. */
export const HELD = 3;

/** Kills the agent whose samples it is asked to score, until the file `mended` is there; then all are right. */
const GRADER = `
const lines = require('node:readline').createInterface({ input: process.stdin });
lines.on('line', (line) => {
  if (require('node:fs').existsSync('mended')) return void process.stdout.write(JSON.stringify({ id: JSON.parse(line).id, value: 'C' }) + '\\n');
  process.kill(process.ppid, 'SIGKILL');
});
lines.on('close', () => process.exit());
`;

export interface FlowerRig {
  client: AssayClient;
  coordinator: Process & { address: string };
  /** Serves openai/quick, openai/held and openai/dear; dear has a price. */
  agent: Process;
  /** Of the page. */
  url: string;
  gate: Gate;
  ids: Record<'done' | 'held' | 'deadly' | 'unserved', string>;
  /** A spec of sums over these models, whose dataset is there. */
  specOf: (models: readonly string[], more?: Record<string, unknown>) => Record<string, unknown>;
  /** What kills agents does so no more; it takes some seconds until the agent has died often enough for dead letters. */
  mend: () => Promise<void>;
  /** A call of the HTTP API as a program: its status and its JSON, or its text. */
  call: <T>(method: string, path: string, body?: unknown, token?: string) => Promise<{ status: number; body: T }>;
  stop: () => Promise<void>;
}

/** The page that coordinators serve is that of the sources; `npm test` has built it already. */
export async function startFlowerRig(): Promise<FlowerRig> {
  if (!process.env['ASSAY_TEST_PROGRAMS']) await buildDashboard();
  const gate = new Gate();
  gate.set(HELD);
  let came = 0;
  const endpoint = new ModelEndpoint(async ({ model, prompt }, _body, signal) => {
    if (model === 'held') await gate.pass(++came, signal);
    return chatAnswer(model, `The answer is ${2 * Number(/(\d+) \+/.exec(prompt)![1])}`);
  });
  const [fleet] = await Promise.all([Fleet.start(), endpoint.start()]);
  await writeFile(join(fleet.dir, 'grader.cjs'), GRADER);
  await writeFile(
    join(fleet.dir, 'prices.json'),
    JSON.stringify({ version: '2026-11-29', models: [{ match: 'openai/dear', inputUsdPerMillion: 1000, outputUsdPerMillion: 2000 }] }),
  );
  const [port, httpPort] = await freePorts(2);
  const env = { ASSAY_TOKEN: TOKEN };
  const args = ['--lease-ms', '30000', '--heartbeat-ms', '500', '--sweep-ms', '300', '--http', `127.0.0.1:${httpPort}`];
  const prices = ['--prices', join(fleet.dir, 'prices.json')];
  const coordinator = await fleet.coordinator({ port: port!, args: [...args, ...prices], env });
  // What is held has connections of its own, so that it holds up nothing else.
  const entries = [
    ['openai/held', 2] as const,
    ['openai/quick', { adaptive: { min: 1, start: 2, max: 8 } }] as const,
    ['openai/dear', 4] as const,
  ];
  const models = entries.map(([match, connections]) => ({
    match,
    provider: 'openai',
    base_url: endpoint.url,
    max_connections: connections,
  }));
  const commands = { grader: { argv: [process.execPath, join(fleet.dir, 'grader.cjs')], instances: 1, cwd: fleet.dir } };
  const [agent, mortal] = await Promise.all([
    fleet.agent('gpu-1', [coordinator.address], { models, labels: { zone: 'eu' }, drain_ms: 300 }, { env }),
    fleet.agent(
      'mortal',
      [coordinator.address],
      { models: [{ match: 'mock/*', provider: 'mock', max_connections: 2 }], commands },
      { env },
    ),
  ]);
  const client = connect({ addresses: [coordinator.address], token: TOKEN });
  const uploaded = async (samples: number): Promise<string> => {
    const content = sums(samples);
    await client.uploadBytes(content);
    return `sha256:${createHash('sha256').update(content).digest('hex')}`;
  };
  const [digest, two] = [await uploaded(SAMPLES), await uploaded(2)];
  const specOf: FlowerRig['specOf'] = (names, more = {}) =>
    mockSpec(digest, { models: names.map((model) => ({ model })), max_task_samples: 4, ...more });
  const submit = async (name: string, models: string[], more: Record<string, unknown> = {}): Promise<string> =>
    (await client.submit({ spec: specOf(models, { name, ...more }), idempotencyKey: name, owner: 'ada' })).evaluation.evaluationId;
  const graded = {
    dataset: { uri: 'file:two.jsonl', digest: two, fields: { id: 'id' } },
    scorers: [{ name: 'command', args: { command: 'grader' } }],
  };
  const ids = {
    done: await submit('nightly sums', ['openai/quick', 'openai/dear']),
    held: await submit('sums, held', ['openai/held']),
    deadly: await submit('deadly sums', ['mock/one'], { benchmarks: [{ benchmark: 'deadly', ...graded }], max_task_samples: 1 }),
    unserved: await submit('sums for nobody', ['vllm/long-70b']),
  };
  const life = keptAlive(mortal);
  await waitFor(async () => (await client.get(ids.done)).finishedAtMs > 0, { what: 'the first one to be over', timeoutMs: 100_000 });
  await waitFor(async () => (await client.get(ids.held)).counts.scored >= HELD, { what: 'the held one to be so far', timeoutMs: 60_000 });
  const url = `http://127.0.0.1:${httpPort}`;
  return {
    ...{ client, coordinator, agent, url, gate, ids, specOf, call: caller(`${url}/api/v1`) },
    mend: () => writeFile(join(fleet.dir, 'mended'), ''),
    stop: async () => {
      gate.set(Infinity);
      await life.stop();
      client.close();
      await fleet.stop();
      await endpoint.stop();
    },
  };
}

/** Starts it again whenever it has died, as a service manager would. */
function keptAlive(process: Process): { stop: () => Promise<void> } {
  let isOver = false;
  const supervised = (async () => {
    while (!isOver) {
      if (!process.running) await process.start(false);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })();
  return {
    stop: async () => {
      isOver = true;
      await supervised;
    },
  };
}

const caller =
  (root: string): FlowerRig['call'] =>
  async <T>(method: string, path: string, body?: unknown, token = TOKEN) => {
    const response = await fetch(root + path, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json');
    return { status: response.status, body: (isJson ? JSON.parse(text) : text) as T };
  };
