import { existsSync } from 'node:fs';
import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { startRedis, type TestRedisOptions } from '../support/redis.ts';

const connect = (url: string): Redis => (url.startsWith('unix:') ? new Redis({ path: url.slice(5) }) : new Redis(url));

describe('startRedis', () => {
  it.each<[string, TestRedisOptions]>([
    ['a unix socket', {}],
    ['TCP', { tcp: true }],
  ])('on %s keeps what was fsynced over a kill -9, and removes everything at the end', async (_, options) => {
    const server = await startRedis({ ...options, appendfsync: 'always' });
    try {
      const before = connect(server.url);
      await before.set('key', 'value');
      expect(await before.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
      before.disconnect();
      const pid = server.pid();
      await server.kill9();
      await server.restart();
      expect(server.pid()).not.toBe(pid);
      const after = connect(server.url);
      expect(await after.get('key')).toBe('value');
      after.disconnect();
    } finally {
      await server.stop();
    }
    await server.stop();
    expect(existsSync(server.dir)).toBe(false);
  });

  it('says why a server does not start', async () => {
    await expect(startRedis({ args: ['--no-such-option', 'x'] })).rejects.toThrow(/did not start[^]*no-such-option/);
  });
});
