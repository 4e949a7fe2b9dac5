/** What Redis says of itself, for people: nothing is decided by it. Managed servers withhold some of it. */
import type { Redis } from 'ioredis';
import type { RedisServer, RedisStatus } from '../../shared/client/redis-types.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { asUnavailable } from './errors.ts';
import type { Primaries } from './primaries.ts';

/** How long a look is shown. */
const FRESH_MS = 5_000;
/** Servers that are told of. */
const MAX_SERVERS = 100;

/** From the text of INFO, and appendfsync as CONFIG says it, undefined where that was refused. Pure. */
export function serverOf(info: string, appendfsync: string | undefined): Omit<RedisServer, 'address'> {
  const text = (name: string): string | undefined => new RegExp(`^${name}:(.+?)\r?$`, 'm').exec(info)?.[1];
  const number = (name: string): number | undefined => {
    const found = text(name);
    return found !== undefined && /^\d+$/.test(found) ? Number(found) : undefined;
  };
  const role = text('role');
  const seconds = number('uptime_in_seconds');
  const valkey = text('valkey_version');
  const aof = text('aof_enabled');
  const facts = {
    kind: text('server_name') ?? (valkey === undefined ? text('redis_version') && 'redis' : 'valkey'),
    version: valkey ?? text('redis_version'),
    mode: text('server_mode') ?? text('redis_mode'),
    role: role === 'master' ? 'primary' : role === 'slave' ? 'replica' : role,
    replicas: role === undefined ? undefined : [...info.matchAll(/^slave\d+:.*\bstate=online\b/gm)].length,
    usedBytes: number('used_memory'),
    maxBytes: number('maxmemory'),
    policy: text('maxmemory_policy'),
    aof: aof === undefined ? undefined : aof === '1',
    appendfsync: aof === '0' ? undefined : appendfsync,
    clients: number('connected_clients'),
    maxClients: number('maxclients'),
    upMs: seconds === undefined ? undefined : seconds * 1_000,
  };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

/** One look at all of them is shown for some seconds, to whoever asks. */
export class RedisBoard {
  readonly #primaries: Primaries;
  readonly #clock: Clock;
  #shown: { status: Promise<RedisStatus>; untilMs: number } | undefined;

  constructor(primaries: Primaries, clock: Clock) {
    this.#primaries = primaries;
    this.#clock = clock;
  }

  /** Never rejects: a server that does not answer is told as one. */
  show(): Promise<RedisStatus> {
    const now = this.#clock.monotonic();
    if (!this.#shown || this.#shown.untilMs <= now) this.#shown = { status: this.#look(), untilMs: now + FRESH_MS };
    return this.#shown.status;
  }

  async #look(): Promise<RedisStatus> {
    const servers = await Promise.all(
      this.#primaries
        .all()
        .slice(0, MAX_SERVERS)
        .map((redis) => this.#ask(redis)),
    );
    return { measuredAtMs: this.#clock.now(), servers };
  }

  async #ask(redis: Redis): Promise<RedisServer> {
    const address = addressOf(redis);
    try {
      const beginMs = this.#clock.monotonic();
      await redis.ping();
      const latencyUs = Math.round((this.#clock.monotonic() - beginMs) * 1_000);
      const [info, setting] = await Promise.all([redis.info(), redis.config('GET', 'appendfsync').catch(() => undefined)]);
      return { address, ...serverOf(info, setting?.[1]), latencyUs };
    } catch (error) {
      const { outward, message } = asUnavailable(error);
      return { address, problem: outward ?? message };
    }
  }
}

/** Without what proves anything. */
const addressOf = ({ options: { path, host = '', port = 6379 } }: Redis): string =>
  path ?? `${host.includes(':') ? `[${host}]` : host}:${port}`;
