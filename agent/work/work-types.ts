/** What work is given and what it gives back. */
import type { TaskContext } from '../../shared/domain/manifest.ts';
import type { HandBackReason } from '../../shared/rpc/messages.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Logger } from '../../shared/telemetry/logger.ts';
import type { Instruments } from '../../shared/telemetry/metrics.ts';
import type { ContextCheck } from './context-cache.ts';
import type { CompletionCache } from '../cache/completion-cache.ts';
import type { ModelEntry, ModelProvider } from '../models/provider.ts';
import type { ScorerTools } from '../scorers/scorer.ts';
import type { LogBook } from '../logs/log-book.ts';
import type { LifeLog } from '../spool/life-log.ts';
import type { Spool } from '../spool/spool.ts';

/** One entry of the agent's models with its driver. */
export interface Model {
  entry: ModelEntry;
  provider: ModelProvider;
}

export interface WorkOptions {
  models: readonly Model[];
  /** What the operator allows beside models. Their owner closes them. */
  tools: ScorerTools;
  spool: Spool;
  /** Why the operator's policy forbids a task on an entry, half a sentence; undefined: it does not. Absent: it forbids none. */
  forbids?: (task: Pick<TaskContext, 'namespace' | 'model'>, entry: ModelEntry) => string | undefined;
  /** What the operator wants to be proved of a task: throws AppError `invalid` where it is not. Absent: nothing. */
  checkTask?: ContextCheck;
  /** Absent: no completion is kept. */
  cache?: CompletionCache;
  /** What people may want to know of attempts; absent: nothing is told. */
  lines?: Pick<LogBook, 'say'>;
  /** Notes what runs, for the next life. */
  life?: Pick<LifeLog, 'started' | 'ended'>;
  clock: Clock;
  /** [0, 1) */
  random: () => number;
  logger: Logger;
  instruments: Pick<
    Instruments,
    'cacheLookupsTotal' | 'modelCallSeconds' | 'modelFirstChunkSeconds' | 'modelRetriesTotal' | 'modelTokensTotal' | 'sampleSeconds'
  >;
  /** There may be something to tell the coordinator: credit, status, units to hand back, nothing held any more. Only marks. */
  onChange: () => void;
  firstProbeMs?: number;
}

/** Units of an attempt that go back to the queue. */
export interface ReturnedAttempt {
  attemptId: string;
  evaluationId: string;
  taskId: string;
  reason: HandBackReason;
  detail: string;
  lease?: Buffer;
}

/** Units of an attempt that this agent let go of without having started them. */
export interface SparedUnits {
  attemptId: string;
  evaluationId: string;
  taskId: string;
  units: number[];
  lease?: Buffer;
}
