/**
 * Lets one coordinator at a time do a piece of work that all of them find. It only saves effort: what it guards must be right
 * also when two do it at once.
 */
import { ENDED } from '../../shared/runtime/abort.ts';
import { everyMs, type Clock } from '../../shared/runtime/clock.ts';
import type { RedisClient } from '../redis/connect.ts';
import { throwUnavailable } from '../redis/errors.ts';

const HOLD_MS = 6_000;
// A first write that makes nothing larger: the next one is done also while Redis is full, for what is guarded ends work.
const TAKE = `
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('DEL', KEYS[1])
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`;
const RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0";
const EXTEND = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0";

export class SingleFlight {
  readonly #redis: RedisClient;
  readonly #prefix: string;
  readonly #owner: string;
  readonly #clock: Clock;
  readonly #own = new Set<string>();

  constructor(redis: RedisClient, prefix: string, owner: string, clock: Clock) {
    this.#clock = clock;
    this.#redis = redis;
    this.#prefix = prefix;
    this.#owner = owner;
  }

  /** Runs `work` unless it is under way here or elsewhere; returns whether it ran. */
  async run(what: string, evaluationId: string, work: () => Promise<void>): Promise<boolean> {
    const key = `${this.#prefix}:{${evaluationId}}:${what}`;
    if (this.#own.has(key)) return false;
    this.#own.add(key);
    const over = new AbortController();
    try {
      if ((await this.#redis.eval(TAKE, 1, key, this.#owner, HOLD_MS).catch(throwUnavailable)) !== 1) return false;
      void everyMs(this.#clock, HOLD_MS / 3, over.signal, () => {
        void this.#redis.eval(EXTEND, 1, key, this.#owner, HOLD_MS).catch(() => undefined);
      });
      await work();
      return true;
    } finally {
      over.abort(ENDED);
      this.#own.delete(key);
      await this.#redis.eval(RELEASE, 1, key, this.#owner).catch(() => undefined);
    }
  }
}
