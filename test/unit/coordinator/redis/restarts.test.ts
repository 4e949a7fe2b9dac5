/** Which changes of Redis make coordinators compare their ledgers with the store. */
import type { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import type { RedisClient } from '../../../../coordinator/redis/connect.ts';
import { onePrimary } from '../../../../coordinator/redis/primaries.ts';
import { RedisRestarts } from '../../../../coordinator/redis/restarts.ts';

/** One server, of which a coordinator sees the process and the history. */
class Server {
  runId = 'process1';
  replid = 'history1';
  noted: string | null = null;
  readonly client = {
    info: async (section: string) =>
      section === 'server' ? `# Server\r\nrun_id:${this.runId}\r\n` : `# Replication\r\nrole:master\r\nmaster_replid:${this.replid}\r\n`,
    get: async () => this.noted,
    eval: async (_lua: string, _keys: number, _key: string, value: string) => {
      this.noted = value;
    },
  } as unknown as RedisClient & Redis;
}

async function looked(restarts: RedisRestarts): Promise<boolean> {
  let isOther = false;
  restarts.unsettle();
  expect(restarts.settled).toBe(false);
  await restarts.check(async () => void (isOther = true));
  expect(restarts.settled).toBe(true);
  return isOther;
}

test('another process, or the same one that was a replica meanwhile, has perhaps lost something; the same one has not', async () => {
  const server = new Server();
  const restarts = new RedisRestarts(server.client, onePrimary(server.client), 'p');
  expect(await looked(restarts), 'the first').toBe(true);
  expect(await looked(restarts), 'a connection that broke').toBe(false);
  server.runId = 'process2';
  expect(await looked(restarts), 'a restart').toBe(true);
  // It slept through a failover and the failover back.
  server.replid = 'history3';
  expect(await looked(restarts), 'back from being a replica').toBe(true);
  expect(await looked(restarts)).toBe(false);
  expect(await looked(new RedisRestarts(server.client, onePrimary(server.client), 'p')), 'a coordinator that starts').toBe(false);
});

test('what could not be done is done again', async () => {
  const server = new Server();
  const restarts = new RedisRestarts(server.client, onePrimary(server.client), 'p');
  await expect(
    restarts.check(async () => {
      throw new Error('not yet');
    }),
  ).rejects.toThrow('not yet');
  expect(restarts.settled).toBe(false);
  expect(server.noted).toBeNull();
  expect(await looked(restarts)).toBe(true);
});
