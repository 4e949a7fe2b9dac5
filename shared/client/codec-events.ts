/** Incidents and events between the wire and the client library's types. */
import { EVENT_STATUSES, SEVERITIES, type EventStatus, type Severity } from '../domain/incident-kinds.ts';
import type { IncidentEvent as WireEvent, IncidentEvent__Output } from '../rpc/gen/assay/v1/IncidentEvent.ts';
import type { ListEventsRequest } from '../rpc/gen/assay/v1/ListEventsRequest.ts';
import type { ListEventsResponse, ListEventsResponse__Output } from '../rpc/gen/assay/v1/ListEventsResponse.ts';
import type { OngoingIncident as WireOngoing, OngoingIncident__Output } from '../rpc/gen/assay/v1/OngoingIncident.ts';
import { int64, toInt64, unknownWord } from './codec-words.ts';
import type { EventFilter, EventPage, IncidentEvent, OngoingIncident } from './event-types.ts';

export const eventFilterToWire = (filter: EventFilter): ListEventsRequest => ({
  ...{ namespace: filter.namespace ?? '', kind: filter.kind ?? '', severity: filter.severity ?? '', status: filter.status ?? '' },
});

/** undefined: another word. */
export const knownSeverity = (wire: string): Severity | undefined => SEVERITIES.find((known) => known === wire);
export const knownStatus = (wire: string): EventStatus | undefined => EVENT_STATUSES.find((known) => known === wire);

const ongoingToWire = (one: OngoingIncident): WireOngoing => ({ ...one, sinceMs: toInt64(one.sinceMs), absentMs: toInt64(one.absentMs) });
const eventToWire = (one: IncidentEvent): WireEvent => ({ ...one, startedMs: toInt64(one.startedMs), atMs: toInt64(one.atMs) });

export const eventsToWire = ({ ongoing, open, waiting, items, nextToken }: EventPage): ListEventsResponse => ({
  ...{ ongoing: ongoing.map(ongoingToWire), open, waiting },
  ...{ events: items.map(eventToWire), nextPageToken: nextToken },
});

const severityFromWire = (wire: string): Severity => knownSeverity(wire) ?? unknownWord('severity', wire);

const ongoingFromWire = ({ severity, facts, sinceMs, absentMs, ...one }: OngoingIncident__Output): OngoingIncident => ({
  ...{ ...one, severity: severityFromWire(severity), facts: { ...facts } },
  ...{ sinceMs: int64(sinceMs), absentMs: int64(absentMs) },
});

const eventFromWire = ({ severity, status, facts, startedMs, atMs, ...one }: IncidentEvent__Output): IncidentEvent => ({
  ...{ ...one, severity: severityFromWire(severity), status: knownStatus(status) ?? unknownWord('status', status) },
  ...{ facts: { ...facts }, startedMs: int64(startedMs), atMs: int64(atMs) },
});

export const eventsFromWire = ({ ongoing, open, waiting, events, nextPageToken }: ListEventsResponse__Output): EventPage => ({
  ...{ ongoing: ongoing.map(ongoingFromWire), open, waiting },
  ...{ items: events.map(eventFromWire), nextToken: nextPageToken },
});
