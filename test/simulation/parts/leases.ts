/** The leases as a coordinator sees them; whether it looked twice before it took one is noted. */
import { Leases, type Lease } from '../../../coordinator/ledger/leases.ts';
import type { RedisClient } from '../../../coordinator/redis/connect.ts';
import type { History } from '../history.ts';

export class WatchedLeases extends Leases {
  readonly #history: History;
  /** Attempts whose leases this coordinator saw as expired in its last look, and in the one before. */
  #looks: readonly [last: ReadonlySet<string>, before: ReadonlySet<string>] = [new Set(), new Set()];

  constructor(redis: RedisClient, prefix: string, leaseMs: number, history: History) {
    super(redis, prefix, leaseMs);
    this.#history = history;
  }

  override async expired(limit: number): Promise<Lease[]> {
    const found = await super.expired(limit);
    this.#looks = [new Set(found.map(({ attemptId }) => attemptId)), this.#looks[0]];
    return found;
  }

  override async take(lease: Lease): Promise<boolean> {
    const isSeenTwice = this.#looks.every((seen) => seen.has(lease.attemptId));
    const taken = await super.take(lease);
    if (taken) this.#history.reach('expired');
    if (taken && !isSeenTwice) this.#history.problem('second-look', `the lease of ${lease.attemptId} was taken at the first look`);
    return taken;
  }
}
