/** Peers that speak HTTP/2 to wear a coordinator out: they lose their connection, and others notice nothing. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RpcServer } from '../../coordinator/rpc/server.ts';
import { connect } from '../../shared/client/connect.ts';
import { callHeaders, END_HEADERS, END_STREAM, frame, FRAME, headerBlock, message, RawPeer } from '../support/raw-http2.ts';
import { evaluation, EVALUATION_ID, GET, getRequest, startServer } from '../support/rpc.ts';

let server: RpcServer;
beforeAll(async () => void (server = await startServer({ get: async () => evaluation() })));
afterAll(() => server.stop());

const CALL = callHeaders(GET);
const COMPRESSED = callHeaders(GET, { 'grpc-encoding': 'gzip' });
/** The head of a message of 100 MB. */
const TOO_LARGE = Buffer.from([0, 5, 245, 225, 0]);
const id = (n: number): number => 2 * n + 1;
const reset = (n: number): Buffer => frame(FRAME.reset, 0, id(n), Buffer.from([0, 0, 0, 8]));
const whole = (n: number): Buffer =>
  Buffer.concat([frame(FRAME.headers, END_HEADERS, id(n), CALL), frame(FRAME.data, END_STREAM, id(n), message(getRequest()))]);
/** A thousand names of a hundred bytes, in one frame after the other that never ends the block. */
const names = Buffer.concat(Array.from({ length: 100 }, (_, i) => headerBlock({ [`x-${i}`]: 'v'.repeat(100) })));

/** Each: a name, whether the peer reads, and what it sends over and over, with how often at most. */
const FLOODS: [string, { reads?: boolean; pieces: number; piece: (n: number) => Buffer }][] = [
  [
    'calls that are reset at once',
    { pieces: 20_000, piece: (n) => Buffer.concat([frame(FRAME.headers, END_HEADERS, id(n), CALL), reset(n)]) },
  ],
  ['calls that are whole, and reset at once', { pieces: 20_000, piece: (n) => Buffer.concat([whole(n), reset(n)]) }],
  [
    'pings whose answers are not read',
    { reads: false, pieces: 2_000_000, piece: () => Buffer.concat(Array<Buffer>(100).fill(frame(FRAME.ping, 0, 0, Buffer.alloc(8)))) },
  ],
  [
    'settings whose answers are not read',
    { reads: false, pieces: 2_000_000, piece: () => Buffer.concat(Array<Buffer>(100).fill(frame(FRAME.settings, 0, 0))) },
  ],
  [
    'settings of a thousand entries',
    {
      pieces: 1000,
      piece: () => frame(FRAME.settings, 0, 0, Buffer.concat(Array<Buffer>(1000).fill(Buffer.from([0, 4, 0, 0, 255, 255])))),
    },
  ],
  [
    'headers that never end',
    { pieces: 10_000, piece: (n) => (n === 0 ? frame(FRAME.headers, 0, 1, CALL) : frame(FRAME.continuation, 0, 1, names)) },
  ],
  [
    'headers that never end, in empty frames',
    { pieces: 10_000, piece: (n) => (n === 0 ? frame(FRAME.headers, 0, 1, CALL) : frame(FRAME.continuation, 0, 1)) },
  ],
  [
    'windows that grow beyond all bounds',
    { pieces: 1000, piece: () => frame(FRAME.windowUpdate, 0, 0, Buffer.from([0x7f, 255, 255, 255])) },
  ],
  [
    'messages that are larger than they may be',
    {
      pieces: 20_000,
      piece: (n) => Buffer.concat([frame(FRAME.headers, END_HEADERS, id(n), CALL), frame(FRAME.data, 0, id(n), TOO_LARGE)]),
    },
  ],
  [
    'messages that are compressed',
    {
      pieces: 20_000,
      piece: (n) =>
        Buffer.concat([
          frame(FRAME.headers, END_HEADERS, id(n), COMPRESSED),
          frame(FRAME.data, END_STREAM, id(n), message(Buffer.alloc(10), 1)),
        ]),
    },
  ],
  ['frames that are not allowed there', { pieces: 1000, piece: (n) => frame(FRAME.data, 0, id(n), Buffer.alloc(100)) }],
  ['no HTTP/2 at all', { pieces: 10, piece: () => Buffer.from('GET / HTTP/1.1\r\nhost: a\r\n\r\n') }],
];

describe.each(FLOODS)('%s', (_, { reads = true, pieces, piece }) => {
  test('end with the connection', async () => {
    const client = connect({ addresses: [server.address], patienceMs: 0 });
    const peer = await RawPeer.open(server.address, { reads });
    expect(await peer.flood(piece, pieces)).toBe(true);
    expect((await client.get(EVALUATION_ID)).evaluationId).toBe(EVALUATION_ID);
    client.close();
    peer.end();
  });
});
