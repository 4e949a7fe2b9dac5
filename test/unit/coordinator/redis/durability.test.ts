import type { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { askDurability, durabilityFacts, unreachable, unwaited } from '../../../../coordinator/redis/durability.ts';
import { parseDurability } from '../../../../shared/domain/durability.ts';

const info = (version: string, aof: string, slaves: string[] = []): string =>
  `# Server\r\nredis_version:${version}\r\naof_enabled:${aof}\r\nrole:master\r\n${slaves.map((state, i) => `slave${i}:ip=10.0.0.${i},port=6379,state=${state},offset=1,lag=0\r\n`).join('')}`;

test('what an answer is worth by itself: what is not known counts as the weakest', () => {
  const worth = (aof: string, fsync?: string): string => unwaited(durabilityFacts(info('7.0.15', aof), fsync)).class;
  expect(worth('1', 'always')).toBe('fsynced');
  expect(worth('1', 'everysec')).toBe('buffered');
  expect(worth('1')).toBe('buffered');
  expect(worth('0', 'always')).toBe('buffered');
});

test('only replicas that are online count', () => {
  expect(durabilityFacts(info('7.2.0', '1', ['online', 'wait_bgsave', 'online']), 'everysec').replicas).toBe(2);
});

test('what the settings cannot reach, each with its reason', () => {
  const reach = (demand: string, version: string, aof: string, fsync: string | undefined, replicas: number): string | undefined =>
    unreachable(parseDurability(demand)!, durabilityFacts(info(version, aof), fsync), replicas);
  expect(reach('buffered', '6.2.0', '0', undefined, 0)).toBeUndefined();
  expect(reach('fsynced', '7.0.15', '1', 'always', 0)).toBeUndefined();
  expect(reach('fsynced', '7.0.15', '1', 'everysec', 0)).toContain(
    'no WAITAOF (since 7.2, unless it is withheld), and appendfsync is not always',
  );
  expect(reach('fsynced', '7.2.1', '1', 'everysec', 0)).toBeUndefined();
  expect(reach('fsynced', '7.2.1', '0', undefined, 0)).toContain('set appendonly yes');
  expect(reach('replicated:1', '7.0.15', '0', undefined, 0)).toContain('no replica');
  expect(reach('replicated:2', '7.0.15', '1', 'everysec', 1)).toContain('only 1 replica');
  expect(reach('replicated:2', '7.0.15', '1', 'everysec', 2)).toBeUndefined();
  expect(reach('replicated_fsynced:1', '7.0.15', '1', 'always', 1)).toContain('no WAITAOF');
  expect(reach('replicated_fsynced:1', '8.0.0', '1', 'everysec', 1)).toBeUndefined();
});

test('a version that has WAITAOF is asked whether it takes it', async () => {
  const hasWaitAof = async (version: string, waitAof: () => Promise<unknown>): Promise<boolean> => {
    const redis = { info: async () => info(version, '1'), config: async () => ['appendfsync', 'everysec'], call: waitAof };
    return (await askDurability(redis as unknown as Redis)).hasWaitAof;
  };
  const says = (text: string) => async (): Promise<never> => {
    throw new Error(text);
  };
  expect(await hasWaitAof('7.2.4', async () => [0, 0])).toBe(true);
  expect(await hasWaitAof('7.2.4', says("ERR unknown command 'WAITAOF', with args beginning with: '0' '0' '0' "))).toBe(false);
  expect(await hasWaitAof('7.2.4', says("NOPERM User default has no permissions to run the 'waitaof' command"))).toBe(false);
  expect(await hasWaitAof('7.0.15', async () => [0, 0])).toBe(false);
});
