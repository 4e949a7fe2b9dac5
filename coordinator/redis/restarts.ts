/** Whether Redis is still the one that coordinators last worked with. */
import type { RedisClient } from './connect.ts';
import type { Primaries } from './primaries.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { asUnavailable } from './errors.ts';

/**
 * Notices that Redis is another process than the one that coordinators last worked with: it may have lost its last second (AOF
 * everysec, a failover; of a cluster, one of its shards), so ledgers must be compared with the store. Which one it was stands in Redis itself, so that also a
 * coordinator that was started after the loss finds out. A wipe without a restart is found by the sweep instead.
 */
export class RedisRestarts {
  readonly #redis: RedisClient;
  readonly #primaries: Primaries;
  readonly #key: string;
  #runId: string | undefined;
  #breaks = 0;
  #settled = false;

  constructor(redis: RedisClient, primaries: Primaries, prefix: string) {
    this.#redis = redis;
    this.#primaries = primaries;
    this.#key = `${prefix}:run_id`;
  }

  /** A connection broke, or the slots of a cluster have other owners: nothing is settled until `check` has looked again. */
  unsettle(): void {
    this.#breaks++;
    this.#settled = false;
  }

  /** Whether `check` has looked since the connection was made. Until then Redis may have forgotten what was acknowledged. */
  get settled(): boolean {
    return this.#settled;
  }

  /** `onRestart` returns when no ledger that may have lost something gives out work any more; it is repeated if it fails. */
  async check(onRestart: () => Promise<void>): Promise<void> {
    if (this.#settled) return;
    const breaks = this.#breaks;
    try {
      const runId = await this.#runIds();
      if (runId !== (this.#runId ?? (await this.#redis.get(this.#key)))) {
        await onRestart();
        await this.#redis.set(this.#key, runId);
      }
      this.#runId = runId;
    } catch (error) {
      throw asUnavailable(error);
    }
    this.#settled = breaks === this.#breaks;
  }

  /** Of all primaries: one of another process may have lost what its shard was given last. */
  async #runIds(): Promise<string> {
    const primaries = this.#primaries.all();
    if (primaries.length === 0) throw new AppError('unavailable', 'Redis: not every shard has a primary that is connected');
    const infos = await Promise.all(primaries.map((primary) => primary.info('server')));
    return infos
      .map((info) => /run_id:(\w+)/.exec(info)?.[1] ?? '')
      .toSorted()
      .join(' ');
  }
}
