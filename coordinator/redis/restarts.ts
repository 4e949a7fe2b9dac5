/** Whether Redis is still the one that coordinators last worked with. */
import type { Redis } from 'ioredis';
import { asUnavailable } from './errors.ts';

/**
 * Notices that Redis is another process than the one that coordinators last worked with: it may have lost its last second (AOF
 * everysec, a failover), so ledgers must be compared with the store. Which one it was stands in Redis itself, so that also a
 * coordinator that was started after the loss finds out. A wipe without a restart is found by the sweep instead.
 */
export class RedisRestarts {
  readonly #redis: Redis;
  readonly #key: string;
  #runId: string | undefined;
  #breaks = 0;
  #settled = false;

  constructor(redis: Redis, prefix: string) {
    this.#redis = redis;
    this.#key = `${prefix}:run_id`;
    redis.on('close', () => {
      this.#breaks++;
      this.#settled = false;
    });
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
      const runId = /run_id:(\w+)/.exec(await this.#redis.info('server'))?.[1] ?? '';
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
}
