/** Why the work of a route does not run, for people. Pure. */
import type { RouteAgent, Waits, WhyRoute } from '../../shared/client/why.ts';
import { factLines } from './evaluation-view.ts';
import { routeState } from './fleet-columns.ts';
import type { Look } from './look.ts';
import { tableLines, type Column } from './table.ts';
import { count, plainText, plural, wrapped } from './text.ts';
import { span } from './time.ts';
import { historyLines } from './why-history.ts';
import { reasonLines } from './why-view.ts';

export function whyRouteView(why: WhyRoute, look: Look): string {
  const { route, waiting, waited } = why;
  const fitted = (text: string): string[] => wrapped(text, Math.max(10, look.columns));
  const lines = [
    ...fitted(`${plainText(route.requirement)}  ${plainText(route.route)}  ${routeState(route)}`).map((line) => look.paint('bold', line)),
    ...fitted(
      `${plural(route.open, 'sample')} open, ${count(route.inFlight)} handed out; ${count(route.agents)} of ${plural(why.agentCount, 'agent')} fit`,
    ),
    ...factLines(
      [
        ['tasks wait', waiting.tasks > 0 ? `${count(waiting.tasks)}: ${inWords(waiting)}` : ''],
        ['in the last hour', waited.tasks > 0 ? `${plural(waited.tasks, 'task')} waited ${inWords(waited)}` : ''],
      ],
      look,
    ),
  ];
  for (const reason of why.reasons) lines.push('', ...reasonLines(reason, why.timeMs, look));
  if (why.agents.length > 0) lines.push('', ...tableLines(AGENTS, why.agents, look, { rule: true }));
  if (why.agentCount > why.agents.length) lines.push(`… and ${plural(why.agentCount - why.agents.length, 'more agent')}`);
  if (why.history) lines.push('', ...historyLines(why.history, look));
  return `${lines.join('\n')}\n`;
}

const inWords = ({ p50Ms, p90Ms, p99Ms, maxMs }: Waits): string =>
  `half at most ${length(p50Ms)}, 90 % ${length(p90Ms)}, 99 % ${length(p99Ms)}, the longest ${length(maxMs)}`;

const length = (ms: number): string => (ms < 1_000 ? `${count(ms)} ms` : span(ms / 1_000));

const AGENTS: Column<RouteAgent>[] = [
  { title: 'agent', cell: (a) => a.name, least: 8 },
  { title: 'state', cell: (a) => a.state, drop: 2 },
  { title: 'fits', cell: (a) => (a.fits ? 'yes' : 'no'), colour: (a) => (a.fits ? 'green' : 'red') },
  { title: 'room', right: true, cell: (a) => (a.fits ? count(a.room) : ''), drop: 1 },
  { title: 'in hand', right: true, cell: (a) => count(a.samples), drop: 3 },
  { title: 'why', cell: (a) => a.text, least: 20 },
];
