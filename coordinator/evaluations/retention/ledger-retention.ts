/**
 * Retention of ledgers: Redis forgets what is final after a while by itself; the oldest before that, when they are too many, take too much, or
 * when Redis has no room left for what is to come. Nothing is lost by it: the store has all, and a watcher that comes back gets a picture.
 */
import { AppError } from '../../../shared/domain/errors.ts';
import type { Logger } from '../../../shared/telemetry/logger.ts';
import type { Instruments } from '../../../shared/telemetry/metrics.ts';
import type { EvaluationIndex } from '../../index/evaluation-index.ts';
import type { FinalLedgers } from '../../ledger/final-ledgers.ts';
import type { RedisMemory } from '../../redis/memory.ts';

/** Ledgers that one round forgets; the next one goes on. */
const FORGOTTEN_AT_ONCE = 1_000;
/** Between two looks at Redis's memory. */
const LOOK_EVERY = 50;
/** Of the room that new evaluations may take: above this share ledgers that nobody needs make room. */
const TIGHT_SHARE = 0.9;

export interface LedgerPolicy {
  /** After this time Redis forgets them by itself. */
  keepMs: number;
  ledgers: number;
  /** undefined: no bound. */
  bytes: number | undefined;
}

export interface LedgerRetentionParts {
  ledgerPolicy: LedgerPolicy;
  /** Of Redis's maxmemory, in percent: where new evaluations are refused. */
  redisHeadroomPercent: number;
  memory: () => Promise<RedisMemory | undefined>;
  index: Pick<EvaluationIndex, 'ended'>;
  finalLedgers: Pick<FinalLedgers, 'bytes' | 'forget'>;
  /** Whether the store has marked its end: until then the ledger is what says so. */
  isFinished: (evaluationId: string) => Promise<boolean>;
  /** Redis's time: by it ledgers run out. */
  sharedNow: () => Promise<number>;
  logger: Logger;
  instruments: Pick<Instruments, 'ledgersForgottenTotal'>;
}

type Bound = 'count' | 'bytes' | 'memory';

interface End {
  finishedAtMs: number;
  evaluationId: string;
}

/** One that is requeued ends again, with another ledger. */
const nameOf = ({ finishedAtMs, evaluationId }: End): string => `${evaluationId} ${finishedAtMs}`;

export class LedgerRetention {
  readonly #parts: LedgerRetentionParts;
  /** Ends whose ledgers this coordinator has made Redis forget, while they are young enough to be looked at. */
  #gone = new Set<string>();

  constructor(parts: LedgerRetentionParts) {
    this.#parts = parts;
  }

  async runOnce(signal: AbortSignal): Promise<void> {
    const { ledgerPolicy, finalLedgers, isFinished, sharedNow, logger, instruments } = this.#parts;
    const sinceMs = (await sharedNow()) - ledgerPolicy.keepMs;
    const held = await this.#held(sinceMs, signal);
    let isTight = await this.#isTight();
    const bound = (): Bound | undefined => {
      if (held.ledgers > ledgerPolicy.ledgers) return 'count';
      if (held.bytes > (ledgerPolicy.bytes ?? Infinity)) return 'bytes';
      return isTight ? 'memory' : undefined;
    };
    const forgotten: Record<Bound, number> = { count: 0, bytes: 0, memory: 0 };
    let seen = 0;
    for await (const row of this.#rows(sinceMs)) {
      const why = bound();
      if (!why || signal.aborted || seen++ >= FORGOTTEN_AT_ONCE) break;
      held.ledgers--;
      held.bytes -= await this.#bytes(row.evaluationId);
      // Not marked yet, or removed since the index was read: no reason to forget a younger one.
      if (!(await isFinished(row.evaluationId))) continue;
      if (await finalLedgers.forget(row.evaluationId)) forgotten[why]++;
      this.#gone.add(nameOf(row));
      if (isTight && seen % LOOK_EVERY === 0) isTight = await this.#isTight();
    }
    for (const [why, count] of Object.entries(forgotten)) {
      if (count === 0) continue;
      instruments.ledgersForgottenTotal.add(count, { reason: why });
      logger.info({ ledgers: count, bound: why }, 'Redis forgets finished evaluations before their time; the store answers for them');
    }
  }

  async #held(sinceMs: number, signal: AbortSignal): Promise<{ ledgers: number; bytes: number }> {
    const held = { ledgers: 0, bytes: 0 };
    const gone = new Set<string>();
    for await (const row of this.#rows(sinceMs, (known) => gone.add(nameOf(known)))) {
      if (signal.aborted) return held;
      held.ledgers++;
      held.bytes += await this.#bytes(row.evaluationId);
    }
    this.#gone = gone;
    return held;
  }

  /** Only where there is a bound to it: Redis is asked for each. */
  async #bytes(evaluationId: string): Promise<number> {
    return this.#parts.ledgerPolicy.bytes === undefined ? 0 : this.#parts.finalLedgers.bytes(evaluationId);
  }

  /** What Redis may still know, the oldest first. */
  async *#rows(sinceMs: number, onGone?: (row: End) => void): AsyncGenerator<End, void, undefined> {
    for await (const rows of this.#parts.index.ended())
      for (const row of rows) {
        if (row.finishedAtMs < sinceMs) continue;
        if (this.#gone.has(nameOf(row))) onGone?.(row);
        else yield row;
      }
  }

  /** Whether new evaluations are about to be refused. What cannot be asked is not tight. */
  async #isTight(): Promise<boolean> {
    const { memory, redisHeadroomPercent, logger } = this.#parts;
    const look = await memory().catch((error: unknown) => {
      logger.debug({ error: AppError.from(error).message }, 'Redis does not say how full it is');
      return undefined;
    });
    return look !== undefined && look.usedBytes > look.maxBytes * (1 - redisHeadroomPercent / 100) * TIGHT_SHARE;
  }
}
