/** What a coordinator says and promises when the settings of Redis are other ones than at its start. */
import type { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { Acknowledger } from '../../../../coordinator/redis/acknowledger.ts';
import { onePrimary } from '../../../../coordinator/redis/primaries.ts';
import { SettingsWatch } from '../../../../coordinator/redis/settings-watch.ts';
import type { Profile } from '../../../../coordinator/redis/safety.ts';
import type { Logger } from '../../../../shared/telemetry/logger.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

function made(profile: Profile): {
  set: Record<'aof' | 'policy' | 'fsync', string>;
  lines: string[];
  watch: SettingsWatch;
  acknowledging: Acknowledger;
  answers: { held?: Promise<void> };
} {
  const set = { aof: '1', policy: 'noeviction', fsync: 'always' };
  const answers: { held?: Promise<void> } = {};
  const redis = {
    info: async () => {
      const info = `redis_version:7.0.15\r\naof_enabled:${set.aof}\r\nmaxmemory_policy:${set.policy}\r\n`;
      await answers.held;
      return info;
    },
    config: async () => ['appendfsync', set.fsync],
  } as unknown as Redis;
  const lines: string[] = [];
  const say = (level: string) => (_fields: object, text: string) => void lines.push(`${level} ${text}`);
  const logger = { info: () => undefined, warn: say('warn'), error: say('error') } as unknown as Logger;
  const primaries = onePrimary(redis);
  const barrier = { pass: async () => Promise.reject(new Error('nothing waits here')) };
  const acknowledging = new Acknowledger({ primaries, barrier, own: undefined, logger });
  const watch = new SettingsWatch({ primaries, profile, known: [], acknowledging, clock: new FakeClock(), logger });
  return { set, lines, watch, acknowledging, answers };
}

test('production: each change is an error once, nothing new is accepted until all is mended', async () => {
  const { set, lines, watch } = made('production');
  await watch.runOnce();
  expect(watch.refusal()).toBeUndefined();
  set.policy = 'allkeys-lru';
  await watch.runOnce();
  set.fsync = 'no';
  await watch.runOnce();
  await watch.runOnce();
  expect(lines).toEqual([
    expect.stringMatching(/^error Redis: maxmemory-policy is allkeys-lru.*CONFIG SET/),
    expect.stringMatching(/^error Redis: appendfsync is no.*CONFIG SET/),
  ]);
  expect(watch.refusal()).toMatchObject({ code: 'failed_precondition', reason: 'REDIS_UNSAFE' });
  set.fsync = 'everysec';
  await watch.runOnce();
  expect(watch.refusal()!.message).not.toContain('appendfsync');
  set.policy = 'noeviction';
  await watch.runOnce();
  expect(watch.refusal()).toBeUndefined();
  set.aof = '0';
  await watch.runOnce();
  expect(lines).toHaveLength(3);
});

test('development: it is said, and everything is accepted', async () => {
  const { set, lines, watch } = made('development');
  set.aof = '0';
  await watch.runOnce();
  expect(lines).toEqual([expect.stringMatching(/^warn Redis: appendonly is no/)]);
  expect(watch.refusal()).toBeUndefined();
});

test('an acknowledgement promises no more than what was seen of the server that answers now', async () => {
  const { set, watch, acknowledging, answers } = made('production');
  const worth = async (): Promise<string> => (await acknowledging.reach('ev', { kind: 'nothing' }, undefined)).class;
  expect(await worth()).toBe('buffered');
  await watch.runOnce();
  expect(await worth()).toBe('fsynced');
  watch.lost();
  expect(await worth(), 'unknown').toBe('buffered');
  expect(acknowledging.promised.class).toBe('buffered');
  await watch.runOnce();
  expect(await worth()).toBe('fsynced');
  // An answer of the server before, which comes late.
  let release = (): void => undefined;
  answers.held = new Promise((resolve) => (release = resolve));
  const late = watch.runOnce();
  watch.lost();
  set.fsync = 'everysec';
  release();
  await expect(late).rejects.toMatchObject({ code: 'unavailable' });
  expect(await worth()).toBe('buffered');
  delete answers.held;
  await watch.runOnce();
  expect(await worth()).toBe('buffered');
});
