/** The servers that take writes: one, or one for each shard of a Redis Cluster. */
import { Command, Redis, type Cluster } from 'ioredis';
import { AppError } from '../../shared/domain/errors.ts';

export interface Primaries {
  /** All that hold keys; one that is not connected is among them, and refuses what it is asked. None while a shard has no primary that is known. */
  all(): Redis[];
  /** The one that holds a key; undefined while none is known. */
  of(key: string): Redis | undefined;
  /** What is known of the shards may be out of date. */
  refresh(): void;
}

/** All of them; throws `unavailable` where one is not known: nothing can be said of the shards together. */
export function everyPrimary(primaries: Primaries): Redis[] {
  const all = primaries.all();
  if (all.length === 0)
    throw new AppError('unavailable', 'Redis: not every shard has a primary that is connected', { retryAfterMs: 1_000 });
  return all;
}

export const primariesOf = (client: Redis | Cluster): Primaries =>
  client instanceof Redis ? onePrimary(client) : clusterPrimaries(client);

export const onePrimary = (redis: Redis): Primaries => ({ all: () => [redis], of: () => redis, refresh: () => undefined });

export function clusterPrimaries(cluster: Cluster): Primaries {
  const byAddress = (): Map<string, Redis> =>
    new Map(cluster.nodes('all').map((node) => [`${node.options.host}:${node.options.port}`, node]));
  return {
    all: () => {
      const nodes = byAddress();
      const owners = [...new Set(cluster.slots.map((keys) => keys[0]!))];
      const found = owners.map((owner) => nodes.get(owner)).filter((node) => node !== undefined);
      // A shard without a connection: what holds for all cannot be said.
      return found.length === owners.length ? found : [];
    },
    of: (key) => {
      const slot = new Command('get', [key]).getSlot();
      const owner = slot === null ? undefined : cluster.slots[slot]?.[0];
      return owner === undefined ? undefined : byAddress().get(owner);
    },
    refresh: () => cluster.refreshSlotsCache(),
  };
}
