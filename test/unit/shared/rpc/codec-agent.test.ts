import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../../../shared/domain/errors.ts';
import { LINE_LEVELS, MAX_LINE_CHARS } from '../../../../shared/domain/log-line.ts';
import { agentCodec, coordinatorCodec } from '../../../../shared/rpc/codec-agent.ts';
import { assayProto } from '../../../../shared/rpc/load.ts';
import type { AgentMessage, CoordinatorMessage } from '../../../../shared/rpc/messages.ts';

const agent = agentCodec();
const coordinator = coordinatorCodec();

const hex = (length: number) => fc.string({ unit: fc.constantFrom(...'0123456789abcdef'.split('')), minLength: length, maxLength: length });
const attemptId = hex(32);
const attemptIds = fc.array(attemptId, { maxLength: 5 });
const names = fc
  .tuple(attemptId, fc.string({ unit: fc.constantFrom(...'abz27'.split('')), minLength: 26, maxLength: 26 }), fc.nat(1e6))
  .map(([id, hash, sequence]) => ({ attemptId: id, evaluationId: `ev_${hash}`, taskId: `ev_${hash}-${sequence}` }));
const uint32 = fc.nat(2 ** 31 - 1);
const bytes = (minLength: number) => fc.uint8Array({ minLength, maxLength: 50 }).map((b) => Buffer.from(b));
const text = (maxLength: number) => fc.string({ unit: 'grapheme', maxLength });
const traceparent = fc.oneof(
  fc.constant(''),
  fc.tuple(hex(32), hex(16), hex(2)).map(([t, s, f]) => `00-${t}-${s}-${f}`),
);

const agentMessage: fc.Arbitrary<AgentMessage> = fc.oneof(
  fc.record({
    kind: fc.constant('hello' as const),
    agentId: hex(16).map((h) => `ag_${h}`),
    name: text(50),
    wireVersion: uint32,
    version: text(20),
    labels: fc
      .array(fc.tuple(fc.oneof(fc.constant('zone'), fc.stringMatching(/^[a-z_]{1,10}$/)), text(20)), { maxLength: 5 })
      .map((l) => Object.fromEntries(l.filter(([k]) => k !== '__proto__'))),
    models: fc.array(
      fc.record({
        match: fc.stringMatching(/^[a-z*/]{1,10}$/),
        maxConnections: fc.integer({ min: 1, max: 1000 }),
        lookAhead: fc.nat(1000),
      }),
      { maxLength: 4 },
    ),
    slots: fc.nat(100),
    heldAttempts: attemptIds,
    instanceId: fc.stringMatching(/^[\w-]{1,64}$/),
    processId: fc.stringMatching(/^[\w-]{1,64}$/),
    wireMinor: fc.nat(1_000_000),
    capabilities: fc.array(fc.stringMatching(/^(command|url):[a-z*]{1,10}$/), { maxLength: 4 }),
    host: fc.constantFrom<Record<string, string>[]>({}, { cpus: '8', memory: '64 GiB' }),
    canSpare: fc.boolean(),
    number: fc.maxSafeNat(),
  }),
  fc.record({
    kind: fc.constant('lines' as const),
    lines: fc.array(
      fc.record(
        {
          attemptId: fc.oneof(fc.constant(''), attemptId),
          timeMs: fc.maxSafeNat(),
          level: fc.constantFrom(...LINE_LEVELS),
          text: text(50),
          unit: uint32,
        },
        { requiredKeys: ['attemptId', 'timeMs', 'level', 'text'] },
      ),
      { maxLength: 5 },
    ),
  }),
  fc.record({ kind: fc.constant('heartbeat' as const), sequence: fc.maxSafeNat(), heldAttempts: attemptIds }),
  fc.record(
    {
      kind: fc.constant('credit' as const),
      samplesTotal: fc.array(fc.maxSafeNat(), { maxLength: 5 }),
      connections: fc.array(uint32, { minLength: 1, maxLength: 5 }),
    },
    { requiredKeys: ['kind', 'samplesTotal'] },
  ),
  fc.record({ kind: fc.constant('accept' as const), attemptIds }),
  fc.record({
    kind: fc.constant('report' as const),
    reports: fc.array(
      fc
        .tuple(names, fc.array(fc.record({ unit: uint32, content: bytes(1) }), { maxLength: 4 }), traceparent)
        .map(([n, results, t]) => ({ ...n, results, traceparent: t })),
      { maxLength: 3 },
    ),
  }),
  fc
    .tuple(names, fc.constantFrom('drain', 'declined', 'quota', 'auth', 'spool_full', 'lost'), text(50))
    .map(([n, reason, detail]) => ({ kind: 'handBack' as const, ...n, reason: reason as 'drain', detail })),
  fc.tuple(names, fc.array(uint32, { maxLength: 9 })).map(([n, units]) => ({ kind: 'spared' as const, ...n, units })),
  fc.record({ kind: fc.constant('modelStatus' as const), modelIndex: fc.nat(200), suspended: fc.boolean(), reason: text(50) }),
  fc.record({
    ...{ kind: fc.constant('modelStatus' as const), modelIndex: fc.nat(200), suspended: fc.constant(true), reason: text(50) },
    retryMs: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
  }),
);

const coordinatorMessage: fc.Arbitrary<CoordinatorMessage> = fc.oneof(
  fc.record({ kind: fc.constant('spare' as const), attemptId, samples: fc.nat(200_000) }),
  fc.record({
    kind: fc.constant('welcome' as const),
    sessionId: fc.stringMatching(/^[a-z_]{1,9}$/),
    coordinatorId: fc.stringMatching(/^[a-z_]{1,9}$/),
    heartbeatMs: fc.integer({ min: 1, max: 1e6 }),
    leaseMs: fc.integer({ min: 1, max: 1e6 }),
    resumedAttempts: attemptIds,
    lostAttempts: attemptIds,
  }),
  fc.record({ kind: fc.constant('heartbeatAck' as const), sequence: fc.maxSafeNat(), lostAttempts: attemptIds }),
  fc.record({
    kind: fc.constant('assign' as const),
    assignments: fc.array(
      fc
        .tuple(
          names,
          hex(64),
          bytes(0),
          fc.array(fc.record({ unit: uint32, epoch: uint32, ordinal: uint32, line: bytes(1) }), { maxLength: 4 }),
          traceparent,
          fc.nat(200),
        )
        .map(([n, digest, contextJson, samples, t, modelIndex]) => ({
          ...n,
          modelIndex,
          contextDigest: `sha256:${digest}`,
          contextJson,
          samples,
          traceparent: t,
        })),
      { maxLength: 3 },
    ),
  }),
  fc.record({
    kind: fc.constant('reportAck' as const),
    acks: fc.array(fc.record({ attemptId, units: fc.array(uint32, { maxLength: 9 }), lost: fc.boolean() }), { maxLength: 4 }),
  }),
  fc.record({ kind: fc.constant('revoke' as const), attemptIds, reason: text(50) }),
  fc.record({ kind: fc.constant('drain' as const), reason: text(50) }),
);

describe('round trips', () => {
  test('what an agent sends is what a coordinator reads', () => {
    fc.assert(
      fc.property(agentMessage, (message) => {
        expect(coordinator.decode(agent.encode(message))).toEqual({ message });
      }),
      { numRuns: 300 },
    );
  });
  test('what a coordinator sends is what an agent reads', () => {
    fc.assert(
      fc.property(coordinatorMessage, (message) => {
        expect(agent.decode(coordinator.encode(message))).toEqual({ message });
      }),
      { numRuns: 300 },
    );
  });
  test('only heartbeats and their answers overtake', () => {
    fc.assert(
      fc.property(
        agentMessage,
        coordinatorMessage,
        (a, c) => agent.isUrgent(a) === (a.kind === 'heartbeat') && coordinator.isUrgent(c) === (c.kind === 'heartbeatAck'),
      ),
    );
  });
});

describe('hostile bytes', () => {
  const readOrRefuse = (read: (b: Buffer) => unknown, b: Uint8Array): void => {
    try {
      read(Buffer.from(b));
    } catch (error) {
      expect(error).toBeInstanceOf(AppError);
      expect((error as AppError).code).toBe('invalid');
    }
  };
  test('random bytes are read or refused as invalid', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (b) => {
        readOrRefuse(coordinator.decode, b);
        readOrRefuse(agent.decode, b);
      }),
      { numRuns: 3000 },
    );
  });
  test('so are damaged messages', () => {
    fc.assert(
      fc.property(agentMessage, fc.nat(), fc.integer({ min: 0, max: 255 }), (message, at, value) => {
        const b = Buffer.from(agent.encode(message));
        b[at % b.length] = value;
        readOrRefuse(coordinator.decode, b);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('faults', () => {
  const refused = (wire: object): string => {
    try {
      coordinator.decode(assayProto().agent.Connect.requestSerialize(wire));
    } catch (error) {
      return (error as Error).message;
    }
    throw new Error('it was accepted');
  };
  test('all at once, with place and value', () => {
    const message = refused({
      hello: {
        agentId: 'x',
        instanceId: 'i',
        models: [{ match: '', maxConnections: 0 }],
        heldAttempts: ['Z'.repeat(500)],
        labels: { a: 'b'.repeat(300) },
      },
    });
    expect(message.split('\n')).toEqual([
      'hello has 5 faults:',
      '  labels.a: has 300 characters; at most 256 are allowed',
      '  agent_id: "x" is not an agent id (ag_ and 16 lower-case hex digits)',
      '  models[0].match: is missing',
      '  models[0].max_connections: 0 is not a whole number from 1 to 100000',
      `  held_attempts[0]: "${'Z'.repeat(80)}…" is not an attempt id (32 lower-case hex digits)`,
    ]);
  });
  test('a task of another evaluation, empty content, numbers beyond 2^53, too many entries', () => {
    const [a, b] = [`ev_${'a'.repeat(26)}`, `ev_${'b'.repeat(26)}`];
    const report = refused({
      report: { reports: [{ attemptId: '0'.repeat(32), evaluationId: a, taskId: `${b}-1`, results: [{ unit: 1 }] }] },
    });
    expect(report).toContain('reports[0].task_id');
    expect(report).toContain('reports[0].results[0].content: is empty');
    expect(refused({ credit: { samplesTotal: ['18446744073709551615'] } })).toContain('samples_total[0]');
    expect(refused({ credit: { samplesTotal: Array(257).fill('1') } })).toContain('has 257 entries; at most 256');
    expect(refused({ handBack: { attemptId: '0'.repeat(32), evaluationId: a, taskId: `${a}-1`, reason: 'bored' } })).toContain(
      'reason: must be one of',
    );
  });
  test('a line of no level, of no attempt; a long one is cut', () => {
    expect(refused({ lines: { lines: [{ level: 'loud', attemptId: 'x' }] } })).toMatch(
      /lines\[0\].level: must be one of[^]*lines\[0\].attempt_id/,
    );
    expect(refused({ lines: { lines: Array.from({ length: 1001 }, () => ({ level: 'info' })) } })).toContain(
      'has 1001 entries; at most 1000',
    );
    const wire = assayProto().agent.Connect.requestSerialize({ lines: { lines: [{ level: 'info', text: 'é'.repeat(5000) }] } });
    const read = coordinator.decode(wire) as { message: Extract<AgentMessage, { kind: 'lines' }> };
    expect(read.message.lines[0]!.text).toHaveLength(MAX_LINE_CHARS);
  });
  test('a broken trace context is left out, a small view is copied', () => {
    const a = `ev_${'a'.repeat(26)}`;
    const content = Buffer.alloc(10, 'x');
    const wire = assayProto().agent.Connect.requestSerialize({
      report: {
        reports: [
          { attemptId: '0'.repeat(32), evaluationId: a, taskId: `${a}-1`, results: [{ unit: 1, content }], traceparent: 'nonsense' },
        ],
      },
    });
    const slab = Buffer.concat([wire, Buffer.alloc(100_000)]).subarray(0, wire.length);
    const read = coordinator.decode(slab) as { message: Extract<AgentMessage, { kind: 'report' }> };
    const report = read.message.reports[0]!;
    expect(report.traceparent).toBe('');
    expect(report.results[0]!.content.equals(content)).toBe(true);
    expect(report.results[0]!.content.buffer).not.toBe(slab.buffer);
  });
});
