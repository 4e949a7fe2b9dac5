import { expect, test } from 'vitest';
import { parseRedisUrl, withoutPassword } from '../../../../shared/runtime/redis-url.ts';

test('one server', () => {
  expect(parseRedisUrl('redis://h')).toEqual({ kind: 'server', host: 'h', port: 6379, db: 0, tls: false });
  expect(parseRedisUrl('rediss://me:p%40ss@[::1]:7000/3')).toEqual({
    kind: 'server',
    host: '::1',
    port: 7000,
    db: 3,
    tls: true,
    username: 'me',
    password: 'p@ss',
  });
  expect(parseRedisUrl('unix:/run/redis.sock')).toEqual({ kind: 'socket', path: '/run/redis.sock' });
});

test('sentinels and clusters', () => {
  expect(parseRedisUrl('redis+sentinel://:pw@a,b:26380,[::1]/main/2')).toEqual({
    kind: 'sentinel',
    sentinels: [
      { host: 'a', port: 26_379 },
      { host: 'b', port: 26_380 },
      { host: '::1', port: 26_379 },
    ],
    name: 'main',
    db: 2,
    tls: false,
    password: 'pw',
  });
  expect(parseRedisUrl('rediss+cluster://me:x:y@a:7000, b')).toEqual({
    kind: 'cluster',
    nodes: [
      { host: 'a', port: 7000 },
      { host: 'b', port: 6379 },
    ],
    tls: true,
    username: 'me',
    password: 'x:y',
  });
});

test.each([
  ['', 'is no address of a Redis'],
  ['http://h', 'is no address of a Redis'],
  ['unix:redis.sock', 'must be absolute'],
  ['redis://h/x', 'is no number of a database'],
  ['redis+sentinel://a,b', 'says not which primary'],
  ['redis+sentinel://a,b/', 'says not which primary'],
  ['redis+sentinel://a/main/x', 'is no number of a database'],
  ['redis+sentinel://a,,b/main', '"" is no HOST or HOST:PORT'],
  ['redis+sentinel:///main', '"" is no HOST or HOST:PORT'],
  ['redis+cluster://a:0', '"a:0" is no HOST or HOST:PORT'],
  ['redis+cluster://a:99999', '"a:99999" is no HOST'],
  ['redis+cluster://a/1', 'a Redis Cluster has no databases'],
  ['redis+cluster://a b:1', '"a b:1" is no HOST'],
])('%s is refused with its reason', (url, reason) => {
  expect(parseRedisUrl(url)).toContain(reason);
});

test('a password is never shown', () => {
  const url = 'redis+cluster://me:SECRET@a:1,b:2';
  expect(withoutPassword(url)).toBe('redis+cluster://***@a:1,b:2');
  expect(parseRedisUrl('redis+cluster://me:SECRET@a:x')).not.toContain('SECRET');
  expect(parseRedisUrl('redis://:SECRET@h:x')).not.toContain('SECRET');
});
