/** A message: one incident's beginning or end, for one channel. Pure. */
import type { EventStatus } from '../../shared/domain/incident-kinds.ts';
import { KINDS, type Incident } from './incident.ts';

export interface Message {
  /** The same however often it is tried: a receiver may go by it. */
  id: string;
  channel: string;
  /** happened: what has no end. */
  status: EventStatus;
  /** Names the incident: of its beginning and its end the same. */
  occurrence: string;
  incident: Incident;
  startedMs: number;
  atMs: number;
  /** How often it was tried, and when it may be tried again. */
  tries: number;
  dueMs: number;
}

/** What a webhook's body is: the documented form. */
export function documentOf(message: Message): Record<string, unknown> {
  const { id, status, occurrence, incident, startedMs, atMs } = message;
  return {
    version: 1,
    id,
    incident: occurrence,
    status,
    kind: incident.kind,
    severity: KINDS[incident.kind].severity,
    namespace: incident.namespace,
    summary: incident.summary,
    facts: incident.facts,
    started_at: new Date(startedMs).toISOString(),
    ...(status === 'resolved' && { resolved_at: new Date(atMs).toISOString() }),
  };
}

/** One line for people. */
export const lineOf = ({ status, incident }: Message): string =>
  `${status === 'resolved' ? 'Resolved: ' : ''}${plain(incident.summary)}`.slice(0, 1000);

/** Names come from others: no line breaks, no control characters. */
// eslint-disable-next-line no-control-regex -- these are what is taken out
export const plain = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, ' ');
