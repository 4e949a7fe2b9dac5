/** What Redis says of itself, by INFO; what it does not say is not made up. */
import type { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { RedisBoard, serverOf } from '../../../../coordinator/redis/status.ts';
import { systemClock } from '../../../../shared/runtime/clock.ts';

const INFO = [
  '# Server\r\nredis_version:7.0.15\r\nredis_mode:standalone\r\nuptime_in_seconds:120\r\n',
  '# Clients\r\nconnected_clients:4\r\nmaxclients:10000\r\n',
  '# Memory\r\nused_memory:916880\r\nmaxmemory:0\r\nmaxmemory_policy:noeviction\r\n',
  '# Persistence\r\naof_enabled:1\r\n',
  '# Replication\r\nrole:master\r\nslave0:ip=10.0.0.1,port=6379,state=online,offset=1,lag=0\r\nslave1:ip=10.0.0.2,port=6379,state=wait_bgsave\r\n',
].join('\r\n');

const said = {
  ...{ kind: 'redis', version: '7.0.15', mode: 'standalone', role: 'primary', replicas: 1, usedBytes: 916_880, maxBytes: 0 },
  ...{ policy: 'noeviction', aof: true, appendfsync: 'everysec', clients: 4, maxClients: 10_000, upMs: 120_000 },
};

test('redis, valkey, and one that says next to nothing', () => {
  expect(serverOf(INFO, 'everysec')).toEqual(said);
  const { appendfsync: _, ...withheld } = said;
  expect(serverOf(INFO, undefined)).toEqual(withheld);
  expect(serverOf('redis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:8.1.1\r\nserver_mode:cluster\r\n', undefined)).toEqual({
    ...{ kind: 'valkey', version: '8.1.1', mode: 'cluster' },
  });
  expect(serverOf('aof_enabled:0\r\nrole:slave\r\n', 'always')).toEqual({ role: 'replica', replicas: 0, aof: false });
  expect(serverOf('', undefined)).toEqual({});
});

const server = (more: object): Redis =>
  ({
    options: { host: '127.0.0.1', port: 6379, password: 'secret' },
    ping: async () => 'PONG',
    info: async () => INFO,
    config: async () => ['appendfsync', 'everysec'],
    ...more,
  }) as unknown as Redis;

test('a look is shown for some seconds; one that does not answer, or says little, is told as one', async () => {
  let looks = 0;
  const servers = [
    server({ ping: async () => void looks++ }),
    server({ options: { host: '::1', port: 7000 }, config: () => Promise.reject(new Error('NOPERM')) }),
    server({ options: { path: '/run/redis.sock' }, ping: () => Promise.reject(new Error("Stream isn't writeable and so on")) }),
  ];
  let nowMs = 0;
  const board = new RedisBoard(
    { all: () => servers, of: () => undefined, refresh: () => undefined },
    { ...systemClock, monotonic: () => nowMs },
  );
  const { servers: told } = await board.show();
  expect(told[0]).toEqual({ address: '127.0.0.1:6379', ...said, latencyUs: 0 });
  expect(told[1]).toMatchObject({ address: '[::1]:7000', version: '7.0.15' });
  expect(told[1]).not.toHaveProperty('appendfsync');
  expect(told[2]).toEqual({ address: '/run/redis.sock', problem: 'Redis: there is no connection to it for the moment' });
  expect(JSON.stringify(told)).not.toContain('secret');
  nowMs = 4_999;
  await board.show();
  expect(looks).toBe(1);
  nowMs = 5_000;
  await board.show();
  expect(looks).toBe(2);
});

test('one that hangs is told as one after a second and asked no second time; a page never waits for more than its first look', async () => {
  let [pings, nowMs] = [0, 0];
  let answer = (): void => undefined;
  const hanging = server({ ping: () => new Promise<void>((resolve) => (answer = resolve) && pings++) });
  const healthy = server({ options: { host: '127.0.0.2', port: 6379 } });
  const alarms: { ms: number; ring: () => void }[] = [];
  const sleep = (ms: number): Promise<void> => new Promise((ring) => alarms.push({ ms, ring }));
  const board = new RedisBoard(
    { all: () => [hanging, healthy], of: () => undefined, refresh: () => undefined },
    { ...systemClock, monotonic: () => nowMs, sleep },
  );
  const first = board.show();
  expect(alarms.map(({ ms }) => ms)).toEqual([1_000, 1_000]);
  alarms[0]!.ring();
  const told = await first;
  expect(told.servers).toEqual([
    { address: '127.0.0.1:6379', problem: 'Redis: no answer within 1 s' },
    { address: '127.0.0.2:6379', ...said, latencyUs: 0 },
  ]);
  nowMs = 5_000;
  expect(await board.show()).toBe(told);
  expect(await board.show()).toBe(told);
  expect([pings, alarms.length]).toEqual([1, 4]);
  answer();
  await expect.poll(async () => (await board.show()).servers[0]).toMatchObject({ version: '7.0.15' });
  expect(pings).toBe(1);
  nowMs = 15_000;
  const next = board.show();
  answer();
  expect((await next).servers).toHaveLength(2);
  expect(pings).toBe(2);
});
