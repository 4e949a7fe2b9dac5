/** The coordinator's gRPC server as strangers see it: reflection, health, token, and what is refused. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { Metadata, status as Status, type Client, type ServiceError } from '@grpc/grpc-js';
import { afterEach, describe, expect, test } from 'vitest';
import { BUFFERED } from '../../shared/domain/durability.ts';
import { connect } from '../../shared/client/connect.ts';
import { connectAgent } from '../../shared/rpc/agent-stream.ts';
import { assayProto } from '../../shared/rpc/load.ts';
import type { RpcServer, RpcServerOptions } from '../../coordinator/rpc/server.ts';
import type { EvaluationUseCases } from '../../coordinator/rpc/use-cases.ts';
import { allOf } from '../support/mock-evaluation.ts';
import {
  evaluation,
  EVALUATION_ID,
  eventAt,
  failure,
  GET,
  getRequest,
  rawCall,
  rawClient,
  recordingLogger,
  result,
  sameBytes,
  startServer,
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
      submit: async (request) => (seen.push(request), { evaluation: evaluation(), existed: false, durability: BUFFERED }),
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
    const request = { spec, idempotencyKey: 'k', namespace: 'default', owner: '' };
    expect(seen).toEqual([request, request]);
    await expect(buf(['-d', body, `http://${closed.address}/assay.v1.EvaluationService/SubmitEvaluation`])).rejects.toThrow();
  }, 60_000);

  test('asks for health without a token', async () => {
    const { address } = await serve({}, { token: 't'.repeat(32) });
    const { Check } = assayProto().health;
    const check = async (service: string) => {
      const answer = await rawCall(clientOf(address), '/grpc.health.v1.Health/Check', Check.requestSerialize({ service }));
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
      { token, sessions: { serve: async (stream) => void (served++, await allOf(stream.messages)) } },
    );
    const client = clientOf(address);
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
      expect((await rawCall(client, GET, getRequest(), metadata)).code).toBe(Status.UNAUTHENTICATED);
    }
    expect((await rawCall(client, GET, getRequest(), withHeader(`Bearer ${token}`))).code).toBe(0);
    const call = client.makeBidiStreamRequest('/grpc.reflection.v1.ServerReflection/ServerReflectionInfo', sameBytes, sameBytes);
    call.resume();
    expect(await new Promise((resolve) => call.on('error', (e: ServiceError) => resolve(e.code)))).toBe(Status.UNAUTHENTICATED);
    expect((await failure(allOf(connectAgent({ address, token: 'wrong' }).messages))).code).toBe('unauthenticated');
    expect(served).toBe(0);
    const agent = connectAgent({ address, token });
    agent.end();
    expect(await allOf(agent.messages)).toEqual([]);
    expect(served).toBe(1);
  });
});

describe('what comes in is checked', () => {
  const refused = (call: Promise<unknown>) => failure(call).then((e) => [e.code, e.message]);

  test('submit: every fault at once, the document is not quoted', async () => {
    const client = clientOf((await serve()).address);
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
    expect(details).toMatch(/namespace: "n{80}…" is not 1 to 64 letters/);
    expect(details).not.toContain('secret');
    expect(await submit({ specJson: Buffer.from([0x22, 0xff, 0x22]), idempotencyKey: 'k' })).toEqual([
      Status.INVALID_ARGUMENT,
      'SubmitEvaluation: spec_json: is not valid JSON in UTF-8; send the spec as one JSON object',
    ]);
    expect((await submit({ specJson: Buffer.alloc((1 << 20) + 1), idempotencyKey: 'k' }))[1]).toContain('at most 1048576');
  });

  test('ids, by every method', async () => {
    const { address } = await serve();
    const client = connect({ addresses: [address] });
    cleanups.push(() => client.close());
    // Heard at once, all of them: one may fail before another.
    const calls = [client.get('x'), client.cancel('ev_X'), client.report(''), allOf(client.watch('x')), allOf(client.results('x'))];
    for (const refusal of await Promise.all(calls.map((call) => refused(call))))
      expect(refusal).toEqual(['invalid', expect.stringContaining('is not an evaluation id')]);
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
        },
      },
      { maxContentBytes: 1000 },
    );
    const { UploadContent } = assayProto().evaluation;
    const upload = (...messages: object[]): Promise<[number, string]> =>
      new Promise((resolve) => {
        const call = clientOf(address).makeClientStreamRequest(UploadContent.path, UploadContent.requestSerialize, sameBytes, (error) =>
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
    const answer = (await rawCall(clientOf(address), GET, getRequest())) as ServiceError;
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
    let entered = false;
    const { address } = await serve({
      async *watch(_id, _cursor, signal) {
        entered = true;
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
        aborted.resolve();
        yield eventAt(1, 1);
      },
    });
    const request = assayProto().evaluation.WatchEvaluation.requestSerialize({ evaluationId: EVALUATION_ID });
    const client = clientOf(address);
    // One that passes before the call has come there reaches nobody: then a longer one.
    for (let ms = 200; !entered && ms < 30_000; ms *= 2) {
      const call = client.makeServerStreamRequest(
        '/assay.v1.EvaluationService/WatchEvaluation',
        sameBytes,
        sameBytes,
        request,
        new Metadata(),
        { deadline: Date.now() + ms },
      );
      call.resume();
      expect(await new Promise((resolve) => call.on('error', (e: ServiceError) => resolve(e.code)))).toBe(Status.DEADLINE_EXCEEDED);
    }
    await aborted.promise;
  });
});
