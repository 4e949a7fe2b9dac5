/** Events, and what goes on, as tables. */
import type { IncidentEvent, IncidentWords, OngoingIncident } from '../../shared/client/event-types.ts';
import type { Look } from './look.ts';
import type { Colour } from './paint.ts';
import type { Column } from './table.ts';

const SEVERITIES: Readonly<Record<string, Colour>> = { critical: 'red', warning: 'yellow' };
const STATUSES: Readonly<Record<string, Colour>> = { opened: 'red', resolved: 'green' };

/** What both say; of the fleet no namespace. */
function words(wide: boolean): Column<IncidentWords>[] {
  const columns: Column<IncidentWords>[] = [
    { title: 'severity', cell: (e) => e.severity, colour: (e) => SEVERITIES[e.severity] ?? 'dim', drop: 3 },
    { title: 'kind', cell: (e) => e.kind },
    { title: 'namespace', cell: (e) => e.namespace, least: 8, drop: 2, optional: true },
    { title: 'summary', cell: (e) => e.summary, least: 22, drop: 1 },
  ];
  if (!wide) return columns;
  const factsOf = ({ facts }: IncidentWords): string =>
    Object.entries(facts)
      .flatMap(([name, value]) => (value === '' ? [] : `${name}=${value}`))
      .join(' ');
  return [
    ...columns,
    { title: 'facts', cell: factsOf, least: 12, drop: 4, optional: true },
    { title: 'incident', cell: (e) => e.incident, drop: 5 },
  ];
}

export const eventColumns = (look: Look, wide: boolean): Column<IncidentEvent>[] => [
  { title: 'when', cell: (e) => look.time(e.atMs) },
  { title: 'status', cell: (e) => e.status, colour: (e) => STATUSES[e.status] ?? 'dim' },
  ...words(wide),
];

/** `waiting`: it does not hold for long enough so far; `ending`: it was not seen any more, and ends if it does not come back. */
const stateOf = ({ open, absentMs }: OngoingIncident): string => (!open ? 'waiting' : absentMs > 0 ? 'ending' : 'open');

export const ongoingColumns = (look: Look, wide: boolean): Column<OngoingIncident>[] => [
  { title: 'since', cell: (e) => look.time(e.sinceMs) },
  { title: 'state', cell: stateOf, colour: (e) => (e.open ? 'red' : 'dim') },
  ...words(wide),
];
