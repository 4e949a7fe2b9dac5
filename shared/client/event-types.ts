/** What clients see of incidents; operator.proto has the words. */
import type { EventStatus, Kind, Severity } from '../domain/incident-kinds.ts';

/** What goes on. Names in it come from others. */
export interface OngoingIncident {
  /** Names it, from its beginning to its end; '' while it waits. */
  incident: string;
  /** It holds for long enough, and was told; otherwise it waits. */
  open: boolean;
  /** One of `Kind`, or of a newer coordinator another one: take those by their summary. */
  kind: string;
  severity: Severity;
  /** '': of the fleet. */
  namespace: string;
  summary: string;
  facts: Record<string, string>;
  sinceMs: number;
  /** Not seen any more since then; 0: it holds. */
  absentMs: number;
}

/** A beginning, an end, or what has none. */
export interface IncidentEvent {
  id: string;
  /** Of the beginning and the end of one incident the same. */
  incident: string;
  status: EventStatus;
  /** As of an ongoing one. */
  kind: string;
  severity: Severity;
  namespace: string;
  summary: string;
  facts: Record<string, string>;
  startedMs: number;
  atMs: number;
}

/** What both have. */
export type IncidentWords = Pick<IncidentEvent, 'incident' | 'kind' | 'severity' | 'namespace' | 'summary' | 'facts'>;

export interface EventFilter {
  /** Absent: of all that one may see, and of the fleet. */
  namespace?: string;
  kind?: Kind;
  severity?: Severity;
  /** Of events alone. */
  status?: EventStatus;
}

/** A page of events, and what goes on. */
export interface EventPage {
  /** The newest first. */
  items: IncidentEvent[];
  /** '' on the last page. */
  nextToken: string;
  /** On the first page: at most as many as a page has, and 200; the open ones first, of each the worst first. */
  ongoing: OngoingIncident[];
  /** How many there are in all. */
  open: number;
  waiting: number;
}
