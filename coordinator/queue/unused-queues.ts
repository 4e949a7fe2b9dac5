/**
 * What a queue leaves in Redis when nobody needs its route any more: a few small keys, for ever. They go only while the queue holds no job,
 * in one step, so a job that is added meanwhile is safe. A coordinator that has the queue open then goes on without its settings: its
 * stream of events, which nobody reads, may grow to some thousand entries until the route is over again.
 */
import type { RedisClient } from '../redis/connect.ts';
import { primariesOf } from '../redis/primaries.ts';

const WITH_JOBS = ['wait', 'active', 'paused', 'prioritized', 'delayed', 'waiting-children', 'completed', 'failed'];
const WITHOUT = ['meta', 'events', 'marker', 'pc', 'id', 'stalled', 'stalled-check', 'limiter', 'repeat', 'de'];
const REMOVE = `
for i = 1, ${WITH_JOBS.length} do if redis.call('EXISTS', KEYS[i]) == 1 then return 0 end end
local found = 0
for i = ${WITH_JOBS.length + 1}, #KEYS do found = found + redis.call(ARGV[1], KEYS[i]) end
return found`;
const SCANNED = 1_000;

/** Removes what is left of a queue that holds no job; or only looks. Returns whether there was something to remove. */
export async function removeQueue(redis: RedisClient, prefix: string, routeId: string, dryRun = false): Promise<boolean> {
  const keys = [...WITH_JOBS, ...WITHOUT].map((name) => `${prefix}:{${routeId}}:${name}`);
  return ((await redis.eval(REMOVE, keys.length, ...keys, dryRun ? 'EXISTS' : 'DEL')) as number) > 0;
}

/** The same for every queue of Redis whose route is not needed; returns how many there were. */
export async function removeUnused(
  redis: RedisClient,
  prefix: string,
  isNeeded: (routeId: string) => boolean,
  dryRun: boolean,
): Promise<number> {
  let removed = 0;
  const counted = new Set<string>();
  for await (const routeId of routesIn(redis, prefix)) {
    if (isNeeded(routeId) || counted.has(routeId) || !(await removeQueue(redis, prefix, routeId, dryRun))) continue;
    counted.add(routeId);
    removed++;
  }
  return removed;
}

/** Routes that have a queue in Redis; one may come several times. */
export async function* routesIn(redis: RedisClient, prefix: string): AsyncGenerator<string, void, undefined> {
  const pattern = new RegExp(`^${prefix.replaceAll('.', String.raw`\.`)}:\\{(r_[A-Za-z0-9]+)\\}:`);
  // Each primary of a cluster has keys of its own.
  for (const node of primariesOf(redis).all()) {
    let cursor = '0';
    do {
      const [next, keys] = await node.scan(cursor, 'MATCH', `${prefix}:{r_*}:*`, 'COUNT', SCANNED);
      yield* new Set(keys.flatMap((key) => pattern.exec(key)?.[1] ?? []));
      cursor = next;
    } while (cursor !== '0');
  }
}
