/** Whether Redis keeps what it is given: an append-only file that is synced, and no eviction. From INFO, which managed servers answer too. */
import type { Redis } from 'ioredis';
import { invalid, type Fault } from '../../shared/domain/errors.ts';
import type { Logger } from '../../shared/telemetry/logger.ts';
import { throwUnavailable } from './errors.ts';
import { everyPrimary, type Primaries } from './primaries.ts';

/** `production`: what is unsafe is refused; `development`: it is said in the log. */
export const PROFILES = ['development', 'production'] as const;
export type Profile = (typeof PROFILES)[number];

/**
 * What is wrong with the settings that INFO shows, each with the line that changes it. appendfsync: as CONFIG says it, undefined where
 * that is refused. Pure.
 */
export function unsafeSettings(info: string, appendfsync?: string): Fault[] {
  const value = (name: string): string | undefined => new RegExp(`^${name}:(.*?)\r?$`, 'm').exec(info)?.[1];
  const faults: Fault[] = [];
  if (value('aof_enabled') === '0')
    faults.push({
      place: 'appendonly',
      problem:
        'is no, so a restart of Redis forgets what was queued and counted; type: redis-cli CONFIG SET appendonly yes   and write into redis.conf: appendonly yes',
    });
  else if (appendfsync === 'no')
    faults.push({
      place: 'appendfsync',
      problem:
        'is no, so a crash of its host forgets half a minute or more of what was queued and counted; type: redis-cli CONFIG SET appendfsync everysec   and write into redis.conf: appendfsync everysec',
    });
  const policy = value('maxmemory_policy');
  if (policy !== undefined && policy !== 'noeviction')
    faults.push({
      place: 'maxmemory-policy',
      problem: `is ${policy}, so Redis may drop queues and counts at any moment; type: redis-cli CONFIG SET maxmemory-policy noeviction   and write into redis.conf: maxmemory-policy noeviction`,
    });
  return faults;
}

/** Of all primaries; what is wrong on several is said once. */
export async function unsafeOn(primaries: Primaries): Promise<Fault[]> {
  const ask = async (primary: Redis): Promise<Fault[]> => {
    const [info, setting] = await Promise.all([primary.info(), primary.config('GET', 'appendfsync').catch(() => undefined)]);
    return unsafeSettings(info, setting?.[1]);
  };
  const found = await Promise.all(everyPrimary(primaries).map(ask)).catch(throwUnavailable);
  return [...new Map(found.flat().map((fault) => [fault.problem, fault])).values()];
}

/** At the start. Throws `invalid` with all of it in the production profile; otherwise it is said, and returned. */
export async function checkRedisSafety(primaries: Primaries, profile: Profile, logger: Logger): Promise<Fault[]> {
  const faults = await unsafeOn(primaries);
  if (faults.length > 0 && profile === 'production') throw invalid('the settings of Redis, for --profile production', faults);
  for (const { place, problem } of faults) logger.warn({ setting: place }, `Redis: ${place} ${problem}`);
  return faults;
}
