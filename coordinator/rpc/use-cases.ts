/**
 * What the gRPC services ask of the coordinator. Handlers translate; whoever implements these decides. All methods throw
 * AppError; its code becomes the status, its message is told to the caller.
 */
import type { Duplex } from '../../shared/rpc/duplex.ts';
import type { AgentMessage, CoordinatorMessage } from '../../shared/rpc/messages.ts';
import type { Books, Recovered, VerifyProgress } from '../../shared/client/books.ts';
import type { RecordStep } from '../../shared/client/record.ts';
import type { DeadLetter, DeadLetterFilter, DeadLettersDone } from '../../shared/client/dead-letters.ts';
import type { AgentFilter, CancelMode, SampleChoice } from '../../shared/client/client.ts';
import type {
  Agent,
  ClusterChange,
  Collection,
  Evaluation,
  EvaluationChanges,
  EvaluationChoice,
  EvaluationFilter,
  EvaluationOutcome,
  EvaluationSummary,
  EventFilter,
  EventPage,
  HeldAttempt,
  ListChange,
  Page,
  PageRequest,
  Report,
  RouteStatus,
  Sample,
  SampleFilter,
  SampleResult,
  Validation,
  WatchEvent,
} from '../../shared/client/types.ts';
import type { Course } from '../../shared/client/course.ts';
import type { Why, WhyRoute } from '../../shared/client/why.ts';
import type { Durability } from '../../shared/domain/durability.ts';
import type { Identity, Namespaces } from '../../shared/domain/identity.ts';
import type { EvaluationState } from '../../shared/domain/states.ts';
import type { AuditEntry, AuditFilter, AuditHead } from '../../shared/client/audit-types.ts';
import type { EventSight } from '../alerts/feed.ts';
import type { AuditStep } from '../audit/audit-reader.ts';
import type { BeforeSet, NamespaceChanges, NamespaceUsage } from '../evaluations/namespaces/namespaces.ts';
import type { LogLine } from '../../shared/domain/log-line.ts';
import type { AgentLogRequest } from '../cluster/agent-lines.ts';
import type { LogBatch, LogRequest } from '../evaluations/logs/log-reader.ts';
import type { NamespaceRecord } from '../evaluations/namespaces/record.ts';
import type { TokenRecord } from '../identity/token-record.ts';
import type { AgentRecord } from '../identity/agents/agent-record.ts';
import type { JoinToken, JoinTokenRevocation } from '../identity/agents/join-token.ts';
import type { JoinAttempt, JoinWish } from '../identity/agents/joins.ts';
import type { Proven } from '../identity/agents/proofs.ts';
import type { Before, TokenWish } from '../identity/tokens.ts';

/** Submits and commands: `required` is what the client demands of Redis before they are acknowledged. */
export interface EvaluationUseCases {
  /** Whether the namespace holds this content; asked before an upload is read. */
  hasContent(digest: string, namespace: string): Promise<boolean>;
  /** Reads `chunks` to their end; bytes that do not match digest or size are `invalid` and leave nothing. The namespace holds them then. */
  upload(digest: string, sizeBytes: number, chunks: AsyncIterable<Uint8Array>, namespace: string): Promise<void>;
  /**
   * `spec` is parsed JSON of unknown shape; the key and the namespace have been checked for their length only. `over` aborts when the caller may
   * submit no more: then nothing is accepted.
   */
  submit(
    request: { spec: unknown; idempotencyKey: string; namespace: string; owner: string },
    required?: Durability,
    over?: AbortSignal,
  ): Promise<{ evaluation: Evaluation; existed: boolean; durability: Durability }>;
  get(evaluationId: string): Promise<Evaluation>;
  /** Ends after the event with the final state. `signal` aborts when the watcher is gone; it pulls, so a slow one is not buffered. */
  watch(evaluationId: string, cursor: string, signal: AbortSignal): AsyncIterable<WatchEvent>;
  /** For one that is named `not_found` and the like are thrown; for those of a filter they are told in their outcome. */
  cancel(which: EvaluationChoice, options: { reason: string; mode: CancelMode }, required?: Durability): Promise<EvaluationOutcome[]>;
  pause(which: EvaluationChoice, reason: string, required?: Durability): Promise<EvaluationOutcome[]>;
  resume(which: EvaluationChoice, reason: string, required?: Durability): Promise<EvaluationOutcome[]>;
  /** `before`: is told of those that a filter means before the first of them is removed; where it rejects, none is. */
  delete(
    which: EvaluationChoice,
    required?: Durability,
    before?: (evaluationIds: readonly string[]) => Promise<void>,
  ): Promise<EvaluationOutcome[]>;
  update(
    evaluationId: string,
    changes: EvaluationChanges,
    required?: Durability,
  ): Promise<{ evaluation: Evaluation; durability: Durability }>;
  skip(
    evaluationId: string,
    filter: SampleFilter,
    reason: string,
    required?: Durability,
  ): Promise<{ skipped: number; state: EvaluationState; durability: Durability }>;
  requeue(
    evaluationId: string,
    filter: SampleFilter,
    reason: string,
    required?: Durability,
  ): Promise<{ requeued: number; state: EvaluationState; durability: Durability }>;
  /** Tasks that were given up. */
  deadLetters: DeadLetterUseCases;
  /** Resolves when it is done. */
  recover(evaluationId: string, reason: string, required?: Durability): Promise<Recovered>;
  /** Progress, and at last the books. `signal` aborts when nobody waits for them any more. */
  verify(
    evaluationId: string,
    signal: AbortSignal,
  ): AsyncIterable<{ kind: 'progress'; progress: VerifyProgress } | { kind: 'books'; books: Books }>;
  /** How far it is, the samples if they are asked for, then the record. */
  record(evaluationId: string, options: { samples: boolean }, signal: AbortSignal): AsyncIterable<RecordStep>;
  validate(request: { spec: unknown; namespace: string }): Promise<Validation>;
  /** Why an evaluation, or one task of it, does not run, or not faster, as far as the caller may know. */
  why(evaluationId: string, sequence: number | undefined, sight: Sight, options: { history: boolean }): Promise<Why>;
  /** How it went over time, with its latest attempts, as many as are wanted. */
  course(evaluationId: string, attempts: number): Promise<Course>;
  /** Lines about it, the oldest first. `signal` aborts when the reader is gone; it pulls. */
  logs(evaluationId: string, request: LogRequest, signal: AbortSignal): AsyncIterable<LogBatch>;
  list(filter: EvaluationFilter, page: PageRequest): Promise<Page<EvaluationSummary>>;
  /** The newest of a list, as they change; ends when `signal` aborts. */
  watchList(filter: EvaluationFilter, size: number, signal: AbortSignal): AsyncIterable<ListChange>;
  samples(evaluationId: string, filter: SampleFilter, page: PageRequest, signal: AbortSignal): Promise<Page<SampleResult>>;
  sample(evaluationId: string, which: SampleChoice): Promise<Sample>;
  /** Closed units in unit order, with whole completions. */
  results(evaluationId: string, filter: SampleFilter, signal: AbortSignal): AsyncIterable<SampleResult>;
  /** `json`: the report's document as it is stored. `failed_precondition` while the evaluation runs. */
  report(evaluationId: string): Promise<{ report: Report; json: Buffer }>;
}

/** What a caller may be told beside the evaluation that it asks about. */
export interface Sight {
  /** Evaluations of these. */
  namespaces: Namespaces;
  /** Of all agents, also those that do not work for the evaluation's namespace; of all work; and what Redis and the store say themselves. */
  operates: boolean;
}

/** What can be done with dead letters. */
export interface DeadLetterUseCases {
  /** Without the agents' last words. */
  list(filter: DeadLetterFilter, page: PageRequest & { withDropped?: boolean }): Promise<Page<DeadLetter>>;
  get(taskId: string): Promise<DeadLetter>;
  replay(filter: DeadLetterFilter, reason: string, required?: Durability): Promise<DeadLettersDone>;
  drop(filter: DeadLetterFilter, reason: string, required?: Durability): Promise<DeadLettersDone>;
}

export interface SwitchOptions {
  undo: boolean;
  reason: string;
}

/** What operators ask: agents, routes and their switches. */
export interface OperatorUseCases {
  agents(filter: AgentFilter, page: PageRequest): Promise<Page<Agent>>;
  agent(idOrName: string): Promise<{ agent: Agent; attempts: HeldAttempt[] }>;
  /** What an agent tells of itself. */
  agentLogs(idOrName: string, request: AgentLogRequest, signal: AbortSignal): AsyncIterable<LogLine[]>;
  /** `before`: called once it is known which agent, or route, is meant; where it rejects nothing is done. */
  drainAgent(idOrName: string, options: SwitchOptions, before: Before): Promise<Agent>;
  routes(filter: { withoutAgent: boolean }, page: PageRequest): Promise<Page<RouteStatus>>;
  whyRoute(idOrRequirement: string, options: { history: boolean }): Promise<WhyRoute>;
  pauseRoute(idOrRequirement: string, options: SwitchOptions, before: Before): Promise<RouteStatus>;
  /** A snapshot first, then changes, at most one a second; something every 15 s. Ends when `signal` aborts. */
  watchCluster(signal: AbortSignal): AsyncIterable<ClusterChange>;
  /** How far it is, about once a second, and the end; ends early when `signal` aborts. */
  collect(options: { graceMs: number; dryRun: boolean }, signal: AbortSignal): AsyncIterable<{ collection: Collection; done: boolean }>;
}

/** What operators ask of incidents. */
export interface EventUseCases {
  /** What goes on, on the first page, and events from the newest on; of what the caller may see. */
  list(filter: EventFilter, page: PageRequest, sight: EventSight): Promise<EventPage>;
}

/** What administrators ask of the audit log. */
export interface AuditUseCases {
  list(filter: AuditFilter, signal: AbortSignal): Promise<AuditEntry[]>;
  verify(heads: readonly AuditHead[], signal: AbortSignal): AsyncIterable<AuditStep>;
}

/** What administrators ask of tokens; `by`: whose call it is. */
export interface TokenUseCases {
  /** `before`: called once it is sure that this may be done; where it rejects nothing is done. */
  create(by: Identity, wish: TokenWish, before: Before): Promise<{ secret: string; token: TokenRecord }>;
  /** Those that are the caller's to see. */
  list(by: Identity, page: PageRequest): Promise<Page<TokenRecord>>;
  revoke(by: Identity, tokenId: string, before: Before): Promise<TokenRecord>;
}

/** What administrators ask of namespaces; `by`: whose call it is. */
export interface NamespaceUseCases {
  /** Those with bounds of their own that are the caller's to see. */
  list(by: Identity): Promise<NamespaceRecord[]>;
  get(by: Identity, namespace: string): Promise<{ record: NamespaceRecord; usage: NamespaceUsage }>;
  set(
    by: Identity,
    namespace: string,
    changes: NamespaceChanges,
    before: BeforeSet,
  ): Promise<{ record: NamespaceRecord; usage: NamespaceUsage }>;
}

/** What administrators ask of agents that join, and what those ask themselves. */
export interface JoinUseCases {
  invite(by: Identity, wish: JoinWish, before: Before): Promise<{ secret: string; token: JoinToken }>;
  invites(by: Identity, page: PageRequest): Promise<Page<JoinToken>>;
  uninvite(by: Identity, tokenId: string, before: Before): Promise<JoinToken & JoinTokenRevocation>;
  join(attempt: JoinAttempt, before: Before): Promise<{ agent: AgentRecord; server: string }>;
  revoke(by: Identity, idOrName: string, before: Before): Promise<AgentRecord>;
}

/** Has an agent that has joined prove its key, before its stream is anybody's. */
export interface AgentProofs {
  open(stream: Duplex<AgentMessage, CoordinatorMessage>, identity: Identity, peer: string): Promise<Proven>;
}

export interface AgentSessions {
  /**
   * Serves one agent's stream and resolves when its session is over; reads the Hello itself. A throw ends the stream with the
   * error's status, otherwise it ends with OK. `peer` is the agent's network address, for the log;
   * `identity` says whose work it may be given, `proof` how that is known, for people.
   */
  serve(stream: Duplex<AgentMessage, CoordinatorMessage>, peer: string, identity: Identity, proof: () => string): Promise<void>;
}
