/** The agent stream's messages between their wire form and the unions of `messages.ts`. All that comes in is checked. */
import type { ConnectRequest, ConnectRequest__Output } from './gen/assay/v1/ConnectRequest.ts';
import type { ConnectResponse, ConnectResponse__Output } from './gen/assay/v1/ConnectResponse.ts';
import type { Hello__Output } from './gen/assay/v1/Hello.ts';
import type { PreviousLife__Output } from './gen/assay/v1/PreviousLife.ts';
import type { AttemptReport__Output } from './gen/assay/v1/AttemptReport.ts';
import type { Assignment__Output } from './gen/assay/v1/Assignment.ts';
import type {
  AgentMessage,
  Assignment,
  AttemptReport,
  CoordinatorMessage,
  HandBackReason,
  Hello,
  KeyTerm,
  PreviousLife,
} from './messages.ts';
import type { Fragment } from './fragments.ts';
import { AppError } from '../domain/errors.ts';
import { linesFromWire, lineToWire } from './codec-lines.ts';
import { assayProto } from './load.ts';
import { Checks, own, readable, traceparentOrEmpty } from './checks.ts';

/** How one side of a stream writes and reads bytes. */
export interface WireCodec<In, Out> {
  encode(message: Out): Buffer;
  encodeFragment(fragment: Fragment): Buffer;
  /** A message, or a slice of one. Throws AppError `invalid`. */
  decode(bytes: Buffer): { message: In } | { fragment: Fragment };
  /** Whether a message may overtake those that wait: only where order does not matter. */
  isUrgent(message: Out): boolean;
}

const MAX_UINT32 = 2 ** 32 - 1;
/** Bounds on what one message may hold; far above what a fleet needs, far below what would hurt. */
const MAX = {
  capabilities: 500,
  hostFacts: 20,
  attempts: 100_000,
  models: 256,
  labels: 64,
  units: 200_000,
  assignments: 10_000,
  contextBytes: 8 << 20,
  lineBytes: 64 << 20,
  running: 1_000,
  lastOutput: 4_096,
  leaseBytes: 1_024,
};
const HAND_BACK_REASONS: readonly string[] = ['drain', 'declined', 'quota', 'auth', 'spool_full', 'lost'] satisfies HandBackReason[];

/** The agent's side: sends AgentMessage, reads CoordinatorMessage. */
export function agentCodec(): WireCodec<CoordinatorMessage, AgentMessage> {
  const { requestSerialize, responseDeserialize } = assayProto().agent.Connect;
  return {
    encode: (message) => requestSerialize(requestToWire(message)),
    encodeFragment: (fragment) => requestSerialize({ fragment: { ...fragment, data: asBuffer(fragment.data) } }),
    decode: (bytes) => {
      const wire = readable('ConnectResponse', bytes, responseDeserialize);
      return wire.fragment ? { fragment: wire.fragment } : { message: responseFromWire(wire) };
    },
    isUrgent: (message) => message.kind === 'heartbeat',
  };
}

/** The coordinator's side: sends CoordinatorMessage, reads AgentMessage. */
export function coordinatorCodec(): WireCodec<AgentMessage, CoordinatorMessage> {
  const { responseSerialize, requestDeserialize } = assayProto().agent.Connect;
  return {
    encode: (message) => responseSerialize(responseToWire(message)),
    encodeFragment: (fragment) => responseSerialize({ fragment: { ...fragment, data: asBuffer(fragment.data) } }),
    decode: (bytes) => {
      const wire = readable('ConnectRequest', bytes, requestDeserialize);
      return wire.fragment ? { fragment: wire.fragment } : { message: requestFromWire(wire) };
    },
    isUrgent: (message) => message.kind === 'heartbeatAck',
  };
}

const asBuffer = (data: Uint8Array): Buffer => (Buffer.isBuffer(data) ? data : Buffer.from(data));

// -- from the agent ---------------------------------------------------------------------------------------------------

function requestToWire(message: AgentMessage): ConnectRequest {
  const { kind, ...fields } = message;
  switch (message.kind) {
    case 'hello': {
      const models = message.models.map(({ match, maxConnections, lookAhead }) => ({ match, maxConnections, lookAhead }));
      const { previousLife: life } = message;
      const previousLife = life && { ...life, seenAtMs: String(Math.round(life.seenAtMs)) };
      return { hello: { ...message, models, ...(previousLife ? { previousLife } : { previousLife: null }) } };
    }
    case 'lines':
      return { lines: { lines: message.lines.map(lineToWire) } };
    default:
      return { [kind]: fields };
  }
}

function requestFromWire(wire: ConnectRequest__Output): AgentMessage {
  const checks = new Checks(wire.message ?? 'ConnectRequest');
  const message = readRequest(wire, checks);
  checks.done();
  if (!message) throw new AppError('invalid', 'ConnectRequest: it holds no message that this coordinator knows');
  return message;
}

function readRequest(wire: ConnectRequest__Output, c: Checks): AgentMessage | undefined {
  if (wire.hello) return readHello(wire.hello, c);
  if (wire.heartbeat) {
    const { sequence, heldAttempts } = wire.heartbeat;
    return { kind: 'heartbeat', sequence: c.int('sequence', sequence), heldAttempts: attemptIds('held_attempts', heldAttempts, c) };
  }
  if (wire.credit) {
    const totals = c.list('samples_total', wire.credit.samplesTotal, MAX.models);
    const now = c.list('connections', wire.credit.connections, MAX.models).map((n, i) => c.int(`connections[${i}]`, n));
    const samplesTotal = totals.map((n, i) => c.int(`samples_total[${i}]`, n));
    return { kind: 'credit', samplesTotal, ...(now.length > 0 ? { connections: now } : {}) };
  }
  if (wire.accept) return { kind: 'accept', attemptIds: attemptIds('attempt_ids', wire.accept.attemptIds, c) };
  if (wire.report) {
    const reports = c.list('reports', wire.report.reports, MAX.assignments).map((r, i) => readReport(`reports[${i}]`, r, c));
    return { kind: 'report', reports };
  }
  if (wire.handBack) {
    const { attemptId, evaluationId, taskId, reason, detail, lease } = wire.handBack;
    if (!HAND_BACK_REASONS.includes(reason)) c.fault('reason', `must be one of ${HAND_BACK_REASONS.join(', ')}`);
    // A long detail is only a long sentence for the operator.
    return {
      kind: 'handBack',
      ...taskNames('', { attemptId, evaluationId, taskId }, c),
      reason: reason as HandBackReason,
      detail: detail.slice(0, 2000),
      ...leaseIn(lease),
    };
  }
  if (wire.spared) {
    const { attemptId, evaluationId, taskId, units, lease } = wire.spared;
    const names = taskNames('', { attemptId, evaluationId, taskId }, c);
    return { kind: 'spared', ...names, units: [...c.list('units', units, MAX.units)], ...leaseIn(lease) };
  }
  if (wire.modelStatus) {
    const { modelIndex, suspended, reason, retryMs } = wire.modelStatus;
    return {
      kind: 'modelStatus',
      modelIndex: c.int('model_index', modelIndex, MAX.models),
      suspended,
      reason: c.text('reason', reason, 100),
      ...(retryMs > 0 ? { retryMs } : {}),
    };
  }
  if (wire.lines) return { kind: 'lines', lines: linesFromWire(wire.lines, c) };
  if (wire.proof) {
    const { signature, wireVersion } = wire.proof;
    return { kind: 'proof', signature: bytesOf('signature', signature, 64, c), wireVersion: c.text('wire_version', wireVersion, 20) };
  }
  if (wire.rotateKey) {
    const { publicKey, signature, possession } = wire.rotateKey;
    return {
      kind: 'rotateKey',
      publicKey: bytesOf('public_key', publicKey, 32, c),
      signature: bytesOf('signature', signature, 64, c),
      possession: bytesOf('possession', possession, 64, c),
    };
  }
  return undefined;
}

function readHello(wire: Hello__Output, c: Checks): Hello {
  const labels = c.list('labels', Object.entries(wire.labels), MAX.labels);
  for (const [key, value] of labels) {
    c.text('labels: a name', key, 100, 1);
    c.text(`labels.${key.slice(0, 100)}`, value, 256);
  }
  return {
    kind: 'hello',
    agentId: c.form('agent_id', wire.agentId, /^ag_[0-9a-f]{16}$/, 'an agent id (ag_ and 16 lower-case hex digits)'),
    name: c.text('name', wire.name, 256),
    wireVersion: wire.wireVersion,
    version: c.text('version', wire.version, 100),
    // `fromEntries` defines: a label named __proto__ becomes a label.
    labels: Object.fromEntries(labels),
    models: c.list('models', wire.models, MAX.models).map((m, i) => ({
      match: c.text(`models[${i}].match`, m.match, 256, 1),
      maxConnections: c.int(`models[${i}].max_connections`, m.maxConnections, 100_000, 1),
      lookAhead: c.int(`models[${i}].look_ahead`, m.lookAhead, 1_000_000),
    })),
    slots: c.int('slots', wire.slots, 100_000),
    heldAttempts: attemptIds('held_attempts', wire.heldAttempts, c),
    instanceId: c.form('instance_id', wire.instanceId, /^[\w-]{1,64}$/, '1 to 64 letters, digits, _ or -'),
    wireMinor: c.int('wire_minor', wire.wireMinor, 1_000_000),
    capabilities: c.list('capabilities', wire.capabilities, MAX.capabilities).map((own, i) => c.text(`capabilities[${i}]`, own, 2_000, 1)),
    canSpare: wire.canSpare,
    number: c.int('number', wire.number),
    host: Object.fromEntries(
      c
        .list('host', Object.entries(wire.host), MAX.hostFacts)
        .map(([key, value]) => [c.text('host: a name', key, 100, 1), c.text(`host.${key.slice(0, 100)}`, value, 200)]),
    ),
    ...(wire.processId ? { processId: c.form('process_id', wire.processId, /^[\w-]{1,64}$/, '1 to 64 letters, digits, _ or -') } : {}),
    ...(wire.previousLife ? { previousLife: readLife(wire.previousLife, c) } : {}),
  };
}

function readLife(wire: PreviousLife__Output, c: Checks): PreviousLife {
  const place = 'previous_life';
  return {
    instanceId: c.form(`${place}.instance_id`, wire.instanceId, /^[\w-]{1,64}$/, '1 to 64 letters, digits, _ or -'),
    seenAtMs: c.int(`${place}.seen_at_ms`, wire.seenAtMs),
    running: c.list(`${place}.running`, wire.running, MAX.running).map(({ attemptId, unit, taskId }, i) => ({
      attemptId: c.attemptId(`${place}.running[${i}].attempt_id`, attemptId),
      unit,
      taskId: c.text(`${place}.running[${i}].task_id`, taskId, 100),
    })),
    lastOutput: c.text(`${place}.last_output`, wire.lastOutput, MAX.lastOutput),
  };
}

function readReport(place: string, wire: AttemptReport__Output, c: Checks): AttemptReport {
  const results = c.list(`${place}.results`, wire.results, MAX.units);
  return {
    ...taskNames(`${place}.`, wire, c),
    results: results.map((r, i) => {
      if (r.content.length === 0) c.fault(`${place}.results[${i}].content`, 'is empty');
      return { unit: r.unit, content: own(r.content) };
    }),
    traceparent: traceparentOrEmpty(wire.traceparent),
    ...leaseIn(wire.lease),
  };
}

// -- from the coordinator ---------------------------------------------------------------------------------------------

function responseToWire(message: CoordinatorMessage): ConnectResponse {
  const { kind, ...fields } = message;
  return { [kind]: fields };
}

function responseFromWire(wire: ConnectResponse__Output): CoordinatorMessage {
  const checks = new Checks(wire.message ?? 'ConnectResponse');
  const message = readResponse(wire, checks);
  checks.done();
  if (!message) throw new AppError('invalid', 'ConnectResponse: it holds no message that this agent knows');
  return message;
}

function readResponse(wire: ConnectResponse__Output, c: Checks): CoordinatorMessage | undefined {
  if (wire.welcome) {
    const w = wire.welcome;
    return {
      kind: 'welcome',
      sessionId: c.text('session_id', w.sessionId, 100, 1),
      coordinatorId: c.text('coordinator_id', w.coordinatorId, 100, 1),
      heartbeatMs: c.int('heartbeat_ms', w.heartbeatMs, MAX_UINT32, 1),
      leaseMs: c.int('lease_ms', w.leaseMs, MAX_UINT32, 1),
      resumedAttempts: attemptIds('resumed_attempts', w.resumedAttempts, c),
      lostAttempts: attemptIds('lost_attempts', w.lostAttempts, c),
      ...(w.logBytesPerSecond > 0 ? { logBytesPerSecond: w.logBytesPerSecond } : {}),
    };
  }
  if (wire.heartbeatAck) {
    const { sequence, lostAttempts } = wire.heartbeatAck;
    return { kind: 'heartbeatAck', sequence: c.int('sequence', sequence), lostAttempts: attemptIds('lost_attempts', lostAttempts, c) };
  }
  if (wire.assign) {
    const assignments = c.list('assignments', wire.assign.assignments, MAX.assignments);
    return { kind: 'assign', assignments: assignments.map((a, i) => readAssignment(`assignments[${i}]`, a, c)) };
  }
  if (wire.reportAck) {
    const acks = c.list('acks', wire.reportAck.acks, MAX.assignments).map((a, i) => ({
      attemptId: c.attemptId(`acks[${i}].attempt_id`, a.attemptId),
      units: [...c.list(`acks[${i}].units`, a.units, MAX.units)],
      lost: a.lost,
    }));
    return { kind: 'reportAck', acks };
  }
  if (wire.revoke) {
    const { attemptIds: ids, reason } = wire.revoke;
    return { kind: 'revoke', attemptIds: attemptIds('attempt_ids', ids, c), reason: reason.slice(0, 2000) };
  }
  if (wire.spare) {
    const { attemptId, samples } = wire.spare;
    return { kind: 'spare', attemptId: c.attemptId('attempt_id', attemptId), samples: c.int('samples', samples, MAX.units) };
  }
  if (wire.drain) return { kind: 'drain', reason: wire.drain.reason.slice(0, 2000) };
  if (wire.challenge) {
    const { nonce, server, key } = wire.challenge;
    const read = { nonce: bytesOf('nonce', nonce, 32, c), server: c.text('server', server, 100, 1), key: bytesOf('key', key, 32, c) };
    return { kind: 'challenge', ...read, ...keyTerm(wire.challenge, c) };
  }
  if (wire.keyRotated)
    return {
      kind: 'keyRotated',
      publicKey: bytesOf('public_key', wire.keyRotated.publicKey, 32, c),
      ...keyTerm(wire.keyRotated, c),
    };
  return undefined;
}

function readAssignment(place: string, wire: Assignment__Output, c: Checks): Assignment {
  if (wire.contextJson.length > MAX.contextBytes)
    c.fault(`${place}.context_json`, `has ${wire.contextJson.length} bytes; at most ${MAX.contextBytes}`);
  if (wire.lease.length > MAX.leaseBytes) c.fault(`${place}.lease`, `has ${wire.lease.length} bytes; at most ${MAX.leaseBytes}`);
  const samples = c.list(`${place}.samples`, wire.samples, MAX.units);
  if (samples[0]?.line.length === 0) c.fault(`${place}.samples[0].line`, 'is empty, and there is no sample before it');
  return {
    ...taskNames(`${place}.`, wire, c),
    modelIndex: c.int(`${place}.model_index`, wire.modelIndex, MAX.models),
    contextDigest: c.digest(`${place}.context_digest`, wire.contextDigest),
    contextJson: own(wire.contextJson),
    samples: samples.map((s, i) => {
      if (s.line.length > MAX.lineBytes) c.fault(`${place}.samples[${i}].line`, `has ${s.line.length} bytes; at most ${MAX.lineBytes}`);
      return { unit: s.unit, epoch: s.epoch, ordinal: s.ordinal, line: own(s.line) };
    }),
    traceparent: traceparentOrEmpty(wire.traceparent),
    ...(wire.suspect ? { suspect: true } : {}),
    ...leaseIn(wire.lease),
  };
}

// -- both -------------------------------------------------------------------------------------------------------------

const attemptIds = (place: string, ids: readonly string[], c: Checks): string[] =>
  c.list(place, ids, MAX.attempts).map((id, i) => c.attemptId(`${place}[${i}]`, id));

/** Whatever it is: who has signed it says whether it holds. */
const leaseIn = (lease: Buffer): { lease?: Buffer } => (lease.length > 0 ? { lease: own(lease) } : {});

function taskNames(prefix: string, names: { attemptId: string; evaluationId: string; taskId: string }, c: Checks) {
  return {
    attemptId: c.attemptId(`${prefix}attempt_id`, names.attemptId),
    evaluationId: c.evaluationId(`${prefix}evaluation_id`, names.evaluationId),
    taskId: c.taskId(`${prefix}task_id`, names.taskId, names.evaluationId),
  };
}

function bytesOf(place: string, bytes: Uint8Array, length: number, c: Checks): Buffer {
  if (bytes.length !== length) c.fault(place, `has ${bytes.length} bytes; it needs ${length}`);
  return Buffer.from(bytes);
}

const keyTerm = (wire: { keyLeftMs: string; keyAgeLimitMs: string }, c: Checks): KeyTerm => ({
  keyLeftMs: c.int('key_left_ms', wire.keyLeftMs),
  keyAgeLimitMs: c.int('key_age_limit_ms', wire.keyAgeLimitMs),
});
