/** Use-cases that answer whatever comes through the checks. */
import type { LogLine } from '../../../shared/domain/log-line.ts';
import { bindingOf } from '../../../shared/domain/binding.ts';
import { BUFFERED, type Durability } from '../../../shared/domain/durability.ts';
import { AppError, invalid } from '../../../shared/domain/errors.ts';
import type { DeadLetter, DeadLettersDone } from '../../../shared/client/dead-letters.ts';
import type { EvaluationRecord, RecordSample } from '../../../shared/client/record.ts';
import type { Agent, EvaluationOutcome, EvaluationSummary, RouteStatus, Sample, Validation } from '../../../shared/client/types.ts';
import type { TokenRecord } from '../../../coordinator/identity/token-record.ts';
import type {
  AgentSessions,
  AuditUseCases,
  EvaluationUseCases,
  OperatorUseCases,
  TokenUseCases,
} from '../../../coordinator/rpc/use-cases.ts';
import { evaluation, operatorUseCases, result } from '../rpc.ts';
import { booksOf } from './books-answers.ts';
import { ID, json } from './rows.ts';
import { why, whyRouteOf } from './why-answers.ts';

const REPLICATED: Durability = { class: 'replicated', replicas: 2 };
const outcome: EvaluationOutcome = { evaluationId: ID, state: 'paused', changed: true, problem: '' };
const summary: EvaluationSummary = { ...evaluation(), benchmarks: ['b'], models: ['m'], results: [], storedBytes: 4096 };
const validation: Validation = {
  faults: [{ place: 'epochs', problem: 'is 0' }],
  warnings: [],
  groups: [{ benchmark: 'b', model: 'm', samples: 2, estimate: { units: 2, inputTokens: 10, outputTokens: 20, costUsd: 0.5 } }],
  total: { units: 2, inputTokens: 10, outputTokens: 20 },
  priceTableVersion: '2026-11-01',
  routesWithoutAgent: [{ route: 'r_aaaaaaaaaaaaaaaa', requirement: 'model=m', open: 2 }],
  specDigest: '',
};
const sample: Sample = {
  result: result(3),
  messages: [
    {
      role: 'user',
      parts: [
        { kind: 'text', value: 'What?' },
        { kind: 'image', value: 'https://x/y.png' },
      ],
    },
  ],
  target: ['4'],
  choices: [],
  metadata: { source: 'x' },
  failures: [],
  startedAtMs: 5,
  workingMs: 6,
  whereabouts: '',
  limit: '',
  truncated: [],
  traceId: '',
  attempts: [],
  attemptsLeftOut: 0,
  judgeCalls: [],
};
export const recordSample: RecordSample = {
  ...{ unit: 3, benchmark: 'b', model: 'm', sampleId: 's', epoch: 1 },
  ...{ promptDigest: '0'.repeat(32), completionDigest: '1'.repeat(32) },
};
export const agent: Agent = {
  agentId: 'ag_0000000000000001',
  name: 'gpu-1',
  state: 'draining',
  drainedByOperator: true,
  quarantined: true,
  reason: 'new disks',
  version: '0.2.0',
  wireVersion: '1.2',
  namespaces: ['team-a', 'team-b'],
  labels: { zone: 'eu' },
  models: [{ match: 'm', maxConnections: 2, room: 3, suspended: '' }],
  capabilities: ['command:grader'],
  host: { cpus: '8' },
  samples: 1,
  attempts: 1,
  counted: 10,
  errored: 2,
  refused: 3,
  coordinatorId: 'co_1',
  peer: '127.0.0.1:1',
  connectedAtMs: 1,
  seenAtMs: 2,
  proof: 'key',
};
const route: RouteStatus = {
  route: 'r_aaaaaaaaaaaaaaaa',
  requirement: 'model=m zone=eu',
  model: 'm',
  labels: { zone: 'eu' },
  needs: [],
  namespace: 'team-a',
  paused: true,
  reason: 'budget',
  waitingTasks: 1,
  oldestWaitMs: 2,
  open: 3,
  inFlight: 1,
  agents: 0,
  room: 0,
  evaluationIds: [ID],
  misfits: ['gpu-2: label zone=eu is missing'],
};
export const report = {
  evaluationId: ID,
  name: 'gsm8k',
  state: 'succeeded' as const,
  results: [],
  units: evaluation().counts,
  usage: { inputTokens: 1, outputTokens: 2, calls: 3, retries: 4, reasoningTokens: 5 },
};

/** A dead letter in which every field says something. */
export const letter: DeadLetter = {
  taskId: `${ID}-1`,
  evaluationId: ID,
  benchmark: 'b',
  model: 'm',
  route: 'r_aaaaaaaaaaaaaaaa',
  requirement: 'model=m',
  units: [3],
  unitCount: 1,
  deadAtMs: 5,
  crashes: 3,
  losses: 1,
  returns: 2,
  attempts: [
    {
      attemptId: 'a'.repeat(32),
      agentId: 'ag_0000000000000001',
      agent: 'gpu-1',
      instanceId: 'i1',
      end: 'crash',
      atMs: 4,
      exit: 'ended without order',
      lastOutput: 'the last line',
    },
  ],
  dropped: false,
};

const lettersDone = (durability?: Durability): DeadLettersDone => ({
  letters: 1,
  units: 2,
  ...(durability && { durability }),
  evaluations: [
    { evaluationId: ID, letters: 1, units: 2, problem: '' },
    { evaluationId: ID, letters: 0, units: 0, problem: 'it is busy' },
  ],
  failed: 1,
});

const logLine: LogLine = {
  ...{ timeMs: 5, level: 'warn', text: '', agentId: agent.agentId, agent: agent.name, taskId: '', unit: 4 },
  attemptId: 'a'.repeat(32),
};

export const cases: EvaluationUseCases = {
  hasContent: async () => false,
  upload: async (_digest, _size, chunks) => {
    for await (const _ of chunks);
  },
  submit: async ({ spec }) => {
    if ((spec as { name?: string }).name === 'many faults')
      throw invalid(
        'spec',
        Array.from({ length: 300 }, (_, i) => ({ place: `benchmarks[${i}].dataset.limit`, problem: `is ${-i}, but ä ≥ 1` })),
      );
    return { evaluation: evaluation(), existed: true, durability: REPLICATED };
  },
  validate: async () => validation,
  get: async () => {
    throw new AppError('not_found', `there is no evaluation ${ID} here`);
  },
  list: async (filter) => ({ items: [{ ...summary, name: JSON.stringify(filter) }], nextToken: 'next' }),
  async *watchList(filter, size) {
    const told = { ...summary, name: JSON.stringify({ ...filter, size }) };
    const groups = evaluation().groups;
    yield {
      timeMs: 1,
      snapshot: true,
      evaluations: [{ summary: told, groups, groupCount: 7 }],
      removedEvaluationIds: ['ev_gone'],
      nextToken: 'next',
    };
  },
  update: async (_id, changes) => ({ evaluation: evaluation({ metadata: changes as Record<string, unknown> }), durability: BUFFERED }),
  pause: async (_which, _reason, required) => [{ ...outcome, ...(required && { durability: required }) }],
  resume: async () => [{ ...outcome, state: 'running', changed: false }],
  cancel: async (_which, { mode }) => [{ ...outcome, state: 'cancelled', problem: mode }],
  delete: async () => [outcome],
  async *watch() {
    yield { cursor: '7', timeMs: 1, kind: 'state', state: 'succeeded', reason: '' };
  },
  async *results(_id, filter) {
    yield result(1, { completion: JSON.stringify(filter) });
  },
  report: async () => ({ report: report as never, json: json(report) }),
  samples: async () => ({ items: [result(1), result(2)], nextToken: '' }),
  sample: async () => sample,
  skip: async () => ({ skipped: 2, state: 'running', durability: BUFFERED }),
  requeue: async () => ({ requeued: 3, state: 'running', durability: REPLICATED }),
  deadLetters: {
    list: async (filter, { withDropped }) => ({
      items: [{ ...letter, benchmark: JSON.stringify({ ...filter, withDropped }) }],
      nextToken: 'next',
    }),
    get: async () => letter,
    replay: async (_filter, _reason, durability) => lettersDone(durability),
    drop: async (_filter, _reason, durability) => lettersDone(durability),
  },
  why,
  course: async (evaluationId, attempts) => ({
    ...{ timeMs: 9, fromMs: 2, widthMs: 2000, spans: 2, scoresLeftOut: 1, inFlight: [3, 0], agents: [1, 1], attemptsLeftOut: 4 },
    models: [{ model: 'm', samples: [2, 0], inputTokens: [20, 0], outputTokens: [10, 0], p50Ms: [1.5, 0], p95Ms: [2.5, 0] }],
    errors: [{ errorClass: 'timeout', samples: [0, 1] }],
    scores: [{ benchmark: 'b', model: 'm', scorer: 'match', n: [2, 2], mean: [0.5, 0.5], halfWidth: [0.25, 0.25] }],
    attempts: Array.from({ length: attempts }, (_, i) => ({
      ...{ taskId: `${evaluationId}-${i}`, agentId: agent.agentId, agent: agent.name, model: 'm', fromMs: 5, toMs: 0, samples: 2 },
      state: 'running' as const,
    })),
  }),
  async *logs(evaluationId, request) {
    yield { lines: [{ ...logLine, taskId: `${evaluationId}-3`, text: JSON.stringify(request) }], cursor: '2-7', leftOut: true };
  },
  recover: async (evaluationId, _reason, durability) => ({
    evaluationId,
    state: 'paused',
    after: evaluation().counts,
    generation: 2,
    ...(durability && { durability }),
  }),
  async *verify(evaluationId) {
    yield { kind: 'progress', progress: { phase: 'frames', done: 5, total: 10 } };
    yield { kind: 'books', books: booksOf(evaluationId) };
  },
  async *record(evaluationId, { samples }) {
    yield { kind: 'progress', progress: { done: 5, total: 10 } };
    if (samples) yield { kind: 'samples', samples: [recordSample] };
    yield { kind: 'record', record: { evaluationId } as EvaluationRecord };
  },
};
export const operator: OperatorUseCases = operatorUseCases({
  agents: async () => ({ items: [agent], nextToken: '' }),
  agent: async () => ({
    agent,
    attempts: [{ attemptId: 'a', evaluationId: ID, taskId: `${ID}-1`, route: route.route, samples: 4, sinceMs: 5 }],
  }),
  async *agentLogs(_agent, request) {
    yield [{ ...logLine, attemptId: '', text: JSON.stringify(request) }];
  },
  drainAgent: async (_agent, _options, before) => {
    await before({ target: agent.agentId });
    return agent;
  },
  routes: async () => {
    throw new AppError('unavailable', 'Redis: no answer', { retryAfterMs: 2500 });
  },
  whyRoute: whyRouteOf(route),
  pauseRoute: async (_route, _options, before) => {
    await before({ target: route.route });
    return route;
  },
  async *watchCluster() {
    yield {
      timeMs: 1,
      snapshot: true,
      coordinators: [],
      agents: [agent],
      routes: [route],
      removedCoordinatorIds: [],
      removedAgentIds: [],
      removedRoutes: [],
    };
  },
  async *collect({ graceMs, dryRun }) {
    const collected = [{ kind: 'content' as const, count: dryRun ? 1 : 2, bytes: graceMs }];
    yield { collection: { collected, contents: 3, contentBytes: 30 }, done: false };
    yield { collection: { collected, contents: 4, contentBytes: 40 }, done: true };
  },
});
export const sessions: AgentSessions = {
  async serve(stream) {
    for await (const message of stream.messages) {
      if (message.kind !== 'hello') throw new AppError('invalid', 'the first message must be Hello');
      if (message.wireMinor > 2)
        throw new AppError('failed_precondition', 'speaks 1.9', {
          reason: 'WIRE_VERSION',
          details: { got: '1.9', spoken: '1.0, 1.1, 1.2' },
        });
      return;
    }
  },
};

export const token: TokenRecord = {
  ...{ hash: '0'.repeat(64), id: `tk_${'a'.repeat(16)}`, name: 'ci', scopes: ['read'], namespaces: ['team-a'] },
  ...{ createdAtMs: 1, createdBy: 'local', expiresAtMs: 2 },
};
export const tokens: TokenUseCases = {
  create: async (_by, { name, scopes, namespaces, expiresInMs, pools, labels }) => ({
    secret: 'evt_x',
    token: {
      ...token,
      name,
      scopes,
      namespaces: namespaces === '*' ? '*' : [...namespaces],
      expiresAtMs: expiresInMs,
      ...bindingOf(pools ?? [], labels ?? {}),
    },
  }),
  list: async () => ({ items: [token], nextToken: 'next' }),
  revoke: async (by) => ({ ...token, revokedAtMs: 7, revokedBy: by.name }),
};

export const auditHead = { chain: '1-co_1', line: 3, hash: 'ab'.repeat(32) };
export const audit: AuditUseCases = {
  list: async ({ limit = 100 }) => [
    {
      ...{ chain: '1-co_1', line: 2, atMs: 5, who: 'ci (tk_a)', by: 'token', method: '/a/B', peer: '127.0.0.1:1', outcome: 'denied' },
      ...{ reason: 'no scope', namespace: 'team-a', target: '', more: limit },
    },
  ],
  async *verify(heads) {
    yield { kind: 'problem', problem: { chain: '1-co_1', line: 2, problem: 'is altered' } };
    yield {
      kind: 'verdict',
      chains: 1,
      lines: 3,
      problems: 1,
      heads: [...heads, auditHead],
      begins: { beforeMs: 7, chain: '2-co_1', line: 4 },
    };
  },
};
