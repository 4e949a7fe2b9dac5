/**
 * What goes on and what is still to be told, in Redis: one record for all coordinators, so that each incident is told once. Every change names what it
 * was made of, and is made only if that still stands; what is to be told is written in the same step.
 */
import type { RedisClient } from '../redis/connect.ts';
import { throwUnavailable } from '../redis/errors.ts';
import type { IncidentEvent } from '../../shared/client/event-types.ts';
import type { Ongoing } from './incident.ts';
import type { Message } from './message.ts';

/** Messages that wait, whatever [shares](./shares.ts) allow. */
const MAX_MESSAGES = 20_000;
/** Events that are kept. What is more costs whoever has the most of them their oldest one, so nobody loses theirs to the many of another one. */
export const MAX_EVENTS = 2_000;

// KEYS: its holder. ARGV: who asks, for how long. One without channels, whose name begins with a dash, gives way to one that has some.
const LEAD = `
local holder = redis.call('GET', KEYS[1])
local gives_way = holder and string.sub(holder, 1, 1) == '-' and string.sub(ARGV[1], 1, 1) ~= '-'
if holder and holder ~= ARGV[1] and not gives_way then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`;
const LEAVE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0";
// Events by their number, each its namespace and its id; and their texts.
const NOTE = `
local function namespace_of(event) return string.sub(event, 1, (string.find(event, '\\n', 1, true) or 1) - 1) end
local function oldest_of_most(events)
  local all, numbers, most = redis.call('ZRANGE', events, 0, -1), {}, 0
  for _, event in ipairs(all) do
    local namespace = namespace_of(event)
    numbers[namespace] = (numbers[namespace] or 0) + 1
    most = math.max(most, numbers[namespace])
  end
  for _, event in ipairs(all) do
    if numbers[namespace_of(event)] == most then return event end
  end
end
local function note(events, texts, namespace, id, text, room)
  if id == '' then return end
  local event, last = namespace .. '\\n' .. id, redis.call('ZREVRANGE', events, 0, 0, 'WITHSCORES')
  redis.call('ZADD', events, (last[2] or 0) + 1, event)
  redis.call('HSET', texts, event, text)
  while redis.call('ZCARD', events) > tonumber(room) do
    local oldest = oldest_of_most(events)
    redis.call('ZREM', events, oldest)
    redis.call('HDEL', texts, oldest)
  end
end`;
// KEYS: ongoing, messages, events, their texts. ARGV: key, what is known of it, what becomes of it (empty: nothing), most messages; namespace, id
// (empty: there is none) and text of the event, most events; then id and text of each message.
const APPLY = `${NOTE}
if (redis.call('HGET', KEYS[1], ARGV[1]) or '') ~= ARGV[2] then return 0 end
if #ARGV > 8 and redis.call('HLEN', KEYS[2]) + (#ARGV - 8) / 2 > tonumber(ARGV[4]) then return -1 end
if ARGV[3] == '' then redis.call('HDEL', KEYS[1], ARGV[1]) else redis.call('HSET', KEYS[1], ARGV[1], ARGV[3]) end
for i = 9, #ARGV, 2 do redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1]) end
note(KEYS[3], KEYS[4], ARGV[5], ARGV[6], ARGV[7], ARGV[8])
return 1`;
// KEYS: told, messages, events, their texts. ARGV: key, time, most messages; then as above.
const TELL_ONCE = `${NOTE}
if redis.call('ZSCORE', KEYS[1], ARGV[1]) then return 0 end
if #ARGV > 7 and redis.call('HLEN', KEYS[2]) + (#ARGV - 7) / 2 > tonumber(ARGV[3]) then return -1 end
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
for i = 8, #ARGV, 2 do redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1]) end
note(KEYS[3], KEYS[4], ARGV[4], ARGV[5], ARGV[6], ARGV[7])
return 1`;
// KEYS: messages, how many the channel was sent in this minute. ARGV: id, text as it is known, text from now on, most in a minute.
const CLAIM = `
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
if tonumber(redis.call('GET', KEYS[2]) or '0') >= tonumber(ARGV[4]) then return -1 end
redis.call('INCR', KEYS[2])
redis.call('PEXPIRE', KEYS[2], 120000)
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1`;

/** applied; lost: another coordinator has changed it; full: too much waits. */
export type Applied = 'applied' | 'lost' | 'full';
const APPLIED: Readonly<Record<string, Applied>> = { '1': 'applied', '0': 'lost', '-1': 'full' };

/** Something with the text that stands in Redis. */
export interface Stored<T> {
  value: T;
  text: string;
}

export class AlertBook {
  readonly #redis: RedisClient;
  readonly #owner: string;
  readonly #keys: Record<'leader' | 'ongoing' | 'messages' | 'told' | 'since' | 'rate' | 'events' | 'texts', string>;

  /** `owner`: its name begins with a dash where it has no channels. */
  constructor(redis: RedisClient, keyPrefix: string, owner: string) {
    this.#redis = redis;
    this.#owner = owner;
    // Braces: all lie in one slot of a Redis Cluster.
    const key = (name: string): string => `${keyPrefix}:{alerts}:${name}`;
    this.#keys = {
      ...{ leader: key('leader'), ongoing: key('ongoing'), messages: key('messages') },
      ...{ told: key('told'), since: key('since'), rate: key('rate') },
      ...{ events: key('events'), texts: key('event-texts') },
    };
  }

  /** Whether this coordinator is the one that looks, for so long at most. It only saves effort, and keeps two views from taking turns. */
  async lead(forMs: number): Promise<boolean> {
    return (await this.#eval(LEAD, [this.#keys.leader], this.#owner, forMs)) === 1;
  }

  async leave(): Promise<void> {
    await this.#eval(LEAVE, [this.#keys.leader], this.#owner);
  }

  /** Since when alerts are told: what was over before is not. */
  async since(nowMs: number): Promise<number> {
    await this.#redis.setnx(this.#keys.since, nowMs).catch(throwUnavailable);
    return Number(await this.#redis.get(this.#keys.since).catch(throwUnavailable)) || nowMs;
  }

  async ongoing(): Promise<Map<string, Stored<Ongoing>>> {
    return this.#all<Ongoing>(this.#keys.ongoing);
  }

  async messages(): Promise<Stored<Message>[]> {
    return [...(await this.#all<Message>(this.#keys.messages)).values()];
  }

  async apply(key: string, known: Stored<Ongoing> | undefined, next: Ongoing | undefined, told: Tellings): Promise<Applied> {
    const { ongoing, messages, events, texts } = this.#keys;
    const text = next ? JSON.stringify(next) : '';
    const args = [key, known?.text ?? '', text, MAX_MESSAGES, ...rowsOf(told)];
    return APPLIED[String(await this.#eval(APPLY, [ongoing, messages, events, texts], ...args))]!;
  }

  /** Of what has no end. */
  async tellOnce(key: string, nowMs: number, told: Tellings): Promise<Applied> {
    const { told: known, messages, events, texts } = this.#keys;
    const args = [key, nowMs, MAX_MESSAGES, ...rowsOf(told)];
    return APPLIED[String(await this.#eval(TELL_ONCE, [known, messages, events, texts], ...args))]!;
  }

  /** Events below a place, or from the newest one on, from the newest to the oldest; those of other namespaces are passed over, and undefined. */
  async events(
    below: number | undefined,
    most: number,
    isMeant: (namespace: string) => boolean,
  ): Promise<{ place: number; event: IncidentEvent | undefined }[]> {
    const { events, texts } = this.#keys;
    const from = below === undefined ? '+inf' : `(${below}`;
    const found = await this.#redis.zrevrangebyscore(events, from, '-inf', 'WITHSCORES', 'LIMIT', 0, most).catch(throwUnavailable);
    const places = Array.from({ length: found.length / 2 }, (_, i) => ({ event: found[2 * i]!, place: Number(found[2 * i + 1]) }));
    const meant = places.map(({ event }) => event).filter((event) => isMeant(event.slice(0, Math.max(0, event.indexOf('\n')))));
    const read = meant.length > 0 ? await this.#redis.hmget(texts, ...meant).catch(throwUnavailable) : [];
    const known = new Map(meant.map((event, i) => [event, readEvent(read[i])]));
    return places.map(({ event, place }) => ({ place, event: known.get(event) }));
  }

  /** Which of these were told. */
  async told(keys: readonly string[]): Promise<Set<string>> {
    const scores = await Promise.all(keys.map((key) => this.#redis.zscore(this.#keys.told, key))).catch(throwUnavailable);
    return new Set(keys.filter((_, i) => scores[i] !== null));
  }

  async forgetTold(beforeMs: number): Promise<void> {
    await this.#redis.zremrangebyscore(this.#keys.told, '-inf', beforeMs).catch(throwUnavailable);
  }

  /** Takes a message for one try; lost: another one has it; full: the channel has had as many as it may in this minute. */
  async claim(message: Stored<Message>, next: Message, perMinute: number, nowMs: number): Promise<Applied> {
    const rate = `${this.#keys.rate}:${next.channel}:${Math.floor(nowMs / 60_000)}`;
    const args = [next.id, message.text, JSON.stringify(next), perMinute];
    return APPLIED[String(await this.#eval(CLAIM, [this.#keys.messages, rate], ...args))]!;
  }

  async drop(id: string): Promise<void> {
    await this.#redis.hdel(this.#keys.messages, id).catch(throwUnavailable);
  }

  async #all<T>(key: string): Promise<Map<string, Stored<T>>> {
    const fields = await this.#redis.hgetall(key).catch(throwUnavailable);
    const found = new Map<string, Stored<T>>();
    for (const [field, text] of Object.entries(fields)) {
      try {
        found.set(field, { value: JSON.parse(text) as T, text });
      } catch {
        // Written by a stranger: it goes, or it would stand in the way for ever.
        await this.#redis.hdel(key, field).catch(throwUnavailable);
      }
    }
    return found;
  }

  #eval(script: string, keys: readonly string[], ...args: (string | number)[]): Promise<unknown> {
    return this.#redis.eval(script, keys.length, ...keys, ...args).catch(throwUnavailable);
  }
}

/** What is told of a change: an event for the feed, and a message for each channel. */
export interface Tellings {
  event?: IncidentEvent | undefined;
  messages: readonly Message[];
}

const rowsOf = ({ event, messages }: Tellings): (string | number)[] => [
  ...(event ? [event.namespace, event.id, JSON.stringify(event)] : ['', '', '']),
  MAX_EVENTS,
  ...messages.flatMap((message) => [message.id, JSON.stringify(message)]),
];

/** undefined: it went meanwhile, or was written by a stranger. */
function readEvent(text: string | null | undefined): IncidentEvent | undefined {
  try {
    return text ? (JSON.parse(text) as IncidentEvent) : undefined;
  } catch {
    return undefined;
  }
}
