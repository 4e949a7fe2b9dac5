/** An agent that wants to spoil what it can, in a process of its own. `node hostile-agent.ts KIND ADDRESS`; it goes on until it is ended. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectHttp2, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import { connectAgent } from '../../shared/rpc/agent-stream.ts';
import { agentCodec } from '../../shared/rpc/codec-agent.ts';
import type { Duplex } from '../../shared/rpc/duplex.ts';
import { Slicer } from '../../shared/rpc/fragments.ts';
import {
  WIRE_MINOR,
  WIRE_VERSION,
  type AgentMessage,
  type Assignment,
  type CoordinatorMessage,
  type Hello,
} from '../../shared/rpc/messages.ts';
import { attack, AttackingProcess } from './attacking-process.ts';
import { message, roomIn } from './raw-http2.ts';

const CONNECT = '/assay.v1.AgentService/Connect';
const codec = agentCodec();
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const helloOf = (more: Partial<Hello> = {}): Hello => ({
  ...{ kind: 'hello', agentId: `ag_${randomBytes(8).toString('hex')}`, instanceId: 'hostile', name: 'hostile', version: '0' },
  ...{ wireVersion: WIRE_VERSION, wireMinor: WIRE_MINOR, labels: {}, models: [{ match: '*', maxConnections: 50, lookAhead: 0 }] },
  ...{ slots: 0, heldAttempts: [], capabilities: [], host: {}, canSpare: false, number: 0 },
  ...more,
});

/** Streams as bytes, at once and anew as they end. */
async function streams(
  address: string,
  each: (stream: ClientHttp2Stream, on: ClientHttp2Session) => Promise<void>,
  count = 8,
): Promise<never> {
  const one = async (): Promise<void> => {
    const on = connectHttp2(`http://${address}`);
    on.on('error', () => undefined);
    const stream = on.request({ ':method': 'POST', ':path': CONNECT, 'content-type': 'application/grpc', te: 'trailers' });
    stream.on('error', () => undefined);
    stream.resume();
    await Promise.race([each(stream, on).catch(() => undefined), once(on, 'close').catch(() => undefined)]);
    on.destroy();
    await pause(100);
  };
  for (;;) await Promise.all(Array.from({ length: count }, one));
}

/** Written as fast as it is taken. */
async function flood(stream: ClientHttp2Stream, bytes: Buffer): Promise<void> {
  stream.write(message(codec.encode(helloOf({ models: [{ match: 'none/such', maxConnections: 1, lookAhead: 0 }] }))));
  while (!stream.closed && !stream.destroyed) if (!stream.write(bytes) && !stream.closed) await roomIn(stream);
}

type Lies = (assignment: Assignment) => { unit: number; content: Buffer }[];

const resultOf = (unit: number, number: unknown, more: object = {}): Record<string, unknown> => ({
  ...{ unit, sampleId: 's', epoch: 1, outcome: 'scored', completion: 'x', scores: [{ scorer: 'match', value: 'C', number }] },
  ...{ usage: { inputTokens: 1, outputTokens: 1 }, timing: { startedAt: 1, modelMs: 1, totalMs: 1 }, calls: 1, retries: 0 },
  ...more,
});
const json = (value: object): string => JSON.stringify(value);

/** What is no result, of every kind. */
const NO_RESULTS: readonly ((unit: number) => string)[] = [
  (unit) => json(resultOf(unit, 0)).replace('"number":0', '"number":NaN'),
  (unit) => json(resultOf(unit, 0)).replace('"number":0', '"number":Infinity'),
  (unit) => json(resultOf(unit, 0)).replace('"number":0', '"number":1e400'),
  (unit) => json(resultOf(unit, -1e101)),
  (unit) => json(resultOf(unit, 1, { usage: { inputTokens: -1, outputTokens: 1e300 } })),
  (unit) => json(resultOf(unit, 1, { timing: { startedAt: -1, modelMs: 1e99, totalMs: 1 } })),
  (unit) => json(resultOf(unit + 1, 1)),
  (unit) => json(resultOf(unit, '1')),
  (unit) => json(resultOf(unit, 1, { scores: [] })),
  (unit) => json(resultOf(unit, 1, { outcome: 'errored' })),
  () => '{"__proto__":{"unit":0}}',
  () => '['.repeat(100_000),
  () => '\u0000\uffff',
];

/** Takes work as long as it is given any, and reports of it what it should not; also what others have, as far as it has heard of it. */
async function liar(
  address: string,
  lies: Lies,
  more: (stream: Duplex<CoordinatorMessage, AgentMessage>, all: readonly Assignment[]) => Promise<void> = async () => undefined,
): Promise<never> {
  const seen: Assignment[] = [];
  for (;;) {
    const stream = connectAgent({ address });
    const send = (said: AgentMessage): Promise<void> => stream.send(said).catch(() => undefined);
    void send(helloOf());
    let room = 50;
    void send({ kind: 'credit', samplesTotal: [room] });
    const beats = setInterval(() => void send({ kind: 'heartbeat', sequence: 1, heldAttempts: [] }), 500);
    const ends = pause(3_000).then(() => stream.abort(new Error('again')));
    try {
      for await (const heard of stream.messages) {
        if (heard.kind !== 'assign') continue;
        for (const assignment of heard.assignments) {
          seen.push(assignment);
          const { attemptId, evaluationId, taskId, lease } = assignment;
          const names = { attemptId, evaluationId, taskId, ...(lease ? { lease } : {}), traceparent: '' };
          await send({ kind: 'report', reports: [{ ...names, results: lies(assignment) }] });
          room += assignment.samples.length;
        }
        await more(stream, seen.slice(-20));
        await send({ kind: 'credit', samplesTotal: [room] });
      }
    } catch {
      // It comes again, under another name.
    }
    clearInterval(beats);
    await ends;
  }
}

const KINDS: Record<string, (address: string) => Promise<never>> = {
  'results that are none': (address) =>
    liar(address, ({ samples }) =>
      samples.map(({ unit }, i) => ({ unit, content: Buffer.from(NO_RESULTS[i % NO_RESULTS.length]!(unit)) })),
    ),
  'units that it was not given': (address) =>
    liar(address, ({ samples }) =>
      Array.from({ length: 500 }, (_, i) => (i % 2 ? 1_000_000 + i * 8_589_934 : samples.at(-1)!.unit + 1 + i)).map((unit) => ({
        unit,
        content: Buffer.from(json(resultOf(unit, 1))),
      })),
    ),
  'tasks of others, and leases that it has made': (address) =>
    liar(
      address,
      () => [],
      async (stream, all) => {
        const reports = all.flatMap(({ evaluationId, lease }, i) =>
          [randomBytes(lease?.length ?? 100), lease ?? Buffer.from('none'), Buffer.alloc(1_000_000)].map((own) => ({
            attemptId: randomBytes(16).toString('hex'),
            ...{ evaluationId, taskId: `${evaluationId}-${i}`, lease: own, traceparent: '' },
            results: [{ unit: i, content: Buffer.from(json(resultOf(i, 1))) }],
          })),
        );
        for (const report of reports) {
          await stream.send({ kind: 'report', reports: [report] });
          await stream.send({ ...report, kind: 'handBack', reason: 'lost', detail: 'x' });
          await stream.send({ ...report, kind: 'spared', units: [0, 1, 2] });
        }
      },
    ),
  /** As results of samples that it was given, and in its Hello. */
  'strings of 100 MB': async (address) => {
    const long = Buffer.alloc(100_000_000, 'a');
    void streams(
      address,
      async (stream) => {
        const bytes = codec.encode(helloOf({ name: long.toString('latin1') }));
        for (const slicer = new Slicer(1, bytes); !slicer.done && !stream.closed;)
          if (!stream.write(message(codec.encodeFragment(slicer.next())))) await roomIn(stream);
        await once(stream, 'close');
      },
      2,
    );
    return liar(address, ({ samples }) => [{ unit: samples[0]!.unit, content: long }]);
  },
  /** A million messages a second, if the line took them: heartbeats, and reports of nothing. */
  'a flood of messages': (address) => {
    const beats = Array.from({ length: 1_000 }, (_, i) => message(codec.encode({ kind: 'heartbeat', sequence: i, heldAttempts: [] })));
    const names = { attemptId: 'a'.repeat(32), evaluationId: `ev_${'a'.repeat(26)}`, taskId: `ev_${'a'.repeat(26)}-1`, traceparent: '' };
    const reports = Array.from({ length: 1_000 }, (_, unit) => ({
      ...names,
      lease: randomBytes(200),
      results: [{ unit, content: Buffer.from('{}') }],
    }));
    const one = message(codec.encode({ kind: 'report', reports }));
    let turn = 0;
    return streams(address, (stream) => flood(stream, turn++ % 2 ? Buffer.concat(beats) : one), 4);
  },
  /** A Hello of which the last byte never comes, or comes a byte a second; and streams on which nothing at all is said. */
  'half-open and slow streams': (address) => {
    const hello = message(codec.encode(helloOf()));
    let turn = 0;
    return streams(
      address,
      async (stream) => {
        const kind = turn++ % 3;
        if (kind === 0) stream.write(hello.subarray(0, -1));
        for (let at = 0; kind === 1 && at < hello.length && !stream.closed; at++) {
          stream.write(hello.subarray(at, at + 1));
          await pause(1_000);
        }
        await once(stream, 'close');
      },
      100,
    );
  },
};

export const HOSTILE_KINDS = Object.keys(KINDS);

export class HostileAgent extends AttackingProcess {
  constructor(kind: string, address: string) {
    super(import.meta.filename, kind, address);
  }
}

if (import.meta.main) await attack(KINDS);
