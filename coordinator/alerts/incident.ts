/** Incidents: what operators want to be told of, when it begins and when it ends. Pure. */

import type { Kind } from '../../shared/domain/incident-kinds.ts';

export { KIND_NAMES, KINDS, type Kind, type Severity } from '../../shared/domain/incident-kinds.ts';

/** One of them, as it was seen. */
export interface Incident {
  /** The same as long as it is the same incident, at whichever coordinator. */
  key: string;
  kind: Kind;
  /** Whose: a namespace; empty: of the fleet as a whole. */
  namespace: string;
  /** One line for people; what others have named stands in it as it is, so whoever shows it escapes it. */
  summary: string;
  /** For programs: ids, names and numbers. */
  facts: Readonly<Record<string, string | number>>;
}

/** What is known of one that goes on. */
export interface Ongoing {
  incident: Incident;
  /** waiting: it does not hold long enough yet. */
  state: 'waiting' | 'open';
  sinceMs: number;
  /** Not seen any more since then. */
  absentMs?: number;
  /** Of an open one: names this time that it holds, and the channels that were told. */
  occurrence?: string;
  told?: readonly string[];
  /** No channel had room for its beginning: they are told once one has. */
  owed?: true;
}

/** What becomes of it; `next` undefined: it is forgotten. */
export interface Step {
  next: Ongoing | undefined;
  tell?: 'opened' | 'resolved';
}

export interface StepTimes {
  nowMs: number;
  /** How long it must hold, and be over, until that is told. */
  afterMs: number;
  clearMs: number;
}

/**
 *   (none)   seen: waiting, or open where nothing is to be waited for
 *   waiting  seen for `afterMs`: open, which is told; not seen: forgotten
 *   open     not seen for `clearMs`: over, which is told
 *
 * undefined: all stays as it is.
 */
export function stepOf(known: Ongoing | undefined, seen: Incident | undefined, { nowMs, afterMs, clearMs }: StepTimes): Step | undefined {
  if (!known) {
    if (!seen) return undefined;
    const next: Ongoing = { incident: seen, state: 'waiting', sinceMs: nowMs };
    return afterMs <= 0 ? { next: { ...next, state: 'open' }, tell: 'opened' } : { next };
  }
  if (known.state === 'waiting') {
    if (!seen) return { next: undefined };
    return nowMs - known.sinceMs >= afterMs ? { next: { ...known, incident: seen, state: 'open' }, tell: 'opened' } : undefined;
  }
  const { absentMs, ...present } = known;
  if (seen) return absentMs === undefined ? undefined : { next: present };
  if (absentMs === undefined && clearMs > 0) return { next: { ...known, absentMs: nowMs } };
  return nowMs - (absentMs ?? nowMs) >= clearMs ? { next: undefined, tell: 'resolved' } : undefined;
}
