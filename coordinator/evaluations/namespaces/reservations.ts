/**
 * What was promised of a namespace's quota and cannot be seen in the store yet: so that two coordinators which admit at once do not give the same
 * room twice. One hash for each namespace and quota; what the caller has seen in the store itself counts there, not here. All of it may be
 * lost: then what is being accepted in this moment is not counted, and nothing else.
 */
import type { RedisClient } from '../../redis/connect.ts';
import { asUnavailable } from '../../redis/errors.ts';

// ARGV: limit, amount, name, seen, held for, then the names that were seen.
const RESERVE = `
if redis.replicate_commands then redis.replicate_commands() end
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local limit, amount, name, used = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4])
local seen = { [name] = true }
for i = 6, #ARGV do seen[ARGV[i]] = true end
local all = redis.call('HGETALL', KEYS[1])
local unseen, settled = {}, {}
for i = 1, #all, 2 do
  local held, untilMs, mark = string.match(all[i + 1], '^(%d+) (%d+)( ?s?)$')
  if not held or tonumber(untilMs) < now then redis.call('HDEL', KEYS[1], all[i])
  elseif not seen[all[i]] then
    used = used + tonumber(held)
    local names = mark == '' and unseen or settled
    if #names < 1000 then names[#names + 1] = all[i] end
  end
end
if used + amount > limit then return { 0, string.format('%.0f', used), unseen, settled } end
redis.call('HSET', KEYS[1], name, string.format('%.0f %.0f', amount, now + tonumber(ARGV[5])))
redis.call('PEXPIRE', KEYS[1], ARGV[5])
return { 1, string.format('%.0f', used), {}, {} }`;
// ARGV: names. Those that are promised are marked.
const SETTLE = `
for i = 1, #ARGV do
  local held = redis.call('HGET', KEYS[1], ARGV[i])
  if held and string.match(held, '^%d+ %d+$') then redis.call('HSET', KEYS[1], ARGV[i], held .. ' s') end
end
return 1`;
// ARGV: names. Those that are marked are gone; who was promised the same again meanwhile keeps it.
const FORGET = `
for i = 1, #ARGV do
  if string.sub(redis.call('HGET', KEYS[1], ARGV[i]) or '', -2) == ' s' then redis.call('HDEL', KEYS[1], ARGV[i]) end
end
return 1`;

/** What of a quota is taken, as far as the store says: by name. */
export type Seen = ReadonlyMap<string, number>;

export interface Reserved {
  granted: boolean;
  /** With what others were promised; without this one. */
  used: number;
  /** What others were promised and was not seen, where it was not granted. */
  unseen: string[];
  /** The same of what was in the store once: not in it any more, or only since it was looked at. */
  settled: string[];
}

/** A part of a namespace's quota that somebody wants. */
export interface Wish {
  name: string;
  amount: number;
  limit: number;
  heldMs: number;
}

export type Promises = Pick<Reservations, 'reserve' | 'release' | 'settle' | 'forget'>;

/** Promises it as `reserve` does. What was in the store, and is not any more when it is looked at once again, holds no room. */
export async function promise(promises: Promises, place: Place, wish: Wish, look: Look): Promise<Reserved> {
  const answer = await promises.reserve(place, { ...wish, seen: await look('known') });
  if (answer.granted || answer.settled.length === 0) return answer;
  const seen = await look('new');
  await promises.forget(
    place,
    answer.settled.filter((name) => !seen.has(name)),
  );
  return promises.reserve(place, { ...wish, seen });
}

/** Whose quota, and which. */
export interface Place {
  namespace: string;
  quota: string;
}

/** What the store says is taken; `new`: as it is from now on. */
export type Look = (which: 'known' | 'new') => Promise<Seen>;

export class Reservations {
  readonly #redis: RedisClient;
  readonly #prefix: string;

  constructor(redis: RedisClient, prefix: string) {
    this.#redis = redis;
    this.#prefix = prefix;
  }

  /** Promises an amount under a name, unless it is too much; again under the same name, it is promised once. It is in the store within `heldMs`, or never. */
  async reserve(place: Place, { name, amount, limit, heldMs, seen }: Wish & { seen: Seen }): Promise<Reserved> {
    const key = this.#key(place);
    let used = 0;
    for (const [other, held] of seen) if (other !== name) used += held;
    // Of all that was seen the script needs those alone that were promised as well.
    const promised = (await this.#guarded(this.#redis.hkeys(key))).filter((other) => seen.has(other));
    const [granted, total, unseen, settled] = (await this.#guarded(
      this.#redis.eval(RESERVE, 1, key, limit, amount, name, used, heldMs, ...promised),
    )) as [number, string, string[], string[]];
    return { granted: granted === 1, used: Number(total), unseen, settled };
  }

  /** It is in the store. Still promised: who has looked there before does not see it. */
  async settle(place: Place, name: string): Promise<void> {
    await this.#guarded(this.#redis.eval(SETTLE, 1, this.#key(place), name));
  }

  /** Takes back what was settled. */
  async forget(place: Place, names: readonly string[]): Promise<void> {
    if (names.length > 0) await this.#guarded(this.#redis.eval(FORGET, 1, this.#key(place), ...names));
  }

  async release(place: Place, names: readonly string[]): Promise<void> {
    if (names.length > 0) await this.#guarded(this.#redis.hdel(this.#key(place), ...names));
  }

  #key({ namespace, quota }: Place): string {
    return `${this.#prefix}:{namespace ${namespace}}:${quota}`;
  }

  async #guarded<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      throw asUnavailable(error);
    }
  }
}
