/** What people are told of Redis and of limits: what is not told is said to be so. */
import { expect, test } from 'vitest';
import { latency, memory, persistence, serverFacts, serverWords, UNKNOWN, whenFull } from '../../../../shared/client/redis-words.ts';
import { LIMIT_WORDS, limitInWords, limitLines } from '../../../../shared/domain/limit-words.ts';

const server = { address: '127.0.0.1:6379' };
const MIB = 2 ** 20;

test('a server that tells nothing', () => {
  for (const [name, { text, isBad = false }] of serverFacts(server)) expect([name, text, isBad]).toEqual([name, UNKNOWN, false]);
});

test('one that tells all', () => {
  const all = {
    ...{ ...server, kind: 'valkey', version: '8.1.1', mode: 'standalone', role: 'primary', replicas: 2 },
    ...{ usedBytes: MIB, maxBytes: 4 * MIB, policy: 'noeviction', aof: true, appendfsync: 'everysec' },
    ...{ clients: 12, maxClients: 10_000, upMs: 3 * 86_400_000, latencyUs: 310 },
  };
  expect(serverFacts(all).map(([, { text }]) => text)).toEqual([
    'valkey 8.1.1, standalone',
    'primary, 2 replicas online',
    '1.0 MiB of 4.0 MiB (25 %)',
    'noeviction: it refuses, and keeps what it has',
    'append-only file, synced every second (everysec)',
    '0.3 ms',
    '12 of 10,000',
    '3 days',
  ]);
});

test('what may be lost is marked', () => {
  expect(persistence({ ...server, aof: false }).isBad).toBe(true);
  expect(persistence({ ...server, aof: true, appendfsync: 'no' }).isBad).toBe(true);
  expect(persistence({ ...server, aof: true })).toEqual({ text: 'append-only file; when it is synced is not told' });
  expect(whenFull({ ...server, policy: 'allkeys-lru' })).toEqual({ text: 'allkeys-lru: it drops queues and counts', isBad: true });
});

test('half of it', () => {
  expect(memory({ ...server, usedBytes: MIB }).text).toBe('1.0 MiB; its bound is not told');
  expect(memory({ ...server, usedBytes: MIB, maxBytes: 0 }).text).toBe('1.0 MiB, no bound');
  expect([serverWords({ ...server, version: '7.2' }), latency({ ...server, latencyUs: 48_200 })]).toEqual(['7.2', '48 ms']);
});

test('limits in words, by their names; those of a later release come last', () => {
  const lines = limitLines({ new_ms: 5, lease_ms: 15_000, message_bytes: 4 * MIB, another: 0 });
  expect(lines.map(({ name, value }) => [name, value])).toEqual([
    ['message_bytes', '4 MiB'],
    ['lease_ms', '15 s'],
    ['another', 'no bound'],
    ['new_ms', '5 ms'],
  ]);
  expect(lines.at(-1)).toMatchObject({ part: 'others', what: '' });
  expect(limitInWords('max_pending_bytes_per_peer', 128 * MIB)).toBe('128 MiB');
  expect([limitInWords('call_ms', 60_000), limitInWords('x_ms', 7_200_000), limitInWords('x_ms', 5_000)]).toEqual(['1 min', '2 h', '5 s']);
  expect([limitInWords('x_ms', 600_000), limitInWords('x_bytes', 1.5 * MIB)]).toEqual(['10 min', '1.5 MiB']);
  expect([limitInWords('keep_log_bytes', 0), limitInWords('redis_headroom_percent', 0), limitInWords('task_hard_ms', 0)]).toEqual([
    '0 B',
    '0 %',
    'no bound',
  ]);
  for (const name of Object.keys(LIMIT_WORDS)) expect(name).toMatch(/^[a-z_]+$/);
});
