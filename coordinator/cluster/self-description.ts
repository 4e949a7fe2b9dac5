/** What a coordinator tells of itself and of what it stands on, for people. */
import type { RedisStatus } from '../../shared/client/redis-types.ts';

export interface SelfDescription {
  /** What bounds its callers and its work, as `Coordinator.limits` has it. */
  readonly limits: Readonly<Record<string, number>>;
  readonly profile: string;
  /** What kind of store, and where. */
  readonly store: { readonly kind: string; readonly place: string };
  /** How Redis stands; some seconds old. */
  readonly redis: () => Promise<RedisStatus>;
}
