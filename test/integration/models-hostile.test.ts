/** What servers do that should not exist. Every call ends, with the right class, and its socket and its place are free after it. */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { OpenAiProvider } from '../../agent/models/openai.ts';
import type { GenerateRequest, ModelEntry } from '../../agent/models/provider.ts';
import { Secret } from '../../agent/secrets/secret.ts';

const KEY = 'sk-canary-4711';
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

interface Hostile {
  url: string;
  open: () => number;
  accepted: () => number;
}

/** A TCP server that waits for a whole request and then does what `answer` says with the n-th connection's socket. */
async function hostile(answer: (socket: Socket, requestNumber: number) => void): Promise<Hostile> {
  const sockets = new Set<Socket>();
  let accepted = 0;
  let requests = 0;
  const server: Server = createServer((socket) => {
    accepted++;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    let seen = '';
    socket.on('data', (bytes) => {
      seen += bytes.toString('latin1');
      const end = seen.indexOf('\r\n\r\n');
      const length = Number(/content-length: (\d+)/i.exec(seen)?.[1] ?? 0);
      if (end < 0 || seen.length < end + 4 + length) return;
      seen = '';
      answer(socket, requests++);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, open: () => sockets.size, accepted: () => accepted };
}

function provider(url: string, more: Partial<ModelEntry> = {}, limits = {}): OpenAiProvider {
  const made = new OpenAiProvider(
    {
      match: 'openai/*',
      provider: 'openai',
      baseUrl: url,
      apiKey: new Secret(KEY),
      maxConnections: 1,
      lookAhead: 0,
      idleTimeoutMs: 150,
      options: {},
      ...more,
    },
    limits,
  );
  closers.push(() => made.close());
  return made;
}

const request = (more: Partial<GenerateRequest> = {}): GenerateRequest => ({
  model: 'm',
  messages: [{ role: 'user', content: 'hello' }],
  config: {},
  sample: { id: 1, epoch: 1, target: [] },
  attemptTimeoutMs: 20_000,
  signal: new AbortController().signal,
  ...more,
});

const SSE_HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n';
const json = (body: string, status = '200 OK', headers = ''): string =>
  `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\n${headers}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
const piece = (content: string, finish: string | null = null): string =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content }, finish_reason: finish }] })}\n\n`;
const FINE = json(JSON.stringify({ choices: [{ message: { content: 'fine' }, finish_reason: 'stop' }] }));

/** Waits for the server to see that no socket is left. */
async function untilClosed(server: Hostile): Promise<void> {
  for (let i = 0; server.open() > 0; i++) {
    if (i > 500) throw new Error(`${server.open()} sockets are still open`);
    await sleep(10);
  }
}

describe('a call against a hostile server ends with a class', () => {
  const drip = (socket: Socket): void => {
    socket.write(SSE_HEAD);
    const timer = setInterval(() => socket.write(':'), 20);
    socket.on('close', () => clearInterval(timer));
  };
  const flood = (socket: Socket): void => {
    socket.write(SSE_HEAD);
    const line = Buffer.from(`: ${'x'.repeat(65_536)}\n`);
    const more = (): void => {
      while (!socket.destroyed && socket.write(line));
    };
    socket.on('drain', more);
    more();
  };
  test.each<[string, (socket: Socket) => void, string, Partial<GenerateRequest>?]>([
    ['never answers', () => undefined, 'timeout', { attemptTimeoutMs: 150 }],
    ['sends half of the head', (s) => s.write('HTTP/1.1 200 O'), 'timeout', { attemptTimeoutMs: 150 }],
    ['sends the head and nothing else', (s) => s.write(SSE_HEAD), 'timeout', { attemptTimeoutMs: 150 }],
    ['stops in the middle of the stream', (s) => s.write(SSE_HEAD + piece('a')), 'timeout'],
    ['stops in the middle of a body', (s) => s.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"cho'), 'timeout'],
    ['drips a comment for ever', drip, 'timeout', { attemptTimeoutMs: 400 }],
    ['floods', flood, 'too_large'],
    ['announces too much', (s) => s.write('HTTP/1.1 200 OK\r\ncontent-length: 100000000\r\n\r\n'), 'too_large'],
    ['closes without an answer', (s) => s.end(), 'connection'],
    ['resets without an answer', (s) => s.resetAndDestroy(), 'connection'],
    ['closes in the middle of a body', (s) => s.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"choices":['), 'connection'],
    [
      'closes in the middle of a chunked stream',
      (s) => s.end('HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\nff\r\ndata: '),
      'connection',
    ],
    [
      'resets in the middle of a body',
      (s) => s.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"cho', () => s.resetAndDestroy()),
      'connection',
    ],
    ['ends the stream too early', (s) => s.end(SSE_HEAD + piece('half of the ans')), 'bad_response'],
    ['sends no HTTP', (s) => s.write('SSH-2.0-OpenSSH_9.2\r\n'), 'bad_response'],
    ['sends garbage as JSON', (s) => s.write(json('{"choices":[{"mess')), 'bad_response'],
    ['sends HTML', (s) => s.write('HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 6\r\n\r\n<html>'), 'bad_response'],
    ['sends nothing with success', (s) => s.write('HTTP/1.1 204 No Content\r\n\r\n'), 'bad_response'],
    [
      'sends bytes that are no UTF-8',
      (s) => s.end(Buffer.concat([Buffer.from(SSE_HEAD + 'data: "'), Buffer.of(0xff, 0xfe), Buffer.from('"\n\n')])),
      'bad_response',
    ],
    ['compresses', (s) => s.write('HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 3\r\n\r\nabc'), 'bad_response'],
    ['sends endless headers', (s) => s.write(`HTTP/1.1 200 OK\r\n${'x-a: 0123456789\r\n'.repeat(5000)}`), 'bad_response'],
    ['fails and never says more', (s) => s.write('HTTP/1.1 401 Unauthorized\r\ncontent-length: 100\r\n\r\n'), 'auth'],
    ['redirects', (s) => s.write('HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n'), 'request'],
  ])('%s', async (_, answer, errorClass, more) => {
    const server = await hostile((socket, n) => (n === 0 ? answer(socket) : void socket.write(FINE)));
    // What is no silence is not taken for it, where this process stands still for a moment.
    const idle = errorClass === 'timeout' ? {} : { idleTimeoutMs: 20_000 };
    const model = provider(server.url, idle, { maxAnswerBytes: 2 * 1024 * 1024 });
    await expect(model.generate(request(more))).rejects.toMatchObject({ name: 'ModelError', errorClass });
    // The only place of the pool is free again: the next call gets its answer.
    await expect(model.generate(request())).resolves.toMatchObject({ completion: 'fine' });
    await model.close();
    await untilClosed(server);
  });

  test('a refused connection is told apart from a name that does not exist only by its words', async () => {
    const gone = await hostile(() => undefined);
    await closers.pop()!();
    await expect(provider(gone.url).generate(request())).rejects.toMatchObject({
      errorClass: 'connection',
      message: expect.stringContaining('ECONNREFUSED') as string,
    });
    await expect(provider('http://no-such-host.invalid/v1').generate(request())).rejects.toMatchObject({ errorClass: 'connection' });
  });
});

describe('an answer that is whole is kept', () => {
  test.each<[string, (socket: Socket) => void, number?]>([
    ['when nothing closes the stream after [DONE]', (s) => s.write(`${SSE_HEAD}${piece('fine', 'stop')}data: [DONE]\n\n`)],
    [
      'when the connection breaks after the finish_reason',
      (s) => s.write(SSE_HEAD + piece('fine', 'stop'), () => setTimeout(() => s.resetAndDestroy(), 50)),
    ],
    ['when the stream stalls after the finish_reason', (s) => s.write(SSE_HEAD + piece('fine', 'stop'))],
    [
      'when the first byte takes longer than the idle limit',
      (s) => void setTimeout(() => s.end(`${SSE_HEAD}${piece('fine', 'stop')}data: [DONE]\n\n`), 600),
    ],
    ['when it drips, each byte within the idle limit', (s) => void dripText(s, `${SSE_HEAD}${piece('fine', 'stop')}data: [DONE]`), 1500],
    ['when a stream was asked for and JSON comes', (s) => s.write(FINE)],
  ])('%s', async (_, answer, idleTimeoutMs = 150) => {
    const server = await hostile(answer);
    await expect(provider(server.url, { idleTimeoutMs }).generate(request())).resolves.toMatchObject({ completion: 'fine' });
  });

  async function dripText(socket: Socket, text: string): Promise<void> {
    for (const byte of Buffer.from(text)) {
      if (socket.destroyed) return;
      socket.write(Buffer.of(byte));
      await sleep(20);
    }
    socket.end();
  }
});

describe('an abort', () => {
  test("throws the signal's reason at once and closes the socket, in every phase of a call", async () => {
    const phases: ((socket: Socket) => void)[] = [() => undefined, (s) => s.write(SSE_HEAD), (s) => s.write(SSE_HEAD + piece('a'))];
    for (const answer of phases) {
      const arrived = Promise.withResolvers<void>();
      const server = await hostile((socket) => {
        answer(socket);
        arrived.resolve();
      });
      const model = provider(server.url, { idleTimeoutMs: 60_000 });
      const abort = new AbortController();
      const reason = new Error('drained');
      const call = model.generate(request({ signal: abort.signal }));
      await arrived.promise;
      await sleep(30);
      abort.abort(reason);
      await expect(call).rejects.toBe(reason);
      await untilClosed(server);
    }
  });

  test('releases a call that still waits for a place, and that call is never sent', async () => {
    const sockets: Socket[] = [];
    const server = await hostile((socket) => void sockets.push(socket));
    const model = provider(server.url);
    const first = model.generate(request());
    const abort = new AbortController();
    const reason = new Error('drained');
    const second = model.generate(request({ signal: abort.signal }));
    for (let i = 0; sockets.length === 0 && i < 500; i++) await sleep(5);
    abort.abort(reason);
    await expect(second).rejects.toBe(reason);
    sockets[0]!.write(FINE);
    await expect(first).resolves.toMatchObject({ completion: 'fine' });
    await sleep(50);
    expect(sockets).toHaveLength(1);
  });

  test('before the call sends nothing', async () => {
    const server = await hostile((socket) => socket.write(FINE));
    const reason = new Error('drained');
    await expect(provider(server.url).generate(request({ signal: AbortSignal.abort(reason) }))).rejects.toBe(reason);
    expect(server.accepted()).toBe(0);
  });
});

describe('connections', () => {
  test('are used again after an answer, and not after a failure', async () => {
    const server = await hostile((socket, n) => void socket.write(n === 2 ? json('no', '500 Oops') : FINE));
    const model = provider(server.url);
    await model.generate(request());
    await model.generate(request());
    expect(server.accepted()).toBe(1);
    await expect(model.generate(request())).rejects.toMatchObject({ errorClass: 'server_error' });
    await model.generate(request());
    expect(server.open()).toBe(1);
  });

  test('that the server closed between two calls cost at most a `connection` error, never a hang', async () => {
    const server = await hostile((socket) => {
      socket.write(FINE);
      setImmediate(() => socket.end());
    });
    const model = provider(server.url);
    for (let i = 0; i < 20; i++) {
      const outcome = await model.generate(request()).catch((error: unknown) => error);
      expect(outcome).toSatisfy(
        (o: { completion?: string; errorClass?: string }) => o.completion === 'fine' || o.errorClass === 'connection',
      );
    }
  });

  test('of a closed provider are gone, and calls in flight end', async () => {
    const server = await hostile(() => undefined);
    const model = provider(server.url);
    const call = model.generate(request()).catch((error: unknown) => error);
    for (let i = 0; server.open() === 0 && i < 500; i++) await sleep(5);
    await model.close();
    expect(await call).toMatchObject({ errorClass: 'connection' });
    await untilClosed(server);
    await expect(model.generate(request())).rejects.toMatchObject({ errorClass: 'connection' });
  });
});

test('no error shows the key, even if the endpoint repeats it', async () => {
  const answers = [
    json(JSON.stringify({ error: { message: `Incorrect API key provided: ${KEY}` } }), '401 Unauthorized'),
    json(`plain ${KEY} text`, '500 Oops'),
    json('', '302 Found', `location: http://h/?key=${KEY}\r\n`),
    `${SSE_HEAD}data: ${JSON.stringify({ error: { message: `bad ${KEY}` } })}\n\n`,
    `HTTP/1.1 ${KEY}\r\n\r\n`,
  ];
  const server = await hostile((socket, n) => void socket.end(answers[n]!));
  const model = provider(server.url);
  for (const _ of answers) {
    const error = (await model.generate(request()).catch((e: unknown) => e)) as Error;
    expect(error.name).toBe('ModelError');
    expect([error.message, error.stack, JSON.stringify(error), String(error.cause)].join('\n')).not.toContain(KEY);
  }
});
