/** How full Redis is, from INFO, which managed servers answer too. */
import { throwUnavailable } from './errors.ts';
import { everyPrimary, type Primaries } from './primaries.ts';

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

/** Of several shards the fullest. */
export async function redisMemory(primaries: Primaries): Promise<RedisMemory | undefined> {
  const infos = await Promise.all(everyPrimary(primaries).map((primary) => primary.info('memory'))).catch(throwUnavailable);
  const shares = infos.map(memoryOf).filter((memory) => memory !== undefined);
  return shares.toSorted((a, b) => b.usedBytes / b.maxBytes - a.usedBytes / a.maxBytes)[0];
}
