/**
 * The history of first reasons, in Redis: a hash for each evaluation, beside its ledger, and for each route. Any coordinator writes it, by what it was
 * before: whoever comes second changes nothing, and has seen the same. Whose turn it is to be looked at stands in one sorted set for all, so that each is
 * looked at once in a while, however many coordinators there are.
 */
import type { Reason, ReasonPeriod, WhyHistory } from '../../../shared/client/why.ts';
import type { RedisClient } from '../../redis/connect.ts';
import { throwUnavailable } from '../../redis/errors.ts';
import { historyOf, nameOf, noted } from './history.ts';

/** Periods that are over. */
const MAX_CLOSED = 99;
/** Totals, by reason and route. */
const MAX_TOTALS = 200;
const KEEP_MS = 7 * 24 * 3_600_000;
/** Ids of one question. */
export const MAX_ASKED = 2_000;

// KEYS: looks. ARGV: how long ago, how many, then ids. Those that were looked at longest ago, which count as looked at from now on.
const DUE = `
if redis.replicate_commands then redis.replicate_commands() end
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local due = {}
for i = 3, #ARGV do
  local at = tonumber(redis.call('ZSCORE', KEYS[1], ARGV[i]) or '0')
  if at <= now - tonumber(ARGV[1]) then due[#due + 1] = { at, ARGV[i] } end
end
table.sort(due, function(a, b) return a[1] < b[1] or (a[1] == b[1] and a[2] < b[2]) end)
local found = {}
for i = 1, math.min(#due, tonumber(ARGV[2])) do
  found[i] = due[i][2]
  redis.call('ZADD', KEYS[1], now, due[i][2])
end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - 3600000)
return found`;

/**
 * KEYS[2]: what it goes with; where that is gone nothing is noted. Fields of KEYS[1]: now (the period that goes on), n (how many are over), since, `p <number>` (those), `times <name>`, `ms <name>`. ARGV: for how long it
 * is kept; what `now` was, and is; of the one that is over (empty: none is) text, name and length; most of them, most fields; when this was.
 */
const NOTE = `
if KEYS[2] and redis.call('EXISTS', KEYS[2]) == 0 then return 0 end
if (redis.call('HGET', KEYS[1], 'now') or '') ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], 'now', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[1])
redis.call('HSETNX', KEYS[1], 'since', ARGV[9])
if ARGV[4] == '' then return 1 end
local n = redis.call('HINCRBY', KEYS[1], 'n', 1)
redis.call('HSET', KEYS[1], 'p ' .. n, ARGV[4])
redis.call('HDEL', KEYS[1], 'p ' .. (n - tonumber(ARGV[7])))
if redis.call('HEXISTS', KEYS[1], 'times ' .. ARGV[5]) == 0 and redis.call('HLEN', KEYS[1]) > tonumber(ARGV[8]) then return 1 end
redis.call('HINCRBY', KEYS[1], 'times ' .. ARGV[5], 1)
redis.call('HINCRBY', KEYS[1], 'ms ' .. ARGV[5], ARGV[6])
return 1`;

/** An evaluation or a route. */
export type Subject = { evaluationId: string } | { routeId: string };

export class HistoryBook {
  readonly #redis: RedisClient;
  readonly #prefix: string;
  readonly #keyOf: (evaluationId: string, name: 'why' | 'meta') => string;

  constructor(redis: RedisClient, keyPrefix: string, keyOf: (evaluationId: string, name: 'why' | 'meta') => string) {
    this.#redis = redis;
    this.#prefix = keyPrefix;
    this.#keyOf = keyOf;
  }

  /** Of these, those that nobody has looked at for so long: now they are the caller's. */
  async due(ids: readonly string[], { agoMs, limit }: { agoMs: number; limit: number }): Promise<string[]> {
    if (ids.length === 0) return [];
    const found = this.#redis.eval(DUE, 1, `${this.#prefix}:{why}:looks`, agoMs, limit, ...ids.slice(0, MAX_ASKED));
    return (await found.catch(throwUnavailable)) as string[];
  }

  async note(subject: Subject, first: Reason, atMs: number): Promise<void> {
    const key = this.#key(subject);
    const before = (await this.#redis.hget(key, 'now').catch(throwUnavailable)) ?? '';
    const { current, closed } = noted(periodOf(before), first, atMs);
    const over = closed ? [JSON.stringify(closed), nameOf(closed), closed.untilMs - closed.sinceMs] : ['', '', 0];
    const bounds = [MAX_CLOSED, MAX_CLOSED + 3 + 2 * MAX_TOTALS];
    const keys = 'evaluationId' in subject ? [key, this.#keyOf(subject.evaluationId, 'meta')] : [key];
    await this.#redis
      .eval(NOTE, keys.length, ...keys, KEEP_MS, before, JSON.stringify(current), ...over, ...bounds, current.sinceMs)
      .catch(throwUnavailable);
  }

  async read(subject: Subject): Promise<WhyHistory> {
    const fields = await this.#redis.hgetall(this.#key(subject)).catch(throwUnavailable);
    const closed: [number, ReasonPeriod][] = [];
    const totals = new Map<string, { times: number; totalMs: number }>();
    for (const [field, value] of Object.entries(fields)) {
      const period = field.startsWith('p ') ? periodOf(value) : undefined;
      if (period) closed.push([Number(field.slice(2)), period]);
      if (!field.startsWith('times ')) continue;
      const name = field.slice('times '.length);
      totals.set(name, { times: Number(value), totalMs: Number(fields[`ms ${name}`] ?? 0) });
    }
    const newestFirst = closed.toSorted(([a], [b]) => b - a).map(([, period]) => period);
    return historyOf(periodOf(fields['now'] ?? ''), newestFirst, totals, Number(fields['since'] ?? 0));
  }

  #key(subject: Subject): string {
    return 'evaluationId' in subject ? this.#keyOf(subject.evaluationId, 'why') : `${this.#prefix}:{why:${subject.routeId}}`;
  }
}

/** What a stranger has written is none. */
function periodOf(text: string): ReasonPeriod | undefined {
  try {
    return text === '' ? undefined : (JSON.parse(text) as ReasonPeriod);
  } catch {
    return undefined;
  }
}
