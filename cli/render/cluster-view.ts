/** The cluster as it stands, folded from its changes, as lines for a terminal or as lines of a log. Pure. */
import { agentState } from '../../shared/domain/agent-words.ts';
import type { Agent, ClusterChange, CoordinatorStatus, RedisStatus, RouteStatus, StoreStatus } from '../../shared/client/types.ts';
import { agentColumns, coordinatorColumns, routeColumns, routeState } from './fleet-columns.ts';
import type { Look } from './look.ts';
import { tableLines, type Column } from './table.ts';
import { limitsInLines } from './limit-lines.ts';
import { redisLines, redisWarnings } from './redis-lines.ts';
import { storeLines } from './store-lines.ts';
import { count, cut, plainText, plural, widthOf, wrapped } from './text.ts';

/** As large as the cluster. */
export interface ClusterView {
  coordinators: Map<string, CoordinatorStatus>;
  agents: Map<string, Agent>;
  routes: Map<string, RouteStatus>;
  /** Undefined: the coordinator is too old to say. */
  store?: StoreStatus;
  redis?: RedisStatus;
}

export const newClusterView = (): ClusterView => ({ coordinators: new Map(), agents: new Map(), routes: new Map() });

/** Takes a change into the picture and tells, a line each, what people want to know of it: who came and went, new states. */
export function applyChange(view: ClusterView, change: ClusterChange): string[] {
  const before = change.snapshot
    ? newClusterView()
    : { ...view, agents: new Map(view.agents), routes: new Map(view.routes), coordinators: new Map(view.coordinators) };
  if (change.snapshot) Object.assign(view, newClusterView());
  const told: string[] = [];
  const tell = (what: string, name: string, was: string | undefined, is: string, more = ''): void => {
    if (was !== is) told.push(`${what} ${plainText(name)} ${is}${more ? ` (${plainText(more)})` : ''}`);
  };
  for (const c of change.coordinators) {
    tell('coordinator', c.coordinatorId, before.coordinators.has(c.coordinatorId) ? 'there' : undefined, 'there', c.address);
    view.coordinators.set(c.coordinatorId, c);
  }
  for (const a of change.agents) {
    const was = before.agents.get(a.agentId);
    tell('agent', a.name, was && agentState(was), agentState(a), a.reason || a.models.map((m) => m.match).join(', '));
    view.agents.set(a.agentId, a);
  }
  for (const { id, seenAtMs } of change.seen ?? []) {
    const [coordinator, agent] = [view.coordinators.get(id), view.agents.get(id)];
    if (coordinator) view.coordinators.set(id, { ...coordinator, seenAtMs });
    if (agent) view.agents.set(id, { ...agent, seenAtMs });
  }
  for (const r of change.routes) {
    const was = before.routes.get(r.route);
    tell('route', r.requirement, was && routeState(was), routeState(r), r.reason || `${count(r.open)} open, ${plural(r.agents, 'agent')}`);
    view.routes.set(r.route, r);
  }
  if (change.store) {
    const removed = change.store.lastRemoved;
    if (removed && !change.snapshot && removed.evaluationId !== before.store?.lastRemoved?.evaluationId)
      told.push(`evaluation ${removed.evaluationId} removed (${plainText(removed.reason)})`);
    view.store = change.store;
  }
  if (change.redis) {
    const known = new Set(before.redis && redisWarnings(before.redis));
    told.push(...redisWarnings(change.redis).filter((line) => !known.has(line)));
    view.redis = change.redis;
  }
  for (const id of change.removedCoordinatorIds) if (view.coordinators.delete(id)) told.push(`coordinator ${plainText(id)} gone`);
  for (const id of change.removedAgentIds) {
    const name = view.agents.get(id)?.name;
    if (name !== undefined && view.agents.delete(id)) told.push(`agent ${plainText(name)} forgotten`);
  }
  for (const id of change.removedRoutes) {
    const requirement = view.routes.get(id)?.requirement;
    if (requirement !== undefined && view.routes.delete(id)) told.push(`route ${plainText(requirement)} done`);
  }
  return told;
}

/** Three tables in at most `rows` lines, of which what does not fit is counted. Where all has room, the limits of coordinators follow. */
export function clusterLines(view: ClusterView, look: Look, rows: number): string[] {
  const agents = [...view.agents.values()].toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
  const connected = agents.filter((a) => a.state !== 'gone');
  const routes = [...view.routes.values()].toSorted((a, b) => b.open - a.open || a.requirement.localeCompare(b.requirement, 'en'));
  const coordinators = [...view.coordinators.values()].toSorted((a, b) => a.coordinatorId.localeCompare(b.coordinatorId, 'en'));
  const inFlight = connected.reduce((sum, a) => sum + a.samples, 0);
  const facts = [...(view.redis ? redisLines(view.redis) : []), ...(view.store ? storeLines(view.store, look) : [])];
  const head = `${plural(coordinators.length, 'coordinator')}  ${plural(connected.length, 'agent')} connected  ${plural(inFlight, 'sample')} in flight  ${count(routes.reduce((sum, r) => sum + r.open, 0))} open`;
  // Titles, blank lines and the head aside, the rows are shared; a table that needs less leaves the rest to the others.
  const parts = [routes.length, agents.length, coordinators.length];
  const titles = 2 * parts.filter((n) => n > 0).length;
  const whole = 1 + titles + parts.reduce((sum, n) => sum + n, 0);
  const long = facts.flatMap((line) => hanging(line, look.columns));
  const store = whole + long.length <= rows ? long : facts.map((line) => cut(line, look.columns));
  const limits = limitsInLines(coordinators, look);
  const hasLimits = limits.length > 0 && whole + store.length + 1 + limits.length <= rows;
  const rooms = sharesOf(parts, Math.max(3, rows - 1 - store.length - titles));
  const table = <T>(columns: Column<T>[], items: readonly T[], room: number): string[] => {
    if (items.length === 0) return [];
    const shown = items.length <= room ? items : items.slice(0, Math.max(1, room - 1));
    const lines = tableLines(columns, shown, look);
    const hidden = items.length - shown.length;
    return ['', ...lines, ...(hidden > 0 ? [cut(`… and ${count(hidden)} more`, look.columns)] : [])];
  };
  return [
    cut(head, look.columns),
    ...store,
    ...table(routeColumns(false), routes, rooms[0]!),
    ...table(agentColumns(look, false), agents, rooms[1]!),
    ...table(coordinatorColumns(look), coordinators, rooms[2]!),
    ...(hasLimits ? ['', ...limits] : []),
  ].slice(0, Math.max(1, rows));
}

const HUNG_BY = 'redis: '.length;

/** What is longer than the terminal goes on below its words, not below its name; a fact of a line stays whole where it can. */
function hanging(line: string, columns: number): string[] {
  const room = columns - HUNG_BY;
  if (widthOf(line) <= columns || room < HUNG_BY) return wrapped(line, columns);
  const lines: string[] = [];
  for (const fact of line.slice(HUNG_BY).split(/(?<=; )/)) {
    const joined = (lines.at(-1) ?? '') + fact;
    if (lines.length > 0 && widthOf(joined.trimEnd()) <= room) lines[lines.length - 1] = joined;
    else lines.push(...wrapped(fact, room).map((text, i, all) => (i < all.length - 1 ? text : `${text} `)));
  }
  return lines.map((text, i) => (i === 0 ? line.slice(0, HUNG_BY) : ' '.repeat(HUNG_BY)) + text.trimEnd());
}

/** Fair shares of `room` for parts that want so much each. */
function sharesOf(wanted: readonly number[], room: number): number[] {
  const shares = wanted.map(() => 0);
  for (let left = room; left > 0;) {
    const hungry = wanted.flatMap((want, i) => (shares[i]! < want ? [i] : []));
    if (hungry.length === 0) break;
    for (const i of hungry) {
      if (left === 0) break;
      shares[i]!++;
      left--;
    }
  }
  return shares;
}
