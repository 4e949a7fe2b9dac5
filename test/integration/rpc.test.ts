/** The coordinator's gRPC server as strangers see it: reflection, health, token, limits, faults, drain, hostile peers. */
import { execFile } from 'node:child_process';
import { mkdtemp, stat, writeFile } from 'node:fs/promises';
import http2 from 'node:http2';
import { connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, credentials, Metadata, status as Status, type ServiceError } from '@grpc/grpc-js';
import { afterEach, describe, expect, test } from 'vitest';
import { connect } from '../../shared/client/connect.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { connectAgent } from '../../shared/rpc/agent-stream.ts';
import { assayProto } from '../../shared/rpc/load.ts';
import type { RpcServer, RpcServerOptions } from '../../coordinator/rpc/server.ts';
import { createRpcServer } from '../../coordinator/rpc/server.ts';
import type { EvaluationUseCases } from '../../coordinator/rpc/use-cases.ts';
import {
  collect,
  evaluation,
  EVALUATION_ID,
  eventAt,
  failure,
  listenOn,
  recordingLogger,
  result,
  startServer,
  useCases,
} from './rpc-support.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean();
});

async function serve(some: Partial<EvaluationUseCases> = {}, options: Partial<RpcServerOptions> = {}): Promise<RpcServer> {
  const server = await startServer(some, options);
  cleanups.push(() => server.stop());
  return server;
}

const same = (b: Buffer): Buffer => b;
function rawClient(address: string): Client {
  const client = new Client(address, credentials.createInsecure(), {
    'grpc.max_send_message_length': -1,
    'grpc.use_local_subchannel_pool': 1,
  });
  cleanups.push(() => client.close());
  return client;
}
/** One unary call in bytes; gives the status. */
const rawCall = (
  client: Client,
  method: string,
  bytes: Buffer,
  metadata = new Metadata(),
): Promise<ServiceError | { code: 0; value: Buffer }> =>
  new Promise((resolve) =>
    client.makeUnaryRequest(method, same, same, bytes, metadata, {}, (error, value) => resolve(error ?? { code: 0, value: value! })),
  );
const GET = '/assay.v1.EvaluationService/GetEvaluation';
const getRequest = assayProto().evaluation.GetEvaluation.requestSerialize({ evaluationId: EVALUATION_ID });
const alive = async (address: string): Promise<void> => expect((await rawCall(rawClient(address), GET, getRequest)).code).toBe(0);

describe('a client that knows only the address', () => {
  const buf = (args: string[]): Promise<string> =>
    new Promise((resolve, reject) =>
      execFile(
        join(import.meta.dirname, '../../node_modules/.bin/buf'),
        ['curl', '--protocol', 'grpc', '--http2-prior-knowledge', ...args],
        (error, out, err) => (error ? reject(new Error(err)) : resolve(out)),
      ),
    );

  test('submits and watches by reflection, with and without a token', async () => {
    const spec = { name: 'über', benchmarks: [] };
    const seen: unknown[] = [];
    const cases: Partial<EvaluationUseCases> = {
      submit: async (request) => (seen.push(request), { evaluation: evaluation(), existed: false }),
      async *watch() {
        yield { cursor: '1', timeMs: 5, kind: 'snapshot', evaluation: evaluation(), resync: false };
        yield eventAt(2, 3);
        yield eventAt(3, 3);
      },
      async *results() {
        yield result(0, { scores: [{ scorer: 's', value: '', number: null, answer: '', explanation: '', error: '' }] });
        yield result(1);
      },
    };
    const token = 't'.repeat(32);
    const open = await serve(cases);
    const closed = await serve(cases, { token });
    const body = JSON.stringify({ specJson: Buffer.from(JSON.stringify(spec)).toString('base64'), idempotencyKey: 'k' });
    for (const [server, header] of [
      [open, []],
      [closed, ['-H', `authorization: Bearer ${token}`, '--reflect-header', `authorization: Bearer ${token}`]],
    ] as const) {
      const url = `http://${server.address}/assay.v1.EvaluationService`;
      expect(JSON.parse(await buf([...header, '-d', body, `${url}/SubmitEvaluation`]))).toMatchObject({
        evaluation: { evaluationId: EVALUATION_ID, state: 'EVALUATION_STATE_RUNNING' },
      });
      const watched = await buf([...header, '-d', JSON.stringify({ evaluationId: EVALUATION_ID }), `${url}/WatchEvaluation`]);
      expect(watched).toContain('"state": "EVALUATION_STATE_SUCCEEDED"');
      const results = await buf([...header, '-d', JSON.stringify({ evaluationId: EVALUATION_ID }), `${url}/StreamResults`]);
      expect(results.match(/"number"/g)).toHaveLength(1);
    }
    expect(seen).toEqual(Array(2).fill({ spec, idempotencyKey: 'k', namespace: 'default' }));
    await expect(buf(['-d', body, `http://${closed.address}/assay.v1.EvaluationService/SubmitEvaluation`])).rejects.toThrow();
  }, 60_000);

  test('asks for health without a token', async () => {
    const { address } = await serve({}, { token: 't'.repeat(32) });
    const { Check } = assayProto().health;
    const check = async (service: string) => {
      const answer = await rawCall(rawClient(address), '/grpc.health.v1.Health/Check', Check.requestSerialize({ service }));
      return 'value' in answer ? Check.responseDeserialize(answer.value).status : answer.code;
    };
    expect(await check('')).toBe('SERVING');
    expect(await check('assay.v1.EvaluationService')).toBe('SERVING');
    expect(await check('assay.v1.AgentService')).toBe('SERVING');
    expect(await check('nonsense')).toBe(Status.NOT_FOUND);
  });
});

describe('the token', () => {
  test('is wanted by unary calls, streams and reflection alike', async () => {
    const token = 't'.repeat(32);
    let served = 0;
    const { address } = await serve(
      { get: async () => evaluation() },
      { token, sessions: { serve: async (stream) => void (served++, await collect(stream.messages)) } },
    );
    const client = rawClient(address);
    const withHeader = (value: string): Metadata => {
      const metadata = new Metadata();
      metadata.add('authorization', value);
      return metadata;
    };
    for (const metadata of [
      new Metadata(),
      withHeader('Bearer wrong'),
      withHeader(token),
      withHeader(`Bearer ${token}x`),
      withHeader(''),
    ]) {
      expect((await rawCall(client, GET, getRequest, metadata)).code).toBe(Status.UNAUTHENTICATED);
    }
    expect((await rawCall(client, GET, getRequest, withHeader(`Bearer ${token}`))).code).toBe(0);
    const call = client.makeBidiStreamRequest('/grpc.reflection.v1.ServerReflection/ServerReflectionInfo', same, same);
    call.resume();
    expect(await new Promise((resolve) => call.on('error', (e: ServiceError) => resolve(e.code)))).toBe(Status.UNAUTHENTICATED);
    expect((await failure(collect(connectAgent({ address, token: 'wrong' }).messages))).code).toBe('unauthenticated');
    expect(served).toBe(0);
    const agent = connectAgent({ address, token });
    agent.end();
    expect(await collect(agent.messages)).toEqual([]);
    expect(served).toBe(1);
  });
});

describe('what comes in is checked', () => {
  const refused = (call: Promise<unknown>) => failure(call).then((e) => [e.code, e.message]);

  test('submit: every fault at once, the document is not quoted', async () => {
    const client = rawClient((await serve()).address);
    const submit = async (request: object) => {
      const answer = (await rawCall(
        client,
        '/assay.v1.EvaluationService/SubmitEvaluation',
        assayProto().evaluation.SubmitEvaluation.requestSerialize(request),
      )) as ServiceError;
      return [answer.code, answer.details];
    };
    const [code, details] = await submit({ specJson: Buffer.from('{"prompt": secret}'), namespace: 'n'.repeat(300) });
    expect(code).toBe(Status.INVALID_ARGUMENT);
    expect(String(details).split('\n')).toHaveLength(4);
    expect(details).toContain('idempotency_key: is missing');
    expect(details).not.toContain('secret');
    expect(await submit({ specJson: Buffer.from([0x22, 0xff, 0x22]), idempotencyKey: 'k' })).toEqual([
      Status.INVALID_ARGUMENT,
      'SubmitEvaluation: spec_json: is not a JSON document in UTF-8',
    ]);
    expect((await submit({ specJson: Buffer.alloc((1 << 20) + 1), idempotencyKey: 'k' }))[1]).toContain('at most 1048576');
  });

  test('ids, by every method', async () => {
    const { address } = await serve();
    const client = connect({ addresses: [address] });
    cleanups.push(() => client.close());
    for (const call of [
      client.get('x'),
      client.cancel('ev_X'),
      client.report(''),
      collect(client.watch('x')),
      collect(client.results('x')),
    ]) {
      expect(await refused(call)).toEqual(['invalid', expect.stringContaining('is not an evaluation id')]);
    }
  });

  test('uploads: header, sizes, order', async () => {
    const stored: number[] = [];
    const { address } = await serve(
      {
        hasContent: async () => false,
        upload: async (_digest, _size, chunks) => {
          let n = 0;
          for await (const chunk of chunks) n += chunk.length;
          stored.push(n);
          return { existed: false };
        },
      },
      { maxContentBytes: 1000 },
    );
    const { UploadContent } = assayProto().evaluation;
    const upload = (...messages: object[]): Promise<[number, string]> =>
      new Promise((resolve) => {
        const call = rawClient(address).makeClientStreamRequest(UploadContent.path, UploadContent.requestSerialize, same, (error) =>
          resolve([error?.code ?? 0, error?.details ?? '']),
        );
        call.on('error', () => undefined);
        for (const message of messages) call.write(message);
        call.end();
      });
    const digest = `sha256:${'0'.repeat(64)}`;
    const header = (sizeBytes: number | string) => ({ header: { digest, sizeBytes } });
    const data = (n: number) => ({ data: Buffer.alloc(n) });
    expect(await upload(header(5), data(2), data(3))).toEqual([0, '']);
    expect((await upload())[1]).toContain('the first message must be a header');
    expect((await upload(data(5)))[1]).toContain('the first message must be a header');
    expect((await upload({ header: { digest: 'md5:1', sizeBytes: '-1' } }))[1]).toContain('2 faults');
    expect((await upload(header(1001)))[1]).toContain('is not a whole number from 0 to 1000');
    expect((await upload(header(5), header(5)))[1]).toContain('only data may follow');
    expect((await upload(header(5), data(6)))[1]).toContain('more than the announced 5 bytes');
    expect((await upload(header(5), data(4)))[1]).toContain('4 of the announced 5 bytes');
    expect(stored).toEqual([5]);
  });

  test('internal errors: a reference for the caller, the rest for the log', async () => {
    const { logger, lines } = recordingLogger();
    const { address } = await serve(
      {
        get: async () => {
          throw new TypeError('inside');
        },
      },
      { logger },
    );
    const answer = (await rawCall(rawClient(address), GET, getRequest)) as ServiceError;
    expect(answer.code).toBe(Status.INTERNAL);
    const reference = /reference ([0-9a-f]{8})/.exec(answer.details)![1];
    expect(answer.details).not.toContain('inside');
    expect(lines.find((line) => line.fields['reference'] === reference)).toMatchObject({
      level: 'error',
      fields: { err: { message: 'inside' } },
    });
  });

  test('a deadline reaches the use-case as an abort', async () => {
    const aborted = Promise.withResolvers<void>();
    const { address } = await serve({
      async *watch(_id, _cursor, signal) {
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
        aborted.resolve();
      },
    });
    const request = assayProto().evaluation.WatchEvaluation.requestSerialize({ evaluationId: EVALUATION_ID });
    const call = rawClient(address).makeServerStreamRequest(
      '/assay.v1.EvaluationService/WatchEvaluation',
      same,
      same,
      request,
      new Metadata(),
      { deadline: Date.now() + 200 },
    );
    call.resume();
    expect(await new Promise((resolve) => call.on('error', (e: ServiceError) => resolve(e.code)))).toBe(Status.DEADLINE_EXCEEDED);
    await aborted.promise;
  });
});

describe('hostile peers', () => {
  test('malformed, oversize and unknown calls are refused, and the server lives', async () => {
    const { address } = await serve({ get: async () => evaluation() });
    const client = rawClient(address);
    for (const bytes of ['\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff', '\x0a\xff\x01', '\x0b'.repeat(5000), '\x08\x01\x07']) {
      expect((await rawCall(client, GET, Buffer.from(bytes, 'latin1'))).code).toBe(Status.INVALID_ARGUMENT);
    }
    expect((await rawCall(client, GET, Buffer.alloc(5 << 20))).code).toBe(Status.RESOURCE_EXHAUSTED);
    expect((await rawCall(client, '/assay.v1.EvaluationService/Nothing', Buffer.alloc(0))).code).toBe(Status.UNIMPLEMENTED);
    await alive(address);
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
    await alive(address);
  });
});

describe('where it listens', () => {
  test('beyond this machine not without TLS and a token', () => {
    const options = {
      useCases: useCases(),
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
          serve: async (stream) => void (await collect(stream.messages).catch(() => (order.push('agent cut off'), cutOff.resolve()))),
        },
        onDrain: async () => void order.push('agents told'),
      },
    );
    const agent = connectAgent({ address: server.address });
    await agent.send({ kind: 'heartbeat', sequence: 1, heldAttempts: [] });
    const health = rawClient(server.address).makeServerStreamRequest('/grpc.health.v1.Health/Watch', same, same, Buffer.alloc(0));
    const statuses: string[] = [];
    health.on('data', (b: Buffer) => statuses.push(assayProto().health.Check.responseDeserialize(b).status)).on('error', () => undefined);
    await new Promise((resolve) => health.once('data', resolve));
    const running = rawCall(rawClient(server.address), GET, getRequest);
    await inHandler.promise;
    const drained = server.drain();
    working.resolve();
    expect((await running).code).toBe(0);
    await drained;
    await server.stop();
    await cutOff.promise;
    expect(statuses).toEqual(['SERVING', 'NOT_SERVING']);
    expect(order).toEqual(['agents told', 'agent cut off']);
    expect((await failure(collect(agent.messages))).code).toBe('unavailable');
  });
});
