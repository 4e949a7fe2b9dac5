/**
 * What goes on and what is still to be told, in Redis: one record for all coordinators, so that each incident is told once. Every change names what it
 * was made of, and is made only if that still stands; what is to be told is written in the same step.
 */
import type { RedisClient } from '../redis/connect.ts';
import { throwUnavailable } from '../redis/errors.ts';
import type { Ongoing } from './incident.ts';
import type { Message } from './message.ts';

/** Messages that wait, whatever [shares](./shares.ts) allow. */
const MAX_MESSAGES = 20_000;

// KEYS: its holder. ARGV: who asks, for how long.
const LEAD = `
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`;
const LEAVE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0";
// KEYS: ongoing, messages. ARGV: key, what is known of it, what becomes of it (empty: nothing), most messages; then id and text of each message.
const APPLY = `
if (redis.call('HGET', KEYS[1], ARGV[1]) or '') ~= ARGV[2] then return 0 end
if #ARGV > 4 and redis.call('HLEN', KEYS[2]) + (#ARGV - 4) / 2 > tonumber(ARGV[4]) then return -1 end
if ARGV[3] == '' then redis.call('HDEL', KEYS[1], ARGV[1]) else redis.call('HSET', KEYS[1], ARGV[1], ARGV[3]) end
for i = 5, #ARGV, 2 do redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1]) end
return 1`;
// KEYS: told, messages. ARGV: key, time, most messages; then as above.
const TELL_ONCE = `
if redis.call('ZSCORE', KEYS[1], ARGV[1]) then return 0 end
if #ARGV > 3 and redis.call('HLEN', KEYS[2]) + (#ARGV - 3) / 2 > tonumber(ARGV[3]) then return -1 end
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
for i = 4, #ARGV, 2 do redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1]) end
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
  readonly #keys: Record<'leader' | 'ongoing' | 'messages' | 'told' | 'since' | 'rate', string>;

  constructor(redis: RedisClient, keyPrefix: string, owner: string) {
    this.#redis = redis;
    this.#owner = owner;
    // Braces: all lie in one slot of a Redis Cluster.
    const key = (name: string): string => `${keyPrefix}:{alerts}:${name}`;
    this.#keys = {
      ...{ leader: key('leader'), ongoing: key('ongoing'), messages: key('messages') },
      ...{ told: key('told'), since: key('since'), rate: key('rate') },
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

  async apply(key: string, known: Stored<Ongoing> | undefined, next: Ongoing | undefined, messages: readonly Message[]): Promise<Applied> {
    const text = next ? JSON.stringify(next) : '';
    const args = [key, known?.text ?? '', text, MAX_MESSAGES, ...rowsOf(messages)];
    return APPLIED[String(await this.#eval(APPLY, [this.#keys.ongoing, this.#keys.messages], ...args))]!;
  }

  /** Of what has no end. */
  async tellOnce(key: string, nowMs: number, messages: readonly Message[]): Promise<Applied> {
    const args = [key, nowMs, MAX_MESSAGES, ...rowsOf(messages)];
    return APPLIED[String(await this.#eval(TELL_ONCE, [this.#keys.told, this.#keys.messages], ...args))]!;
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

const rowsOf = (messages: readonly Message[]): string[] => messages.flatMap((message) => [message.id, JSON.stringify(message)]);
