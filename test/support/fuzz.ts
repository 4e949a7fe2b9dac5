/** Mutated messages for every method of a coordinator, and for both directions of the agent's stream. For tests. */
import { Client, credentials, status as Status, type ServiceDefinition } from '@grpc/grpc-js';
import { AppError } from '../../shared/domain/errors.ts';
import { agentCodec, coordinatorCodec, type WireCodec } from '../../shared/rpc/codec-agent.ts';
import { loadProtos } from '../../shared/rpc/load.ts';
import type { AgentMessage, CoordinatorMessage } from '../../shared/rpc/messages.ts';
import { chance, mutated } from './mutations.ts';
import { sameBytes } from './rpc.ts';
import { EVALUATION_ROWS } from './rpc-rows/evaluation-rows.ts';
import { AUDIT_ROWS } from './rpc-rows/audit-rows.ts';
import { IDENTITY_ROWS } from './rpc-rows/identity-rows.ts';
import { LIST_ROWS } from './rpc-rows/list-rows.ts';
import { LOG_ROWS } from './rpc-rows/log-rows.ts';
import { WHY_ROWS } from './rpc-rows/why-rows.ts';
import { OPERATOR_ROWS } from './rpc-rows/operator-rows.ts';

const HANG_MS = 30_000;
const AT_ONCE = 32;

interface Ended {
  code: Status;
  details: string;
}

/** What no peer must be able to cause. Reflection is read by its library, whose word for a broken message is INTERNAL. */
const isCrash = ({ code, details }: Ended, path: string): boolean =>
  code === Status.UNKNOWN ||
  (code === Status.INTERNAL && !(path.startsWith('/grpc.') && details === 'Error deserializing request')) ||
  (code === Status.UNAVAILABLE && /connection|ECONN|socket/i.test(details));

const ATTEMPT = 'ab'.repeat(16);
const EVALUATION = `ev_${'a'.repeat(26)}`;
const TASK = { attemptId: ATTEMPT, evaluationId: EVALUATION, taskId: `${EVALUATION}-1` };
const HELLO: AgentMessage = {
  ...{ kind: 'hello', agentId: 'ag_0123456789abcdef', instanceId: 'i', name: 'n', wireVersion: 1, wireMinor: 1, version: '1' },
  ...{ labels: { zone: 'eu' }, models: [{ match: 'none/such', maxConnections: 4, lookAhead: 4 }], slots: 1, heldAttempts: [ATTEMPT] },
  ...{ capabilities: ['command:x'], host: { cpus: '8' }, canSpare: true, number: 1 },
};
export const AGENT_MESSAGES: readonly AgentMessage[] = [
  { kind: 'heartbeat', sequence: 7, heldAttempts: [ATTEMPT] },
  { kind: 'credit', samplesTotal: [4], connections: [4] },
  { kind: 'accept', attemptIds: [ATTEMPT] },
  { kind: 'report', reports: [{ ...TASK, results: [{ unit: 1, content: Buffer.from('{"state":"scored"}') }], traceparent: '' }] },
  { kind: 'handBack', ...TASK, reason: 'declined', detail: 'd' },
  { kind: 'spared', ...TASK, units: [1, 2] },
  { kind: 'modelStatus', modelIndex: 0, suspended: true, reason: 'quota' },
];
const COORDINATOR_MESSAGES: readonly CoordinatorMessage[] = [
  {
    kind: 'welcome',
    sessionId: `ss_${'0'.repeat(16)}`,
    coordinatorId: 'co_1',
    heartbeatMs: 500,
    leaseMs: 3000,
    resumedAttempts: [ATTEMPT],
    lostAttempts: [],
  },
  { kind: 'heartbeatAck', sequence: 7, lostAttempts: [ATTEMPT] },
  {
    kind: 'assign',
    assignments: [
      {
        ...{ ...TASK, modelIndex: 0, contextDigest: `sha256:${'0'.repeat(64)}`, contextJson: Buffer.from('{"a":[1]}'), traceparent: '' },
        samples: [{ unit: 1, epoch: 1, ordinal: 0, line: Buffer.from('{"input":"1+1"}') }],
      },
    ],
  },
  { kind: 'reportAck', acks: [{ attemptId: ATTEMPT, units: [1], lost: false }] },
  { kind: 'revoke', attemptIds: [ATTEMPT], reason: 'r' },
  { kind: 'spare', attemptId: ATTEMPT, samples: 3 },
  { kind: 'drain', reason: 'r' },
];

export interface Fuzzed {
  messages: number;
  /** By the name of the status. */
  statuses: Record<string, number>;
  /** What must not happen, with what caused it. */
  crashes: string[];
  hangs: string[];
}

export interface Target {
  path: string;
  requestStream: boolean;
  seeds: Buffer[];
}

/** Every method that a coordinator serves, by its descriptors, with requests that it takes. */
export function targets(): Target[] {
  const rows = { ...EVALUATION_ROWS, ...OPERATOR_ROWS, ...IDENTITY_ROWS, ...WHY_ROWS, ...LOG_ROWS, ...LIST_ROWS, ...AUDIT_ROWS };
  const services = Object.entries(loadProtos('reflected')).filter(([, entry]) => !('format' in entry)) as unknown as [
    string,
    ServiceDefinition,
  ][];
  return services.flatMap(([service, methods]) =>
    Object.entries(methods).map(([name, { path, requestStream, requestSerialize }]) => {
      const known = (rows[`${service}/${name}`] ?? []).flatMap(({ send }) => [send].flat() as unknown[]);
      const seeds = known.map((request) => encoded(requestSerialize, request)).filter((bytes) => bytes.length < 10_000);
      if (name === 'Connect') seeds.push(...[HELLO, ...AGENT_MESSAGES].map((message) => agentCodec().encode(message)));
      return { path, requestStream, seeds: seeds.length > 0 ? seeds : [Buffer.from('\x0a\x08liveness', 'latin1')] };
    }),
  );
}

function encoded(serialize: (value: never) => Buffer, request: unknown): Buffer {
  try {
    return serialize(request as never);
  } catch {
    return Buffer.alloc(0); // a row that shows what cannot be written
  }
}

/** Sends so many mutated messages to all methods in turn; streams get a few each, and then end. */
export async function fuzzCalls(address: string, messages: number, seed: number): Promise<Fuzzed> {
  const pick = chance(seed);
  const found: Fuzzed = { messages: 0, statuses: {}, crashes: [], hangs: [] };
  const client = new Client(address, credentials.createInsecure(), {
    'grpc.use_local_subchannel_pool': 1,
    'grpc.max_send_message_length': -1,
  });
  const all = targets();
  let turn = 0;
  /** Those that read the whole audit log, which others make longer, come in one round of twenty. */
  const next = (): Target => {
    for (;;) {
      const target = all[turn++ % all.length]!;
      if (!target.path.includes('AuditService') || Math.floor(turn / all.length) % 20 === 0) return target;
    }
  };
  const one = async (): Promise<void> => {
    const target = next();
    const batch = Array.from({ length: target.requestStream ? 1 + pick(4) : 1 }, () => mutated(target.seeds, pick));
    // A valid Hello lets what comes after it in.
    if (target.path.endsWith('/Connect') && pick(2) === 0) batch.unshift(target.seeds.at(-1 - AGENT_MESSAGES.length)!);
    found.messages += batch.length;
    const ended = await called(client, target, batch);
    const { code } = ended;
    const name = Status[code];
    found.statuses[name] = (found.statuses[name] ?? 0) + 1;
    const what = (): string =>
      `${target.path} ${name} ${ended.details}: ${batch.map((bytes) => bytes.toString('hex').slice(0, 400)).join(' ')}`;
    if (code === Status.DEADLINE_EXCEEDED) found.hangs.push(what());
    if (isCrash(ended, target.path)) found.crashes.push(what());
  };
  const worker = async (): Promise<void> => {
    while (found.messages < messages && found.crashes.length + found.hangs.length < 20) await one();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  client.close();
  return found;
}

/** Resolves with the status. A stream of answers is left once its headers have come: it may be one without an end. */
function called(client: Client, { path, requestStream }: Target, batch: readonly Buffer[]): Promise<Ended> {
  return new Promise((resolve) => {
    const call = client.makeBidiStreamRequest(path, sameBytes, sameBytes, { deadline: Date.now() + HANG_MS });
    call.on('error', () => undefined);
    call.on('status', resolve);
    call.on('data', () => undefined);
    for (const bytes of batch) call.write(bytes);
    call.end();
    // A watch that has begun.
    if (!requestStream && /\/Watch/.test(path)) call.on('metadata', () => setTimeout(() => call.cancel(), 50));
  });
}

/** What both ends of the agent's stream make of mutated messages: one that holds to its form, or a fault in it. */
export function fuzzCodecs(messages: number, seed: number): Fuzzed {
  const pick = chance(seed);
  const found: Fuzzed = { messages: 0, statuses: {}, crashes: [], hangs: [] };
  const ends: { codec: WireCodec<unknown, never>; seeds: Buffer[] }[] = [
    { codec: coordinatorCodec(), seeds: [HELLO, ...AGENT_MESSAGES].map((message) => agentCodec().encode(message)) },
    { codec: agentCodec(), seeds: COORDINATOR_MESSAGES.map((message) => coordinatorCodec().encode(message)) },
  ];
  for (; found.messages < messages; found.messages++) {
    const { codec, seeds } = ends[found.messages % 2]!;
    const bytes = mutated(seeds, pick);
    const startMs = performance.now();
    let name = 'OK';
    try {
      codec.decode(bytes);
    } catch (error) {
      name = error instanceof AppError ? error.code : 'crash';
      if (name !== 'invalid') found.crashes.push(`${String(error)}: ${bytes.toString('hex').slice(0, 400)}`);
    }
    found.statuses[name] = (found.statuses[name] ?? 0) + 1;
    if (performance.now() - startMs > 1000) found.hangs.push(bytes.toString('hex').slice(0, 400));
  }
  return found;
}
