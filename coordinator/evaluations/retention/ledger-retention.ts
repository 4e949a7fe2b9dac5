/**
 * Retention of ledgers: Redis forgets what is final after a while by itself; the oldest before that, when they are too many, take too much, or
 * when Redis has no room left for what is to come. Nothing is lost by it: the store has all, and a watcher that comes back gets a picture.
 */
import { AppError } from '../../../shared/domain/errors.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
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
  clock: Clock;
  logger: Logger;
  instruments: Pick<Instruments, 'ledgersForgottenTotal'>;
}

type Bound = 'count' | 'bytes' | 'memory';

export class LedgerRetention {
  readonly #parts: LedgerRetentionParts;
  /** All that ended before this one, and it, are forgotten. */
  #gone: { finishedAtMs: number; evaluationId: string } = { finishedAtMs: -1, evaluationId: '' };

  constructor(parts: LedgerRetentionParts) {
    this.#parts = parts;
  }

  async runOnce(signal: AbortSignal): Promise<void> {
    const { ledgerPolicy, finalLedgers, logger, instruments } = this.#parts;
    const held = await this.#held(signal);
    let isTight = await this.#isTight();
    const bound = (): Bound | undefined => {
      if (held.ledgers > ledgerPolicy.ledgers) return 'count';
      if (held.bytes > (ledgerPolicy.bytes ?? Infinity)) return 'bytes';
      return isTight ? 'memory' : undefined;
    };
    const forgotten: Record<Bound, number> = { count: 0, bytes: 0, memory: 0 };
    let seen = 0;
    for await (const row of this.#rows()) {
      const why = bound();
      if (!why || signal.aborted || seen++ >= FORGOTTEN_AT_ONCE) break;
      const bytes = await this.#bytes(row.evaluationId);
      if (await finalLedgers.forget(row.evaluationId)) forgotten[why]++;
      held.ledgers--;
      held.bytes -= bytes;
      this.#gone = row;
      if (isTight && seen % LOOK_EVERY === 0) isTight = await this.#isTight();
    }
    for (const [why, count] of Object.entries(forgotten)) {
      if (count === 0) continue;
      instruments.ledgersForgottenTotal.add(count, { reason: why });
      logger.info({ ledgers: count, bound: why }, 'Redis forgets finished evaluations before their time; the store answers for them');
    }
  }

  async #held(signal: AbortSignal): Promise<{ ledgers: number; bytes: number }> {
    const held = { ledgers: 0, bytes: 0 };
    for await (const { evaluationId } of this.#rows()) {
      if (signal.aborted) break;
      held.ledgers++;
      held.bytes += await this.#bytes(evaluationId);
    }
    return held;
  }

  /** Only where there is a bound to it: Redis is asked for each. */
  async #bytes(evaluationId: string): Promise<number> {
    return this.#parts.ledgerPolicy.bytes === undefined ? 0 : this.#parts.finalLedgers.bytes(evaluationId);
  }

  /** What Redis may still know, the oldest first. */
  async *#rows(): AsyncGenerator<{ finishedAtMs: number; evaluationId: string }, void, undefined> {
    const { index, clock, ledgerPolicy } = this.#parts;
    const sinceMs = clock.now() - ledgerPolicy.keepMs;
    for await (const rows of index.ended())
      for (const { finishedAtMs, evaluationId } of rows) {
        if (finishedAtMs < sinceMs) continue;
        const { finishedAtMs: goneMs, evaluationId: goneId } = this.#gone;
        if (finishedAtMs < goneMs || (finishedAtMs === goneMs && evaluationId <= goneId)) continue;
        yield { finishedAtMs, evaluationId };
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
