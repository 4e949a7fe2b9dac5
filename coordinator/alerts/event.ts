/** Incidents as they are shown: their beginnings and ends as events, what goes on, and how large each may be. Pure. */
import type { IncidentEvent, OngoingIncident } from '../../shared/client/event-types.ts';
import type { EventStatus } from '../../shared/domain/incident-kinds.ts';
import { KINDS, type Incident, type Kind, type Ongoing } from './incident.ts';
import { plain } from './message.ts';

/** Of an event: characters of its line and of each fact, facts, and characters of their names. Requirements and reasons may be far longer. */
const MAX = { summary: 500, fact: 300, facts: 20, name: 60 };

const cut = (text: string, most: number): string => text.slice(0, most).toWellFormed();

const severityOf = (kind: string): IncidentEvent['severity'] => (Object.hasOwn(KINDS, kind) ? KINDS[kind as Kind].severity : 'warning');

const worded = ({ kind, namespace, summary, facts }: Incident) => ({
  ...{ kind, severity: severityOf(kind), namespace, summary: cut(plain(summary), MAX.summary) },
  facts: Object.fromEntries(
    Object.entries(facts)
      .slice(0, MAX.facts)
      .map(([name, value]) => [cut(name, MAX.name), cut(String(value), MAX.fact)]),
  ),
});

/** Of one incident there is one event of each status. */
export const eventOf = (
  status: EventStatus,
  { incident, occurrence, startedMs, atMs }: { incident: Incident; occurrence: string; startedMs: number; atMs: number },
): IncidentEvent => ({ id: `${occurrence}:${status}`, incident: occurrence, status, ...worded(incident), startedMs, atMs });

export const shownOf = ({ incident, state, sinceMs, absentMs = 0, occurrence = '' }: Ongoing): OngoingIncident => ({
  incident: occurrence,
  open: state === 'open',
  ...worded(incident),
  ...{ sinceMs, absentMs },
});
