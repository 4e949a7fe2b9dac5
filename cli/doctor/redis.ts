/** Redis as a coordinator needs it: reachable, new enough, durable, never evicting, on time. */
import type { RedisOptions } from 'ioredis';
import { invalid } from '../../shared/domain/errors.ts';
import { parseRedisUrl, withoutPassword } from '../../shared/runtime/redis-url.ts';
import { fault, note, ok, type Check, type Finding } from './check.ts';

const TIMEOUT_MS = 5_000;
const LEAST = [6, 2] as const;
const SKEW_MS = 2_000;
const NEARLY_FULL = 0.9;

/** url: as a coordinator takes it. */
export const redisCheck = (url: string, now: () => number): Check => ({ subject: 'Redis', run: () => examineRedis(url, now) });

/** One of the servers that a URL names: a node of a cluster, or all that there is. */
interface Server {
  name: string;
  options: RedisOptions;
  inCluster: boolean;
}

/** What to look at; throws `invalid` for what is no URL of a Redis. */
export function redisServersOf(url: string): Server[] {
  const place = parseRedisUrl(url);
  if (typeof place === 'string') throw invalid('--redis', [{ place: '', problem: place }]);
  const common: RedisOptions = {
    lazyConnect: true,
    retryStrategy: null,
    connectTimeout: TIMEOUT_MS,
    commandTimeout: TIMEOUT_MS,
    maxRetriesPerRequest: 0,
    enableReadyCheck: false,
  };
  const name = withoutPassword(url).replace('//***@', '//…@');
  if (place.kind === 'socket') return [{ name, options: { ...common, path: place.path }, inCluster: false }];
  const { username, password, tls } = place;
  const access = {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(tls ? { tls: {} } : {}),
  };
  if (place.kind === 'cluster')
    return place.nodes.map((node) => ({
      name: `${node.host}:${node.port}`,
      options: { ...common, ...access, ...node },
      inCluster: true,
    }));
  const { db } = place;
  const where: RedisOptions =
    place.kind === 'server'
      ? { host: place.host, port: place.port }
      : {
          sentinels: place.sentinels,
          name: place.name,
          sentinelRetryStrategy: () => null,
          sentinelCommandTimeout: TIMEOUT_MS,
          ...(tls ? { sentinelTLS: {}, enableTLSForSentinelMode: true } : {}),
        };
  return [{ name, options: { ...common, ...access, ...where, ...(db > 0 ? { db } : {}) }, inCluster: false }];
}

async function examineRedis(url: string, now: () => number): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const server of redisServersOf(url)) findings.push(...(await examineServer(server, now)));
  return findings;
}

async function examineServer({ name, options, inCluster }: Server, now: () => number): Promise<Finding[]> {
  const { Redis } = await import('ioredis');
  const redis = new Redis(options);
  let broken: Error | undefined;
  redis.on('error', (error: Error) => (broken = error));
  try {
    const askedAt = now();
    await redis.connect();
    const [seconds, micros] = (await redis.call('TIME')) as [string, string];
    const skewMs = Number(seconds) * 1000 + Number(micros) / 1000 - (askedAt + now()) / 2;
    const info = parseInfo(await redis.info());
    const settings = await settingsOf(redis);
    const cluster = inCluster ? clusterFindings(name, info, parseInfo(String(await redis.call('CLUSTER', 'INFO').catch(() => '')))) : [];
    if (inCluster) info.delete('role');
    return [
      ...serverFindings(name, info),
      ...cluster,
      ...durabilityFindings(settings),
      ...memoryFindings(info, settings),
      ...clockFindings(skewMs),
    ];
  } catch (error) {
    return [unreachable(name, broken ?? (error as Error))];
  } finally {
    redis.disconnect();
  }
}

function clusterFindings(name: string, info: Map<string, string>, cluster: Map<string, string>): Finding[] {
  if (info.get('cluster_enabled') !== '1')
    return [fault('Redis', `${name} is no node of a cluster`, 'write redis://… instead, or set cluster-enabled yes')];
  if (cluster.get('cluster_state') === 'ok') return [];
  return [
    fault('Redis', `${name}: the cluster is ${cluster.get('cluster_state') ?? 'in no known state'}`, 'redis-cli --cluster check HOST:PORT'),
  ];
}

const parseInfo = (text: string): Map<string, string> =>
  new Map(
    text
      .split(/\r?\n/)
      .flatMap((line): [string, string][] =>
        line.includes(':') ? [[line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]] : [],
      ),
  );

/** undefined: the server does not tell (a managed one, or an ACL). */
async function settingsOf(redis: { config(what: 'GET', ...names: string[]): Promise<unknown> }): Promise<Map<string, string> | undefined> {
  const names = ['appendonly', 'appendfsync', 'maxmemory-policy', 'maxmemory'];
  try {
    const replies = await Promise.all(names.map((own) => redis.config('GET', own)));
    return new Map(replies.map((reply, i) => [names[i]!, Array.isArray(reply) ? String(reply[1] ?? '') : '']));
  } catch {
    return undefined;
  }
}

function serverFindings(name: string, info: Map<string, string>): Finding[] {
  const version = info.get('valkey_version') ?? info.get('redis_version') ?? '0';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const findings: Finding[] = [];
  if (major < LEAST[0] || (major === LEAST[0] && minor < LEAST[1]))
    findings.push(
      fault(
        'Redis',
        `${name} is version ${version}; at least ${LEAST.join('.')} is needed`,
        'apt-get install redis-server   (or valkey-server) on its host',
      ),
    );
  else findings.push(ok('Redis', `${name}, version ${version}`));
  if (info.get('role') === 'slave')
    findings.push(
      fault(
        'Redis',
        'it is a replica, which takes no writes',
        `name the primary instead: ${info.get('master_host') ?? ''}:${info.get('master_port') ?? ''}`,
      ),
    );
  if (info.get('loading') === '1') findings.push(note('Redis', 'it is still loading its data', 'wait, then type it again'));
  if (info.get('aof_last_write_status') === 'err' || info.get('rdb_last_bgsave_status') === 'err')
    findings.push(fault('Redis', 'its last write to disk failed', "df -h on its host, and look at Redis's log"));
  return findings;
}

function durabilityFindings(settings: Map<string, string> | undefined): Finding[] {
  if (!settings)
    return [
      note(
        'Redis',
        'its settings cannot be read (CONFIG is refused)',
        'see in its console that appendonly is yes and maxmemory-policy is noeviction',
      ),
    ];
  const findings: Finding[] = [];
  if (settings.get('appendonly') !== 'yes')
    findings.push(
      fault(
        'Redis',
        'appendonly is no: after a crash all evaluations are rebuilt from the store',
        'redis-cli CONFIG SET appendonly yes   and in redis.conf: appendonly yes',
      ),
    );
  else if (settings.get('appendfsync') === 'no')
    findings.push(
      note('Redis', 'appendfsync is no: half a minute may be lost with the power', 'redis-cli CONFIG SET appendfsync everysec'),
    );
  return findings;
}

function memoryFindings(info: Map<string, string>, settings: Map<string, string> | undefined): Finding[] {
  const findings: Finding[] = [];
  const policy = settings?.get('maxmemory-policy') ?? info.get('maxmemory_policy');
  if (policy !== undefined && policy !== 'noeviction')
    findings.push(
      fault(
        'Redis',
        `maxmemory-policy is ${policy}: it may drop queues and counts at any moment`,
        'redis-cli CONFIG SET maxmemory-policy noeviction   and in redis.conf as well',
      ),
    );
  const [used, most] = [Number(info.get('used_memory') ?? 0), Number(info.get('maxmemory') ?? 0)];
  if (most > 0 && used > NEARLY_FULL * most)
    findings.push(
      fault(
        'Redis',
        `${Math.round((100 * used) / most)} % of its maxmemory is used; beyond it every write is refused`,
        `redis-cli CONFIG SET maxmemory ${Math.ceil((2 * most) / (1 << 20))}mb`,
      ),
    );
  return findings;
}

function clockFindings(skewMs: number): Finding[] {
  if (Math.abs(skewMs) < SKEW_MS) return [];
  const way = skewMs > 0 ? 'behind' : 'ahead of';
  return [
    fault(
      'clock',
      `this host is ${(Math.abs(skewMs) / 1000).toFixed(1)} s ${way} Redis's host`,
      'timedatectl set-ntp true   on both hosts',
    ),
  ];
}

function unreachable(name: string, error: Error): Finding {
  const text = error.message;
  if (/NOAUTH/.test(text))
    return fault('Redis', `${name} wants a password`, 'write it into the URL: redis://:PASSWORD@HOST:6379 (or redis://USER:PASSWORD@…)');
  if (/WRONGPASS|invalid (?:username-)?password/i.test(text))
    return fault('Redis', `${name} refuses the password`, "compare it with requirepass (or the ACL's user) on the server");
  if (/MISCONF|OOM/.test(text))
    return fault('Redis', `${name} refuses writes: ${text}`, 'redis-cli INFO persistence; redis-cli INFO memory');
  if (/ENOENT/.test(text))
    return fault('Redis', `${name}: there is no such socket`, 'start Redis, or correct the path (unixsocket in redis.conf)');
  if (/ENOTFOUND|EAI_AGAIN/.test(text))
    return fault('Redis', `${name}: the name cannot be resolved`, 'correct the host in the URL, or /etc/hosts');
  return fault(
    'Redis',
    `nothing answers at ${name} (${text})`,
    'redis-server --appendonly yes --maxmemory-policy noeviction   or correct the URL',
  );
}
