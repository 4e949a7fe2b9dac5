/** What keeps a coordinator from all work: Redis or the store, as they stand now. */
import { AppError } from '../../../shared/domain/errors.ts';
import type { RedisMemory } from '../../redis/memory.ts';
import type { StoreSpace } from '../../store/store.ts';
import type { Trouble } from './facts.ts';

/** What is left of a store that takes no more results. */
const STORE_FULL_BYTES = 1 << 20;

export interface TroubleParts {
  /** undefined: it has no bound. */
  memory: () => Promise<RedisMemory | undefined>;
  store: { space(): Promise<StoreSpace> };
  /** Not while Redis may have forgotten what was acknowledged, or is another store's. */
  isOpen: () => boolean;
}

export async function troublesOf({ memory, store, isOpen }: TroubleParts): Promise<Trouble[]> {
  const [redis, space] = await Promise.allSettled([memory(), store.space()]);
  const found: Trouble[] = [];
  if (redis.status === 'rejected')
    found.push({
      code: 'redis_unavailable',
      text: 'the coordinator does not reach Redis',
      detail: AppError.from(redis.reason).message,
      remedy: 'look after Redis; everything goes on by itself then',
    });
  else if (redis.value && redis.value.usedBytes >= redis.value.maxBytes)
    found.push({
      code: 'redis_full',
      text: 'Redis is full: nothing is handed out or counted',
      remedy: 'raise maxmemory, or delete evaluations',
    });
  if (redis.status === 'fulfilled' && !isOpen())
    found.push({
      code: 'redis_unsettled',
      text: 'Redis was connected again, or belongs to another store: what it knows is compared with the store first',
      remedy: 'wait; if it stays so, see the log of the coordinator',
    });
  if (space.status === 'rejected')
    found.push({
      code: 'store_unavailable',
      text: 'the store does not answer',
      detail: AppError.from(space.reason).message,
      remedy: 'look after the store; everything goes on by itself then',
    });
  else if (space.value.freeBytes !== undefined && space.value.freeBytes < STORE_FULL_BYTES)
    found.push({
      code: 'store_full',
      text: 'the store is full: no result can be kept',
      remedy: 'delete evaluations, or make its file system larger',
    });
  return found;
}
