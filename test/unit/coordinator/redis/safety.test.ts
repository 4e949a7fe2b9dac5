import { expect, test } from 'vitest';
import { redisMemory } from '../../../../coordinator/redis/memory.ts';
import { unsafeOn, unsafeSettings } from '../../../../coordinator/redis/safety.ts';

const info = (aof: string, policy: string): string =>
  `# Memory\r\nmaxmemory:0\r\nmaxmemory_policy:${policy}\r\n# Persistence\r\nloading:0\r\naof_enabled:${aof}\r\n`;

test('what is unsafe is named with the line that changes it', () => {
  expect(unsafeSettings(info('1', 'noeviction'))).toEqual([]);
  expect(unsafeSettings('# nothing that is known')).toEqual([]);
  expect(unsafeSettings(info('1', 'noeviction'), 'everysec')).toEqual([]);
  expect(unsafeSettings(info('1', 'noeviction'), 'no')).toMatchObject([
    { place: 'appendfsync', problem: expect.stringContaining('redis-cli CONFIG SET appendfsync everysec') },
  ]);
  expect(unsafeSettings(info('0', 'noeviction'), 'no').map((f) => f.place)).toEqual(['appendonly']);
  const faults = unsafeSettings(info('0', 'allkeys-lru'));
  expect(faults.map((f) => f.place)).toEqual(['appendonly', 'maxmemory-policy']);
  expect(faults[0]!.problem).toContain('redis-cli CONFIG SET appendonly yes');
  expect(faults[1]!.problem).toMatch(/is allkeys-lru.*redis-cli CONFIG SET maxmemory-policy noeviction/);
});

test('while a shard is away, nothing is said of all: neither that they are safe, nor that their memory has no bound', async () => {
  const none = { all: () => [], of: () => undefined, refresh: () => undefined };
  for (const asked of [unsafeOn(none), redisMemory(none)]) await expect(asked).rejects.toMatchObject({ code: 'unavailable' });
});
