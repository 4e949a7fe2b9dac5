/** The agent stream over real gRPC: order, size, back-pressure, and every way in which it can end. */
import { mkdtemp } from 'node:fs/promises';
import { connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Metadata, Server, ServerCredentials, type ServerDuplexStream } from '@grpc/grpc-js';
import { afterEach, describe, expect, test } from 'vitest';
import { AppError } from '../../shared/domain/errors.ts';
import { connectAgent } from '../../shared/rpc/agent-stream.ts';
import { channelOptions, credentialsOf } from '../../shared/rpc/channel.ts';
import { coordinatorCodec } from '../../shared/rpc/codec-agent.ts';
import { duplexOf, type Duplex } from '../../shared/rpc/duplex.ts';
import { asBytes, assayProto } from '../../shared/rpc/load.ts';
import type { AgentMessage, AttemptReport, CoordinatorMessage } from '../../shared/rpc/messages.ts';

type Session = Duplex<AgentMessage, CoordinatorMessage>;
const cleanups: (() => void)[] = [];
afterEach(() => cleanups.splice(0).forEach((clean) => clean()));

/** A bare server whose sessions are handled by the test. */
async function listen(serve: (session: Session, call: ServerDuplexStream<Buffer, Buffer>) => unknown, address = '127.0.0.1:0') {
  const server = new Server({ 'grpc.max_receive_message_length': 4 << 20 });
  server.addService(asBytes(assayProto().agent), {
    Connect: (call: ServerDuplexStream<Buffer, Buffer>) => {
      call.sendMetadata(new Metadata());
      serve(duplexOf(call, { codec: coordinatorCodec() }), call);
    },
  });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound))),
  );
  cleanups.push(() => server.forceShutdown());
  return { server, address: address.startsWith('unix:') ? address : `127.0.0.1:${port}` };
}

function dial(address: string) {
  const stream = connectAgent({ address });
  cleanups.push(() => stream.abort(new Error('test is over')));
  return stream;
}

const beat = (sequence: number): AgentMessage => ({ kind: 'heartbeat', sequence, heldAttempts: [] });
const EVALUATION = `ev_${'a'.repeat(26)}`;
const reportOf = (...contents: Buffer[]): AgentMessage => {
  const report: AttemptReport = {
    attemptId: 'f'.repeat(32),
    evaluationId: EVALUATION,
    taskId: `${EVALUATION}-1`,
    traceparent: '',
    results: contents.map((content, unit) => ({ unit, content })),
  };
  return { kind: 'report', reports: [report] };
};

async function failure(run: () => Promise<unknown>): Promise<AppError> {
  try {
    await run();
  } catch (error) {
    return error as AppError;
  }
  throw new Error('it did not fail');
}

async function collect<T>(messages: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const message of messages) all.push(message);
  return all;
}

describe('messages', () => {
  test('arrive in order, both ways, until both sides have ended', async () => {
    const { address } = await listen(async (session) => {
      for await (const message of session.messages) {
        if (message.kind === 'heartbeat') void session.send({ kind: 'heartbeatAck', sequence: message.sequence, lostAttempts: [] });
      }
      session.end();
    });
    const stream = dial(address);
    for (let i = 0; i < 500; i++) void stream.send(beat(i));
    stream.end();
    const acks = await collect(stream.messages);
    expect(acks.map((m) => m.kind === 'heartbeatAck' && m.sequence)).toEqual(Array.from({ length: 500 }, (_, i) => i));
    await stream.closed;
  });

  test('over a unix socket', async () => {
    const path = join(await mkdtemp(join(tmpdir(), 'assay-')), 's');
    const { address } = await listen(
      (session) => void session.send({ kind: 'drain', reason: 'x' }).then(() => session.end()),
      `unix:${path}`,
    );
    expect(await collect(dial(address).messages)).toEqual([{ kind: 'drain', reason: 'x' }]);
  });

  test('of 20 MiB and 64 MiB are whole again, and a heartbeat does not wait behind them', async () => {
    const big = Buffer.alloc(64 << 20, 'ab');
    const received = Promise.withResolvers<AgentMessage[]>();
    const { address } = await listen(
      (session) =>
        void collect(session.messages)
          .then(received.resolve, received.reject)
          .finally(() => session.end()),
    );
    const stream = dial(address);
    void stream.send(beat(0));
    void stream.send(reportOf(big));
    void stream.send(reportOf(Buffer.alloc(20 << 20, 'c')));
    await stream.send(beat(1));
    stream.end();
    const messages = await received.promise;
    expect(messages.map((m) => m.kind)).toEqual(['heartbeat', 'heartbeat', 'report', 'report']);
    const sizes = messages.slice(2).map((m) => (m.kind === 'report' ? m.reports[0]!.results[0]!.content : undefined));
    expect(sizes[0]!.equals(big)).toBe(true);
    expect(sizes[1]!.length).toBe(20 << 20);
  });
});

describe('back-pressure', () => {
  test('a peer that does not read holds the sender, and nothing is lost when it reads', async () => {
    const go = Promise.withResolvers<void>();
    const got = Promise.withResolvers<number>();
    const { address } = await listen(async (session) => {
      await go.promise;
      got.resolve((await collect(session.messages)).length);
      session.end();
    });
    const stream = dial(address);
    let taken = 0;
    const sends = Array.from({ length: 100 }, () => stream.send(reportOf(Buffer.alloc(900_000))).then(() => taken++));
    // A later heartbeat would be taken after what stands before it; a few messages fit into buffers and windows.
    await sends[0];
    expect(taken).toBeLessThan(60);
    go.resolve();
    await Promise.all(sends);
    stream.end();
    expect(await got.promise).toBe(100);
  });

  test('a sender that never waits is stopped at 256 MiB', async () => {
    const { address } = await listen(() => undefined);
    const stream = dial(address);
    const chunk = Buffer.alloc(60 << 20);
    const errors = await Promise.all(Array.from({ length: 6 }, () => failure(() => stream.send(reportOf(chunk)))));
    expect(errors.map((e) => e.code)).toEqual(Array(6).fill('unavailable'));
    expect((await failure(() => collect(stream.messages))).code).toBe('resource_exhausted');
    await stream.closed;
  });
});

describe('ends', () => {
  test('nobody listens: unavailable', async () => {
    const stream = dial('127.0.0.1:1');
    expect((await failure(() => collect(stream.messages))).code).toBe('unavailable');
    expect((await failure(() => stream.send(beat(1)))).code).toBe('unavailable');
    await stream.closed;
  });

  test('the server ends with an error: its code and text, even behind a message that is still being written', async () => {
    const { address } = await listen((session) => {
      void session.send({ kind: 'assign', assignments: [assignment(Buffer.alloc(3 << 20, 'x'))] });
      setImmediate(() => session.abort(new AppError('failed_precondition', 'wire version 9: this coordinator speaks 1')));
    });
    const error = await failure(() => collect(dial(address).messages));
    expect([error.code, error.message]).toEqual(['failed_precondition', 'wire version 9: this coordinator speaks 1']);
  });

  test('an internal error is not told to the peer', async () => {
    const { address } = await listen((session) => session.abort(new TypeError('secret of the inside')));
    const error = await failure(() => collect(dial(address).messages));
    expect(error.code).toBe('internal');
    expect(error.message).not.toContain('secret');
  });

  test('the server is killed: unavailable on the agent; waiting sends are rejected', async () => {
    const { server, address } = await listen(() => undefined);
    const stream = dial(address);
    await stream.send(beat(0));
    const send = failure(() => stream.send(reportOf(Buffer.alloc(30 << 20))));
    setImmediate(() => server.forceShutdown());
    expect((await failure(() => collect(stream.messages))).code).toBe('unavailable');
    expect((await send).code).toBe('unavailable');
    await stream.closed;
  });

  test('the agent vanishes: the session ends, and a send that waits for room is rejected', async () => {
    const ended = Promise.withResolvers<{ read: AppError; send: AppError }>();
    const { address } = await listen(async (session) => {
      const send = failure(async () => {
        for (;;) await session.send({ kind: 'assign', assignments: [assignment(Buffer.alloc(900_000))] });
      });
      const read = await failure(() => collect(session.messages));
      await session.closed;
      ended.resolve({ read, send: await send });
    });
    const stream = connectAgent({ address });
    await stream.send(beat(0));
    for await (const message of stream.messages) {
      expect(message.kind).toBe('assign');
      break;
    }
    stream.abort(new Error('vanish'));
    const { read, send } = await ended.promise;
    expect([read.code, send.code]).toEqual(['unavailable', 'unavailable']);
  });
});

describe('hostile peers', () => {
  async function attack(write: (call: ReturnType<typeof rawCall>) => void): Promise<AppError> {
    const seen = Promise.withResolvers<AppError>();
    const { address } = await listen((session) => {
      void collect(session.messages).then(
        () => seen.reject(new Error('it was accepted')),
        (error: AppError) => {
          session.abort(error);
          seen.resolve(error);
        },
      );
    });
    const call = rawCall(address);
    write(call);
    const error = await seen.promise;
    // The server lives: the next agent is served.
    const next = dial(address);
    await next.send(beat(1));
    next.end();
    return error;
  }
  function rawCall(address: string) {
    const client = new Client(address, credentialsOf({ address }), { ...channelOptions({ address }), 'grpc.max_send_message_length': -1 });
    cleanups.push(() => client.close());
    const same = (b: Buffer): Buffer => b;
    const call = client.makeBidiStreamRequest<Buffer, Buffer>('/assay.v1.AgentService/Connect', same, same);
    call.on('error', () => undefined);
    call.resume();
    return call;
  }
  const fragment = (id: number, data: Buffer, last = false): Buffer =>
    assayProto().agent.Connect.requestSerialize({ fragment: { id, data, last } });

  test('garbage bytes', async () => {
    const error = await attack((call) => call.write(Buffer.from('not a message at all')));
    expect(error.code).toBe('invalid');
  });
  test('an empty message', async () => {
    expect((await attack((call) => call.write(Buffer.alloc(0)))).message).toContain('no message that this coordinator knows');
  });
  test('a message above 4 MiB ends the call', async () => {
    expect((await attack((call) => call.write(Buffer.alloc(5 << 20)))).code).toBe('unavailable');
  });
  test('fragments out of turn, empty, nested', async () => {
    expect((await attack((call) => call.write(fragment(7, Buffer.alloc(10))))).message).toBe('fragment: id 7 where 1 was expected');
    expect((await attack((call) => call.write(fragment(1, Buffer.alloc(0))))).message).toBe('fragment 1: it is empty');
    expect((await attack((call) => call.write(fragment(1, fragment(1, Buffer.alloc(1)), true)))).message).toContain(
      'holds another fragment',
    );
  });
  test('bytes that are not HTTP/2', async () => {
    const { address } = await listen((session) => void session.send({ kind: 'drain', reason: '' }).then(() => session.end()));
    const [host, port] = address.split(':');
    const socket = connectSocket(Number(port), host);
    socket.end('GET / HTTP/1.1\r\n\r\n');
    await new Promise((resolve) => socket.on('close', resolve).on('error', resolve).resume());
    expect(await collect(dial(address).messages)).toHaveLength(1);
  });
});

function assignment(line: Buffer) {
  return {
    attemptId: 'e'.repeat(32),
    evaluationId: EVALUATION,
    taskId: `${EVALUATION}-2`,
    modelIndex: 0,
    contextDigest: `sha256:${'0'.repeat(64)}`,
    contextJson: Buffer.from('{}'),
    samples: [{ unit: 0, epoch: 1, ordinal: 1, line }],
    traceparent: '',
  };
}
