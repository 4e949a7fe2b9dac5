/**
 * Where the chains of the audit log end, noted in Redis beside the store: so an end that is cut off shows even before another chain has told of it. It
 * is noted after it was written, and only helps: what Redis has lost, or never heard of, is no fault of the log.
 */
import type { Logger } from '../../shared/telemetry/logger.ts';
import { AppError } from '../../shared/domain/errors.ts';
import type { RedisClient } from '../redis/connect.ts';
import { throwUnavailable } from '../redis/errors.ts';
import { beganOf, CHAIN_MS, SLACK_MS } from './chains.ts';
import type { Head } from './entry.ts';

/** A chain lasts for a day, and the next one tells where it ended; later nobody needs it here. */
const KEPT_MS = CHAIN_MS + 2 * SLACK_MS;

export interface WitnessParts {
  redis: RedisClient;
  keyPrefix: string;
  logger: Pick<Logger, 'warn'>;
}

export class AuditWitness {
  readonly #parts: WitnessParts;
  readonly #key: string;
  #pruned = '';

  constructor(parts: WitnessParts) {
    this.#parts = parts;
    // Braces: as all keys that belong to no evaluation, in a slot of its own in a Redis Cluster.
    this.#key = `${parts.keyPrefix}:{audit}:heads`;
  }

  /** A line was written. Nobody waits for it. */
  saw(chain: string, [n, hash]: Head): void {
    const { redis, logger } = this.#parts;
    void (async () => {
      await redis.hset(this.#key, chain, `${n} ${hash}`);
      if (this.#pruned === chain) return;
      this.#pruned = chain;
      const old = (await redis.hkeys(this.#key)).filter((name) => !(beganOf(name) > beganOf(chain) - KEPT_MS));
      if (old.length > 0) await redis.hdel(this.#key, ...old);
    })().catch((error: unknown) => logger.warn({ error: AppError.from(error).message }, 'Redis does not know where the audit log ends'));
  }

  /** Where they ended when they were last heard of. */
  async heads(): Promise<Record<string, Head>> {
    const found: Record<string, Head> = {};
    for (const [chain, text] of Object.entries(await this.#parts.redis.hgetall(this.#key).catch(throwUnavailable))) {
      const [, n, hash] = /^(\d{1,15}) ([0-9a-f]{64})$/.exec(text) ?? [];
      if (hash !== undefined && Number(n) > 0) found[chain] = [Number(n), hash];
    }
    return found;
  }
}
