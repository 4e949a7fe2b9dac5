/** A real Redis whose scripts are told the time, so that they can be compared with those of the simulation. */
import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

const TIME = "redis.call('TIME')";
/** Two more keys, which name nothing: seconds and microseconds. */
const GIVEN = '{ KEYS[#KEYS - 1], KEYS[#KEYS] }';

/** The connection, with scripts that take the time from `now` instead of Redis's clock. */
export function withTime(redis: Redis, now: () => number): Redis {
  const scripts: Pick<Redis, 'eval' | 'evalsha'> = {
    evalsha: () => Promise.reject(new Error('NOSCRIPT')),
    eval: async (lua: string, count: number, ...rest: string[]) => {
      const text = lua.replaceAll(TIME, GIVEN);
      const time = [String(Math.floor(now() / 1000)), String(Math.floor((now() % 1000) * 1000))];
      const args = [...rest.slice(0, count), ...time, ...rest.slice(count)];
      try {
        return await redis.evalsha(digestOf(text), count + 2, ...args);
      } catch (error) {
        if (!String(error).includes('NOSCRIPT')) throw error;
        return await redis.eval(text, count + 2, ...args);
      }
    },
  } as never;
  return new Proxy(redis, {
    get: (target, name) => {
      const own: unknown = name in scripts ? scripts[name as keyof typeof scripts] : Reflect.get(target, name);
      return typeof own === 'function' ? (own as (...args: unknown[]) => unknown).bind(target) : own;
    },
  });
}

const digests = new Map<string, string>();

function digestOf(text: string): string {
  const known = digests.get(text) ?? createHash('sha1').update(text).digest('hex');
  digests.set(text, known);
  return known;
}

/** A key's value as `RedisData.dump` gives it. */
export async function dumpOf(redis: Redis, key: string): Promise<unknown> {
  switch (await redis.type(key)) {
    case 'string':
      return (await redis.getBuffer(key))!.toString('latin1');
    case 'hash':
      return Object.fromEntries(Object.entries(await redis.hgetall(key)).toSorted(([a], [b]) => (a < b ? -1 : 1)));
    case 'set':
      return (await redis.smembers(key)).toSorted();
    case 'zset': {
      const flat = await redis.zrange(key, '0', '-1', 'WITHSCORES');
      return Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i], Number(flat[2 * i + 1])]);
    }
    case 'stream':
      return redis.xrange(key, '-', '+');
    default:
      return undefined;
  }
}
