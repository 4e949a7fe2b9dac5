/**
 * Where Redis is, as people write it:
 *
 *   redis://[user:password@]host[:port][/db], rediss://…, unix:/path       one server, or whatever stands behind that address
 *   redis+sentinel://[user:password@]host[:port],host…/NAME[/db]            the primary that these sentinels know by this name
 *   redis+cluster://[user:password@]host[:port],host…                       a Redis Cluster, by some of its nodes
 *
 * With `rediss+` TLS is spoken, also to sentinels. User and password are those of Redis; sentinels are asked without.
 */
export interface HostPort {
  host: string;
  port: number;
}

interface Credentials {
  username?: string;
  password?: string;
}

export type RedisPlace =
  | ({ kind: 'server'; host: string; port: number; db: number; tls: boolean } & Credentials)
  | { kind: 'socket'; path: string }
  | ({ kind: 'sentinel'; sentinels: HostPort[]; name: string; db: number; tls: boolean } & Credentials)
  | ({ kind: 'cluster'; nodes: HostPort[]; tls: boolean } & Credentials);

/** For messages. */
export const REDIS_FORMS =
  'redis://HOST:PORT, rediss://…, unix:/path, redis+sentinel://HOST:26379,HOST…/NAME or redis+cluster://HOST:PORT,HOST:PORT…';
const MAX_NODES = 64;

/** The place, or what is wrong with it in words. Never quotes a password. */
export function parseRedisUrl(url: string): RedisPlace | string {
  if (url.startsWith('unix:'))
    return url.startsWith('unix:/')
      ? { kind: 'socket', path: url.slice('unix:'.length) }
      : 'the path of a unix socket must be absolute; write unix:/path';
  const several = /^(rediss?)\+(sentinel|cluster):\/\/(?:([^@]*)@)?([^/@]*)(?:\/(.*))?$/.exec(url);
  if (!several) return serverOf(url);
  const [, scheme, kind, userInfo, list = '', path = ''] = several;
  const nodes = list.split(',').map((text) => hostPortOf(text.trim(), kind === 'sentinel' ? 26_379 : 6_379));
  const wrong = nodes.findIndex((node) => node === undefined);
  if (wrong >= 0) return `${JSON.stringify(list.split(',')[wrong]!.slice(0, 80))} is no HOST or HOST:PORT; separate several by commas`;
  if (nodes.length > MAX_NODES) return `names ${nodes.length} hosts; ${MAX_NODES} at most`;
  const common = { ...credentialsOf(userInfo), tls: scheme === 'rediss' };
  if (kind === 'cluster') {
    if (path !== '' && path !== '0') return `a Redis Cluster has no databases; leave out /${path.slice(0, 40)}`;
    return { kind, nodes: nodes as HostPort[], ...common };
  }
  const [name = '', db = '', ...rest] = path.split('/');
  if (name === '' || rest.length > 0)
    return 'says not which primary; write redis+sentinel://HOST:26379,HOST…/NAME, with the name that sentinels know it by';
  const number = databaseOf(db);
  return number === undefined
    ? noDatabase(db)
    : { kind: 'sentinel', sentinels: nodes as HostPort[], name: decode(name), db: number, ...common };
}

/** Whether a host is this machine. */
export const isLoopbackName = (host: string): boolean => host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);

/** Whether a Host header names this machine alone. */
export function isLoopbackHost(header: string | undefined): boolean {
  const name = /^(\[[0-9a-f:.]+\]|[^:[\]/@\s]+)(?::\d{1,5})?$/i.exec(header ?? '')?.[1]?.toLowerCase();
  return name !== undefined && isLoopbackName(name.replace(/^\[|\]$/g, ''));
}

export const withoutPassword = (url: string): string => url.replace(/\/\/[^@/]*@/, '//***@');

function serverOf(url: string): RedisPlace | string {
  const parsed = URL.parse(url);
  if (!parsed || !/^rediss?:$/.test(parsed.protocol) || parsed.hostname === '')
    return `${JSON.stringify(withoutPassword(url).slice(0, 200))} is no address of a Redis; write ${REDIS_FORMS}`;
  const { hostname, port, username, password, pathname, protocol } = parsed;
  const db = databaseOf(pathname.slice(1));
  if (db === undefined) return noDatabase(pathname.slice(1));
  return {
    kind: 'server',
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(port || 6_379),
    db,
    tls: protocol === 'rediss:',
    ...(username ? { username: decode(username) } : {}),
    ...(password ? { password: decode(password) } : {}),
  };
}

function hostPortOf(text: string, port: number): HostPort | undefined {
  const [, host, own] = /^(\[[0-9a-fA-F:.]+\]|[^\s:[\]/@]+)(?::(\d{1,5}))?$/.exec(text) ?? [];
  const number = own === undefined ? port : Number(own);
  return host === undefined || number < 1 || number > 65_535 ? undefined : { host: host.replace(/^\[(.*)\]$/, '$1'), port: number };
}

function credentialsOf(userInfo: string | undefined): Credentials {
  const [username = '', ...password] = (userInfo ?? '').split(':');
  return {
    ...(username ? { username: decode(username) } : {}),
    ...(password.length > 0 ? { password: decode(password.join(':')) } : {}),
  };
}

const databaseOf = (text: string): number | undefined => (/^\d{0,5}$/.test(text) ? Number(text || 0) : undefined);
const noDatabase = (text: string): string =>
  `${JSON.stringify(text.slice(0, 40))} is no number of a database; write redis://HOST:PORT, or redis://HOST:PORT/0`;

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
