/** What operators want to know: the kinds of incidents, with how bad each is, and how long it must hold before it is told. Pure. */

/** From the worst. */
export const SEVERITIES = ['critical', 'warning', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** docs/alerts.md says when each one is. */
export const KINDS = {
  evaluation_finished: { severity: 'info', afterMs: 0 },
  evaluation_failed: { severity: 'critical', afterMs: 0 },
  evaluation_below_gate: { severity: 'warning', afterMs: 0 },
  agent_lost: { severity: 'warning', afterMs: 60_000 },
  nothing_fits: { severity: 'critical', afterMs: 60_000 },
  queue_stuck: { severity: 'warning', afterMs: 600_000 },
  key_throttled: { severity: 'warning', afterMs: 300_000 },
  key_rejected: { severity: 'critical', afterMs: 30_000 },
  dead_letters: { severity: 'warning', afterMs: 0 },
} as const satisfies Record<string, { severity: Severity; afterMs: number }>;

export type Kind = keyof typeof KINDS;
export const KIND_NAMES = Object.keys(KINDS) as Kind[];

/** What an event says of an incident; `happened`: of what has no end. */
export const EVENT_STATUSES = ['opened', 'resolved', 'happened'] as const;
export type EventStatus = (typeof EVENT_STATUSES)[number];
