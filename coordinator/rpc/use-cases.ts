/**
 * What the gRPC services ask of the coordinator. Handlers translate; whoever implements these decides. All methods throw
 * AppError; its code becomes the status, its message is told to the caller.
 */
import type { Duplex } from '../../shared/rpc/duplex.ts';
import type { AgentMessage, CoordinatorMessage } from '../../shared/rpc/messages.ts';
import type { Evaluation, Report, SampleResult, WatchEvent } from '../../shared/client/types.ts';
import type { EvaluationState } from '../../shared/domain/states.ts';

export interface EvaluationUseCases {
  /** Whether the store holds this content; asked before an upload is read. */
  hasContent(digest: string): Promise<boolean>;
  /** Reads `chunks` to their end, unless the content exists; bytes that do not match digest or size are `invalid` and leave nothing. */
  upload(digest: string, sizeBytes: number, chunks: AsyncIterable<Uint8Array>): Promise<{ existed: boolean }>;
  /** `spec` is parsed JSON of unknown shape; the key and the namespace have been checked for their length only. */
  submit(request: { spec: unknown; idempotencyKey: string; namespace: string }): Promise<{ evaluation: Evaluation; existed: boolean }>;
  get(evaluationId: string): Promise<Evaluation>;
  /** Ends after the event with the final state. `signal` aborts when the watcher is gone; it pulls, so a slow one is not buffered. */
  watch(evaluationId: string, cursor: string, signal: AbortSignal): AsyncIterable<WatchEvent>;
  cancel(evaluationId: string, reason: string): Promise<EvaluationState>;
  /** Closed units in unit order, with whole completions. */
  results(evaluationId: string, signal: AbortSignal): AsyncIterable<SampleResult>;
  /** `json`: the report's document as it is stored. `failed_precondition` while the evaluation runs. */
  report(evaluationId: string): Promise<{ report: Report; json: Buffer }>;
}

export interface AgentSessions {
  /**
   * Serves one agent's stream and resolves when its session is over; reads the Hello itself. A throw ends the stream with the
   * error's status, otherwise it ends with OK. `peer` is the agent's network address, for the log.
   */
  serve(stream: Duplex<AgentMessage, CoordinatorMessage>, peer: string): Promise<void>;
}
