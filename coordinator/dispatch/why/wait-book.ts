/** How long tasks of each route waited until an agent was given them, within the last hour, by all coordinators: counts in Redis, ten minutes to a hash. */
import type { Waits } from '../../../shared/client/why.ts';
import type { RedisClient } from '../../redis/connect.ts';
import { throwUnavailable } from '../../redis/errors.ts';
import { classOf, waitsOf } from './waits.ts';

const SLOT_MS = 600_000;
const SLOTS = 6;
/** Routes that are counted between two writes; of more nothing is told. */
const MAX_ROUTES = 2_000;
const TIME = "return redis.call('TIME')";
const ADD = `
for i = 2, #ARGV, 2 do redis.call('HINCRBY', KEYS[1], ARGV[i], ARGV[i + 1]) end
return redis.call('PEXPIRE', KEYS[1], ARGV[1])`;

export class WaitBook {
  readonly #redis: RedisClient;
  readonly #prefix: string;
  #counts = new Map<string, Map<number, number>>();

  constructor(redis: RedisClient, keyPrefix: string) {
    this.#redis = redis;
    this.#prefix = keyPrefix;
  }

  /** An agent is given a task that has waited for so long. */
  count(routeId: string, waitedMs: number): void {
    let counts = this.#counts.get(routeId);
    if (!counts) {
      if (this.#counts.size >= MAX_ROUTES) return;
      this.#counts.set(routeId, (counts = new Map()));
    }
    const index = classOf(waitedMs);
    counts.set(index, (counts.get(index) ?? 0) + 1);
  }

  /** Writes down what was counted since then; what cannot be written is lost. */
  async flush(): Promise<void> {
    const counted = this.#counts;
    if (counted.size === 0) return;
    this.#counts = new Map();
    const slot = await this.#slot();
    for (const [routeId, counts] of counted)
      await this.#redis.eval(ADD, 1, this.#key(routeId, slot), (SLOTS + 1) * SLOT_MS, ...[...counts].flat()).catch(throwUnavailable);
  }

  async read(routeId: string): Promise<Waits> {
    const slot = await this.#slot();
    const keys = Array.from({ length: SLOTS + 1 }, (_, i) => this.#key(routeId, slot - i));
    const sum = new Map<number, number>();
    for (const fields of await Promise.all(keys.map((key) => this.#redis.hgetall(key))).catch(throwUnavailable))
      for (const [index, n] of Object.entries(fields)) sum.set(Number(index), (sum.get(Number(index)) ?? 0) + Number(n));
    return waitsOf(sum);
  }

  #key(routeId: string, slot: number): string {
    return `${this.#prefix}:{why:${routeId}}:waits:${slot}`;
  }

  /** By Redis's clock: those of coordinators need not agree. */
  async #slot(): Promise<number> {
    const [seconds] = (await this.#redis.eval(TIME, 1, `${this.#prefix}:{why}:looks`).catch(throwUnavailable)) as [string, string];
    return Math.floor((Number(seconds) * 1000) / SLOT_MS);
  }
}
