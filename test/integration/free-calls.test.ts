/** What is for everybody is small, few, and keeps nothing: health checks, from whoever comes. */
import { status as Status } from '@grpc/grpc-js';
import { connect, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import { afterEach, describe, expect, test } from 'vitest';
import { MAX_FREE_BYTES, MAX_FREE_PER_PEER } from '../../coordinator/rpc/limits/free-calls.ts';
import { assayProto } from '../../shared/rpc/load.ts';
import { message } from '../support/raw-http2.ts';
import { startServer } from '../support/rpc.ts';
import { waitFor } from '../support/wait-for.ts';

const HEALTH = '/grpc.health.v1.Health';
const cleanups: (() => unknown)[] = [];
afterEach(async () => void (await Promise.all(cleanups.splice(0).map((clean) => clean()))));

/** One call in plain HTTP/2: what it was told, and how it ended. */
class Call {
  readonly stream: ClientHttp2Stream;
  headers: Record<string, unknown> = {};
  bytes = Buffer.alloc(0);
  closed = false;

  constructor(session: ClientHttp2Session, method: string, request: Uint8Array) {
    this.stream = session.request({
      ':method': 'POST',
      ':path': `${HEALTH}/${method}`,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    const take = (given: object): void => void Object.assign(this.headers, given);
    this.stream
      .on('response', take)
      .on('trailers', take)
      .on('error', () => undefined);
    this.stream.on('close', () => (this.closed = true));
    this.stream.on('data', (chunk: Buffer) => (this.bytes = Buffer.concat([this.bytes, chunk])));
    this.stream.end(message(Buffer.from(request)));
  }

  /** A call that was cut is told by HTTP/2 alone: gRPC reads the same in it. */
  get status(): string | undefined {
    if (this.headers['grpc-status'] !== undefined) return Status[Number(this.headers['grpc-status'])];
    return this.stream.rstCode === 11 ? 'RESOURCE_EXHAUSTED' : undefined;
  }

  get state(): string | undefined {
    return this.bytes.length > 5 ? assayProto().health.Watch.responseDeserialize(this.bytes.subarray(5)).status : undefined;
  }

  async over(): Promise<this> {
    await waitFor(() => this.closed, { what: 'the end of a call' });
    return this;
  }
}

const asking = (service: string): Buffer => assayProto().health.Check.requestSerialize({ service });
/** A request of so many bytes. */
const ofBytes = (bytes: number): Buffer => asking('n'.repeat(bytes - 3));

async function listen(maxConnectionsPerPeer = 8): Promise<{ session: ClientHttp2Session; limited: string[] }> {
  const limited: string[] = [];
  const transportMetrics = {
    callEndedByLimit: (reason: string) => void limited.push(reason),
    connectionRefused: () => undefined,
    observe: () => undefined,
  };
  const server = await startServer({}, { limits: { maxConnectionsPerPeer }, transportMetrics: transportMetrics as never });
  const session = connect(`http://${server.address}`).on('error', () => undefined);
  cleanups.push(
    () => session.destroy(),
    () => server.stop(),
  );
  return { session, limited };
}

describe('a request without an identity', () => {
  test(`has at most ${MAX_FREE_BYTES} bytes, and no name that it brings is said again`, async () => {
    const { session, limited } = await listen();
    for (const bytes of [MAX_FREE_BYTES - 1, MAX_FREE_BYTES]) {
      expect(asking('n'.repeat(bytes - 3))).toHaveLength(bytes);
      const { status, headers } = await new Call(session, 'Check', ofBytes(bytes)).over();
      expect([status, headers['grpc-message']]).toEqual(['NOT_FOUND', encodeURI('no service of this name is served here')]);
    }
    expect(limited).toEqual([]);
    for (const [method, bytes] of [
      ['Check', MAX_FREE_BYTES + 1],
      ['Watch', MAX_FREE_BYTES + 1],
      ['Watch', 3_900_000],
      ['List', 3_900_000],
    ] as const)
      expect((await new Call(session, method, ofBytes(bytes)).over()).status).toBe('RESOURCE_EXHAUSTED');
    expect(limited).toEqual(['free', 'free', 'free', 'free']);
    expect((await new Call(session, 'Check', asking('liveness')).over()).status).toBe('OK');
  });
});

describe('streams without an identity', () => {
  const told = (call: Call): Promise<unknown> => waitFor(() => call.state, { what: 'how it stands' });

  test('are so many of one address: the oldest ends, and whoever comes is answered', async () => {
    const { session, limited } = await listen();
    const calls: Call[] = [];
    for (let i = 0; i < MAX_FREE_PER_PEER; i++) {
      calls.push(new Call(session, 'Watch', asking(`unknown ${i}`)));
      await told(calls[i]!);
    }
    expect(calls.map(({ state, closed }) => [state, closed])).toEqual(calls.map(() => ['SERVICE_UNKNOWN', false]));
    expect(limited).toEqual([]);
    expect((await new Call(session, 'Check', asking('')).over()).status).toBe('OK');
    expect((await calls[0]!.over()).status).toBe('RESOURCE_EXHAUSTED');
    // The place of the one that was just answered is free again.
    const more = new Call(session, 'Watch', asking(''));
    await told(more);
    expect([more.state, calls[1]!.closed, limited]).toEqual(['SERVING', false, ['free']]);
  });

  test('are not counted by address where all come from one', async () => {
    const { session, limited } = await listen(0);
    const calls = Array.from({ length: MAX_FREE_PER_PEER + 2 }, () => new Call(session, 'Watch', asking('')));
    await Promise.all(calls.map(told));
    expect([calls.some(({ closed }) => closed), limited]).toEqual([false, []]);
  });
});
