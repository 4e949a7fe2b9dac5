/** The coordinator's gRPC server itself: peers that mean no good, where it listens, how it ends. */
import { mkdtemp, stat, writeFile } from 'node:fs/promises';
import http2 from 'node:http2';
import { connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { status as Status, type Client } from '@grpc/grpc-js';
import { afterEach, describe, expect, test } from 'vitest';
import { connect } from '../../shared/client/connect.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { connectAgent } from '../../shared/rpc/agent-stream.ts';
import { assayProto } from '../../shared/rpc/load.ts';
import { createRpcServer, type RpcServer, type RpcServerOptions } from '../../coordinator/rpc/server.ts';
import type { EvaluationUseCases } from '../../coordinator/rpc/use-cases.ts';
import { allOf } from '../support/mock-evaluation.ts';
import {
  evaluation,
  EVALUATION_ID,
  failure,
  GET,
  getRequest,
  listenOn,
  eventUseCases,
  operatorUseCases,
  namespaceUseCases,
  tokenUseCases,
  allProved,
  auditUseCases,
  joinUseCases,
  rawCall,
  rawClient,
  recordingLogger,
  sameBytes,
  startServer,
  useCases,
} from '../support/rpc.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean();
});

async function serve(some: Partial<EvaluationUseCases> = {}, options: Partial<RpcServerOptions> = {}): Promise<RpcServer> {
  const server = await startServer(some, options);
  cleanups.push(() => server.stop());
  return server;
}

function clientOf(address: string): Client {
  const client = rawClient(address);
  cleanups.push(() => client.close());
  return client;
}

const alive = async (address: string): Promise<boolean> => (await rawCall(clientOf(address), GET, getRequest())).code === 0;

describe('hostile peers', () => {
  test('malformed, oversize and unknown calls are refused, and the server lives', async () => {
    const { address } = await serve({ get: async () => evaluation() });
    const client = clientOf(address);
    for (const bytes of ['\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff', '\x0a\xff\x01', '\x0b'.repeat(5000), '\x08\x01\x07']) {
      expect((await rawCall(client, GET, Buffer.from(bytes, 'latin1'))).code).toBe(Status.INVALID_ARGUMENT);
    }
    expect((await rawCall(client, GET, Buffer.alloc(5 << 20))).code).toBe(Status.RESOURCE_EXHAUSTED);
    expect((await rawCall(client, '/assay.v1.EvaluationService/Nothing', Buffer.alloc(0))).code).toBe(Status.UNIMPLEMENTED);
    expect(await alive(address)).toBe(true);
  });

  test('raw HTTP/2 and TCP abuse', async () => {
    const { address } = await serve({ get: async () => evaluation() });
    const [host, port] = address.split(':');
    for (const text of [
      'GET / HTTP/1.1\r\n\r\n',
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff',
      '\x16\x03\x01',
    ]) {
      const socket = connectSocket(Number(port), host);
      socket.end(Buffer.from(text, 'latin1'));
      await new Promise((resolve) => socket.on('close', resolve).on('error', resolve).resume());
    }
    const session = http2.connect(`http://${address}`);
    session.on('error', () => undefined);
    // Rapid resets, a wrong content type, a bad timeout, a wrong compression flag.
    for (let i = 0; i < 200; i++) {
      const stream = session.request({ ':method': 'POST', ':path': GET, 'content-type': 'application/grpc' });
      stream.on('error', () => undefined);
      stream.close(http2.constants.NGHTTP2_CANCEL);
    }
    for (const [headers, body] of [
      [{ 'content-type': 'text/plain' }, ''],
      [{ 'content-type': 'application/grpc', 'grpc-timeout': 'never' }, ''],
      [{ 'content-type': 'application/grpc', 'grpc-encoding': 'gzip' }, '\x01\0\0\0\x03abc'],
      [{ 'content-type': 'application/grpc' }, '\x07\0\0\0\0'],
    ] as const) {
      const stream = session.request({ ':method': 'POST', ':path': GET, ...headers });
      stream.on('error', () => undefined);
      stream.end(Buffer.from(body, 'latin1'));
      await new Promise((resolve) => stream.on('close', resolve).resume());
    }
    session.destroy();
    expect(await alive(address)).toBe(true);
  });
});

describe('where it listens', () => {
  test('beyond this machine not without TLS and a token', () => {
    const options = {
      useCases: useCases(),
      operator: operatorUseCases(),
      events: eventUseCases(),
      namespaceOf: async () => undefined,
      tokens: tokenUseCases(),
      namespaces: namespaceUseCases(),
      joins: joinUseCases(),
      proofs: allProved,
      audit: auditUseCases(),
      sessions: { serve: async () => undefined },
      logger: recordingLogger().logger,
      listen: listenOn('0.0.0.0:0'),
    };
    expect(() => createRpcServer(options)).toThrow(/only with TLS and a token/);
    expect(() => createRpcServer({ ...options, token: 't' })).toThrow(AppError);
  });
  test('a unix socket for this user alone; a stale one is replaced, a living one and a file are not', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'assay-'));
    const listen = listenOn(`unix:${dir}/deep/s`);
    const server = await serve({ get: async () => evaluation() }, { listen });
    expect((await stat(`${dir}/deep/s`)).mode & 0o777).toBe(0o600);
    expect((await stat(`${dir}/deep`)).mode & 0o777).toBe(0o700);
    const client = connect({ addresses: [server.address] });
    cleanups.push(() => client.close());
    expect((await client.get(EVALUATION_ID)).state).toBe('running');
    await expect(startServer({}, { listen })).rejects.toThrow(/another process listens there/);
    await writeFile(`${dir}/file`, '');
    await expect(startServer({}, { listen: listenOn(`unix:${dir}/file`) })).rejects.toThrow(/a file that is no socket/);
  });
  test('a taken port is told', async () => {
    const { address } = await serve();
    await expect(startServer({}, { listen: listenOn(address) })).rejects.toThrow(`${address}: cannot listen there`);
  });
});

describe('drain', () => {
  test('says NOT_SERVING, tells the agents, finishes what runs, cuts off the rest', async () => {
    const order: string[] = [];
    const cutOff = Promise.withResolvers<void>();
    const working = Promise.withResolvers<void>();
    const inHandler = Promise.withResolvers<void>();
    const server = await startServer(
      {
        get: async () => {
          inHandler.resolve();
          await working.promise;
          return evaluation();
        },
      },
      {
        drainMs: 1000,
        sessions: {
          serve: async (stream) => void (await allOf(stream.messages).catch(() => (order.push('agent cut off'), cutOff.resolve()))),
        },
        onDrain: async () => void order.push('agents told'),
      },
    );
    const agent = connectAgent({ address: server.address });
    await agent.send({ kind: 'heartbeat', sequence: 1, heldAttempts: [] });
    const health = clientOf(server.address).makeServerStreamRequest('/grpc.health.v1.Health/Watch', sameBytes, sameBytes, Buffer.alloc(0));
    const statuses: string[] = [];
    health.on('data', (b: Buffer) => statuses.push(assayProto().health.Check.responseDeserialize(b).status)).on('error', () => undefined);
    await new Promise((resolve) => health.once('data', resolve));
    const running = rawCall(clientOf(server.address), GET, getRequest());
    await inHandler.promise;
    const drained = server.drain();
    working.resolve();
    expect((await running).code).toBe(0);
    await drained;
    await server.stop();
    await cutOff.promise;
    expect(statuses).toEqual(['SERVING', 'NOT_SERVING']);
    expect(order).toEqual(['agents told', 'agent cut off']);
    expect((await failure(allOf(agent.messages))).code).toBe('unavailable');
  });
});
