/** Whether Redis keeps what it is given: an append-only file, and no eviction. From INFO, which managed servers answer too. */
import { invalid, type Fault } from '../../shared/domain/errors.ts';
import type { Logger } from '../../shared/telemetry/logger.ts';
import { asUnavailable } from './errors.ts';
import type { Primaries } from './primaries.ts';

/** `production`: what is unsafe is refused; `development`: it is said in the log. */
export const PROFILES = ['development', 'production'] as const;
export type Profile = (typeof PROFILES)[number];

/** What is wrong with the settings that INFO shows, each with the line that changes it. Pure. */
export function unsafeSettings(info: string): Fault[] {
  const value = (name: string): string | undefined => new RegExp(`^${name}:(.*?)\r?$`, 'm').exec(info)?.[1];
  const faults: Fault[] = [];
  if (value('aof_enabled') === '0')
    faults.push({
      place: 'appendonly',
      problem:
        'is no, so a restart of Redis forgets what was queued and counted; type: redis-cli CONFIG SET appendonly yes   and write into redis.conf: appendonly yes',
    });
  const policy = value('maxmemory_policy');
  if (policy !== undefined && policy !== 'noeviction')
    faults.push({
      place: 'maxmemory-policy',
      problem: `is ${policy}, so Redis may drop queues and counts at any moment; type: redis-cli CONFIG SET maxmemory-policy noeviction   and write into redis.conf: maxmemory-policy noeviction`,
    });
  return faults;
}

/** Throws `invalid` with all of it in the production profile. */
export async function checkRedisSafety(primaries: Primaries, profile: Profile, logger: Logger): Promise<void> {
  const infos = await Promise.all(primaries.all().map((primary) => primary.info())).catch((error: unknown) => {
    throw asUnavailable(error);
  });
  // What is wrong on several shards is said once.
  const faults = [...new Map(infos.flatMap(unsafeSettings).map((fault) => [fault.problem, fault])).values()];
  if (faults.length > 0 && profile === 'production') throw invalid('the settings of Redis, for --profile production', faults);
  for (const { place, problem } of faults) logger.warn({ setting: place }, `Redis: ${place} ${problem}`);
}
