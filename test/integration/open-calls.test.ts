/** What one token has open by gRPC, over however many connections; and what one connection may ask ahead by HTTP. */
import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import { Metadata, status as Status, type Client } from '@grpc/grpc-js';
import { afterEach, expect, test } from 'vitest';
import type { Authenticator } from '../../coordinator/identity/authenticator.ts';
import { MAX_UNANSWERED } from '../../coordinator/http/unanswered.ts';
import { IdentityCalls } from '../../coordinator/rpc/limits/identity-calls.ts';
import type { Identity } from '../../shared/domain/identity.ts';
import { assayProto } from '../../shared/rpc/load.ts';
import { startHttp } from '../support/http.ts';
import { evaluation, EVALUATION_ID, GET, getRequest, rawCall, rawClient, sameBytes, startServer } from '../support/rpc.ts';
import { waitFor } from '../support/wait-for.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => void (await Promise.all(cleanups.splice(0).map((clean) => clean()))));

const identity = (name: string): Identity => ({ name, kind: 'token', scopes: new Set(['read']), namespaces: '*', tokenId: `tk_${name}` });
/** Takes any bearer for the token of that name. */
const anybody: Authenticator = {
  takes: ({ bearer }) => bearer !== undefined,
  verify: ({ bearer }) => ({ identity: identity(bearer!), watch: () => () => undefined }),
};
const bearing = (token: string): Metadata => {
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${token}`);
  return metadata;
};

test('a token has so many streams, whatever connections they are on; its end makes room', async () => {
  const server = await startServer(
    {
      get: async () => evaluation(),
      watch: async function* (_id: string, _after: unknown, signal: AbortSignal) {
        yield { cursor: '1', timeMs: 5, kind: 'snapshot', evaluation: evaluation(), resync: false };
        await once(signal, 'abort');
      } as never,
    },
    { authenticators: [anybody], identityCalls: new IdentityCalls({ calls: 3, streams: 2 }) },
  );
  cleanups.push(() => server.stop());
  const [here, there] = [0, 1].map(() => {
    const client = rawClient(server.address);
    cleanups.push(() => client.close());
    return client;
  }) as [Client, Client];
  const { WatchEvaluation } = assayProto().evaluation;
  const watch = (client: Client, token: string) => {
    const request = WatchEvaluation.requestSerialize({ evaluationId: EVALUATION_ID });
    const call = client.makeServerStreamRequest(WatchEvaluation.path, sameBytes, sameBytes, request, bearing(token));
    const of = { call, isOpen: false, code: undefined as Status | undefined };
    call.on('data', () => (of.isOpen = true)).on('error', ({ code }: { code: Status }) => (of.code = code));
    return of;
  };
  const opened = async (client: Client, token: string): Promise<ReturnType<typeof watch>> => {
    const of = watch(client, token);
    await waitFor(() => of.isOpen || of.code !== undefined, { what: 'a stream' });
    return of;
  };
  const [first] = [await opened(here, 'a'), await opened(there, 'a')];
  expect((await opened(there, 'a')).code).toBe(Status.RESOURCE_EXHAUSTED);
  expect((await rawCall(here, GET, getRequest(), bearing('a'))).code).toBe(Status.OK);
  expect((await opened(here, 'b')).isOpen).toBe(true);
  first.call.cancel();
  await waitFor(async () => (await opened(there, 'a')).isOpen, { what: 'room again' });
});

test('a connection has so many requests that are not answered yet', async () => {
  let asked = 0;
  const answers = Promise.withResolvers<void>();
  const get = async () => {
    asked++;
    await answers.promise;
    return evaluation();
  };
  const server = await startHttp({ get });
  cleanups.push(() => server.stop());
  const ahead = async (count: number) => {
    const socket = connectSocket(Number(new URL(server.url).port), '127.0.0.1').on('error', () => undefined);
    cleanups.push(() => socket.destroy());
    const of = { text: '', isOver: false };
    socket.on('data', (data) => (of.text += data.toString())).on('close', () => (of.isOver = true));
    socket.write(`GET /api/v1/evaluations/${EVALUATION_ID} HTTP/1.1\r\nHost: localhost\r\n\r\n`.repeat(count));
    return of;
  };
  const fine = await ahead(MAX_UNANSWERED);
  await waitFor(() => asked === MAX_UNANSWERED, { what: 'all of them to be asked' });
  const greedy = await ahead(3_000);
  await waitFor(() => greedy.isOver, { what: 'the connection to be closed' });
  expect(asked).toBeLessThanOrEqual(2 * MAX_UNANSWERED);
  answers.resolve();
  await waitFor(() => fine.text.split('HTTP/1.1 200').length - 1 === MAX_UNANSWERED, { what: 'the answers' });
  expect(fine.isOver).toBe(false);
});
