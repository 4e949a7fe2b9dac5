/** What agents have said lately when they would not do tasks that they fit: the last word for each route of an evaluation, in Redis, for some minutes. */
import type { RedisClient } from '../../redis/connect.ts';
import { throwUnavailable } from '../../redis/errors.ts';

const KEEP_MS = 600_000;
const MAX_DETAIL = 300;

// KEYS: the words; what they go with: where that is gone nothing is noted. ARGV: for how long, route, agent, detail. By Redis's clock: those of coordinators need not agree.
const NOTE = `
if redis.replicate_commands then redis.replicate_commands() end
if redis.call('EXISTS', KEYS[2]) == 0 then return 0 end
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
redis.call('HSET', KEYS[1], ARGV[2], cjson.encode({ agentId = ARGV[3], detail = ARGV[4], atMs = now }))
return redis.call('PEXPIRE', KEYS[1], ARGV[1])`;

/** Who has handed tasks back last, why in its own words, and when. */
export interface Returned {
  agentId: string;
  detail: string;
  atMs: number;
}

export class ReturnBook {
  readonly #redis: RedisClient;
  readonly #keyOf: (evaluationId: string, name: 'returns' | 'meta') => string;

  constructor(redis: RedisClient, keyOf: (evaluationId: string, name: 'returns' | 'meta') => string) {
    this.#redis = redis;
    this.#keyOf = keyOf;
  }

  /** Notes it, when it can be noted: it is for people. */
  hear({ evaluationId, routeId, agentId }: { evaluationId: string; routeId: string; agentId: string }, detail: string): void {
    void this.note(evaluationId, routeId, { agentId, detail }).catch(() => undefined);
  }

  async note(evaluationId: string, routeId: string, { agentId, detail }: Omit<Returned, 'atMs'>): Promise<void> {
    const keys = [this.#keyOf(evaluationId, 'returns'), this.#keyOf(evaluationId, 'meta')];
    await this.#redis.eval(NOTE, 2, ...keys, KEEP_MS, routeId, agentId, detail.slice(0, MAX_DETAIL)).catch(throwUnavailable);
  }

  /** By route. */
  async read(evaluationId: string): Promise<ReadonlyMap<string, Returned>> {
    const fields = await this.#redis.hgetall(this.#keyOf(evaluationId, 'returns')).catch(throwUnavailable);
    return new Map(Object.entries(fields).flatMap(([routeId, text]) => entryOf(routeId, text)));
  }
}

/** What a stranger has written is none. */
function entryOf(routeId: string, text: string): [string, Returned][] {
  try {
    const { agentId, detail, atMs } = JSON.parse(text) as Partial<Returned>;
    return typeof agentId === 'string' && typeof detail === 'string' && typeof atMs === 'number'
      ? [[routeId, { agentId, detail, atMs }]]
      : [];
  } catch {
    return [];
  }
}
