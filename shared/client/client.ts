/** The client library's contract; `connect.ts` makes one. */
import type {
  Agent,
  AgentState,
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
  SamplePageRequest,
  SampleResult,
  Validation,
  WatchEvent,
} from './types.ts';
import type { AppError } from '../domain/errors.ts';
import type { DeadLetter, DeadLetterFilter, DeadLettersDone } from './dead-letters.ts';
import type { LogBatch, LogLine, LogOptions, LogSubject } from './logs.ts';
import type { Course } from './course.ts';
import type { Why, WhyRoute, WhySubject } from './why.ts';
import type { AuditEntry, AuditFilter, AuditHead, AuditVerdict } from './audit-types.ts';
import type {
  ApiToken,
  JoinedAgent,
  JoinPresented,
  JoinToken,
  NamespaceInfo,
  NamespaceLimits,
  NewJoinToken,
  NewToken,
  WhoAmI,
} from './identity-types.ts';
import type { Books, Recovered, VerifyProgress } from './books.ts';
import type { EvaluationRecord, RecordProgress, RecordSample } from './record.ts';
import type { TlsFiles } from '../rpc/tls-files.ts';
import type { Durability } from '../domain/durability.ts';
import type { EvaluationState } from '../domain/states.ts';

/** Where content is brought. */
export interface UploadOptions {
  /** Where it may be used: the namespace of the submits that name its digest; 'default' if left out. */
  namespace?: string;
  /** Called once, when the coordinator has taken some of it, which it does only with what the namespace has not. */
  onSent?: () => void;
}

/**
 * A connection to one or several coordinators. Every call has a deadline, repeats itself while the coordinators are
 * `unavailable` (bounded by `patienceMs`), and continues the active trace. Throws AppError.
 */
export interface AssayClient {
  /** Uploads a file's content unless the namespace has it; returns its digest, by which specs of this namespace may name it. */
  uploadFile(path: string, options?: UploadOptions): Promise<string>;
  uploadBytes(content: Uint8Array, options?: UploadOptions): Promise<string>;
  submit(request: {
    spec: unknown;
    idempotencyKey: string;
    namespace?: string;
    owner?: string;
  }): Promise<{ evaluation: Evaluation; existed: boolean; durability?: Durability }>;
  get(evaluationId: string): Promise<Evaluation>;
  /** Watches to the end; goes on by itself on another coordinator after an interruption, with no event lost or repeated. */
  watch(evaluationId: string, options?: { cursor?: string; signal?: AbortSignal }): AsyncIterable<WatchEvent>;
  cancel(evaluationId: string, reason?: string): Promise<EvaluationState>;
  results(evaluationId: string, options?: { filter?: SampleFilter; signal?: AbortSignal }): AsyncIterable<SampleResult>;
  report(evaluationId: string): Promise<Report>;

  /**
   * Accepts nothing; a spec with faults is an answer, not an error. Content that the spec brings is stored as by a submit, within the namespace's
   * bound on content: beyond it this throws `resource_exhausted`.
   */
  validate(request: { spec: unknown; namespace?: string }): Promise<Validation>;
  list(filter?: EvaluationFilter, page?: PageRequest): Promise<Page<EvaluationSummary>>;
  /** The newest of a list, as they change. Goes on by itself on another coordinator, with a new snapshot; ends only when aborted. */
  watchList(filter?: EvaluationFilter, options?: { size?: number; signal?: AbortSignal }): AsyncIterable<ListChange>;
  update(evaluationId: string, changes: EvaluationChanges): Promise<Evaluation & { durability?: Durability }>;
  pause(which: EvaluationChoice, reason?: string): Promise<EvaluationOutcome[]>;
  resume(which: EvaluationChoice, reason?: string): Promise<EvaluationOutcome[]>;
  /** As `cancel`, for one or several, with a mode. */
  cancelAll(which: EvaluationChoice, options?: { reason?: string; mode?: CancelMode }): Promise<EvaluationOutcome[]>;
  delete(which: EvaluationChoice): Promise<EvaluationOutcome[]>;
  samples(evaluationId: string, filter?: SampleFilter, page?: SamplePageRequest): Promise<Page<SampleResult>>;
  sample(evaluationId: string, which: SampleChoice): Promise<Sample>;
  skip(
    evaluationId: string,
    filter: SampleFilter,
    reason?: string,
  ): Promise<{ skipped: number; state: EvaluationState; durability?: Durability }>;
  requeue(
    evaluationId: string,
    filter?: SampleFilter,
    reason?: string,
  ): Promise<{ requeued: number; state: EvaluationState; durability?: Durability }>;
  /** Recomputes everything from the store and compares it with what is served. Begins anew when the coordinator is lost. */
  verify(evaluationId: string, options?: { onProgress?: (progress: VerifyProgress) => void; signal?: AbortSignal }): Promise<Books>;
  /** What is needed to tell whether two evaluations were the same. Begins anew when the coordinator is lost. */
  record(
    evaluationId: string,
    options?: { onProgress?: (progress: RecordProgress) => void; signal?: AbortSignal },
  ): Promise<EvaluationRecord>;
  /** The digests of every unit that was run, in unit order; goes on on another coordinator. */
  recordSamples(evaluationId: string, options?: { signal?: AbortSignal }): AsyncIterable<RecordSample>;
  /** Tasks that were given up; without the agents' last words. */
  deadLetters(filter?: DeadLetterFilter, page?: PageRequest & { withDropped?: boolean }): Promise<Page<DeadLetter>>;
  /** One of them, with all its evidence. */
  deadLetter(taskId: string): Promise<DeadLetter>;
  /** Why work does not run, or not faster; also of one that is over. */
  why(subject: WhySubject, options?: { history?: boolean }): Promise<Why>;
  /** How an evaluation went over time, with its latest attempts, at most 500; none unless they are asked for. */
  course(evaluationId: string, options?: { attempts?: number }): Promise<Course>;
  /** Lines about an evaluation or a task, the oldest first; goes on by itself on another coordinator, with no line lost or repeated. */
  logs(subject: LogSubject, options?: LogOptions): AsyncIterable<LogBatch>;
  /** Lines of an agent about itself, by its id or name, at whichever coordinator it is. */
  agentLogs(idOrName: string, options?: Omit<LogOptions, 'cursor'>): AsyncIterable<LogLine[]>;
  /** Runs their units again; an empty filter is refused. */
  replayDeadLetters(filter: DeadLetterFilter, reason?: string): Promise<DeadLettersDone>;
  /** Accepts them as lost; an empty filter is refused. */
  dropDeadLetters(filter: DeadLetterFilter, reason?: string): Promise<DeadLettersDone>;
  /** Makes its ledger anew from the store; resolves when that is done. */
  recover(evaluationId: string, reason?: string): Promise<Recovered>;

  agents(filter?: AgentFilter, page?: PageRequest): Promise<Page<Agent>>;
  agent(idOrName: string): Promise<{ agent: Agent; attempts: HeldAttempt[] }>;
  drainAgent(idOrName: string, options?: { undo?: boolean; reason?: string }): Promise<Agent>;
  routes(filter?: { withoutAgent?: boolean }, page?: PageRequest): Promise<Page<RouteStatus>>;
  /** Why the work of a route, by its id or its requirement, does not run, or not faster. */
  whyRoute(idOrRequirement: string, options?: { history?: boolean }): Promise<WhyRoute>;
  pauseRoute(idOrRequirement: string, options?: { undo?: boolean; reason?: string }): Promise<RouteStatus>;
  /** What goes on that operators want to know, and the newest of what began, ended and happened. */
  events(filter?: EventFilter, page?: PageRequest): Promise<EventPage>;
  /** Goes on by itself on another coordinator, with a new snapshot; ends only when aborted. */
  watchCluster(options?: { signal?: AbortSignal }): AsyncIterable<ClusterChange>;
  /**
   * Removes what nobody refers to, and was not written or asked for within the grace time (a day by default); how far it is, about once a
   * second, until `done`. Begins anew on another coordinator when its own goes away. Breaking off ends it.
   */
  collectGarbage(options?: { graceMs?: number; dryRun?: boolean; signal?: AbortSignal }): AsyncIterable<Collection & { done: boolean }>;

  /** Makes an API token; `secret` is in this answer and nowhere else. Where the answer is lost, a repeat has made another one. */
  createToken(token: NewToken): Promise<{ secret: string; token: ApiToken }>;
  tokens(page?: PageRequest): Promise<Page<ApiToken>>;
  revokeToken(tokenId: string): Promise<ApiToken>;
  /** Makes a join token; `secret` is in this answer and nowhere else. */
  createJoinToken(token: NewJoinToken): Promise<{ secret: string; expiresAtMs: number; joinTokenId: string }>;
  /** Those that still let an agent in, the newest first. */
  joinTokens(page?: PageRequest): Promise<Page<JoinToken>>;
  /** Nobody is let in by it any more; throws `failed_precondition` where an agent was. */
  revokeJoinToken(joinTokenId: string): Promise<JoinToken>;
  /** For an agent: where the answer is lost, a repeat with the same key has the same one. `server` names the fleet. */
  join(presented: JoinPresented): Promise<{ agent: JoinedAgent; server: string }>;
  revokeAgent(idOrName: string): Promise<JoinedAgent>;
  /** Whose the calls of this client are. */
  whoAmI(): Promise<WhoAmI>;

  /** Namespaces with bounds of their own, without what is taken. */
  namespaces(): Promise<NamespaceInfo[]>;
  namespace(name: string): Promise<NamespaceInfo>;
  /** Sets bounds, and takes those of `clear` away; the others stay. */
  setNamespace(name: string, limits: NamespaceLimits, clear?: readonly (keyof NamespaceLimits)[]): Promise<NamespaceInfo>;

  /** The newest entries of the audit log that fit, by time. */
  auditEntries(filter?: AuditFilter, options?: { signal?: AbortSignal }): Promise<AuditEntry[]>;
  /** Reads the whole audit log. `heads`: ends of chains that were kept elsewhere, by an earlier verdict. */
  verifyAudit(options?: { heads?: readonly AuditHead[]; signal?: AbortSignal }): Promise<AuditVerdict>;

  /**
   * Resolves when a coordinator answers its health check with SERVING. `onRefused` is called once, with the reason in words, when nobody
   * has listened at any address for half a second; it waits on, for one that is just starting.
   */
  waitUntilReady(timeoutMs: number, onRefused?: (why: string) => void): Promise<void>;
  /** Ends every call that is under way. */
  close(): void;
}

export type CancelMode = 'abort' | 'drain';

/** By its number, or by its names; benchmark and model may be left out where there is one only, the epoch if there is one. */
export type SampleChoice = { unit: number } | { sampleId: string; benchmark?: string; model?: string; epoch?: number };

export interface AgentFilter {
  states?: AgentState[];
  /** Could serve this model. */
  model?: string;
  labels?: Record<string, string>;
}

export interface ClientOptions {
  /** `host:port` or `unix:/path`, tried in turn. */
  addresses: string[];
  token?: string;
  /** PEM of the CA to trust; its presence or `tls: true` means TLS. */
  tlsCa?: Buffer;
  tls?: boolean;
  /** What this client shows to a coordinator that wants certificates of its callers: PEM of it with its chain, and of its key. */
  tlsCert?: Buffer;
  tlsKey?: Buffer;
  /**
   * The same as files, in place of the above: they are read again once they have changed, for the next call. Calls that are under way stay
   * on the connection that they have.
   */
  tlsFiles?: TlsFiles;
  /**
   * What Redis must reach before submits and commands are acknowledged; without it what the coordinator is set to. `durability` of an
   * answer says what was reached; it is absent where the coordinator is too old to say.
   */
  durability?: Durability;
  /** How long calls keep trying to reach a coordinator (default 30 s). */
  patienceMs?: number;
  /**
   * Ping a silent connection this often while something is asked; it is given up when no answer comes as long (default 20 s,
   * and 10 s for the answer; 6 s with several addresses).
   */
  keepaliveMs?: number;
  /** Told each time a call was refused for want of room, and is going to be repeated. */
  onRefused?: (refusal: AppError) => void;
}
