/** What Redis says of itself, for people: nothing is decided by it. Managed servers withhold some of it. */
import type { Redis } from 'ioredis';
import type { RedisServer, RedisStatus } from '../../shared/client/redis-types.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { asUnavailable } from './errors.ts';
import type { Primaries } from './primaries.ts';

/** How long a look is shown. */
const FRESH_MS = 5_000;
/** And while the next one is taken: nobody waits for that, unless it is as old as this. */
const SHOWN_MS = 2 * FRESH_MS;
/** A server that has not answered by then is told as one that does not. */
const PATIENCE_MS = 1_000;
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

/** One look at all of them is shown for some seconds, to whoever asks; one server that hangs holds nobody up. */
export class RedisBoard {
  readonly #primaries: Primaries;
  readonly #clock: Clock;
  #shown: { status: RedisStatus; atMs: number } | undefined;
  #look: Promise<RedisStatus> | undefined;
  /** Servers are asked one question at a time, however long they take. */
  readonly #asked = new WeakMap<Redis, Promise<RedisServer>>();

  constructor(primaries: Primaries, clock: Clock) {
    this.#primaries = primaries;
    this.#clock = clock;
  }

  /** Never rejects: a server that does not answer is told as one. */
  show(): Promise<RedisStatus> {
    const ageMs = this.#shown ? this.#clock.monotonic() - this.#shown.atMs : Infinity;
    if (ageMs >= FRESH_MS) this.#look ??= this.#take().finally(() => (this.#look = undefined));
    return this.#look && ageMs >= SHOWN_MS ? this.#look : Promise.resolve(this.#shown!.status);
  }

  async #take(): Promise<RedisStatus> {
    const atMs = this.#clock.monotonic();
    const servers = await Promise.all(
      this.#primaries
        .all()
        .slice(0, MAX_SERVERS)
        .map((redis) => this.#within(redis)),
    );
    const status = { measuredAtMs: this.#clock.now(), servers };
    this.#shown = { status, atMs };
    return status;
  }

  async #within(redis: Redis): Promise<RedisServer> {
    const asked = this.#asked.get(redis) ?? this.#ask(redis).finally(() => this.#asked.delete(redis));
    this.#asked.set(redis, asked);
    const over = new AbortController();
    const late = this.#clock
      .sleep(PATIENCE_MS, over.signal)
      .catch(() => undefined)
      .then(() => ({ address: addressOf(redis), problem: `Redis: no answer within ${PATIENCE_MS / 1_000} s` }));
    const told = await Promise.race([asked, late]);
    over.abort();
    return told;
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
