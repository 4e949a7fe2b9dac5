/**
 * Waits until replicas, or disks, have what was written: WAIT and WAITAOF, on a connection of its own, since they block it. Who comes
 * while one waits is gathered into the next.
 *
 * WAIT speaks of the writes of its own connection on the server that answers it. What is waited for was written on another one, and a
 * failover may have come between: the server that answers may never have seen it. So each round first runs a script for every
 * evaluation in it, on this connection, that looks whether the write is there (the witness) and writes a key of its own. A replica that
 * has that key has everything before it, the write that was seen among it.
 */
import type { Redis } from 'ioredis';
import { describeDurability, durabilityOf, isFsynced, type Durability } from '../../shared/domain/durability.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { ENDED } from '../../shared/runtime/abort.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Primaries } from './primaries.ts';

/** Whoever waits is told within this time, whatever Redis and the connection do. */
const WAIT_MS = 3_000;
/** Of it, for the way back of an answer. More than RETRY_MS. */
const ANSWER_MS = 200;
const RETRY_MS = 100;
/** Evaluations in one round; the rest comes with the next. */
const MAX_ROUND = 500;
/** The key that a round writes goes away by itself. */
const KEY_MS = 1_000;

/**
 * What shows that a write is still there. command: the ledger has ended the command of this name. there: it has the ledger of this
 * generation or a later one. gone: it has none. nothing: no write has to be there.
 */
export type Witness = { kind: 'command'; name: string } | { kind: 'there'; generation: number } | { kind: 'gone' } | { kind: 'nothing' };

const LOOK = `
local found = true
if ARGV[1] == 'command' then found = string.find(redis.call('HGET', KEYS[1], 'told') or '', ARGV[2], 1, true) ~= nil
elseif ARGV[1] == 'there' then found = tonumber(redis.call('HGET', KEYS[1], 'generation') or '0') >= tonumber(ARGV[2])
elseif ARGV[1] == 'gone' then found = redis.call('EXISTS', KEYS[1]) == 0 end
redis.call('SET', KEYS[2], '', 'PX', ARGV[3])
return found and 1 or 0`;

/** What one round waits for, each with a command of its own: what fails one need not fail another. First what no replica can hold up. */
const ORDER = ['fsynced', 'buffered', 'replicated', 'replicated_fsynced'] as const;

interface Waiter {
  evaluationId: string;
  witness: Witness;
  demand: Durability;
  untilMs: number;
  reached: (durability: Durability) => void;
  failed: (error: AppError) => void;
}

export class Barrier {
  readonly #primaries: Primaries;
  readonly #prefix: string;
  readonly #clock: Clock;
  /** By primary: who waits for its next round. */
  readonly #waiting = new Map<Redis, Waiter[]>();

  /** primaries: on connections that nobody else uses. */
  constructor(primaries: Primaries, prefix: string, clock: Clock) {
    this.#primaries = primaries;
    this.#prefix = prefix;
    this.#clock = clock;
  }

  /** Resolves with what was reached, at least the demand; throws `unavailable`, marked as indeterminate, if that takes too long. */
  async pass(evaluationId: string, witness: Witness, demand: Durability): Promise<Durability> {
    const { promise, resolve: reached, reject: failed } = Promise.withResolvers<Durability>();
    const waiter: Waiter = { evaluationId, witness, demand, untilMs: this.#clock.monotonic() + WAIT_MS, reached, failed };
    const told = new AbortController();
    const isLate = (): void => failed(indeterminate(waiter, `Redis did not say within ${WAIT_MS / 1000} s`));
    void this.#clock.sleep(WAIT_MS, told.signal).then(isLate, () => undefined);
    this.#enter(waiter);
    return promise.finally(() => told.abort(ENDED));
  }

  #key = (evaluationId: string, name: string): string => `${this.#prefix}:{${evaluationId}}:${name}`;

  #enter(waiter: Waiter): void {
    const primary = this.#primaries.of(this.#key(waiter.evaluationId, 'meta'));
    if (!primary) return this.#again(waiter, 'no primary is known for it');
    const waiting = this.#waiting.get(primary);
    if (waiting) return void waiting.push(waiter);
    this.#waiting.set(primary, [waiter]);
    void this.#rounds(primary);
  }

  async #rounds(primary: Redis): Promise<void> {
    for (;;) {
      const waiting = this.#waiting.get(primary)!;
      if (waiting.length === 0) break;
      // Those that a long round has kept from their own are told already.
      const inTime = waiting.splice(0, MAX_ROUND).filter((waiter) => this.#leftMs(waiter) > 0);
      if (inTime.length > 0) await this.#round(primary, inTime);
    }
    this.#waiting.delete(primary);
  }

  /** Never throws: whoever waits is told. All of it is sent at once, in this order; each is told when what it waits for has answered. */
  async #round(primary: Redis, waiters: readonly Waiter[]): Promise<void> {
    const looks = new Map(waiters.map((waiter) => [waiter, answerOf(this.#look(primary, waiter))]));
    const kinds = Map.groupBy(waiters, ({ demand }) => demand.class);
    const asked = ORDER.filter((kind) => kinds.has(kind));
    // For as long as the first of them has, a share for each; but a server that many wait for in vain must not be asked all the time.
    const leftMs = Math.min(...waiters.map((waiter) => this.#leftMs(waiter)));
    const waitMs = Math.max(RETRY_MS, Math.floor(leftMs / asked.length));
    const waits = asked.map(async (kind) => {
      const some = kinds.get(kind)!;
      const most = Math.max(...some.map(({ demand }) => demand.replicas));
      const withDisk = kind === 'fsynced' || kind === 'replicated_fsynced';
      const wait = withDisk ? primary.call('WAITAOF', 1, most, waitMs) : primary.call('WAIT', most, waitMs);
      const { problem, value } = await answerOf(wait);
      const [disks, replicas] = withDisk ? ((value ?? [0, 0]) as [number, number]) : [0, Number(value ?? 0)];
      for (const waiter of some) {
        const look = await looks.get(waiter)!;
        this.#judge(waiter, look.problem ?? problem, look.value === 1, { disks, replicas });
      }
    });
    await Promise.all(waits);
  }

  #look(primary: Redis, { evaluationId, witness }: Waiter): Promise<unknown> {
    return primary.eval(LOOK, 2, this.#key(evaluationId, 'meta'), this.#key(evaluationId, 'ack'), witness.kind, valueOf(witness), KEY_MS);
  }

  #judge(waiter: Waiter, problem: string | undefined, isHeld: boolean, { disks, replicas }: { disks: number; replicas: number }): void {
    const { demand } = waiter;
    if (problem !== undefined) return this.#again(waiter, problem);
    if (!isHeld) return waiter.failed(indeterminate(waiter, 'Redis does not hold it any more; a failover came between'));
    const isReached = replicas >= demand.replicas && (!isFsynced(demand) || disks >= 1);
    if (isReached) waiter.reached(durabilityOf(disks >= 1, replicas));
    else if (this.#leftMs(waiter) > 0) this.#enter(waiter);
    else waiter.failed(indeterminate(waiter, `${replicas} replicas had it within ${WAIT_MS / 1000} s`));
  }

  #leftMs({ untilMs }: Waiter): number {
    return untilMs - ANSWER_MS - this.#clock.monotonic();
  }

  /** Nothing is known: a slot that moves, a failover, a connection that broke. Looked at again while there is time. */
  #again(waiter: Waiter, problem: string): void {
    this.#primaries.refresh();
    if (this.#leftMs(waiter) < RETRY_MS) return waiter.failed(indeterminate(waiter, `Redis: ${problem.slice(0, 200)}`));
    void this.#clock.sleep(RETRY_MS).then(() => this.#enter(waiter));
  }
}

/** Settled: of a failure its words. */
const answerOf = (answer: Promise<unknown>): Promise<{ problem?: string; value?: unknown }> =>
  answer.then(
    (value) => ({ value }),
    (error: unknown) => ({ problem: error instanceof Error ? error.message : String(error) }),
  );

const valueOf = (witness: Witness): string | number =>
  witness.kind === 'command' ? witness.name : witness.kind === 'there' ? witness.generation : '';

function indeterminate({ evaluationId, demand }: Waiter, problem: string): AppError {
  const required = describeDurability(demand);
  return new AppError(
    'unavailable',
    `${evaluationId}: it was written, but ${required} was not reached (${problem}); repeat the call to see it reached`,
    { reason: 'DURABILITY_NOT_REACHED', details: { indeterminate: 'true', required }, retryAfterMs: 500 },
  );
}
