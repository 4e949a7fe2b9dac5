/** What the client library gives: the words of evaluation.proto as TypeScript. */
import type { Cost } from '../domain/cost.ts';
import type { Counts, EvaluationState } from '../domain/states.ts';
import type { Durability } from '../domain/durability.ts';
import type { Fault } from '../domain/errors.ts';
import type { EvaluationSpec } from '../domain/spec.ts';
import type { Agent } from './agent-types.ts';
import type { ReportRow } from './report-types.ts';
import type { JudgeOf } from './sample-types.ts';
import type { RedisStatus } from './redis-types.ts';
import type { StoreStatus } from './store-types.ts';

export type { Cost, ModelCost, ModelTokens } from '../domain/cost.ts';
export * from './agent-types.ts';
export * from './event-types.ts';
export * from './report-types.ts';
export * from './sample-attempts.ts';
export * from './sample-types.ts';
export * from './redis-types.ts';
export * from './store-types.ts';

export interface ScorerSums {
  scorer: string;
  n: number;
  sum: number;
  sumOfSquares: number;
}

export interface GroupProgress {
  benchmark: string;
  /** Of a judge's calls the judge. */
  model: string;
  counts: Counts;
  scorers: ScorerSums[];
  retries: number;
  /** Absent: of the answers. */
  judgeOf?: JudgeOf;
  /** Of its results so far. Absent: they are not known by group; `cost` has those of an evaluation that is over. */
  inputTokens?: number;
  outputTokens?: number;
}

/** What befell tasks, each kind counted apart. */
export interface Setbacks {
  /** An agent died. */
  crashes: number;
  /** A lease ran out. */
  losses: number;
  /** Handed back, or never arrived: costs nothing. */
  returns: number;
}

export interface Evaluation {
  evaluationId: string;
  name: string;
  state: EvaluationState;
  createdAtMs: number;
  counts: Counts;
  groups: GroupProgress[];
  specDigest: string;
  reason: string;
  inFlight: number;
  agents: number;
  routes: { route: string; requirement: string; open: number }[];
  cursor: string;
  namespace: string;
  /** '' if nobody said. */
  owner: string;
  tags: string[];
  metadata: Record<string, unknown>;
  /** 1 first … 10 last. */
  priority: number;
  /** 0 while it is not final. */
  finishedAtMs: number;
  /** 0: no bound of its own. */
  maxSamples: number;
  limits: SampleLimits;
  /** Of its tasks, as far as Redis remembers. */
  setbacks: Setbacks;
  /** It is kept for ever. */
  keep: boolean;
  /** What it has taken and cost so far; absent: nobody knows. */
  cost?: Cost;
  /** The spec as it was accepted; only in the answer of `get`. */
  spec?: EvaluationSpec;
}

/** Bounds of one sample: seconds, seconds without waits, tokens. */
export interface SampleLimits {
  time?: number;
  working?: number;
  tokens?: number;
}

/** An evaluation in a list. */
export interface EvaluationSummary {
  evaluationId: string;
  name: string;
  state: EvaluationState;
  createdAtMs: number;
  /** 0 while it is not final. */
  finishedAtMs: number;
  counts: Counts;
  namespace: string;
  owner: string;
  tags: string[];
  metadata: Record<string, unknown>;
  benchmarks: string[];
  models: string[];
  priority: number;
  reason: string;
  /** Of a final one: at most 20 rows of its report. */
  results: ReportRow[];
  /** It is kept for ever. */
  keep: boolean;
  /** Of a final one: bytes in the store that are its own. */
  storedBytes: number;
  /** As of an `Evaluation`. */
  cost?: Cost;
}

/** Fields that are set must all hold. `namespace` absent: "default". */
export interface EvaluationFilter {
  states?: EvaluationState[];
  name?: string;
  tags?: string[];
  metadata?: Record<string, string>;
  owner?: string;
  createdFromMs?: number;
  createdToMs?: number;
  namespace?: string;
}

/** size 0: the default of 50; at most 1000. */
export interface PageRequest {
  size?: number;
  token?: string;
}

/** A page of samples. */
export interface SamplePageRequest extends PageRequest {
  /** Of the first page alone: it begins at this unit, or with the next one that is meant. */
  fromUnit?: number;
  /** From the last to the first, on every page. */
  isBackwards?: boolean;
}

export interface Page<T> {
  items: T[];
  /** '' on the last page. */
  nextToken: string;
}

/** One evaluation, or those of a filter. */
export type EvaluationChoice = { evaluationId: string } | { filter: EvaluationFilter };

/** What a command did to one evaluation. */
export interface EvaluationOutcome {
  evaluationId: string;
  state: EvaluationState;
  changed: boolean;
  /** Why it could not be done; '' otherwise. */
  problem: string;
  /** How Redis holds it; absent where it failed, or the coordinator is too old to say. */
  durability?: Durability;
}

/** Absent fields stay as they are; `limits`, `tags` and `metadata` replace what was there. */
export interface EvaluationChanges {
  priority?: number;
  /** 0: no bound of its own. */
  maxSamples?: number;
  limits?: SampleLimits;
  tags?: string[];
  metadata?: Record<string, unknown>;
  /** Kept for ever: neither retention nor a delete removes it until it is false again. */
  keep?: boolean;
}

export interface Estimate {
  units: number;
  inputTokens: number;
  outputTokens: number;
  /** Absent: no price is known. */
  costUsd?: number;
}

/** What ValidateEvaluation says of a spec. */
export interface Validation {
  faults: Fault[];
  warnings: Fault[];
  groups: { benchmark: string; model: string; samples: number; estimate: Estimate; judgeOf?: JudgeOf }[];
  total: Estimate;
  priceTableVersion: string;
  routesWithoutAgent: { route: string; requirement: string; open: number }[];
  /** '' with faults. */
  specDigest: string;
}

export interface RouteStatus {
  route: string;
  requirement: string;
  model: string;
  labels: Record<string, string>;
  needs: string[];
  namespace: string;
  paused: boolean;
  reason: string;
  waitingTasks: number;
  oldestWaitMs: number;
  open: number;
  inFlight: number;
  agents: number;
  room: number;
  evaluationIds: string[];
  misfits: string[];
}

export interface CoordinatorStatus {
  coordinatorId: string;
  version: string;
  address: string;
  startedAtMs: number;
  seenAtMs: number;
  agents: number;
  inFlight: number;
  storeId: string;
  /** What its acknowledgements are worth; absent: it is too old to say. */
  durability?: Durability;
  /** What bounds its callers and its work, by name; `_bytes`, `_ms` and `_percent` in it say the unit. 0: no bound. Absent: it is too old to say. */
  limits?: Readonly<Record<string, number>>;
  /** `development`, `production`; absent: it is too old to say. */
  profile?: string;
}

/** What has changed since the message before; with `snapshot` everything. */
export interface ClusterChange {
  timeMs: number;
  snapshot: boolean;
  coordinators: CoordinatorStatus[];
  agents: Agent[];
  routes: RouteStatus[];
  removedCoordinatorIds: string[];
  removedAgentIds: string[];
  removedRoutes: string[];
  /** When it has changed; in a snapshot. */
  store?: StoreStatus;
  /** As the coordinator sees it that answers, every 5 seconds at most; absent in a snapshot: that one is too old to say. */
  redis?: RedisStatus;
  /** When those were last heard of whose entries have not changed otherwise: coordinators and agents, by id. */
  seen?: { id: string; seenAtMs: number }[];
}

/** An evaluation in a list that is told as it changes. */
export interface ListedEvaluation {
  summary: EvaluationSummary;
  /** Of one that is not final: how its first groups stand. */
  groups: GroupProgress[];
  /** How many it has; 0 of a final one. */
  groupCount: number;
}

/** What has changed of a list since the message before; with `snapshot` everything. */
export interface ListChange {
  timeMs: number;
  snapshot: boolean;
  evaluations: ListedEvaluation[];
  removedEvaluationIds: string[];
  /** Where the list goes on behind those that are told of; '': these are all. */
  nextToken: string;
}

export type WatchEvent = { cursor: string; timeMs: number } & (
  | { kind: 'snapshot'; evaluation: Evaluation; resync: boolean }
  | { kind: 'progress'; groups: GroupProgress[]; counts: Counts; inFlight: number; agents: number }
  | { kind: 'state'; state: EvaluationState; reason: string }
);
