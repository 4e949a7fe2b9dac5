/**
 * To whom agents' ids belong, in Redis: of each id one record, which goes by itself some time after it was renewed last. What Redis loses, whoever
 * comes first has anew.
 */
import { createHash } from 'node:crypto';
import type { RedisClient } from '../../redis/connect.ts';
import { throwUnavailable } from '../../redis/errors.ts';

/** Ids of one owner; those that were seen last stay, so nobody fills Redis, and nobody takes the place of others. */
export const MAX_IDS_OF_OWNER = 10_000;

export interface OwnerWish {
  agentId: string;
  /** Whose it is to be: what is written. */
  text: string;
  /** Among whose ids it counts. */
  owner: string;
  /** What may stand there, and is replaced; empty: nothing. */
  instead: string;
  keepMs: number;
}

/** Where the records are. */
export interface OwnerRecords {
  /** Writes it, or renews it. Returns what stands there where that is another one, and nothing was written. */
  put(wish: OwnerWish): Promise<string | undefined>;
}

// KEYS: the id's record; the ids of its owner, by when they were seen. ARGV[5] begins the names of all records, which are in the same slot.
// The first write makes nothing larger: the next ones are done also while Redis is full.
const PUT = `
if redis.replicate_commands then redis.replicate_commands() end
local held = redis.call('GET', KEYS[1])
if held and held ~= ARGV[1] and held ~= ARGV[2] then return held end
redis.call('DEL', KEYS[1])
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
local time = redis.call('TIME')
redis.call('ZADD', KEYS[2], tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000), ARGV[6])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
for _, id in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1 - tonumber(ARGV[4]))) do
  redis.call('ZREM', KEYS[2], id)
  if redis.call('GET', ARGV[5] .. id) == ARGV[1] then redis.call('DEL', ARGV[5] .. id) end
end
return false`;

export class RedisOwnerRecords implements OwnerRecords {
  readonly #redis: RedisClient;
  readonly #prefix: string;
  readonly #most: number;

  constructor(redis: RedisClient, keyPrefix: string, most = MAX_IDS_OF_OWNER) {
    this.#redis = redis;
    this.#prefix = `${keyPrefix}:agent-owners:{${keyPrefix}:agent-owners}`;
    this.#most = most;
  }

  async put({ agentId, text, owner, instead, keepMs }: OwnerWish): Promise<string | undefined> {
    const [records, ids] = [`${this.#prefix}:of:`, `${this.#prefix}:ids:${createHash('sha256').update(owner).digest('hex')}`];
    const args = [text, instead, keepMs, this.#most, records, agentId];
    const held = (await this.#redis.eval(PUT, 2, `${records}${agentId}`, ids, ...args).catch(throwUnavailable)) as string | null;
    return held ?? undefined;
  }
}
