/** What a peer may take of a coordinator: each limit just below it, at it and above it. */
import { once } from 'node:events';
import { connect as connectHttp2, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import { deflateSync, gzipSync } from 'node:zlib';
import { Client, credentials, Metadata, status as Status } from '@grpc/grpc-js';
import { afterEach, describe, expect, test } from 'vitest';
import { MAX_SMALL_BYTES } from '../../coordinator/rpc/limits/methods.ts';
import type { TransportLimits } from '../../coordinator/rpc/limits/transport-limits.ts';
import type { RpcServer, RpcServerOptions } from '../../coordinator/rpc/server.ts';
import { MAX_WIRE_BYTES } from '../../shared/rpc/channel.ts';
import { assayProto } from '../../shared/rpc/load.ts';
import { message, RawPeer } from '../support/raw-http2.ts';
import { evaluation, GET, getRequest, rawCall, rawClient, startServer } from '../support/rpc.ts';
import { waitFor } from '../support/wait-for.ts';

const UPLOAD = '/assay.v1.EvaluationService/UploadContent';
/** A method whose messages may be large. */
const VALIDATE = '/assay.v1.EvaluationService/ValidateEvaluation';
const TOKEN = 't'.repeat(32);
const cleanups: (() => unknown)[] = [];
afterEach(async () => void (await Promise.all(cleanups.splice(0).map((clean) => clean()))));

async function listen(limits: Partial<TransportLimits>, options: Partial<RpcServerOptions> = {}): Promise<RpcServer> {
  const upload = async (_: string, __: number, data: AsyncIterable<Uint8Array>) => {
    for await (const _piece of data);
    return undefined;
  };
  const server = await startServer(
    { get: async () => evaluation(), hasContent: async () => false, upload: upload as never },
    { ...options, limits },
  );
  cleanups.push(() => server.stop());
  return server;
}

/** One call in plain HTTP/2, to be fed as the test likes. */
class Call {
  readonly stream: ClientHttp2Stream;
  status: string | undefined;
  headers: Record<string, unknown> = {};
  closed = false;

  constructor(session: ClientHttp2Session, path: string, headers: Record<string, string> = {}) {
    this.stream = session.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers', ...headers });
    const take = (given: Record<string, unknown>): void => {
      this.headers = { ...this.headers, ...given };
      if (given['grpc-status'] !== undefined) this.status = Status[Number(given['grpc-status'])];
    };
    this.stream.on('response', take).on('trailers', take);
    this.stream.on('close', () => (this.closed = true)).on('error', () => undefined);
    this.stream.resume();
  }
}

function sessionTo(address: string): ClientHttp2Session {
  const session = connectHttp2(`http://${address}`);
  session.on('error', () => undefined);
  cleanups.push(() => session.destroy());
  return session;
}

const soon = (what: string, fact: () => boolean): Promise<unknown> => waitFor(fact, { what });
const header = (): Buffer =>
  message(assayProto().evaluation.UploadContent.requestSerialize({ header: { digest: `sha256:${'0'.repeat(64)}`, sizeBytes: '1000000' } }));

describe('messages', () => {
  test.each([
    ['4 MiB where there is much to say', VALIDATE, MAX_WIRE_BYTES],
    ['256 KiB otherwise', GET, MAX_SMALL_BYTES],
  ])('up to %s', async (_, path, most) => {
    const { address } = await listen({});
    const client = rawClient(address);
    cleanups.push(() => client.close());
    const code = async (bytes: number): Promise<number> => (await rawCall(client, path, Buffer.alloc(bytes, 0xff))).code;
    expect(await code(most - 1)).toBe(Status.INVALID_ARGUMENT);
    expect(await code(most)).toBe(Status.INVALID_ARGUMENT);
    expect(await code(most + 1)).toBe(Status.RESOURCE_EXHAUSTED);
  });

  test('whose head comes in pieces are no larger', async () => {
    const { address } = await listen({});
    const call = new Call(sessionTo(address), GET);
    call.stream.write(Buffer.from([0, 0]));
    await new Promise((resolve) => setTimeout(resolve, 50));
    call.stream.write(Buffer.from([16, 0, 0])); // a megabyte, in two pieces of its head
    for (let i = 0; i < 6; i++) call.stream.write(Buffer.alloc(64 * 1024));
    await soon('its end', () => call.closed);
    expect(call.status).toBe('RESOURCE_EXHAUSTED');
  });

  test.each([
    ['100 MB', VALIDATE, Buffer.from([0, 5, 245, 225, 0])],
    ['4 MB', GET, Buffer.from([0, 0, 61, 9, 0])],
  ])('of one that says to be larger nothing more is read: %s', async (_, path, head) => {
    const { address } = await listen({});
    const session = sessionTo(address);
    const call = new Call(session, path);
    call.stream.write(head);
    for (let i = 0; i < 6; i++) call.stream.write(Buffer.alloc(1024 * 1024));
    await soon('its answer', () => call.status === 'RESOURCE_EXHAUSTED');
    await soon('its end', () => call.closed);
    expect(session.socket.bytesWritten).toBeLessThan(1024 * 1024);
  });

  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
  ] as const)('none that is compressed: %s', async (encoding, compress) => {
    const { address } = await listen({});
    const call = new Call(sessionTo(address), GET, { 'grpc-encoding': encoding });
    call.stream.end(message(compress(Buffer.alloc(8 * 1024 * 1024)), 1));
    await soon('the refusal', () => call.status === 'UNIMPLEMENTED');
    const plain = new Call(sessionTo(address), GET, { 'grpc-encoding': 'identity' });
    plain.stream.end(message(getRequest()));
    await soon('the answer', () => plain.status === 'OK');
    expect(plain.headers['grpc-accept-encoding']).toBe('identity');
  });
});

describe('connections', () => {
  const open = async (address: string): Promise<RawPeer> => {
    const peer = await RawPeer.open(address);
    cleanups.push(() => peer.end());
    return peer;
  };
  test.each([
    ['of all', { maxConnections: 3 }],
    ['of one address', { maxConnectionsPerPeer: 3 }],
  ])('%s', async (_, limits) => {
    const { address } = await listen(limits);
    const peers = [await open(address), await open(address), await open(address)];
    const fourth = await open(address);
    await soon('the fourth to be ended', () => fourth.ended);
    expect(peers.map(({ ended }) => ended)).toEqual([false, false, false]);
    peers[0]!.end();
    // Its place is free a moment later.
    await waitFor(
      async () => {
        const client = rawClient(address);
        const { code } = await rawCall(client, GET, getRequest());
        client.close();
        return code === Status.OK;
      },
      { what: 'the next one to be taken' },
    );
  });

  test('calls at a time on one', async () => {
    const { address } = await listen({ maxStreamsPerConnection: 3 });
    const session = sessionTo(address);
    await once(session, 'remoteSettings');
    expect(session.remoteSettings.maxConcurrentStreams).toBe(3);
    const uploads = [1, 2, 3].map(() => new Call(session, UPLOAD));
    const fourth = new Call(session, GET);
    fourth.stream.end(message(getRequest()));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(fourth.status).toBeUndefined();
    uploads[0]!.stream.end();
    await soon('the fourth to have its turn', () => fourth.status === 'OK');
  });

  test('that say nothing', async () => {
    const { address } = await listen({ handshakeMs: 300 });
    const [silent, speaking] = [await RawPeer.dial(address), await open(address)];
    await soon('the silent one to be ended', () => silent.ended);
    expect(speaking.ended).toBe(false);
  });
});

describe('what is slow', () => {
  const limits = { callMs: 1200, slowMs: 800 };
  test('half-open calls end, of one question and of many answers, and so do their streams', async () => {
    const { address } = await listen(limits);
    const session = sessionTo(address);
    const calls = [GET, '/assay.v1.EvaluationService/WatchEvaluation'].map((path) => new Call(session, path));
    calls[0]!.stream.write(message(getRequest()));
    await soon('their status', () => calls.every(({ status }) => status === 'DEADLINE_EXCEEDED'));
    await soon('their end', () => calls.every(({ closed }) => closed));
    expect(session.closed).toBe(false);
  });

  test('an upload of a few bytes a second ends; one that keeps going does not', async () => {
    const { address } = await listen(limits);
    const session = sessionTo(address);
    const [slow, steady] = [new Call(session, UPLOAD), new Call(session, UPLOAD)];
    const data = message(assayProto().evaluation.UploadContent.requestSerialize({ data: Buffer.alloc(200) }));
    for (const { stream } of [slow, steady]) stream.write(header());
    const drip = setInterval(() => slow.stream.write(Buffer.alloc(0)), 100);
    const flow = setInterval(() => steady.stream.write(data), 100);
    cleanups.push(() => [drip, flow].forEach(clearInterval));
    await soon('the slow one to end', () => slow.status === 'DEADLINE_EXCEEDED');
    expect(steady.status).toBeUndefined();
  });

  test('an answer that is not taken is dropped', async () => {
    const big = evaluation({ reason: 'x'.repeat(1_000_000) });
    const server = await startServer({ get: async () => big }, { limits });
    cleanups.push(() => server.stop());
    const session = connectHttp2(`http://${server.address}`, { settings: { initialWindowSize: 0 } });
    session.on('error', () => undefined);
    cleanups.push(() => session.destroy());
    const call = new Call(session, GET);
    call.stream.end(message(getRequest()));
    await soon('the stream to be cut', () => call.closed);
    expect(call.stream.rstCode).toBe(11);
  });
});

describe('what is held', () => {
  const part = (bytes: number): Buffer => message(Buffer.alloc(1_000_000)).subarray(0, bytes);

  test('by one address: calls that are not whole', async () => {
    const { address } = await listen({ maxPendingBytesPerPeer: 300_000 });
    const session = sessionTo(address);
    const large = new Call(session, VALIDATE);
    large.stream.write(part(200_000));
    const small = [30_000, 30_000, 30_000].map((bytes) => {
      const call = new Call(session, VALIDATE);
      call.stream.write(part(bytes));
      return call;
    });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect([large, ...small].map(({ closed }) => closed)).toEqual([false, false, false, false]);
    const last = new Call(session, VALIDATE);
    last.stream.write(part(20_000));
    await soon('the largest one to be ended', () => large.closed);
    expect(large.status).toBe('RESOURCE_EXHAUSTED');
    expect([last, ...small].map(({ closed }) => closed)).toEqual([false, false, false, false]);
  });

  test('large messages that come all at once wait for each other, and all come through', async () => {
    const { address } = await listen({ maxPendingBytesPerPeer: 2 * MAX_WIRE_BYTES });
    const clients = [rawClient(address), rawClient(address)];
    cleanups.push(() => clients.forEach((client) => client.close()));
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => rawCall(clients[i % 2]!, VALIDATE, Buffer.alloc(MAX_WIRE_BYTES - 1, 0xff))),
    );
    expect(answers.map(({ code }) => Status[code])).toEqual(Array(20).fill('INVALID_ARGUMENT'));
  });

  test('a large message that stands still goes, once another one waits for it', async () => {
    const { address } = await listen({ maxPendingBytesPerPeer: 2 * MAX_WIRE_BYTES, slowMs: 800 });
    const session = sessionTo(address);
    const still = new Call(session, VALIDATE);
    still.stream.write(part(100_000));
    await new Promise((resolve) => setTimeout(resolve, 2000));
    expect(still.closed).toBe(false);
    const other = new Call(session, VALIDATE);
    other.stream.end(message(Buffer.alloc(1_000_000, 0xff)));
    await soon('the answer to the other one', () => other.status !== undefined);
    expect([still.status, other.status]).toEqual(['DEADLINE_EXCEEDED', 'INVALID_ARGUMENT']);
  });
});

describe('failed logins', () => {
  test('are answered later and later, right ones at once; who does not wait loses the connection', async () => {
    const { address } = await listen({ loginBackoff: true }, { token: TOKEN });
    const client = new Client(address, credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 });
    cleanups.push(() => client.close());
    const took = async (token: string): Promise<{ code: number; ms: number }> => {
      const metadata = new Metadata();
      metadata.set('authorization', `Bearer ${token}`);
      const startMs = performance.now();
      const { code } = await rawCall(client, GET, getRequest(), metadata);
      return { code, ms: performance.now() - startMs };
    };
    for (let i = 0; i < 3; i++) expect((await took('wrong')).code).toBe(Status.UNAUTHENTICATED);
    expect((await took('wrong')).ms).toBeGreaterThan(95);
    expect((await took('wrong')).ms).toBeGreaterThan(195);
    const session = sessionTo(address);
    const waiting = Array.from({ length: 32 }, () => new Call(session, GET));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(session.closed).toBe(false);
    expect((await took(TOKEN)).code).toBe(Status.OK);
    waiting.push(new Call(session, GET));
    await soon('the connection to end', () => session.closed || session.destroyed);
    expect((await took(TOKEN)).code).toBe(Status.OK);
  });
  test('cost others on the same connection nothing, once one of them was let in; a health check lets nobody in', async () => {
    const { address } = await listen({ loginBackoff: true }, { token: TOKEN });
    const asked = async (on: ClientHttp2Session, path: string, bytes: Buffer, headers = {}): Promise<string | undefined> => {
      const call = new Call(on, path, headers);
      call.stream.end(message(bytes));
      await soon('the answer', () => call.closed);
      return call.status;
    };
    const good = { authorization: `Bearer ${TOKEN}` };
    const [shared, strange] = [sessionTo(address), sessionTo(address)];
    expect(await asked(shared, GET, getRequest(), good)).toBe('OK');
    expect(await asked(strange, '/grpc.health.v1.Health/Check', Buffer.alloc(0))).toBe('OK');
    // Some are answered meanwhile: more of them come until too many wait.
    const failing: Call[] = [];
    const fail = (on: ClientHttp2Session): void => void failing.push(...Array.from({ length: 10 }, () => new Call(on, GET)));
    await soon('one too many to be cut', () => {
      if (!failing.some(({ closed, status }) => closed && status === undefined)) fail(shared);
      return failing.some(({ closed, status }) => closed && status === undefined);
    });
    expect(await asked(shared, GET, getRequest(), good)).toBe('OK');
    await soon('the connection to end', () => {
      if (!strange.closed && !strange.destroyed) fail(strange);
      return strange.closed || strange.destroyed;
    });
    expect(await asked(shared, GET, getRequest(), good)).toBe('OK');
  });
});
