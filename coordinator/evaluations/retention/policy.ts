/** Which finished evaluations are to go: the oldest first, until what the operator has said holds. Pure. */
import type { RetentionPolicy } from '../../../shared/client/types.ts';

/** Why one goes. */
export type Bound = 'age' | 'count' | 'bytes';

/** Finished evaluations that nobody keeps for ever, together. */
export interface Holdings {
  evaluations: number;
  bytes: number;
}

/** What of a finished evaluation the policy looks at. */
export interface Ended {
  finishedAtMs: number;
  storedBytes: number;
}

export const isBounded = (policy: RetentionPolicy): boolean =>
  policy.keepMs !== undefined || policy.keepEvaluations !== undefined || policy.keepBytes !== undefined;

/** Why the oldest of these must go, if it must. */
export function boundOf(policy: RetentionPolicy, oldest: Ended, held: Holdings, nowMs: number): Bound | undefined {
  const { keepMs = Infinity, keepEvaluations = Infinity, keepBytes = Infinity } = policy;
  if (nowMs - oldest.finishedAtMs > keepMs) return 'age';
  if (held.evaluations > keepEvaluations) return 'count';
  if (held.bytes > keepBytes) return 'bytes';
  return undefined;
}

/** The rule that is broken, in words for a log. */
export function reasonOf(bound: Bound, policy: RetentionPolicy, held: Holdings): string {
  switch (bound) {
    case 'age':
      return `it finished more than ${policy.keepMs! / 1000} s ago (keep_for)`;
    case 'count':
      return `${held.evaluations} finished evaluations are more than ${policy.keepEvaluations} (keep_evaluations)`;
    case 'bytes':
      return `finished evaluations have ${held.bytes} bytes, more than ${policy.keepBytes} (keep_bytes)`;
  }
}
