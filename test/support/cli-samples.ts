/** Answers of a coordinator as the command line prints them. */
import type {
  Agent,
  ClusterChange,
  CoordinatorStatus,
  EvaluationSummary,
  RouteStatus,
  Sample,
  Validation,
} from '../../shared/client/types.ts';
import { emptyCounts } from '../../shared/domain/states.ts';
import { result } from './rpc.ts';

/** 2026-11-22 12:00 UTC. */
export const NOW_MS = Date.UTC(2026, 10, 22, 12);

export const idOf = (letter: string): string => `ev_${letter.repeat(26)}`;

export const summary = (fields: Partial<EvaluationSummary> = {}): EvaluationSummary => ({
  evaluationId: idOf('a'),
  name: 'gsm8k',
  state: 'running',
  createdAtMs: NOW_MS - 180_000,
  finishedAtMs: 0,
  counts: { ...emptyCounts(10), scored: 3 },
  keep: false,
  storedBytes: 0,
  namespace: 'default',
  owner: 'ada',
  tags: [],
  metadata: {},
  benchmarks: ['gsm8k'],
  models: ['openai/x'],
  priority: 5,
  reason: '',
  results: [],
  ...fields,
});

export const sampleOf = (fields: Partial<Sample> = {}): Sample => ({
  result: result(3, { sampleId: 'q-3', completion: 'It is 4.\nSurely.', stopReason: 'stop' }),
  messages: [
    { role: 'system', parts: [{ kind: 'text', value: 'Be brief.' }] },
    {
      role: 'user',
      parts: [
        { kind: 'text', value: 'What is 2 + 2?' },
        { kind: 'image', value: `data:image/png;base64,${'A'.repeat(500)}` },
      ],
    },
  ],
  target: ['4'],
  choices: [],
  metadata: { level: { grade: 3 } },
  failures: [
    { startedAtMs: NOW_MS - 60_000, durationMs: 1200, errorClass: 'rate_limit', message: 'slow down', httpStatus: 429, waitedMs: 500 },
  ],
  startedAtMs: NOW_MS - 61_000,
  workingMs: 1500,
  whereabouts: '',
  limit: '',
  truncated: [],
  traceId: 'f'.repeat(32),
  attempts: [],
  attemptsLeftOut: 0,
  judgeCalls: [],
  ...fields,
});

export const agentOf = (fields: Partial<Agent> = {}): Agent => ({
  agentId: 'ag_0000000000000001',
  name: 'north',
  proof: 'local',
  state: 'ready',
  drainedByOperator: false,
  quarantined: false,
  reason: '',
  version: '0.2.0',
  wireVersion: '1.1',
  namespaces: '*',
  labels: { zone: 'eu' },
  models: [{ match: 'openai/*', maxConnections: 16, room: 4, suspended: '' }],
  capabilities: ['command:grader'],
  host: { cpus: '8' },
  samples: 12,
  attempts: 2,
  counted: 1300,
  errored: 0,
  refused: 0,
  coordinatorId: 'co_1',
  peer: '10.0.0.7:4711',
  connectedAtMs: NOW_MS - 3_600_000,
  seenAtMs: NOW_MS - 1000,
  ...fields,
});

export const routeStatus = (fields: Partial<RouteStatus> = {}): RouteStatus => ({
  route: 'r_aaaaaaaaaaaaaaaa',
  requirement: 'model=openai/x',
  model: 'openai/x',
  labels: {},
  needs: [],
  namespace: 'default',
  paused: false,
  reason: '',
  waitingTasks: 3,
  oldestWaitMs: 90_000,
  open: 40,
  inFlight: 12,
  agents: 1,
  room: 4,
  evaluationIds: [idOf('a')],
  misfits: [],
  ...fields,
});

export const coordinatorOf = (fields: Partial<CoordinatorStatus> = {}): CoordinatorStatus => ({
  coordinatorId: 'co_1',
  durability: { class: 'replicated', replicas: 1 },
  version: '0.2.0',
  address: '127.0.0.1:4510',
  startedAtMs: NOW_MS - 7_200_000,
  seenAtMs: NOW_MS,
  agents: 1,
  inFlight: 12,
  storeId: 's',
  ...fields,
});

export const change = (fields: Partial<ClusterChange> = {}): ClusterChange => ({
  timeMs: NOW_MS,
  snapshot: false,
  coordinators: [],
  agents: [],
  routes: [],
  removedCoordinatorIds: [],
  removedAgentIds: [],
  removedRoutes: [],
  ...fields,
});

export const validationOf = (fields: Partial<Validation> = {}): Validation => ({
  faults: [],
  warnings: [],
  groups: [
    {
      benchmark: 'gsm8k',
      model: 'openai/x',
      samples: 1319,
      estimate: { units: 5276, inputTokens: 612_345, outputTokens: 1_234_567, costUsd: 12.345 },
    },
  ],
  total: { units: 5276, inputTokens: 612_345, outputTokens: 1_234_567, costUsd: 12.345 },
  priceTableVersion: '2026-11-22',
  routesWithoutAgent: [],
  specDigest: `sha256:${'0'.repeat(64)}`,
  ...fields,
});
