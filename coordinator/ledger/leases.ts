/**
 * Leases: the right to report on a task, by deadline. One sorted set for all evaluations, judged by Redis's clock and
 * renewed in one write per heartbeat round. A lease is added before its grant is written: one without a grant is found
 * by its deadline and released without effect, one without a deadline would never be found.
 * Beside them, of each agent the number of its latest Hello.
 */
import type { RedisClient } from '../redis/connect.ts';
import { asUnavailable } from '../redis/errors.ts';

export interface Lease {
  evaluationId: string;
  sequence: number;
  attemptId: string;
  agentId: string;
  /** The life of the agent's process that was given it. */
  instanceId: string;
}

/** How many leases a holder, a namespace, may have at once. */
export interface LeaseBound {
  holder: string;
  limit: number;
  /** How long one that is too many waits before it is tried again. */
  waitMs?: number;
}

const NOW = `
if redis.replicate_commands then redis.replicate_commands() end
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
`;
const ADD = `${NOW} for i = 2, #ARGV do redis.call('ZADD', KEYS[1], now + ARGV[1], ARGV[i]) end return 1`;
// KEYS[2]: those of one holder, at most as many as it may have at once; what is no lease any more is forgotten here. In the slot of KEYS[1].
const ADD_WITHIN = `${NOW}
local count = 0
for _, member in ipairs(redis.call('SMEMBERS', KEYS[2])) do
  if redis.call('ZSCORE', KEYS[1], member) then count = count + 1 else redis.call('SREM', KEYS[2], member) end
end
local answers = {}
for i = 3, #ARGV do
  answers[i - 2] = 0
  if count < tonumber(ARGV[2]) then
    redis.call('ZADD', KEYS[1], now + ARGV[1], ARGV[i])
    redis.call('SADD', KEYS[2], ARGV[i])
    count, answers[i - 2] = count + 1, 1
  end
end
return answers`;
// KEYS[2] as there: what is a lease is one of theirs.
const ADOPT = `
for _, member in ipairs(ARGV) do
  if redis.call('ZSCORE', KEYS[1], member) then redis.call('SADD', KEYS[2], member) end
end
return 1`;
const RENEW = `${NOW}
redis.call('ZREM', KEYS[1], '') -- a first write that makes nothing larger: the next ones are done also while Redis is full
local answers = {}
for i = 2, #ARGV do
  if redis.call('ZSCORE', KEYS[1], ARGV[i]) then
    redis.call('ZADD', KEYS[1], now + ARGV[1], ARGV[i])
    answers[i - 1] = 1
  else answers[i - 1] = 0 end
end
return answers`;
// Fails where renewals fail: then nobody had the chance to renew.
const EXPIRED = `${NOW}
redis.call('ZREM', KEYS[1], '')
return redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[1])`;
const TAKE = `${NOW}
local deadline = redis.call('ZSCORE', KEYS[1], ARGV[1])
if deadline and tonumber(deadline) > now then return 0 end
redis.call('ZREM', KEYS[1], ARGV[1])
return 1`;
// The first write makes nothing larger: the next one is done also while Redis is full.
const ARRIVE = `
local latest, own = tonumber(redis.call('GET', KEYS[1]) or 0), tonumber(ARGV[1])
if latest > own then return latest end
redis.call('DEL', KEYS[1])
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return own`;
const BATCH = 1_000;
/** For longer than a coordinator can be halted whose streams still have something to be read. */
const REMEMBERED_MS = 86_400_000;

const memberOf = (l: Lease): string => `${l.evaluationId}|${l.sequence}|${l.attemptId}|${l.agentId}|${l.instanceId}`;

function parse(member: string): Lease | undefined {
  const [evaluationId, sequence, attemptId, agentId, instanceId] = member.split('|');
  return instanceId === undefined
    ? undefined
    : { evaluationId: evaluationId!, sequence: Number(sequence), attemptId: attemptId!, agentId: agentId!, instanceId };
}

export class Leases {
  readonly #redis: RedisClient;
  readonly #prefix: string;
  readonly #key: string;
  readonly #leaseMs: number;

  constructor(redis: RedisClient, prefix: string, leaseMs: number) {
    this.#redis = redis;
    this.#prefix = prefix;
    this.#key = `${prefix}:leases`;
    this.#leaseMs = leaseMs;
  }

  /** Under the prefix, as all keys; its tag is the whole name of the leases' key, so that both are in one slot. */
  #within(holder: string): string {
    return `${this.#prefix}:within:{${this.#key}}:${holder}`;
  }

  /** Each runs out after `ms`, unless it is renewed. */
  async add(leases: readonly Lease[], ms = this.#leaseMs): Promise<void> {
    for (const part of batches(leases)) await this.#eval(ADD, [ms, ...part.map(memberOf)]);
  }

  /** The same for those of a holder that may have only so many at once, over all coordinators; false for one that is too many. */
  async addWithin({ holder, limit }: LeaseBound, leases: readonly Lease[]): Promise<boolean[]> {
    const answers: boolean[] = [];
    for (const part of batches(leases)) {
      const args = [this.#leaseMs, limit, ...part.map(memberOf)];
      const found = (await guarded(this.#redis.eval(ADD_WITHIN, 2, this.#key, this.#within(holder), ...args))) as number[];
      answers.push(...found.map((answer) => answer === 1));
    }
    return answers;
  }

  /** Counts leases among those of a holder that were added without it: before it had a bound, or by who did not know of it yet. */
  async adopt(holder: string, leases: readonly Lease[]): Promise<void> {
    for (const part of batches(leases)) await guarded(this.#redis.eval(ADOPT, 2, this.#key, this.#within(holder), ...part.map(memberOf)));
  }

  /** All that there are; one may come twice. */
  all(): AsyncIterable<Lease> {
    return this.#all('*');
  }

  /** How many there are of each evaluation (all leases are looked through). */
  async perEvaluation(): Promise<Map<string, number>> {
    const counts = new Map<string, number>();
    for await (const { evaluationId } of this.#all('*')) counts.set(evaluationId, (counts.get(evaluationId) ?? 0) + 1);
    return counts;
  }

  async remove(leases: readonly Lease[]): Promise<void> {
    for (const part of batches(leases)) await guarded(this.#redis.zrem(this.#key, ...part.map(memberOf)));
  }

  /** Notes that an agent has said Hello, by its number: the highest that any coordinator has noted of it, its own included. */
  async arrive(agentId: string, number: number): Promise<number> {
    return Number(await guarded(this.#redis.eval(ARRIVE, 1, `${this.#prefix}:hello:${agentId}`, number, REMEMBERED_MS)));
  }

  /** Moves the deadlines; false for a lease that is not there any more. */
  async renew(leases: readonly Lease[]): Promise<boolean[]> {
    const answers: boolean[] = [];
    for (const part of batches(leases))
      answers.push(...((await this.#eval(RENEW, [this.#leaseMs, ...part.map(memberOf)])) as number[]).map((a) => a === 1));
    return answers;
  }

  /** Leases whose deadline has passed, the oldest first. */
  async expired(limit: number): Promise<Lease[]> {
    return ((await this.#eval(EXPIRED, [limit])) as string[]).map(parse).filter((l) => l !== undefined);
  }

  /**
   * Takes an expired lease away: it cannot be renewed from then on. False when it was renewed meanwhile. An attempt whose lease is gone
   * and that is not released gets a new one from the upkeep.
   */
  async take(lease: Lease): Promise<boolean> {
    return (await this.#eval(TAKE, [memberOf(lease)])) === 1;
  }

  /** Attempts that no lease names, as leases of nobody. All leases are looked through. */
  async missing(attempts: readonly Omit<Lease, 'agentId' | 'instanceId'>[]): Promise<Lease[]> {
    if (attempts.length === 0) return [];
    const leased = new Set<string>();
    for await (const lease of this.#all('*')) leased.add(lease.attemptId);
    return attempts.filter((a) => !leased.has(a.attemptId)).map((a) => ({ ...a, agentId: '-', instanceId: '-' }));
  }

  /** The leases of one agent (all leases are looked through: there are as many as tasks under way). */
  async ofAgent(agentId: string): Promise<Lease[]> {
    const found = new Map<string, Lease>();
    for await (const lease of this.#all(`*|${agentId}|*`)) found.set(lease.attemptId, lease);
    return [...found.values()];
  }

  /** The leases of several agents; all leases are looked through once. */
  async ofAgents(agentIds: ReadonlySet<string>): Promise<Lease[]> {
    const found = new Map<string, Lease>();
    for await (const lease of this.#all('*')) if (agentIds.has(lease.agentId)) found.set(lease.attemptId, lease);
    return [...found.values()];
  }

  async *#all(pattern: string): AsyncIterable<Lease> {
    let cursor = '0';
    do {
      const [next, entries] = await guarded(this.#redis.zscan(this.#key, cursor, 'MATCH', pattern, 'COUNT', 1_000));
      for (let i = 0; i < entries.length; i += 2) {
        const lease = parse(entries[i]!);
        if (lease) yield lease;
      }
      cursor = next;
    } while (cursor !== '0');
  }

  async #eval(lua: string, args: (string | number)[]): Promise<unknown> {
    return guarded(this.#redis.eval(lua, 1, this.#key, ...args));
  }
}

function* batches<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let i = 0; i < all.length; i += BATCH) yield all.slice(i, i + BATCH);
}

async function guarded<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw asUnavailable(error);
  }
}
