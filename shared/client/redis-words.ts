/** What is known of Redis, in words; what a server does not tell is said to be unknown. Pure. */
import type { RedisServer } from './redis-types.ts';
import { bytesInWords as bytes, count, fineDuration as duration, plural } from '../domain/words.ts';

export const UNKNOWN = 'not told';

/** Where what is accepted may be lost by it. */
export interface Said {
  text: string;
  isBad?: boolean;
}

const said = (text: string | undefined): Said => ({ text: text === undefined || text === '' ? UNKNOWN : text });
const joined = (...texts: (string | undefined)[]): string => texts.filter((text) => text !== undefined && text !== '').join(', ');

export function memory({ usedBytes, maxBytes }: RedisServer): Said {
  if (usedBytes === undefined) return said(undefined);
  if (maxBytes === undefined) return { text: `${bytes(usedBytes)}; its bound is ${UNKNOWN}` };
  if (maxBytes === 0) return { text: `${bytes(usedBytes)}, no bound` };
  return { text: `${bytes(usedBytes)} of ${bytes(maxBytes)} (${Math.round((100 * usedBytes) / maxBytes)} %)` };
}

/** What becomes of new writes where there is a bound, and it is reached. */
export function whenFull({ policy }: RedisServer): Said {
  if (policy === undefined) return said(undefined);
  return policy === 'noeviction'
    ? { text: 'noeviction: it refuses, and keeps what it has' }
    : { text: `${policy}: it drops queues and counts`, isBad: true };
}

const SYNCED: Readonly<Record<string, string>> = {
  always: 'synced before each answer',
  everysec: 'synced every second',
  no: 'synced when the system likes',
};

export function persistence({ aof, appendfsync }: RedisServer): Said {
  if (aof === undefined) return said(undefined);
  if (!aof) return { text: 'none: a restart forgets what is queued and counted', isBad: true };
  if (appendfsync === undefined) return { text: `append-only file; when it is synced is ${UNKNOWN}` };
  return { text: `append-only file, ${SYNCED[appendfsync] ?? 'synced'} (${appendfsync})`, isBad: appendfsync === 'no' };
}

export const latency = ({ latencyUs }: RedisServer): string =>
  latencyUs === undefined ? UNKNOWN : `${latencyUs < 9_950 ? (latencyUs / 1_000).toFixed(1) : count(latencyUs / 1_000)} ms`;

export const serverWords = ({ kind, version, mode }: RedisServer): string =>
  joined(joined(kind, version).replace(', ', ' '), mode) || UNKNOWN;

export function roleWords({ role, replicas }: RedisServer): Said {
  if (role === undefined) return said(undefined);
  return { text: joined(role, replicas === undefined ? '' : replicas === 0 ? 'no replica' : `${plural(replicas, 'replica')} online`) };
}

/** All that is known of one server. */
export function serverFacts(server: RedisServer): (readonly [name: string, said: Said])[] {
  const { clients, maxClients, upMs } = server;
  const most = maxClients === undefined ? '' : ` of ${count(maxClients)}`;
  return [
    ['Server', said(serverWords(server))],
    ['Role', roleWords(server)],
    ['Memory', memory(server)],
    ['When full', whenFull(server)],
    ['Persistence', persistence(server)],
    ['Answers in', said(latency(server))],
    ['Connections', said(clients === undefined ? undefined : `${count(clients)}${most}`)],
    ['Up', said(upMs === undefined ? undefined : duration(upMs))],
  ];
}
