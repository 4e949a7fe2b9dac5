/**
 * One Redis (under one key prefix) serves one store. Coordinators on two stores would take each other's tasks without their content, so
 * the first one writes the id of its store into Redis, and whoever works on another store is refused.
 */
import { invalid } from '../shared/domain/errors.ts';
import { withoutPassword, type RedisClient } from './redis/connect.ts';
import { throwUnavailable } from './redis/errors.ts';

/** Redis may be wiped between the two commands of a look. */
const LOOKS = 3;

export class OneStore {
  readonly #redis: RedisClient;
  readonly #key: string;
  readonly #own: { path: string; redisUrl: string };
  #refused = false;

  /** `own`: for messages, where the store of this coordinator and Redis are. */
  constructor(redis: RedisClient, prefix: string, own: { path: string; redisUrl: string }) {
    this.#redis = redis;
    this.#key = `${prefix}:store`;
    this.#own = own;
  }

  /** Whether the last look found another store: then nothing may be handed out. */
  get refused(): boolean {
    return this.#refused;
  }

  /**
   * Writes the id where there is none (at the first start, after a wipe); throws `invalid` when it is another store's. Undefined: a folder
   * that is no store yet, which must not become one where there is another.
   */
  async check(storeId: string | undefined): Promise<void> {
    const { path, redisUrl } = this.#own;
    const found = await this.#found(storeId).catch(throwUnavailable);
    this.#refused = found !== storeId;
    if (!this.#refused) return;
    const place = withoutPassword(redisUrl);
    throw invalid('coordinator configuration', [
      {
        place: 'store',
        problem:
          `${path} is ${storeId === undefined ? 'no store yet' : `the store ${storeId}`}, but the coordinators on ${place} (key "${this.#key}") work on the store ${found}; ` +
          `name theirs by --store, or take another Redis or --key-prefix; if theirs is gone for good, remove that key from Redis`,
      },
    ]);
  }

  async #found(storeId: string | undefined): Promise<string | undefined> {
    if (storeId === undefined) return (await this.#redis.get(this.#key)) ?? undefined;
    for (let look = 0; look < LOOKS; look++) {
      const there = await this.#redis.get(this.#key);
      if (there !== null) return there;
      if (await this.#redis.set(this.#key, storeId, 'NX')) return storeId;
    }
    return storeId; // it vanishes as it is looked at; the next sweep looks again
  }
}
