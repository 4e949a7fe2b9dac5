/** One opened row as lines. Pure. */
import { agentView } from '../render/agent-view.ts';
import { evaluationView, factLines } from '../render/evaluation-view.ts';
import { routeState } from '../render/fleet-columns.ts';
import type { Look } from '../render/look.ts';
import { count, plainText, plural, wrapped } from '../render/text.ts';
import { span } from '../render/time.ts';
import { whyView } from '../render/why-view.ts';
import { isFinal } from '../../shared/domain/states.ts';
import type { RouteStatus } from '../../shared/client/types.ts';
import type { Details, TopState } from './state.ts';

/** All its lines, however many; some may be too wide. */
export function detailLines(state: TopState, look: Look): string[] {
  const { opened } = state;
  if (!opened) return [];
  if (opened.pane === 'routes') {
    const route = state.rows.routes.find((r) => r.route === opened.id);
    return route ? routeLines(route, look) : ['This route is done: nothing waits for it any more.'];
  }
  const problem = opened.problem ? wrapped(opened.problem, look.columns).map((line) => look.paint('red', line)) : [];
  if (!opened.details) return problem.length > 0 ? problem : ['asking …'];
  return [...problem, ...linesOf(opened.details, look)];
}

function linesOf(details: Details, look: Look): string[] {
  if (details.kind === 'agent') return split(agentView(details.agent, details.attempts, look));
  const { evaluation, why, report } = details;
  const lines = split(evaluationView(evaluation, look, report));
  // Of one that is over the reason stands above already.
  return why && !isFinal(evaluation.state) ? [...lines, '', look.paint('bold', 'why'), ...split(whyView(why, look)).slice(1)] : lines;
}

const split = (text: string): string[] => text.trimEnd().split('\n');

function routeLines(route: RouteStatus, look: Look): string[] {
  const { paint } = look;
  return [
    `${paint('bold', plainText(route.requirement))}  ${routeState(route)}`,
    ...factLines(
      [
        ['id', route.route],
        ['namespace', route.namespace],
        ['reason', route.reason],
        ['open', `${plural(route.open, 'sample')}, ${count(route.inFlight)} in flight`],
        [
          'tasks',
          `${count(route.waitingTasks)} wait${route.oldestWaitMs > 0 ? `, the oldest for ${span(route.oldestWaitMs / 1000)}` : ''}`,
        ],
        [
          'agents',
          `${plural(route.agents, 'agent')} that ${route.agents === 1 ? 'fits' : 'fit'}, with room for ${plural(route.room, 'sample')}`,
        ],
        ['evaluations', route.evaluationIds.join(', ')],
      ],
      look,
    ),
    ...(route.misfits.length > 0
      ? ['', paint('bold', 'agents that do not fit'), ...route.misfits.flatMap((line) => wrapped(line, look.columns))]
      : []),
  ];
}
