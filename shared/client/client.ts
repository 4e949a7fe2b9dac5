/** The client library's contract; `connect.ts` makes one. */
import type { Evaluation, Report, SampleResult, WatchEvent } from './types.ts';
import type { EvaluationState } from '../domain/states.ts';

/**
 * A connection to one or several coordinators. Every call has a deadline, repeats itself while the coordinators are
 * `unavailable` (bounded by `patienceMs`), and continues the active trace. Throws AppError.
 */
export interface AssayClient {
  /** Uploads a file's content unless it is there; returns its digest. */
  uploadFile(path: string): Promise<string>;
  uploadBytes(content: Uint8Array): Promise<string>;
  submit(request: { spec: unknown; idempotencyKey: string; namespace?: string }): Promise<{ evaluation: Evaluation; existed: boolean }>;
  get(evaluationId: string): Promise<Evaluation>;
  /** Watches to the end; goes on by itself on another coordinator after an interruption, with no event lost or repeated. */
  watch(evaluationId: string, options?: { cursor?: string; signal?: AbortSignal }): AsyncIterable<WatchEvent>;
  cancel(evaluationId: string, reason?: string): Promise<EvaluationState>;
  results(evaluationId: string, options?: { signal?: AbortSignal }): AsyncIterable<SampleResult>;
  report(evaluationId: string): Promise<Report>;
  /** Resolves when a coordinator answers its health check with SERVING. */
  waitUntilReady(timeoutMs: number): Promise<void>;
  /** Ends every call that is under way. */
  close(): void;
}

export interface ClientOptions {
  /** `host:port` or `unix:/path`, tried in turn. */
  addresses: string[];
  token?: string;
  /** PEM of the CA to trust; its presence or `tls: true` means TLS. */
  tlsCa?: Buffer;
  tls?: boolean;
  /** How long calls keep trying to reach a coordinator (default 30 s). */
  patienceMs?: number;
}
