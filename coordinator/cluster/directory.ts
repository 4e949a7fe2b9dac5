/**
 * Which coordinators and agents there are, in Redis: one hash of each, a field for each of them. Everybody writes its own and reads
 * all. Nothing here is a truth: Redis may lose it, and it is written again. Times are those of Redis, so that the clocks of
 * coordinators need not agree.
 */
import type { Agent, CoordinatorStatus } from '../../shared/client/types.ts';
import { describeNamespaces } from '../../shared/domain/identity.ts';
import type { RedisClient } from '../redis/connect.ts';
import { asUnavailable } from '../redis/errors.ts';

/** A coordinator that has said nothing for so long is no more, and its agents are gone until another one shows them. */
export const COORDINATOR_GONE_MS = 15_000;
/** An agent that was not seen for so long is forgotten. */
export const AGENT_FORGOTTEN_MS = 24 * 3600_000;

/**
 * Writes agents and their coordinator. An agent that connected later, to another coordinator, is not overwritten: its connection's time
 * stands before its value. One without a value goes. Returns 1 if the coordinator was not there.
 */
const PUBLISH = `
local isNew = redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
for i = 3, #ARGV, 3 do
  local known = redis.call('HGET', KEYS[1], ARGV[i])
  local since = known and tonumber(string.match(known, '^(%d+)|')) or 0
  if since <= tonumber(ARGV[i + 1]) then
    if ARGV[i + 2] == '' then redis.call('HDEL', KEYS[1], ARGV[i])
    else redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1] .. '|' .. ARGV[i + 2]) end
  end
end
return isNew`;
/** Removes fields that still have the value that was found outdated. */
const REMOVE = `
for i = 1, #ARGV, 2 do
  if redis.call('HGET', KEYS[1], ARGV[i]) == ARGV[i + 1] then redis.call('HDEL', KEYS[1], ARGV[i]) end
end
return 1`;
const TIME = "return redis.call('TIME')";
const BATCH = 200;
/** Of agents of the same namespaces that are gone those are kept that were seen last: whoever makes ids up takes no others' room. */
export const MAX_GONE = 2_000;

export interface ClusterEntries {
  nowMs: number;
  /** By name, then id. */
  agents: Agent[];
  coordinators: CoordinatorStatus[];
}

export class Directory {
  readonly #redis: RedisClient;
  readonly #agents: string;
  readonly #coordinators: string;
  #reading: Promise<ClusterEntries> | undefined;

  constructor(redis: RedisClient, prefix: string) {
    this.#redis = redis;
    // Braces: both lie in one slot of a Redis Cluster.
    this.#agents = `${prefix}:{fleet}:agents`;
    this.#coordinators = `${prefix}:{fleet}:coordinators`;
  }

  async nowMs(): Promise<number> {
    // By the server that holds the directory: shards of a cluster have clocks of their own.
    const [seconds, micros] = (await guarded(this.#redis.eval(TIME, 1, this.#coordinators))) as [string, string];
    return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
  }

  /** `forgotten`: those whose entries go. Returns whether this coordinator was there already: if not, Redis may have lost its agents too. */
  async publish(self: CoordinatorStatus, agents: readonly Agent[], forgotten: ReadonlySet<string> = new Set()): Promise<boolean> {
    let wasThere = true;
    for (let at = 0; at === 0 || at < agents.length; at += BATCH) {
      const rows = agents
        .slice(at, at + BATCH)
        .flatMap((agent) => [agent.agentId, agent.connectedAtMs, forgotten.has(agent.agentId) ? '' : JSON.stringify(agent)]);
      const isNew = await guarded(
        this.#redis.eval(PUBLISH, 2, this.#agents, this.#coordinators, self.coordinatorId, JSON.stringify(self), ...rows),
      );
      if (isNew === 1) wasThere = false;
    }
    return wasThere;
  }

  /** A coordinator that stops is no more at once. */
  async leave(coordinatorId: string): Promise<void> {
    await guarded(this.#redis.hdel(this.#coordinators, coordinatorId));
  }

  /** Of agents, by their ids. */
  async names(): Promise<Map<string, string>> {
    return new Map((await this.read()).agents.map(({ agentId, name }) => [agentId, name]));
  }

  /** Everything that is not outdated; agents whose coordinator is no more are gone, and those that had left it have left all the same. Whoever asks meanwhile has the same answer: it may be large. */
  read(): Promise<ClusterEntries> {
    return (this.#reading ??= this.#read().finally(() => (this.#reading = undefined)));
  }

  async #read(): Promise<ClusterEntries> {
    const { nowMs, agents, coordinators } = await this.#all();
    const living = coordinators.filter(({ entry }) => entry.seenAtMs > nowMs - COORDINATOR_GONE_MS).map(({ entry }) => entry);
    const ids = new Set(living.map((c) => c.coordinatorId));
    return {
      nowMs,
      coordinators: living.toSorted((a, b) => order(a.coordinatorId, b.coordinatorId)),
      agents: agents
        .filter(({ entry }) => entry.seenAtMs > nowMs - AGENT_FORGOTTEN_MS)
        .map(({ entry }) => (ids.has(entry.coordinatorId) || entry.state === 'gone' ? entry : withoutConnection(entry)))
        .toSorted((a, b) => order(a.name, b.name) || order(a.agentId, b.agentId)),
    };
  }

  /** Drops what is outdated. */
  async tidy(): Promise<void> {
    const { nowMs, agents, coordinators } = await this.#all();
    const forgotten = agents.filter(({ entry }) => entry.seenAtMs <= nowMs - AGENT_FORGOTTEN_MS);
    const dead = coordinators.filter(({ entry }) => entry.seenAtMs <= nowMs - 4 * COORDINATOR_GONE_MS);
    const ids = new Set(coordinators.filter(({ entry }) => entry.seenAtMs > nowMs - COORDINATOR_GONE_MS).map(({ field }) => field));
    const remove = async (key: string, rows: readonly Row<unknown>[]): Promise<void> => {
      for (let at = 0; at < rows.length; at += BATCH)
        await guarded(this.#redis.eval(REMOVE, 1, key, ...rows.slice(at, at + BATCH).flatMap(({ field, raw }) => [field, raw])));
    };
    await Promise.all([remove(this.#agents, [...forgotten, ...tooMany(agents, ids)]), remove(this.#coordinators, dead)]);
  }

  async #all(): Promise<{ nowMs: number; agents: Row<Agent>[]; coordinators: Row<CoordinatorStatus>[] }> {
    const [nowMs, agents, coordinators] = await Promise.all([
      this.nowMs(),
      guarded(this.#redis.hgetall(this.#agents)),
      guarded(this.#redis.hgetall(this.#coordinators)),
    ]);
    return { nowMs, agents: rowsOf<Agent>(agents, true).map(withNamespaces), coordinators: rowsOf<CoordinatorStatus>(coordinators, false) };
  }
}

/** Of agents that are gone, or whose coordinator is: those beyond the bound of their namespaces, seen longest ago. */
function tooMany(agents: readonly Row<Agent>[], living: ReadonlySet<string>): Row<Agent>[] {
  const gone = agents.filter(({ entry }) => entry.state === 'gone' || !living.has(entry.coordinatorId));
  const byNamespaces = Map.groupBy(gone, ({ entry }) => describeNamespaces(entry.namespaces));
  return [...byNamespaces.values()].flatMap((rows) => rows.toSorted((a, b) => b.entry.seenAtMs - a.entry.seenAtMs).slice(MAX_GONE));
}

interface Row<T> {
  field: string;
  raw: string;
  entry: T;
}

/** Of a coordinator of an earlier release, which took none but agents of all namespaces. */
const withNamespaces = ({ entry, ...row }: Row<Agent>): Row<Agent> => ({ ...row, entry: { ...ALL, ...entry } });
const ALL: Pick<Agent, 'namespaces'> = { namespaces: '*' };

/** What is no JSON, written by a stranger, is left out. */
function rowsOf<T>(fields: Record<string, string>, isStamped: boolean): Row<T>[] {
  return Object.entries(fields).flatMap(([field, raw]) => {
    try {
      return [{ field, raw, entry: JSON.parse(isStamped ? raw.slice(raw.indexOf('|') + 1) : raw) as T }];
    } catch {
      return [];
    }
  });
}

const withoutConnection = (agent: Agent): Agent => ({
  ...agent,
  state: 'gone',
  reason: '',
  models: agent.models.map((model) => ({ ...model, room: 0 })),
});

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

async function guarded<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw asUnavailable(error);
  }
}
