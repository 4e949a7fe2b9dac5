/** What a coordinator stands on: Redis, the store, the clock. A simulation gives it others. */
import type { AppError } from '../shared/domain/errors.ts';
import type { Clock } from '../shared/runtime/clock.ts';
import type { Logger } from '../shared/telemetry/logger.ts';
import type { Metrics } from '../shared/telemetry/metrics.ts';
import type { Directory } from './cluster/directory.ts';
import type { SelfDescription } from './cluster/self-description.ts';
import type { ReasonBooks } from './dispatch/why/parts.ts';
import type { Promises } from './evaluations/namespaces/reservations.ts';
import type { SingleFlight } from './evaluations/single-flight.ts';
import type { EvaluationIndex } from './index/evaluation-index.ts';
import type { FinalLedgers } from './ledger/final-ledgers.ts';
import type { Leases } from './ledger/leases.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { CourseKeeper } from './progress/course/course-keeper.ts';
import type { EventLog } from './progress/event-log.ts';
import type { TaskQueue } from './queue/task-queue.ts';
import type { Acknowledging } from './redis/acknowledger.ts';
import type { RedisMemory } from './redis/memory.ts';
import type { RedisRestarts } from './redis/restarts.ts';
import type { Offence } from './sessions/provenance/offences.ts';
import type { Store } from './store/store.ts';

/** What a coordinator stands on. */
export interface Ground {
  coordinatorId: string;
  /** Where it listens; asked when that is known. */
  address: () => string;
  store: Store;
  ledger: Ledger;
  finalLedgers: FinalLedgers;
  leases: Leases;
  queue: TaskQueue;
  events: EventLog;
  /** What the reasons were over time, and how long tasks waited; left out: neither is kept. */
  books?: ReasonBooks;
  /** How evaluations go over time; left out: that is not kept. */
  course?: CourseKeeper;
  flight: SingleFlight;
  directory: Directory;
  index: EvaluationIndex;
  /** How full Redis is; left out, or undefined: it has no bound. */
  redisMemory?: () => Promise<RedisMemory | undefined>;
  /** What it tells of itself; left out: nothing. */
  description?: SelfDescription;
  /** Why nothing new is accepted, if so: Redis is not set up to keep it. */
  refusal?: () => AppError | undefined;
  restarts: Pick<RedisRestarts, 'settled' | 'check'>;
  /** What was promised of quotas; left out: nobody else promises. */
  reservations?: Promises;
  acknowledging: Acknowledging;
  /** So many bytes that nobody can guess; left out: those of the system. */
  random?: (bytes: number) => Buffer;
  /** An agent was refused what is not its own, or was put aside. */
  onOffence?: (offence: Offence) => void;
  /** Whether Redis belongs to coordinators on this store, as the last check found. */
  isOurs: () => boolean;
  /** Looks again; throws while it does not. */
  check: () => Promise<void>;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
}
