/** What is said of Redis, between wire and `redis-types.ts`. */
import type { RedisServer as WireServer, RedisServer__Output } from '../rpc/gen/assay/v1/RedisServer.ts';
import type { RedisStatus as WireStatus, RedisStatus__Output } from '../rpc/gen/assay/v1/RedisStatus.ts';
import { int64, toInt64 } from './codec-words.ts';
import type { RedisServer, RedisStatus } from './redis-types.ts';

const BIG = ['usedBytes', 'maxBytes', 'upMs', 'latencyUs'] as const;
const SMALL = ['replicas', 'clients', 'maxClients'] as const;
const TEXTS = ['problem', 'kind', 'version', 'mode', 'role', 'policy', 'appendfsync'] as const;

const serverToWire = (server: RedisServer): WireServer => ({
  ...server,
  ...Object.fromEntries(BIG.flatMap((name) => (server[name] === undefined ? [] : [[name, toInt64(server[name])]]))),
});

/** What is not known is left out: an empty text, a number that is not there. */
const serverFromWire = (wire: RedisServer__Output): RedisServer => ({
  address: wire.address,
  ...Object.fromEntries(TEXTS.flatMap((name) => (wire[name] === '' ? [] : [[name, wire[name]]]))),
  ...Object.fromEntries(SMALL.flatMap((name) => (wire[name] === undefined ? [] : [[name, wire[name]]]))),
  ...Object.fromEntries(BIG.flatMap((name) => (wire[name] === undefined ? [] : [[name, int64(wire[name])]]))),
  ...(wire.aof === undefined ? {} : { aof: wire.aof }),
});

export const redisToWire = ({ measuredAtMs, servers }: RedisStatus): WireStatus => ({
  measuredAtMs: toInt64(measuredAtMs),
  servers: servers.map(serverToWire),
});

export const redisFromWire = (wire: RedisStatus__Output): RedisStatus => ({
  measuredAtMs: int64(wire.measuredAtMs),
  servers: wire.servers.map(serverFromWire),
});
