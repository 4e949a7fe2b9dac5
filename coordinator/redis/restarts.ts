/** Whether Redis is still the one that coordinators last worked with. */
import type { RedisClient } from './connect.ts';
import { everyPrimary, type Primaries } from './primaries.ts';
import { asUnavailable } from './errors.ts';

// A first write that makes nothing larger: noted also while Redis is full, for nothing is counted before it is.
const NOTE = "redis.call('DEL', KEYS[1]) return redis.call('SET', KEYS[1], ARGV[1])";

/**
 * Notices that Redis is another process than the one that coordinators last worked with: it may have lost its last second (AOF
 * everysec, a failover; of a cluster, one of its shards), so ledgers must be compared with the store. Which one it was stands in Redis itself, so that also a
 * coordinator that was started after the loss finds out. A wipe without a restart is found by the sweep instead.
 *
 * A process that was made a replica and then the primary again may have lost as much: its replication id is another one then. That also
 * changes without a loss, with a first replica or an hour after the last one has gone: then ledgers are compared once in vain.
 */
export class RedisRestarts {
  readonly #redis: RedisClient;
  readonly #primaries: Primaries;
  readonly #key: string;
  #known: string | undefined;
  #breaks = 0;
  #settled = false;

  constructor(redis: RedisClient, primaries: Primaries, prefix: string) {
    this.#redis = redis;
    this.#primaries = primaries;
    this.#key = `${prefix}:run_id`;
  }

  /** A connection broke, or the slots of a cluster have other owners: nothing is settled until `check` has looked again. */
  unsettle(): void {
    this.#breaks++;
    this.#settled = false;
  }

  /** Whether `check` has looked since the connection was made. Until then Redis may have forgotten what was acknowledged. */
  get settled(): boolean {
    return this.#settled;
  }

  /** `onRestart` returns when no ledger that may have lost something gives out work any more; it is repeated if it fails. */
  async check(onRestart: () => Promise<void>): Promise<void> {
    if (this.#settled) return;
    const breaks = this.#breaks;
    try {
      const histories = await this.#histories();
      if (histories !== (this.#known ?? (await this.#redis.get(this.#key)))) {
        await onRestart();
        await this.#redis.eval(NOTE, 1, this.#key, histories);
      }
      this.#known = histories;
    } catch (error) {
      throw asUnavailable(error);
    }
    this.#settled = breaks === this.#breaks;
  }

  /** Of all primaries: one of another process, or of another history, may have lost what its shard was given last. */
  async #histories(): Promise<string> {
    const primaries = everyPrimary(this.#primaries);
    const infos = await Promise.all(
      primaries.map(async (primary) => (await Promise.all([primary.info('server'), primary.info('replication')])).join('\n')),
    );
    return infos.map(historyOf).toSorted().join(' ');
  }
}

/** The process, and what it went on from when it became the primary; the latter is left out by some managed servers. */
function historyOf(info: string): string {
  const value = (name: string): string => new RegExp(`^${name}:(\\w+)`, 'm').exec(info)?.[1] ?? '';
  return `${value('run_id')}:${value('master_replid')}`;
}
