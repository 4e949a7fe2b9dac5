/** The team's own code behind a URL, as solver and as scorer: real HTTP servers, well-behaved ones and others. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { callWithRetry, ModelCallError, type CallOptions } from '../../agent/models/retry.ts';
import { createRemoteScorer } from '../../agent/scorers/registry.ts';
import type { ScoreRequest, ScorerTools } from '../../agent/scorers/scorer.ts';
import { createSolver } from '../../agent/solvers/registry.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { benchmarkSchema } from '../../shared/domain/spec.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { scorerTools } from '../support/scorer-tools.ts';

interface Seen {
  url: string;
  headers: IncomingHttpHeaders;
  body: Record<string, unknown>;
}
type Answer = (response: ServerResponse, seen: Seen, call: number) => void;

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function serve(answer: Answer): Promise<{ url: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one = {
        url: request.url!,
        headers: request.headers,
        body: JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>,
      };
      seen.push(one);
      answer(response, one, seen.length);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  closers.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => void server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

function toolsFor(url: string, maxAnswerBytes = 1 << 20): ScorerTools {
  const tools = scorerTools({ urls: [`${url}/*`], clock: new FakeClock(), maxAnswerBytes });
  closers.push(() => tools.posts.close());
  return tools;
}

const json = (response: ServerResponse, body: unknown, status = 200, headers: Record<string, string> = {}): void =>
  void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
const raw = (response: ServerResponse, body: string): void =>
  void response.writeHead(200, { 'content-type': 'application/json' }).end(body);

/** What goes wrong, as an answer. */
const hostile: Record<string, Answer> = {
  'no JSON': (response) => raw(response, 'hello'),
  'a list': (response) => json(response, []),
  'no UTF-8': (response) => void response.writeHead(200).end(Buffer.from([0x22, 0xff, 0xfe, 0x22])),
  'a huge body': (response) => raw(response, `{"completion":"${'x'.repeat(2 << 20)}","value":"C"}`),
  'a redirect': (response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
  'a 404': (response) => json(response, { error: 'no such thing' }, 404),
  'a 401': (response) => json(response, { error: 'who are you' }, 401),
  'a 402': (response) => json(response, { error: 'no money' }, 402),
  'compressed bytes': (response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end('x'),
};

describe('the solver http', () => {
  const call = (url: string, options: Partial<CallOptions> = {}, args: object = {}, tools = toolsFor(url)) => {
    const benchmark = benchmarkSchema.parse({
      benchmark: 'b',
      dataset: { uri: 'file:x.jsonl' },
      solver: { name: 'http', args: { url: `${url}/solve`, ...args } },
      scorers: ['exact'],
    });
    const solver = createSolver(benchmark, tools);
    const sample = { id: 'q1', input: '2+2', target: ['the target'], choices: ['3', '4'], metadata: { level: 1 } };
    return callWithRetry({
      provider: { ...solver.over({ generate: () => Promise.reject(new Error('no model is called')) }), close: async () => undefined },
      request: {
        model: 'app',
        messages: [{ role: 'user', content: 'Q: 2+2' }],
        config: { temperature: 0 },
        sample: { id: 'q1', epoch: 2, target: ['the target'] },
        unit: { evaluationId: 'ev_1', unit: 7, epoch: 2, model: 'none/app', sample },
      },
      retry: { max_retries: 3, attempt_timeout: 20 },
      clock: new FakeClock(),
      random: () => 0,
      signal: new AbortController().signal,
      acquire: async () => () => undefined,
      ...options,
    });
  };

  test('is told everything but the target, and answers', async () => {
    const server = await serve((response) =>
      json(response, { completion: '4', reasoning: 'hm', stop_reason: 'stop', usage: { input_tokens: 3, output_tokens: 1 }, more: 1 }),
    );
    const { generation, calls } = await call(server.url, {}, { args: { depth: 2 } });
    expect(generation).toEqual({ completion: '4', reasoning: 'hm', stopReason: 'stop', usage: { inputTokens: 3, outputTokens: 1 } });
    expect(calls).toBe(1);
    expect(server.seen[0]).toMatchObject({ url: '/solve', headers: { 'content-type': 'application/json' } });
    expect(server.seen[0]!.body).toEqual({
      sample: { id: 'q1', input: '2+2', choices: ['3', '4'], metadata: { level: 1 } },
      messages: [{ role: 'user', content: 'Q: 2+2' }],
      model: 'none/app',
      generate_config: { temperature: 0 },
      args: { depth: 2 },
      epoch: 2,
      evaluation_id: 'ev_1',
      unit: 7,
    });
    expect(JSON.stringify(server.seen[0]!.body)).not.toContain('the target');
  });

  test('429, 5xx and broken connections are repeated, with the wait that is asked for', async () => {
    const server = await serve((response, _, n) => {
      if (n === 1) return json(response, { error: 'slow down' }, 429, { 'retry-after': '7' });
      if (n === 2) return json(response, {}, 503);
      if (n === 3) return void response.destroy();
      return json(response, { completion: 'yes' });
    });
    const clock = new FakeClock();
    const classes: string[] = [];
    const { calls, generation } = await call(server.url, { clock, onRetry: (c) => classes.push(c) });
    expect([calls, generation.completion, classes]).toEqual([4, 'yes', ['rate_limit', 'server_error', 'connection']]);
    expect(clock.sleeps[0]).toBe(7000);
  });

  test('a quota of the team’s code is no quota of the model', async () => {
    const server = await serve((response) => json(response, { error: { code: 'insufficient_quota' } }, 429));
    await expect(call(server.url)).rejects.toMatchObject({ errorClass: 'rate_limit', calls: 4 });
  });

  test.each(Object.entries(hostile))('%s is the sample’s solver_error, asked once', async (name, answer) => {
    const server = await serve(answer);
    const error = await call(server.url).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ModelCallError);
    expect([(error as ModelCallError).errorClass, server.seen.length]).toEqual(['solver_error', 1]);
    if (name === 'a redirect') expect((error as Error).message).toContain('not followed');
  });

  test.each([
    { completion: 4 },
    { completion: null },
    {},
    { completion: 'x', usage: { input_tokens: -1 } },
    { completion: 'x', usage: [] },
  ])('misshapen: %j', async (body) => {
    const server = await serve((response) => json(response, body));
    await expect(call(server.url)).rejects.toMatchObject({ errorClass: 'solver_error', calls: 1 });
  });

  test('a hang is a timeout, by its own limit and by the spec’s', async () => {
    const server = await serve(() => undefined);
    await expect(call(server.url, { retry: { max_retries: 0, attempt_timeout: 0.2 } })).rejects.toMatchObject({ errorClass: 'timeout' });
    await expect(call(server.url, { retry: { max_retries: 0, attempt_timeout: 20 } }, { timeout: 0.2 })).rejects.toMatchObject({
      errorClass: 'timeout',
    });
  });

  test('a URL that is not allowed is declined before anything is sent', async () => {
    const server = await serve((response) => json(response, { completion: 'x' }));
    expect(() => call(server.url, {}, {}, toolsFor('http://127.0.0.1:1'))).toThrow('not among this agent');
    expect(() => call(server.url, {}, {}, scorerTools())).toThrow('it allows none');
    expect(server.seen).toHaveLength(0);
  });
});

describe('the scorer http', () => {
  const request: ScoreRequest = { output: '4', target: ['4'], input: '2+2', metadata: {}, sample_id: 1, epoch: 1 };
  const judge = (url: string, args: object = {}, signal = new AbortController().signal) =>
    createRemoteScorer({ name: 'http', args: { url: `${url}/score`, ...args } }, toolsFor(url))(request, signal);
  const words = (promise: Promise<unknown>): Promise<string> =>
    promise.then(
      (value) => {
        throw new Error(`a verdict: ${JSON.stringify(value)}`);
      },
      (error: unknown) => AppError.from(error).message,
    );

  test('gives a verdict', async () => {
    const server = await serve((response) => json(response, { value: 'P', answer: '4', explanation: 'half' }));
    expect(await judge(server.url, { args: { a: 1 } })).toEqual({ value: 'P', answer: '4', explanation: 'half' });
    expect(server.seen[0]!.body).toEqual({ ...request, args: { a: 1 } });
  });

  test('is asked three times again where that may help, then fails with words', async () => {
    const server = await serve((response, _, n) => (n < 3 ? json(response, {}, n === 1 ? 429 : 500) : json(response, { value: null })));
    expect(await judge(server.url)).toEqual({ value: null });
    const down = await serve((response) => json(response, { error: 'no' }, 500));
    expect(await words(judge(down.url))).toContain('HTTP 500');
    expect(down.seen).toHaveLength(4);
  });

  test.each(Object.entries(hostile))('%s is words, never a verdict, asked once', async (_, answer) => {
    const server = await serve(answer);
    expect(await words(judge(server.url))).not.toBe('');
    expect(server.seen).toHaveLength(1);
  });

  test.each([{ value: 'X' }, { value: true }, {}, { value: '0.5' }, { value: 'C', answer: 7 }])('misshapen: %j', async (body) => {
    const server = await serve((response) => json(response, body));
    expect(await words(judge(server.url))).toContain('not of the right form');
  });

  test('its own error, and a hang', async () => {
    const server = await serve((response) => json(response, { error: 'no rubric' }));
    expect(await words(judge(server.url))).toBe('no rubric');
    const silent = await serve(() => undefined);
    expect(await words(judge(silent.url, { timeout: 0.1 }))).toContain('did not come within');
  });

  test('an abort leaves at once', async () => {
    const server = await serve(() => undefined);
    const controller = new AbortController();
    const asked = judge(server.url, {}, controller.signal);
    controller.abort(new Error('revoked'));
    await expect(asked).rejects.toThrow('revoked');
  });
});
