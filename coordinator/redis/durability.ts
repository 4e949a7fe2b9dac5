/** What Redis's settings make of a write, as far as it tells: its append-only file, its version, its replicas. */
import type { Redis } from 'ioredis';
import { durabilityOf, isFsynced, type Durability } from '../../shared/domain/durability.ts';
import { asUnavailable } from './errors.ts';

/** Since this version there is WAITAOF. */
const WAITAOF_SINCE = [7, 2] as const;

export interface DurabilityFacts {
  version: string;
  /** appendfsync, where Redis says so and has an append-only file; '' otherwise, which counts as the weakest. */
  appendfsync: string;
  hasAof: boolean;
  hasWaitAof: boolean;
  /** Replicas that are online now. */
  replicas: number;
}

/** From the text of INFO and the answer of CONFIG GET appendfsync, undefined where it was refused. Pure. */
export function durabilityFacts(info: string, appendfsync: string | undefined): DurabilityFacts {
  const value = (name: string): string | undefined => new RegExp(`^${name}:(.*?)\r?$`, 'm').exec(info)?.[1];
  const version = value('valkey_version') ?? value('redis_version') ?? '0';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const hasAof = value('aof_enabled') === '1';
  return {
    version,
    hasAof,
    appendfsync: hasAof ? (appendfsync ?? '') : '',
    hasWaitAof: hasAof && (major > WAITAOF_SINCE[0] || (major === WAITAOF_SINCE[0] && minor >= WAITAOF_SINCE[1])),
    replicas: [...info.matchAll(/^slave\d+:.*\bstate=online\b/gm)].length,
  };
}

/** What an answer of Redis is worth by itself: with `appendfsync always` it comes after the fsync. */
export const unwaited = ({ appendfsync }: DurabilityFacts): Durability => durabilityOf(appendfsync === 'always', 0);

/** Why waiting cannot reach a class with these settings, or undefined. `replicas`: those that Redis has at its best. */
export function unreachable(demand: Durability, facts: DurabilityFacts, replicas: number): string | undefined {
  if (isFsynced(demand) && !facts.hasAof) return 'Redis keeps no append-only file; set appendonly yes';
  if (isFsynced(demand) && (demand.replicas > 0 || facts.appendfsync !== 'always') && !facts.hasWaitAof)
    return `Redis ${facts.version} has no WAITAOF (since 7.2, unless it is withheld)${demand.replicas > 0 ? '' : ', and appendfsync is not always, as far as it says'}`;
  if (demand.replicas > replicas)
    return `Redis has ${replicas === 0 ? 'no replica' : `only ${replicas} replica${replicas > 1 ? 's' : ''}`}`;
  return undefined;
}

/** Of 7.2 and later, too, a managed server or an ACL may withhold it. This one waits for nothing. */
const takesWaitAof = (redis: Redis): Promise<boolean> =>
  redis.call('WAITAOF', 0, 0, 0).then(
    () => true,
    (error: unknown) => !/unknown command|NOPERM/i.test(String(error)),
  );

/** Asks one server. CONFIG is refused by managed servers and by ACLs: then the weaker class is assumed. */
export async function askDurability(redis: Redis): Promise<DurabilityFacts> {
  try {
    const [info, setting] = await Promise.all([redis.info(), redis.config('GET', 'appendfsync').catch(() => undefined)]);
    const facts = durabilityFacts(info, setting?.[1]);
    return { ...facts, hasWaitAof: facts.hasWaitAof && (await takesWaitAof(redis)) };
  } catch (error) {
    throw asUnavailable(error);
  }
}
