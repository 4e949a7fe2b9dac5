/** The client library against real gRPC servers: uploads, submits, watching over interruptions. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { AppError } from '../../shared/domain/errors.ts';
import { digestOf } from '../../shared/domain/ids.ts';
import type { AssayClient, ClientOptions } from '../../shared/client/client.ts';
import { connect } from '../../shared/client/connect.ts';
import type { EvaluationUseCases } from '../../coordinator/rpc/use-cases.ts';
import type { RpcServer, RpcServerOptions } from '../../coordinator/rpc/server.ts';
import { allOf } from '../support/mock-evaluation.ts';
import { evaluation, EVALUATION_ID, eventAt, failure, result, startServer } from '../support/rpc.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean();
});

async function serve(some: Partial<EvaluationUseCases>, options: Partial<RpcServerOptions> = {}): Promise<RpcServer> {
  const server = await startServer(some, options);
  cleanups.push(() => server.stop());
  return server;
}

function clientOf(addresses: string[], options: Partial<ClientOptions> = {}): AssayClient {
  const client = connect({ addresses, patienceMs: 30_000, ...options });
  cleanups.push(() => client.close());
  return client;
}

/** A store in memory, by digest. */
function memoryStore(): { held: Map<string, Buffer>; cases: Partial<EvaluationUseCases>; received: { bytes: number } } {
  const held = new Map<string, Buffer>();
  const received = { bytes: 0 };
  return {
    held,
    received,
    cases: {
      hasContent: async (digest) => held.has(digest),
      upload: async (digest, _size, chunks) => {
        const parts: Uint8Array[] = [];
        for await (const chunk of chunks) {
          parts.push(chunk);
          received.bytes += chunk.length;
        }
        const content = Buffer.concat(parts);
        if (digestOf(content) !== digest) throw new AppError('invalid', 'the bytes do not match the digest');
        held.set(digest, content);
      },
    },
  };
}

describe('uploads', () => {
  test('a file of 9 MiB and an empty one arrive whole; what is there is not sent again', async () => {
    const store = memoryStore();
    const client = clientOf([(await serve(store.cases)).address]);
    const path = join(await mkdtemp(join(tmpdir(), 'assay-')), 'data');
    const content = Buffer.alloc(9 << 20, 'question');
    await writeFile(path, content);
    let sent = 0;
    expect(await client.uploadFile(path, { onSent: () => sent++ })).toBe(digestOf(content));
    expect(sent).toBe(1);
    expect(store.held.get(digestOf(content))!.equals(content)).toBe(true);
    expect(await client.uploadBytes(Buffer.alloc(0))).toBe(digestOf(''));
    store.received.bytes = 0;
    expect(await client.uploadBytes(content)).toBe(digestOf(content));
    expect(await client.uploadFile(path, { onSent: () => sent++ })).toBe(digestOf(content));
    expect(store.received.bytes).toBe(0);
    expect(sent).toBe(1);
    await writeFile(path, 'short');
    await client.uploadFile(path, { onSent: () => sent++ });
    expect(sent).toBe(2);
  });

  test('one that breaks is sent again whole, to the other coordinator', async () => {
    const store = memoryStore();
    const bad = await serve({
      hasContent: async () => false,
      upload: async (_d, _s, chunks) => {
        for await (const _ of chunks) throw new AppError('unavailable', 'the disk is full');
      },
    });
    const good = await serve(store.cases);
    const content = Buffer.alloc(3 << 20, 'x');
    expect(await clientOf([bad.address, good.address]).uploadBytes(content)).toBe(digestOf(content));
    expect(store.received.bytes).toBe(content.length);
  });

  test('a missing file, a folder, and a refusal are told in one sentence', async () => {
    const client = clientOf([
      (
        await serve({
          hasContent: async () => false,
          upload: async () => {
            throw new AppError('invalid', 'no good');
          },
        })
      ).address,
    ]);
    expect((await failure(client.uploadFile('/no/such/file'))).message).toBe('/no/such/file: cannot be read: there is no such file');
    expect((await failure(client.uploadFile(tmpdir()))).message).toBe(`${tmpdir()}: is not a file`);
    expect(await failure(client.uploadBytes(Buffer.alloc(2 << 20)))).toMatchObject({ code: 'invalid', message: 'no good' });
  });
});

describe('unary calls', () => {
  test('submit, get, cancel, report', async () => {
    const seen: unknown[] = [];
    const report = {
      evaluationId: EVALUATION_ID,
      state: 'succeeded',
      results: [],
      units: evaluation().counts,
      usage: { inputTokens: 1, outputTokens: 2, calls: 3, retries: 4, reasoningTokens: 0 },
    };
    const { address } = await serve({
      submit: async (request) => {
        seen.push(request);
        return { evaluation: evaluation(), existed: true, durability: { class: 'replicated', replicas: 1 } };
      },
      get: async () => evaluation({ state: 'paused' }),
      cancel: async (which, options) => {
        seen.push(which, options);
        return [{ evaluationId: EVALUATION_ID, state: 'cancelled', changed: true, problem: '' }];
      },
      report: async () => ({ report: report as never, json: Buffer.from(JSON.stringify(report)) }),
    });
    const client = clientOf([address]);
    expect(await client.submit({ spec: { a: [1, 'ü'] }, idempotencyKey: 'k' })).toEqual({
      evaluation: evaluation(),
      existed: true,
      durability: { class: 'replicated', replicas: 1 },
    });
    expect(await client.get(EVALUATION_ID)).toEqual(evaluation({ state: 'paused' }));
    expect(await client.cancel(EVALUATION_ID, 'enough')).toBe('cancelled');
    expect(await client.report(EVALUATION_ID)).toEqual(report);
    expect(seen).toEqual([
      { spec: { a: [1, 'ü'] }, idempotencyKey: 'k', namespace: 'default', owner: '' },
      { evaluationId: EVALUATION_ID },
      { reason: 'enough', mode: 'abort' },
    ]);
  });

  test('go to the coordinator that is there; errors of meaning are not repeated', async () => {
    let asked = 0;
    const { address } = await serve({
      get: async () => {
        if (++asked === 1) throw new AppError('unavailable', 'Redis is loading');
        throw new AppError('not_found', 'there is no such evaluation: 100 % sure, “ü”');
      },
    });
    const error = await failure(clientOf(['127.0.0.1:1', address]).get(EVALUATION_ID));
    expect([error.code, error.message, asked]).toEqual(['not_found', 'there is no such evaluation: 100 % sure, “ü”', 2]);
  });

  test('give up after their patience and say where they tried', async () => {
    const error = await failure(clientOf(['127.0.0.1:1', '127.0.0.1:2'], { patienceMs: 300 }).get(EVALUATION_ID));
    expect(error.code).toBe('unavailable');
    expect(error.message).toMatch(
      /^no coordinator answers at 127\.0\.0\.1:1, 127\.0\.0\.1:2 \(tried for \d+\.\d s; last: nothing listens there: /,
    );
  });

  test('a closed client refuses', async () => {
    const client = clientOf(['127.0.0.1:1']);
    client.close();
    expect((await failure(client.get(EVALUATION_ID))).code).toBe('cancelled');
  });
});

describe('watch', () => {
  const numberOf = (cursor: string): number => Number(cursor.split('-')[1] ?? 0);
  /** Serves the log of `last` events from the cursor on; `breakAfter`: this many events, then an end by that. */
  const log = (last: number, breaks: { after: number; by: () => void | Promise<void> }[] = []): Partial<EvaluationUseCases> => ({
    async *watch(_id, cursor, signal) {
      const plan = breaks.shift();
      for (let n = numberOf(cursor) + 1, sent = 0; n <= last; n++, sent++) {
        if (plan && sent === plan.after) await plan.by();
        signal.throwIfAborted();
        yield eventAt(n, last);
      }
    },
  });
  const cursors = (from: number, to: number): string[] => Array.from({ length: to - from + 1 }, (_, i) => `1-${from + i}`);

  test('goes on at the cursor over errors and early ends: each event once', async () => {
    const fails = (): never => {
      throw new AppError('unavailable', 'failing over');
    };
    const first = await serve(
      log(60, [
        { after: 5, by: fails },
        { after: 0, by: fails },
        { after: 1, by: fails },
      ]),
    );
    const other = await serve({
      async *watch(_id, cursor) {
        // Ends early, without a final event.
        for (let n = numberOf(cursor) + 1; n <= 30; n++) yield eventAt(n, 60);
      },
    });
    const events = await allOf(clientOf([first.address, other.address]).watch(EVALUATION_ID));
    expect(events.map((e) => e.cursor)).toEqual(cursors(1, 60));
    expect(events.at(-1)).toMatchObject({ kind: 'state', state: 'succeeded' });
  });

  test('a stream that breaks between the picture of what is over and its end: the end still comes', async () => {
    const first = await serve({
      async *watch() {
        yield {
          cursor: '1-8',
          timeMs: 8,
          kind: 'snapshot',
          evaluation: { ...evaluation(), state: 'succeeded', cursor: '1-9' },
          resync: false,
        };
        throw new AppError('unavailable', 'failing over');
      },
    });
    const other = await serve(log(9));
    const events = await allOf(clientOf([first.address, other.address]).watch(EVALUATION_ID));
    expect(events).toMatchObject([{ kind: 'snapshot' }, { kind: 'state', state: 'succeeded', cursor: '1-9' }]);
  });

  test('a coordinator that is drained in the middle sends its watchers on', async () => {
    const other = await serve(log(40));
    const first: RpcServer = await serve({
      async *watch(_id, cursor, signal) {
        expect(cursor).toBe('');
        for (let n = 1; n <= 7; n++) yield eventAt(n, 40);
        void first.drain();
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      },
    });
    const events = await allOf(clientOf([first.address, other.address]).watch(EVALUATION_ID));
    expect(events.map((e) => e.cursor)).toEqual(cursors(1, 40));
  });

  test('a server that is killed under the stream costs no event', async () => {
    const ready = Promise.withResolvers<void>();
    const first = await startServer(
      {
        async *watch() {
          for (let n = 1; n <= 3; n++) yield eventAt(n, 9);
          ready.resolve();
          await new Promise(() => undefined);
        },
      },
      { drainMs: 0 },
    );
    const other = await serve(log(9));
    const events = allOf(clientOf([first.address, other.address]).watch(EVALUATION_ID));
    await ready.promise;
    await first.stop();
    expect((await events).map((e) => e.cursor)).toEqual(cursors(1, 9));
  });

  test('starts at the given cursor; an unknown evaluation is an error at once', async () => {
    const client = clientOf([(await serve(log(9))).address]);
    expect((await allOf(client.watch(EVALUATION_ID, { cursor: '1-6' }))).map((e) => e.cursor)).toEqual(cursors(7, 9));
    expect((await failure(allOf(client.watch('nonsense')))).code).toBe('invalid');
  });

  test('ends with its signal, and the server hears of it', async () => {
    const gone = Promise.withResolvers<void>();
    const { address } = await serve({
      async *watch(_id, _cursor, signal) {
        yield eventAt(1, 9);
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
        gone.resolve();
      },
    });
    const abort = new AbortController();
    const watching = allOf(
      (async function* () {
        for await (const event of clientOf([address]).watch(EVALUATION_ID, { signal: abort.signal })) {
          abort.abort(new AppError('cancelled', 'Ctrl-C'));
          yield event;
        }
      })(),
    );
    expect(await failure(watching)).toMatchObject({ code: 'cancelled', message: 'Ctrl-C' });
    await gone.promise;
  });

  test('a watcher that stops reading is not buffered', async () => {
    let made = 0;
    const { address } = await serve({
      async *watch() {
        for (let n = 1; n <= 3000; n++) {
          made = n;
          yield n === 3000
            ? eventAt(n, 3000)
            : { cursor: String(n), timeMs: 0, kind: 'snapshot', resync: false, evaluation: evaluation({ reason: 'x'.repeat(50_000) }) };
        }
      },
    });
    const events = clientOf([address]).watch(EVALUATION_ID)[Symbol.asyncIterator]();
    await events.next();
    // What stands in windows and buffers is far less than all: wait until the source makes no more.
    for (let before = -1; before !== made; await new Promise((resolve) => setTimeout(resolve, 100))) before = made;
    expect(made).toBeLessThan(1500);
    let seen = 1;
    for (let next = await events.next(); !next.done; next = await events.next()) seen++;
    expect(seen).toBe(3000);
  });
});

describe('results', () => {
  test('long completions are whole, a broken stream goes on after the last unit', async () => {
    const long = '😀'.repeat(1_500_000);
    let calls = 0;
    const { address } = await serve({
      async *results() {
        calls++;
        yield result(0, { completion: '' });
        yield result(1, { completion: long });
        yield result(4, {
          state: 'errored',
          errorClass: 'timeout',
          scores: [{ scorer: 's', value: '', number: null, answer: '', explanation: '', error: 'x' }],
        });
        if (calls === 1) throw new AppError('unavailable', 'the store is away');
        yield result(5, { state: 'unscored' });
      },
    });
    const all = await allOf(clientOf([address]).results(EVALUATION_ID));
    expect(all.map((r) => r.unit)).toEqual([0, 1, 4, 5]);
    expect(all[1]!.completion === long).toBe(true);
    expect(all[2]).toEqual(
      result(4, {
        state: 'errored',
        errorClass: 'timeout',
        scores: [{ scorer: 's', value: '', number: null, answer: '', explanation: '', error: 'x' }],
      }),
    );
    expect(calls).toBe(2);
  });
});
