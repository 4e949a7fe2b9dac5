/** What the drivers send, and what they make of ordinary, large and many answers. Servers are real HTTP servers on the loopback. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Worker } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import type { GenerateRequest, ModelEntry, ModelProvider } from '../../agent/models/provider.ts';
import { createProvider } from '../../agent/models/registry.ts';
import { Secret } from '../../agent/secrets/secret.ts';

interface Seen {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: Record<string, unknown>;
}
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function serve(answer: (res: ServerResponse, seen: Seen) => void): Promise<{ url: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const one = {
        method: req.method!,
        url: req.url!,
        headers: req.headers,
        body: JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>,
      };
      seen.push(one);
      answer(res, one);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

async function provider(more: Partial<ModelEntry>): Promise<ModelProvider> {
  const made = await createProvider({ match: '*', provider: 'openai', maxConnections: 4, lookAhead: 0, options: {}, ...more });
  closers.push(() => made.close());
  return made;
}

const request = (more: Partial<GenerateRequest> = {}): GenerateRequest => ({
  model: 'org/name',
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'hello' },
  ],
  config: {},
  sample: { id: 1, epoch: 1, target: ['secret target'] },
  attemptTimeoutMs: 60_000,
  signal: new AbortController().signal,
  ...more,
});
const sendJson = (res: ServerResponse, body: unknown): void =>
  void res.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
const fine = {
  model: 'name-2',
  choices: [{ message: { content: 'fine' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 3, completion_tokens: 1 },
};

const config: GenerateRequest['config'] = {
  temperature: 0,
  top_p: 0.5,
  max_tokens: 9,
  stop_seqs: ['\n'],
  seed: 7,
  frequency_penalty: 0.1,
  presence_penalty: 0.2,
  extra_body: { seed: 8, best_of: 2 },
};

describe('openai', () => {
  test('sends one chat request with the key, the config and extra_body last', async () => {
    const server = await serve((res) => sendJson(res, fine));
    const model = await provider({ baseUrl: `${server.url}/v1/`, apiKey: new Secret('sk-1') });
    expect(await model.generate(request({ config }))).toEqual({
      completion: 'fine',
      stopReason: 'stop',
      model: 'name-2',
      usage: { inputTokens: 3, outputTokens: 1 },
    });
    const { method, url, headers, body } = server.seen[0]!;
    expect([method, url]).toEqual(['POST', '/v1/chat/completions']);
    expect(headers).toMatchObject({ authorization: 'Bearer sk-1', 'content-type': 'application/json', 'accept-encoding': 'identity' });
    expect(body).toEqual({
      model: 'org/name',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'hello' },
      ],
      temperature: 0,
      top_p: 0.5,
      max_tokens: 9,
      stop: ['\n'],
      seed: 8,
      frequency_penalty: 0.1,
      presence_penalty: 0.2,
      best_of: 2,
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(server.seen).toHaveLength(1);
  });

  test('without a key, without streaming, without config: no more than there is', async () => {
    const server = await serve((res) => sendJson(res, fine));
    await (await provider({ baseUrl: server.url, stream: false })).generate(request({ messages: [{ role: 'user', content: 'q' }] }));
    expect(server.seen[0]!.headers['authorization']).toBeUndefined();
    expect([server.seen[0]!.url, server.seen[0]!.body]).toEqual([
      '/chat/completions',
      { model: 'org/name', messages: [{ role: 'user', content: 'q' }] },
    ]);
  });

  test('completions send a prompt', async () => {
    const server = await serve((res) => sendJson(res, { choices: [{ text: ' fine', finish_reason: 'stop' }] }));
    const model = await provider({ baseUrl: `${server.url}/v1`, endpoint: 'completions', stream: false });
    expect((await model.generate(request())).completion).toBe(' fine');
    expect([server.seen[0]!.url, server.seen[0]!.body]).toEqual(['/v1/completions', { model: 'org/name', prompt: 'Be brief.\n\nhello' }]);
  });

  test('a streamed answer comes whole, with the time of its first piece', async () => {
    const server = await serve((res) => {
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      const event = (data: unknown): string => `data: ${JSON.stringify(data)}\r\n\r\n`;
      const body = `: processing\r\n\r\n${event({ choices: [{ index: 0, delta: { content: 'grüße ' } }] })}${event({ choices: [{ index: 0, delta: { content: '😀' }, finish_reason: 'stop' }] })}${event({ choices: [], usage: { prompt_tokens: 2, completion_tokens: 2 } })}data: [DONE]\r\n\r\n`;
      // In pieces of five bytes, which cuts characters and line ends.
      const bytes = Buffer.from(body);
      const next = (at: number): void =>
        at < bytes.length ? void res.write(bytes.subarray(at, at + 5), () => setImmediate(next, at + 5)) : void res.end();
      setTimeout(next, 30, 0);
    });
    const answer = await (await provider({ baseUrl: server.url })).generate(request());
    expect(answer).toMatchObject({ completion: 'grüße 😀', stopReason: 'stop', usage: { inputTokens: 2, outputTokens: 2 } });
    expect(answer.timeToFirstChunkMs).toBeGreaterThanOrEqual(25);
  });

  test("an error keeps its class, status, the endpoint's words and the wait it asks for", async () => {
    const server = await serve((res) =>
      res
        .writeHead(429, { 'retry-after': '3', 'x-should-retry': 'true' })
        .end(JSON.stringify({ error: { message: 'Rate limit reached', code: null } })),
    );
    await expect((await provider({ baseUrl: server.url })).generate(request())).rejects.toMatchObject({
      errorClass: 'rate_limit',
      httpStatus: 429,
      retryAfterMs: 3000,
      retryable: true,
      message: 'HTTP 429: Rate limit reached',
    });
  });

  test('a gzip bomb is refused unopened', async () => {
    const bomb = gzipSync(Buffer.alloc(100 * 1024 * 1024));
    const server = await serve((res) => res.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(bomb));
    await expect((await provider({ baseUrl: server.url })).generate(request())).rejects.toMatchObject({ errorClass: 'bad_response' });
  });

  const MiB = 1024 * 1024;
  test.each([[true], [false]])('20 MiB there and back (streamed: %s)', { timeout: 60_000 }, async (streamed) => {
    const text = 'grüße, "world"\n'.repeat(Math.ceil((20 * MiB) / 17));
    const server = await serve((res, { body }) => {
      const content = (body['messages'] as { content: string }[])[0]!.content;
      if (!streamed) return sendJson(res, { choices: [{ message: { content }, finish_reason: 'stop' }] });
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      // Half in one event, half in small ones.
      const pieces = [content.slice(0, 10 * MiB)];
      for (let at = 10 * MiB; at < content.length; at += 512) pieces.push(content.slice(at, at + 512));
      for (const piece of pieces) res.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: piece } }] })}\n\n`);
      res.end('data: [DONE]\n\n');
    });
    const model = await provider({ baseUrl: server.url, stream: streamed });
    const startedAt = performance.now();
    const { completion } = await model.generate(request({ messages: [{ role: 'user', content: text }] }));
    console.log(`20 MiB there and back, streamed ${streamed}: ${Math.round(performance.now() - startedAt)} ms`);
    expect(completion === text).toBe(true);
  });

  test('100 MB are refused', async () => {
    const chunk = Buffer.alloc(MiB, 0x20);
    const server = await serve((res) => {
      res.writeHead(200, { 'content-type': 'application/json' });
      let left = 100;
      const more = (): void => {
        while (left > 0 && !res.destroyed) {
          left--;
          if (!res.write(chunk)) return void res.once('drain', more);
        }
        res.end();
      };
      more();
    });
    await expect((await provider({ baseUrl: server.url })).generate(request())).rejects.toMatchObject({
      errorClass: expect.stringMatching(/too_large/) as string,
    });
  });
});

describe('anthropic', () => {
  const whole = {
    type: 'message',
    model: 'c-1',
    content: [{ type: 'text', text: 'fine' }],
    stop_reason: 'end_turn',
    usage: { input_tokens: 3, output_tokens: 1 },
  };
  test('sends the system message apart, a limit always, the key in its own header', async () => {
    const server = await serve((res) => sendJson(res, whole));
    const model = await provider({ provider: 'anthropic', baseUrl: server.url, apiKey: new Secret('sk-2'), stream: false });
    expect(await model.generate(request({ config }))).toEqual({
      completion: 'fine',
      stopReason: 'end_turn',
      model: 'c-1',
      usage: { inputTokens: 3, outputTokens: 1 },
    });
    const { url, headers, body } = server.seen[0]!;
    expect([url, headers['x-api-key'], headers['anthropic-version'], headers['authorization']]).toEqual([
      '/v1/messages',
      'sk-2',
      '2023-06-01',
      undefined,
    ]);
    expect(body).toEqual({
      model: 'org/name',
      system: 'Be brief.',
      messages: [{ role: 'user', content: 'hello' }],
      max_tokens: 9,
      temperature: 0,
      top_p: 0.5,
      stop_sequences: ['\n'],
      seed: 8,
      best_of: 2,
    });
    const bare = await provider({ provider: 'anthropic', baseUrl: `${server.url}/v1/` });
    await bare.generate(request({ messages: [{ role: 'user', content: 'q' }] }));
    expect([server.seen[1]!.url, server.seen[1]!.body]).toEqual([
      '/v1/messages',
      { model: 'org/name', messages: [{ role: 'user', content: 'q' }], max_tokens: 4096, stream: true },
    ]);
  });

  test('an address without the route is told with its path', async () => {
    const server = await serve((res) => res.writeHead(404).end('not here'));
    await expect((await provider({ baseUrl: server.url })).generate(request())).rejects.toMatchObject({
      errorClass: 'model_not_found',
      message: 'POST /chat/completions: HTTP 404: not here',
    });
  });

  test('overloaded is a server error', async () => {
    const server = await serve((res) =>
      res.writeHead(529).end(JSON.stringify({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } })),
    );
    await expect((await provider({ provider: 'anthropic', baseUrl: server.url })).generate(request())).rejects.toMatchObject({
      errorClass: 'server_error',
      httpStatus: 529,
      message: 'HTTP 529: Overloaded',
    });
  });
});

/** A server on a thread of its own, so that its work is not counted against the driver's; it tells how long it had calls in hand. */
const BUSY_SERVER = `
  const { createServer } = require('node:http');
  const { parentPort } = require('node:worker_threads');
  let servedMs = 0, served = 0, inFlight = 0, mostInFlight = 0;
  const answer = JSON.stringify({ choices: [{ message: { content: 'fine' }, finish_reason: 'stop' }] });
  const server = createServer((req, res) => req.resume().on('end', () => {
    const from = performance.now();
    mostInFlight = Math.max(mostInFlight, ++inFlight);
    setTimeout(() => {
      servedMs += performance.now() - from; served++; inFlight--;
      res.writeHead(200, { 'content-type': 'application/json' }).end(answer);
    }, 20);
  })).listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
  parentPort.on('message', () => { parentPort.postMessage({ servedMs, served, mostInFlight }); servedMs = served = 0; });
`;

test('64 connections against 20 ms: how busy they are kept', { timeout: 60_000 }, async () => {
  const worker = new Worker(BUSY_SERVER, { eval: true });
  closers.push(() => worker.terminate());
  const [port] = (await once(worker, 'message')) as [number];
  const model = await provider({ baseUrl: `http://127.0.0.1:${port}`, maxConnections: 64 });
  const round = async (calls: number): Promise<{ servedMs: number; served: number; mostInFlight: number }> => {
    let left = calls;
    await Promise.all(
      Array.from({ length: 64 }, async () => {
        while (left-- > 0) await model.generate(request());
      }),
    );
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    worker.postMessage('stats');
    return ((await once(worker, 'message')) as [{ servedMs: number; served: number; mostInFlight: number }])[0];
  };
  await round(64 * 40); // makes the connections
  const startedAt = performance.now();
  const { servedMs, served, mostInFlight } = await round(64 * 60);
  const wallMs = performance.now() - startedAt;
  console.log(`64 connections: ${((servedMs / (wallMs * 64)) * 100).toFixed(1)} % busy, ${Math.round((served * 1000) / wallMs)} calls/s`);
  expect(served).toBe(64 * 60);
  expect(mostInFlight).toBe(64);
});

test('a call whose signal aborts when it is about to leave does not leave, and the next one does', async () => {
  const { url, seen } = await serve((res) => sendJson(res, fine));
  const slept = new AbortController();
  const made = await createProvider(
    { match: '*', provider: 'openai', maxConnections: 1, lookAhead: 0, options: {}, baseUrl: url },
    { beforeSend: () => slept.abort(new Error('slept')) },
  );
  closers.push(() => made.close());
  await expect(made.generate(request({ signal: slept.signal }))).rejects.toThrow('slept');
  expect((await made.generate(request())).completion).toBe('fine');
  expect(seen).toHaveLength(1);
});
