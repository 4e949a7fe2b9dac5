/**
 * Retention: removes finished evaluations that are older, more, or larger than the operator wants kept. One coordinator at a time does it,
 * once in a while, a bounded number each time; which ones is read from its index, and looked up in the store before anything goes.
 * What it found and did lies in the store for all to see.
 */
import type { RetentionPolicy } from '../../../shared/client/types.ts';
import { AppError } from '../../../shared/domain/errors.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import type { Logger } from '../../../shared/telemetry/logger.ts';
import type { Instruments } from '../../../shared/telemetry/metrics.ts';
import type { EndedRow, EvaluationIndex } from '../../index/evaluation-index.ts';
import type { SingleFlight } from '../single-flight.ts';
import { boundOf, isBounded, reasonOf, type Holdings } from './policy.ts';
import type { StoreBoard } from './store-board.ts';

/** More than this between the clocks of this host and of Redis, and nothing is removed by age: one of them is wrong. */
const SKEW_MS = 60_000;
/** Evaluations that one round removes; the next one goes on. */
const REMOVED_AT_ONCE = 500;

/** What a Retention is made of. */
export interface RetentionParts {
  policy: RetentionPolicy;
  /** Of namespaces that have one of their own, which holds beside the other: whatever goes by either goes. */
  namespaces?: () => Promise<ReadonlyMap<string, RetentionPolicy>>;
  /** Between two rounds of all coordinators together. */
  periodMs: number;
  index: Pick<EvaluationIndex, 'ended'>;
  board: StoreBoard;
  flight: SingleFlight;
  /** Removes one that still ended then and that nobody keeps; returns whether it is gone by this. */
  retire: (evaluationId: string, finishedAtMs: number) => Promise<boolean>;
  /** Redis's time: ages are told by the one clock that all coordinators share. */
  sharedNow: () => Promise<number>;
  clock: Clock;
  logger: Logger;
  instruments: Pick<Instruments, 'evaluationsRemovedTotal'>;
}

/** A part of what is finished, and what bounds it. */
interface Bounded {
  bounds: RetentionPolicy;
  held: Holdings;
  isIts: (row: EndedRow) => boolean;
  /** It is gone: whatever else counts it. */
  onGone: (row: EndedRow) => void;
}

function take(held: Holdings, storedBytes: number): void {
  held.evaluations--;
  held.bytes -= storedBytes;
}

export class Retention {
  readonly #parts: RetentionParts;
  #hasWarned = false;

  constructor(parts: RetentionParts) {
    this.#parts = parts;
  }

  /** A round, unless another coordinator has just done one or is at it. */
  async runOnce(signal: AbortSignal): Promise<void> {
    const { board, clock, flight, periodMs } = this.#parts;
    const { measuredAtMs } = await board.read();
    // Half a period: no clock of theirs is that exact, and a round too many does no harm.
    if (Math.abs(clock.now() - measuredAtMs) < periodMs / 2) return;
    await flight.run('retain', 'store', () => this.#round(signal));
  }

  async #round(signal: AbortSignal): Promise<void> {
    const { policy, index, board, clock } = this.#parts;
    const held: Holdings = { evaluations: 0, bytes: 0 };
    const own = await this.#bounded();
    const kept: Holdings = { evaluations: 0, bytes: 0 };
    for await (const rows of index.ended()) {
      if (signal.aborted) return;
      for (const { keep, storedBytes, namespace } of rows)
        for (const part of [keep ? kept : held, keep ? undefined : own.get(namespace)?.held]) {
          if (!part) continue;
          part.evaluations++;
          part.bytes += storedBytes;
        }
    }
    const offIts = ({ namespace, storedBytes }: EndedRow): void => {
      const part = own.get(namespace);
      if (part) take(part.held, storedBytes);
    };
    if (isBounded(policy)) await this.#removeOld({ bounds: policy, held, isIts: () => true, onGone: offIts }, signal);
    // Of what the coordinator's bounds have left.
    for (const [name, { bounds, held: its }] of own) {
      const isIts = ({ namespace }: EndedRow): boolean => namespace === name;
      const onGone = ({ storedBytes }: EndedRow): void => take(held, storedBytes);
      if (!signal.aborted) await this.#removeOld({ bounds, held: its, isIts, onGone }, signal);
    }
    await board.write({
      measuredAtMs: clock.now(),
      finished: held.evaluations,
      finishedBytes: held.bytes,
      kept: kept.evaluations,
      keptBytes: kept.bytes,
      policy,
    });
  }

  /** The namespaces with a retention of their own. */
  async #bounded(): Promise<Map<string, { bounds: RetentionPolicy; held: Holdings }>> {
    const all = [...((await this.#parts.namespaces?.()) ?? [])].filter(([, bounds]) => isBounded(bounds));
    return new Map(all.map(([name, bounds]) => [name, { bounds, held: { evaluations: 0, bytes: 0 } }]));
  }

  /** Takes what goes off `held`. */
  async #removeOld({ bounds, held, isIts, onGone }: Bounded, signal: AbortSignal): Promise<void> {
    const { index, board, clock, logger, retire, instruments } = this.#parts;
    const { policy, nowMs } = await this.#judged(bounds);
    let removed = 0;
    for await (const rows of index.ended()) {
      for (const row of rows) {
        if (signal.aborted || removed >= REMOVED_AT_ONCE) return;
        if (row.keep || !isIts(row)) continue;
        const { evaluationId, finishedAtMs, storedBytes } = row;
        const bound = boundOf(policy, row, held, nowMs);
        if (!bound) return;
        const reason = reasonOf(bound, policy, held);
        try {
          if (!(await retire(evaluationId, finishedAtMs))) continue;
        } catch (error) {
          logger.warn({ evaluationId, error: AppError.from(error).message }, 'retention could not remove it; it is tried again');
          continue;
        }
        removed++;
        take(held, storedBytes);
        onGone(row);
        instruments.evaluationsRemovedTotal.add(1, { reason: bound });
        logger.info({ evaluationId, finishedAtMs, storedBytes, bound, reason }, 'retention removed an evaluation');
        board.note({ lastRemoved: { evaluationId, atMs: clock.now(), reason } });
      }
    }
  }

  /** The policy as it holds now, and the time by which ages are judged. A clock that is wrong makes everything old at once. */
  async #judged(policy: RetentionPolicy): Promise<{ policy: RetentionPolicy; nowMs: number }> {
    const { clock, logger, sharedNow } = this.#parts;
    if (policy.keepMs === undefined) return { policy, nowMs: clock.now() };
    const nowMs = await sharedNow();
    const skewMs = clock.now() - nowMs;
    if (Math.abs(skewMs) <= SKEW_MS) {
      this.#hasWarned = false;
      return { policy, nowMs };
    }
    if (!this.#hasWarned)
      logger.warn(
        { skewMs },
        'the clocks of this host and of Redis differ by more than a minute: nothing is removed by age until they agree',
      );
    this.#hasWarned = true;
    const { keepMs: _, ...rest } = policy;
    return { policy: rest, nowMs };
  }
}
