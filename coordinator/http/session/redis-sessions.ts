/** Sessions in Redis: each coordinator finds those of the others, and a restart ends none. What Redis loses is logged in anew. */
import { createHash } from 'node:crypto';
import { AppError } from '../../../shared/domain/errors.ts';
import type { RedisClient } from '../../redis/connect.ts';
import { throwUnavailable } from '../../redis/errors.ts';
import { isSecret, nameOf, newSecret, seal, unseal, type OpenSession } from './session.ts';

export interface Sessions {
  /** `owner`: whose it is; of each there is a bounded number, and the oldest go first. */
  open(owner: string, bearer: string, expiresAtMs: number): Promise<string>;
  /** undefined: there is none, or it is over. */
  find(secret: string): Promise<OpenSession | undefined>;
  close(secret: string): Promise<void>;
}

/** So many of one owner. */
const MAX_PER_OWNER = 50;
/** What was found is believed for so long: a logout at another coordinator holds after it. */
const FRESH_MS = 1_000;
const MAX_FRESH = 10_000;

export interface RedisSessionsOptions {
  redis: RedisClient;
  keyPrefix: string;
  now: () => number;
}

export class RedisSessions implements Sessions {
  readonly #redis: RedisClient;
  readonly #keyPrefix: string;
  readonly #now: () => number;
  #lastScore = 0;
  readonly #fresh = new Map<string, { session: OpenSession; untilMs: number }>();

  constructor({ redis, keyPrefix, now }: RedisSessionsOptions) {
    this.#redis = redis;
    this.#keyPrefix = keyPrefix;
    this.#now = now;
  }

  async open(owner: string, bearer: string, expiresAtMs: number): Promise<string> {
    const secret = newSecret();
    const name = nameOf(secret);
    const lifeMs = Math.floor(expiresAtMs - this.#now());
    if (lifeMs <= 0) throw new AppError('unauthenticated', 'the token has expired');
    const list = this.#listOf(owner);
    try {
      await this.#redis.psetex(this.#keyOf(name), lifeMs, seal(secret, { bearer, expiresAtMs }));
      await this.#redis.zadd(list, String(this.#nextScore()), name);
      await this.#redis.pexpire(list, lifeMs);
      const tooMany = (await this.#redis.zcard(list)) - MAX_PER_OWNER;
      for (const old of tooMany > 0 ? await this.#redis.zrange(list, '0', String(tooMany - 1)) : []) {
        await this.#redis.del(this.#keyOf(old));
        await this.#redis.zrem(list, old);
      }
    } catch (error) {
      throwUnavailable(error);
    }
    return secret;
  }

  async find(secret: string): Promise<OpenSession | undefined> {
    if (!isSecret(secret)) return undefined;
    const name = nameOf(secret);
    const nowMs = this.#now();
    const known = this.#fresh.get(name);
    if (known && known.untilMs > nowMs) return known.session;
    this.#fresh.delete(name);
    const sealed = await this.#redis.getBuffer(this.#keyOf(name)).catch(throwUnavailable);
    const session = sealed ? unseal(secret, sealed) : undefined;
    if (!session || session.expiresAtMs <= nowMs) return undefined;
    if (this.#fresh.size >= MAX_FRESH) this.#fresh.delete(this.#fresh.keys().next().value!);
    this.#fresh.set(name, { session, untilMs: Math.min(nowMs + FRESH_MS, session.expiresAtMs) });
    return session;
  }

  async close(secret: string): Promise<void> {
    if (!isSecret(secret)) return;
    const name = nameOf(secret);
    this.#fresh.delete(name);
    await this.#redis.del(this.#keyOf(name)).catch(throwUnavailable);
  }

  /** By when they were opened; of two in one moment too. */
  #nextScore(): number {
    this.#lastScore = Math.max(this.#lastScore + 1, Math.floor(this.#now() * 1000));
    return this.#lastScore;
  }

  #keyOf(name: string): string {
    return `${this.#keyPrefix}:session:${name}`;
  }

  #listOf(owner: string): string {
    return `${this.#keyPrefix}:sessions:${createHash('sha256').update(owner).digest('hex').slice(0, 32)}`;
  }
}
