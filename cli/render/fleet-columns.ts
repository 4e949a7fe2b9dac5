/** Agents, routes and coordinators in lists. */
import { agentState } from '../../shared/domain/agent-words.ts';
import { describeDurability } from '../../shared/domain/durability.ts';
import { describeNamespaces } from '../../shared/domain/identity.ts';
import type { Agent, CoordinatorStatus, HeldAttempt, RouteStatus } from '../../shared/client/types.ts';
import type { Look } from './look.ts';
import type { Colour } from './paint.ts';
import { span } from './time.ts';
import type { Column } from './table.ts';
import { count } from './text.ts';

/** The words of models that an agent serves; `room` of each one is what it would take now. */
const roomOf = (agent: Agent): number => agent.models.reduce((sum, m) => sum + m.room, 0);
const labelsOf = (labels: Record<string, string>): string =>
  Object.entries(labels)
    .map(([k, v]) => `${k}=${v}`)
    .join(',');

function agentColour(agent: Agent): Colour {
  if (agent.state === 'gone') return 'dim';
  if (agent.quarantined) return 'red';
  return agentState(agent) === 'ready' ? 'green' : 'yellow';
}

export function agentColumns(look: Look, wide: boolean): Column<Agent>[] {
  const columns: Column<Agent>[] = [
    { title: 'name', cell: (a) => a.name, least: 8 },
    { title: 'state', cell: agentState, colour: agentColour },
    { title: 'samples', right: true, cell: (a) => count(a.samples), drop: 2 },
    { title: 'room', right: true, cell: (a) => (a.state === 'gone' ? '' : count(roomOf(a))), drop: 3 },
    { title: 'counted', right: true, cell: (a) => count(a.counted), drop: 4 },
    { title: 'errors', right: true, cell: (a) => (a.errored > 0 ? count(a.errored) : ''), drop: 5, optional: true, colour: () => 'red' },
    { title: 'refused', right: true, cell: (a) => (a.refused > 0 ? count(a.refused) : ''), drop: 5, optional: true, colour: () => 'red' },
    { title: 'models', cell: (a) => a.models.map((m) => m.match).join(','), least: 10, drop: 1 },
    { title: 'seen', cell: (a) => look.time(a.seenAtMs), drop: 6 },
    { title: 'labels', cell: (a) => labelsOf(a.labels), least: 8, drop: 7, optional: true },
    // Of a fleet without namespaces nothing is said.
    {
      title: 'namespaces',
      cell: (a) => (wide || a.namespaces !== '*' ? describeNamespaces(a.namespaces) : ''),
      least: 8,
      drop: 7,
      optional: true,
    },
  ];
  if (!wide) return columns;
  return [
    ...columns,
    { title: 'id', cell: (a) => a.agentId, drop: 8 },
    { title: 'known by', cell: (a) => a.proof, least: 8, drop: 8, optional: true },
    { title: 'version', cell: (a) => a.version, drop: 9 },
    { title: 'coordinator', cell: (a) => a.coordinatorId, drop: 10 },
    { title: 'peer', cell: (a) => a.peer, drop: 11 },
    { title: 'can', cell: (a) => a.capabilities.join(','), least: 8, drop: 12, optional: true },
    { title: 'reason', cell: (a) => a.reason, least: 8, drop: 13, optional: true },
  ];
}

export function attemptColumns(look: Look): Column<HeldAttempt>[] {
  return [
    { title: 'task', cell: (a) => a.taskId, least: 12 },
    { title: 'samples', right: true, cell: (a) => count(a.samples), drop: 1 },
    { title: 'since', cell: (a) => look.time(a.sinceMs), drop: 2 },
    { title: 'route', cell: (a) => a.route, drop: 3 },
    { title: 'attempt', cell: (a) => a.attemptId, drop: 4 },
  ];
}

export const routeState = (route: RouteStatus): string =>
  route.paused ? 'paused' : route.agents === 0 ? 'no agent' : route.inFlight > 0 || route.open === 0 ? 'ok' : 'waiting';

const routeColour = (route: RouteStatus): Colour =>
  route.paused ? 'yellow' : route.agents === 0 ? 'red' : routeState(route) === 'ok' ? 'green' : 'yellow';

export function routeColumns(wide: boolean): Column<RouteStatus>[] {
  const columns: Column<RouteStatus>[] = [
    { title: 'requirement', cell: (r) => r.requirement, least: 14 },
    { title: 'state', cell: routeState, colour: routeColour },
    { title: 'open', right: true, cell: (r) => count(r.open) },
    { title: 'in flight', right: true, cell: (r) => count(r.inFlight), drop: 2 },
    { title: 'agents', right: true, cell: (r) => count(r.agents), drop: 1 },
    { title: 'room', right: true, cell: (r) => count(r.room), drop: 4 },
    { title: 'tasks', right: true, cell: (r) => count(r.waitingTasks), drop: 5 },
    { title: 'waits', right: true, cell: (r) => (r.oldestWaitMs > 0 ? span(r.oldestWaitMs / 1000) : ''), drop: 3, optional: true },
    { title: 'why', cell: (r) => r.reason || r.misfits[0] || '', least: 12, drop: 6, optional: true },
  ];
  if (!wide) return columns;
  return [
    ...columns,
    { title: 'namespace', cell: (r) => r.namespace, drop: 7 },
    { title: 'route', cell: (r) => r.route, drop: 7 },
    { title: 'evaluations', cell: (r) => r.evaluationIds.join(','), least: 10, drop: 8, optional: true },
  ];
}

export function coordinatorColumns(look: Look): Column<CoordinatorStatus>[] {
  return [
    { title: 'coordinator', cell: (c) => c.coordinatorId },
    // A part of a port is of no use.
    { title: 'address', cell: (c) => c.address, least: 21, drop: 1 },
    { title: 'agents', right: true, cell: (c) => count(c.agents), drop: 2 },
    { title: 'in flight', right: true, cell: (c) => count(c.inFlight), drop: 3 },
    { title: 'version', cell: (c) => c.version, drop: 5 },
    { title: 'durability', cell: (c) => (c.durability ? describeDurability(c.durability) : ''), drop: 4 },
    { title: 'profile', cell: (c) => c.profile ?? '', drop: 7, optional: true },
    { title: 'started', cell: (c) => look.time(c.startedAtMs), drop: 6 },
  ];
}
