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
local unseen = {}
for i = 1, #all, 2 do
  local held, untilMs = string.match(all[i + 1], '^(%d+) (%d+)$')
  if not held or tonumber(untilMs) < now then redis.call('HDEL', KEYS[1], all[i])
  elseif not seen[all[i]] then
    used = used + tonumber(held)
    if #unseen < 1000 then unseen[#unseen + 1] = all[i] end
  end
end
if used + amount > limit then return { 0, string.format('%.0f', used), unpack(unseen) } end
redis.call('HSET', KEYS[1], name, string.format('%.0f %.0f', amount, now + tonumber(ARGV[5])))
redis.call('PEXPIRE', KEYS[1], ARGV[5])
return { 1, string.format('%.0f', used) }`;

/** What of a quota is taken, as far as the store says: by name. */
export type Seen = ReadonlyMap<string, number>;

export interface Reserved {
  granted: boolean;
  /** With what others were promised; without this one. */
  used: number;
  /** What others were promised and was not seen. */
  unseen: string[];
}

export class Reservations {
  readonly #redis: RedisClient;
  readonly #prefix: string;

  constructor(redis: RedisClient, prefix: string) {
    this.#redis = redis;
    this.#prefix = prefix;
  }

  /** Promises an amount under a name, unless it is too much; again under the same name, it is promised once. It is in the store within `heldMs`, or never. */
  async reserve(
    place: { namespace: string; quota: string },
    { name, amount, limit, heldMs, seen }: { name: string; amount: number; limit: number; heldMs: number; seen: Seen },
  ): Promise<Reserved> {
    const key = this.#key(place);
    let used = 0;
    for (const [other, held] of seen) if (other !== name) used += held;
    // Of all that was seen the script needs those alone that were promised as well.
    const promised = (await this.#guarded(this.#redis.hkeys(key))).filter((other) => seen.has(other));
    const [granted, total, ...unseen] = (await this.#guarded(
      this.#redis.eval(RESERVE, 1, key, limit, amount, name, used, heldMs, ...promised),
    )) as [number, string, ...string[]];
    return { granted: granted === 1, used: Number(total), unseen };
  }

  async release(place: { namespace: string; quota: string }, names: readonly string[]): Promise<void> {
    if (names.length > 0) await this.#guarded(this.#redis.hdel(this.#key(place), ...names));
  }

  #key({ namespace, quota }: { namespace: string; quota: string }): string {
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
