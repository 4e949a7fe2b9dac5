/** Prompts and completions of 20 MiB pass, in bounded memory; a line beyond the limit is one clear fault. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AppError } from '../../shared/domain/errors.ts';
import { startChatServer, type ChatServer } from '../support/chat-server.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { mockSpec, sums, watchAll } from '../support/mock-evaluation.ts';

const MIB = 1024 * 1024;
const LARGE = 20 * MIB;
/** Of one process. Node alone takes about 100 MiB; a large content is there as a string, as JSON and as bytes, a few at a time. */
const MAX_RSS_MIB = 1_000;
const SAMPLES = 4;

let fleet: Fleet;
let model: ChatServer;
let coordinator: Process & { address: string };
let agent: Process;

beforeAll(async () => {
  fleet = await Fleet.start();
  // Says how much it was asked, and as much more.
  model = await startChatServer(({ prompt }) => `${prompt.length} ${digestOf(prompt)} ${'é'.repeat(LARGE / 2)}`);
  // What is large may hold up heartbeats on a busy machine: this is not about leases.
  coordinator = await fleet.coordinator({ args: ['--lease-ms', '30000', '--heartbeat-ms', '2000'] });
  agent = await fleet.agent('one', [coordinator.address], {
    models: [{ match: 'openai/*', provider: 'openai', base_url: model.url, stream: false, max_connections: 2 }],
  });
});
afterAll(async () => {
  await fleet?.stop();
  await model?.stop();
});

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');
/** Differs in every sample, with characters that take several bytes or escapes. */
const largePrompt = (i: number): string => `${i} "ü"\n`.repeat(LARGE / 7).slice(0, LARGE);

test('20 MiB of prompt and 20 MiB of completion', async () => {
  const client = fleet.client(coordinator.address);
  const digest = await client.uploadBytes(sums(SAMPLES, (i) => ({ input: largePrompt(i), target: digestOf(largePrompt(i)) })));
  const { evaluation } = await client.submit({
    spec: mockSpec(digest, { models: [{ model: 'openai/large' }], benchmarks: [benchmark(digest)] }),
    idempotencyKey: 'large',
  });
  expect((await watchAll(client, evaluation.evaluationId)).at(-1)).toMatchObject({ kind: 'state', state: 'succeeded' });
  let unit = 0;
  for await (const result of client.results(evaluation.evaluationId)) {
    expect(result).toMatchObject({ unit, state: 'scored', errorMessage: '' });
    // The model had the very prompt, and its very completion came back.
    const { length } = largePrompt(unit);
    const head = `${length} ${digestOf(largePrompt(unit))} `;
    expect(result.completion.slice(0, head.length)).toBe(head);
    expect(digestOf(result.completion)).toBe(digestOf(head + 'é'.repeat(LARGE / 2)));
    unit++;
  }
  expect(unit).toBe(SAMPLES);
  expect(model.calls).toHaveLength(SAMPLES);
  const { results } = await client.report(evaluation.evaluationId);
  expect(results).toMatchObject([{ metrics: { accuracy: 1 }, counts: { scored: SAMPLES } }]);
  if (process.platform === 'linux') {
    const peaks = { coordinator: await peakMib(coordinator.pid), agent: await peakMib(agent.pid) };
    console.log(`peak memory over ${SAMPLES} samples of 20 MiB each way, in MiB: ${JSON.stringify(peaks)}`);
    expect(Math.max(...Object.values(peaks))).toBeLessThan(MAX_RSS_MIB);
  }
});

test('a line of 65 MiB is refused at submit, with its place', async () => {
  const client = fleet.client(coordinator.address);
  const lines = [
    { id: 'a', input: 'small', target: 'x' },
    { id: 'b', input: 'x'.repeat(65 * MIB), target: 'x' },
  ];
  const digest = await client.uploadBytes(Buffer.from(lines.map((line) => JSON.stringify(line)).join('\n')));
  const submitted = client.submit({
    spec: mockSpec(digest, { models: [{ model: 'openai/large' }], benchmarks: [benchmark(digest)] }),
    idempotencyKey: 'too large',
  });
  const error = await submitted.then(
    () => undefined,
    (thrown: unknown) => AppError.from(thrown),
  );
  expect(error).toMatchObject({ code: 'invalid' });
  expect(error!.message).toContain('large.jsonl line 2: has more than 67108864 bytes');
  expect(error!.message.length).toBeLessThan(500);
});

const benchmark = (digest: string): object => ({
  benchmark: 'large',
  dataset: { uri: 'file:large.jsonl', digest, fields: { id: 'id' } },
  scorers: [{ name: 'includes' }],
});

/** The most memory that a process has had at once. */
async function peakMib(pid: number): Promise<number> {
  return Math.round(Number(/VmHWM:\s*(\d+) kB/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))![1]) / 1024);
}
