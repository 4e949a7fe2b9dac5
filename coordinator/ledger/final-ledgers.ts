/** Ledgers of what is final: kept for watchers who come back, and free to go whenever their room is wanted. The store answers without them. */
import type { RedisClient } from '../redis/connect.ts';
import { throwUnavailable } from '../redis/errors.ts';
import type { Ledger } from './ledger.ts';

/** Not one that is opened again in the same moment. */
const FORGET = `
local state = redis.call('HGET', KEYS[1], 'state')
if state ~= 'succeeded' and state ~= 'failed' and state ~= 'cancelled' then return 0 end
redis.call('DEL', unpack(KEYS))
return 1`;

export class FinalLedgers {
  readonly #redis: RedisClient;
  readonly #ledger: Pick<Ledger, 'keysOfAll'>;

  constructor(redis: RedisClient, ledger: Pick<Ledger, 'keysOfAll'>) {
    this.#redis = redis;
    this.#ledger = ledger;
  }

  /** What it takes in Redis, about; 0 when there is none. */
  async bytes(evaluationId: string): Promise<number> {
    const shares = await Promise.all(this.#ledger.keysOfAll(evaluationId).map((key) => this.#redis.memory('USAGE', key))).catch(
      throwUnavailable,
    );
    return shares.reduce<number>((sum, share) => sum + (share ?? 0), 0);
  }

  /** Whether it was there, and is gone. */
  async forget(evaluationId: string): Promise<boolean> {
    const keys = this.#ledger.keysOfAll(evaluationId);
    const gone = await this.#redis.eval(FORGET, keys.length, ...keys).catch(throwUnavailable);
    return gone === 1;
  }
}
