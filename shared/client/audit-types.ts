/** What clients see of the audit log; audit.proto has the words. */

export interface AuditEntry {
  chain: string;
  line: number;
  atMs: number;
  who: string;
  by: string;
  method: string;
  peer: string;
  outcome: string;
  reason: string;
  namespace: string;
  target: string;
  /** So many more, of which nothing else is told. */
  more: number;
}

export interface AuditFilter {
  sinceMs?: number;
  untilMs?: number;
  /** A part of the caller's name or id. */
  who?: string;
  /** A part of the method's path. */
  method?: string;
  namespace?: string;
  outcome?: 'ok' | 'denied';
  /** The newest ones; 100 by default. */
  limit?: number;
}

/** Where a chain ends: kept elsewhere, it shows later whether the newest lines are still there. */
export interface AuditHead {
  chain: string;
  line: number;
  hash: string;
}

export interface AuditVerdict {
  chains: number;
  lines: number;
  /** All there are; `problems` has the first ones. */
  count: number;
  problems: { chain: string; line: number; problem: string }[];
  heads: AuditHead[];
  /** Chains that began before this were removed because of their age; the line that says so. 0 and empty: nothing was. */
  beginsAtMs: number;
  beginsBy: string;
}
