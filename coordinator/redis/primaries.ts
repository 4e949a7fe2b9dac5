/** The servers that take writes: one, or one for each shard of a Redis Cluster. */
import type { Redis } from 'ioredis';

export interface Primaries {
  /** All that hold keys. */
  all(): Redis[];
  /** The one that holds a key; undefined while none is known. */
  of(key: string): Redis | undefined;
  /** What is known of the shards may be out of date. */
  refresh(): void;
}

export const onePrimary = (redis: Redis): Primaries => ({ all: () => [redis], of: () => redis, refresh: () => undefined });
