/** Lines of agents about tasks, kept with their evaluation: real processes, from the agent to the command line and the page. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AssayClient } from '../../shared/client/client.ts';
import type { LogBatch, LogLine, LogOptions, LogSubject } from '../../shared/client/logs.ts';
import { BareAgent } from '../support/bare-agent.ts';
import { cliHome, type CliHome } from '../support/cli.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { Gate, gatedEndpoint } from '../support/gate.ts';
import { eventsOf, linesOf as jsonLinesOf, type ServerEvent } from '../support/http.ts';
import { allOf, mockSpec, sums } from '../support/mock-evaluation.ts';
import { freePorts } from '../support/ports.ts';
import { waitFor } from '../support/wait-for.ts';

const SAMPLES = 20;
const gate = new Gate();
const endpoint = gatedEndpoint(gate);
let fleet: Fleet;
let [a, b]: (Process & { address: string })[] = [];
let client: AssayClient;
let cli: CliHome;
let url: string;
let digest: string;
let runs = 0;

beforeAll(async () => {
  [fleet, cli] = await Promise.all([Fleet.start(), cliHome(), endpoint.start()]);
  const [port] = await freePorts(1);
  const times = ['--lease-ms', '3000', '--heartbeat-ms', '500'];
  [a, b] = await Promise.all([fleet.coordinator(), fleet.coordinator({ args: [...times, '--http', `127.0.0.1:${port}`] })]);
  url = `http://127.0.0.1:${port}/api/v1`;
  client = fleet.client(b.address, a.address);
  digest = await client.uploadBytes(sums(SAMPLES));
  const models = [
    { match: 'openai/*', provider: 'openai', base_url: endpoint.url, max_connections: 4 },
    { match: 'mock/fails', provider: 'mock', options: { error_rate: { request: 1 } } },
    { match: 'mock/busy', provider: 'mock', options: { error_rate: { rate_limit: 1 }, retry_after_ms: 1 } },
  ];
  await fleet.agent('talker', [b.address], { models });
});
afterAll(async () => {
  gate.set(Infinity);
  await cli.dispose();
  await fleet.stop();
  await endpoint.stop();
});

const submit = async (model: string, more: object = {}): Promise<string> =>
  (await client.submit({ spec: mockSpec(digest, { models: [{ model }], ...more }), idempotencyKey: `run ${++runs}` })).evaluation
    .evaluationId;
const linesOf = async (subject: LogSubject, options: LogOptions = {}): Promise<LogLine[]> =>
  (await allOf(client.logs(subject, options))).flatMap(({ lines }) => lines);
/** Waits for what agents still have to say. */
async function told(evaluationId: string, isAll: (lines: readonly LogLine[]) => boolean): Promise<LogLine[]> {
  let lines: LogLine[] = [];
  await waitFor(async () => isAll((lines = await linesOf({ evaluationId }))), {
    what: 'all lines',
    state: () => JSON.stringify(lines, null, 1),
  });
  return lines;
}
const assay = (...args: string[]) => cli.inside([...args, '--address', b!.address]);

test('what an agent tells of its tasks is kept with the evaluation until that is deleted', async () => {
  const evaluationId = await submit('mock/fails');
  const lines = await told(evaluationId, (some) => some.filter(({ level }) => level === 'error').length === SAMPLES);
  const [first] = lines;
  expect(first).toMatchObject({
    level: 'info',
    text: expect.stringMatching(/^taken: (one sample|\d+ samples) of sums for mock\/fails$/),
    agent: 'talker',
  });
  const errors = lines.filter(({ level }) => level === 'error');
  expect(errors.map(({ unit }) => unit!).toSorted((x, y) => x - y)).toEqual(Array.from({ length: SAMPLES }, (_, unit) => unit));
  expect(errors[0]!.text).toMatch(/^sample "s\d+" errored \(request\): mock/);

  const { taskId } = errors[0]!;
  const ofTask = await linesOf({ taskId });
  expect(ofTask).toEqual(lines.filter((line) => line.taskId === taskId));
  expect(await linesOf({ evaluationId }, { tail: 2, filter: { minLevel: 'error', agent: 'talker', text: 'SAMPLE' } })).toEqual(
    errors.slice(-2),
  );
  expect(await linesOf({ evaluationId }, { filter: { unit: 7, minLevel: 'error' } })).toEqual(errors.filter(({ unit }) => unit === 7));
  expect(await jsonLinesOf(await fetch(`${url}/tasks/${taskId}/logs?unit=${errors[0]!.unit}`))).toEqual(
    ofTask.filter(({ unit }) => unit === errors[0]!.unit),
  );
  expect((await assay('logs', evaluationId, '--unit', '7', '--level', 'error')).stdout.split('\n')).toHaveLength(2);
  expect(await linesOf({ evaluationId }, { filter: { sinceMs: Date.now() + 60_000 } })).toEqual([]);

  const shown = await assay('logs', evaluationId, '--level', 'error', '-n', '2');
  expect(shown).toMatchObject({ code: 0, stderr: '' });
  expect(shown.stdout).toMatch(/^(\S+Z error talker task \d+ unit \d+: sample "s\d+" errored \(request\): mock.*\n){2}$/);
  const documents = (await assay('logs', taskId, '--json')).stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as LogLine & { cursor?: string });
  expect(documents.map(({ cursor: _cursor, ...line }) => line)).toEqual(ofTask);
  expect((await assay('logs', taskId, '--cursor', documents.at(-1)!.cursor!)).stdout).toBe('');
  expect(await jsonLinesOf(await fetch(`${url}/evaluations/${evaluationId}/logs?minLevel=error&tail=2`))).toEqual(errors.slice(-2));

  const folder = join(fleet.store, 'evaluations', evaluationId, 'logs');
  expect((await readdir(folder)).length).toBeGreaterThan(0);
  await waitFor(async () => (await client.get(evaluationId)).state === 'failed', { what: 'the end' });
  await waitFor(
    () =>
      client.delete({ evaluationId }).then(
        () => true,
        () => false,
      ),
    { what: 'the report' },
  );
  await expect(linesOf({ evaluationId })).rejects.toMatchObject({ code: 'not_found' });
  await expect(readdir(folder)).rejects.toThrow('ENOENT');
});

test('calls that are repeated are told, throttled ones as such', async () => {
  const evaluationId = await submit('mock/busy', { retry: { max_retries: 1 } });
  const lines = await told(evaluationId, (some) => some.filter(({ level }) => level === 'error').length === SAMPLES);
  const repeated = lines.filter(({ level }) => level === 'warn');
  expect(repeated.map(({ unit }) => unit!).toSorted((x, y) => x - y)).toEqual(Array.from({ length: SAMPLES }, (_, unit) => unit));
  expect(repeated[0]!.text).toMatch(/^the endpoint wants fewer calls, and is tried again in \d+\.\d s: mock/);
});

test('a follower gets every line once, over the end of its coordinator, and ends after the evaluation', async () => {
  gate.set(0);
  const evaluationId = await submit('openai/one');
  const following: LogBatch[] = [];
  const events: ServerEvent[] = [];
  const page = (async () => {
    for await (const event of eventsOf(await fetch(`${url}/evaluations/${evaluationId}/logs/events`))) events.push(event);
  })();
  for await (const batch of fleet.client(a!.address, b!.address).logs({ evaluationId }, { follow: true })) {
    following.push(batch);
    if (following.length === 1) await a!.kill9();
    // It is not over before the follower has gone on.
    gate.set(following.length === 1 ? SAMPLES / 2 : Infinity);
  }
  await page;
  const all = await told(evaluationId, (lines) => lines.some(({ text }) => text.startsWith('done')));
  // On a busy machine the last ones may come after all followers have gone.
  const got = following.flatMap(({ lines }) => lines);
  expect(got).toEqual(all.slice(0, got.length));
  expect(following.length).toBeGreaterThan(1);
  const shown = events.flatMap(({ data }) => (data as Partial<LogBatch>).lines ?? []);
  expect(shown).toEqual(all.slice(0, shown.length));
  expect(events.at(-1)!.event).toBe('end');
  // From its first event on, at another time.
  const [{ id, data }] = events as [ServerEvent];
  const rest: LogLine[] = [];
  for await (const { data: more } of eventsOf(
    await fetch(`${url}/evaluations/${evaluationId}/logs/events`, { headers: { 'last-event-id': id! } }),
  )) {
    rest.push(...(more as LogBatch).lines);
    if (rest.length >= all.length - (data as LogBatch).lines.length) break;
  }
  expect([...(data as LogBatch).lines, ...rest]).toEqual(all);
});

test('an agent tells of itself; one in the test’s hand may say what it likes, of its own', async () => {
  await waitFor(async () => (await client.agents()).items.some(({ name }) => name === 'talker'), { what: 'the agent to be known' });
  let own: LogLine[] = [];
  await waitFor(
    async () => (own = (await allOf(client.agentLogs('talker'))).flat()).some(({ text }) => text.startsWith('connected (address: ')),
    { what: 'its first line', state: () => own },
  );
  const agent = await BareAgent.connect(b!.address, { name: 'liar', models: [{ match: 'x/*', maxConnections: 1, lookAhead: 0 }] });
  expect(agent.all('welcome')[0]!.logBytesPerSecond).toBeGreaterThan(0);
  const text = 'one\r\n\u001b[2Jtwo';
  const line = { timeMs: 1, level: 'warn' as const, text };
  await agent.send({
    kind: 'lines',
    lines: [
      { ...line, attemptId: '' },
      { ...line, attemptId: own[0]!.attemptId || '0'.repeat(32), unit: 1 },
    ],
  });
  const shown = async (): Promise<string> => (await assay('logs', 'liar')).stdout;
  await waitFor(async () => (await shown()) !== '', { what: 'its line' });
  const [first, second] = (await shown()).split('\n');
  expect(first).toBe('1970-01-01T00:00:00Z warn  liar: one\\r\\n\\u001b[2Jtwo');
  expect(second).toContain('1 line was left out here: too many at a time, or about attempts that it was not given');
  expect(await jsonLinesOf(await fetch(`${url}/agents/liar/logs`))).toMatchObject([{ text }, { level: 'warn' }]);
  const heardOf = async (one: AsyncGenerator<ServerEvent>): Promise<unknown> => (await one.next()).value;
  const events = eventsOf(await fetch(`${url}/agents/liar/logs/events`));
  expect(await heardOf(events)).toMatchObject({ event: 'lines', data: { snapshot: true, lines: [{ text }, { level: 'warn' }] } });
  await agent.send({ kind: 'lines', lines: [{ ...line, text: 'while it is heard', attemptId: '' }] });
  expect(await heardOf(events)).toMatchObject({ event: 'lines', data: { snapshot: false, lines: [{ text: 'while it is heard' }] } });
  await events.return(undefined);
  // The other coordinator asks the one to which it is connected.
  if (!a!.running) await a!.start();
  const elsewhere = fleet.client(a!.address);
  expect((await allOf(elsewhere.agentLogs('liar'))).flat()).toMatchObject([{ text }, { level: 'warn' }, { text: 'while it is heard' }]);
  expect((await allOf(elsewhere.agentLogs('talker', { tail: 1, filter: { text: 'connected' } }))).flat()).toHaveLength(1);
  const heard: string[] = [];
  const follow = async (): Promise<boolean> => {
    const over = new AbortController();
    const following = (async () => {
      for await (const lines of elsewhere.agentLogs('liar', { follow: true, tail: 1, signal: over.signal })) {
        heard.push(...lines.map((one) => one.text));
        if (heard.length === 1) await agent.send({ kind: 'lines', lines: [{ ...line, text: 'and one more', attemptId: '' }] });
        if (heard.includes('and one more')) over.abort();
      }
    })();
    await following.catch(() => undefined); // it was broken off; by the other coordinator, too, where the machine is slow
    return heard.at(-1) === 'and one more';
  };
  await waitFor(follow, { what: 'a line that comes while it is followed', state: () => heard });
  expect((await assay('logs', 'nobody')).stderr).toContain('no agent "nobody"');
  expect((await assay('logs', 'liar', '--cursor', '1-1', '--level', 'loud')).stderr).toMatch(/--level[^]*--cursor/);
});
