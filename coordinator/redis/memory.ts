/** How full Redis is, from INFO, which managed servers answer too. */
import type { Redis } from 'ioredis';
import { asUnavailable } from './errors.ts';

export interface RedisMemory {
  usedBytes: number;
  /** maxmemory. */
  maxBytes: number;
}

/** undefined where it has no bound, or does not say. Pure. */
export function memoryOf(info: string): RedisMemory | undefined {
  const value = (name: string): number => Number(new RegExp(`^${name}:(\\d+)\r?$`, 'm').exec(info)?.[1] ?? 0);
  const maxBytes = value('maxmemory');
  return maxBytes > 0 ? { usedBytes: value('used_memory'), maxBytes } : undefined;
}

export async function redisMemory(redis: Redis): Promise<RedisMemory | undefined> {
  const info = await redis.info('memory').catch((error: unknown) => {
    throw asUnavailable(error);
  });
  return memoryOf(info);
}
