/** Routes as operators see them: what waits on each, what is open and under way, who could serve it, and why others cannot. */
import type { Agent, RouteStatus } from '../../shared/client/types.ts';
import { covers } from '../../shared/domain/identity.ts';
import { misfitsOf } from '../../shared/domain/fit.ts';
import { unitsOf } from '../../shared/domain/manifest.ts';
import { describeRoute, modelFor, namespaceOfRoute, type Route } from '../../shared/domain/routing.ts';
import { isFinal } from '../../shared/domain/states.ts';
import type { Catalog, Seen } from '../evaluations/catalog.ts';
import { forEachBounded } from '../../shared/runtime/bounded.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { TaskQueue } from '../queue/task-queue.ts';
import { candidateOf } from './agent-card.ts';
import type { Switches } from './switches.ts';

const MAX_EVALUATIONS = 20;
const MAX_MISFITS = 10;
/** Evaluations, and queues, that are asked for at the same time. */
const WIDTH = 16;

/** What a RouteBook is made of. */
export interface RouteBookParts {
  catalog: Catalog;
  ledger: Pick<Ledger, 'snapshot' | 'planView'>;
  queue: Pick<TaskQueue, 'waiting'>;
  switches: Switches;
}

/** What the evaluations have on one route. */
interface Load {
  route: Route;
  open: number;
  inFlight: number;
  evaluationIds: string[];
}

export class RouteBook {
  readonly #parts: RouteBookParts;

  constructor(parts: RouteBookParts) {
    this.#parts = parts;
  }

  /** Every route that has work or is paused, by its requirement, then id. */
  async all(agents: readonly Agent[]): Promise<RouteStatus[]> {
    const { queue, switches } = this.#parts;
    const loads = await this.#loads();
    const active = new Set(loads.keys());
    for (const { route } of switches.allPaused())
      if (!active.has(route.id)) loads.set(route.id, { route, open: 0, inFlight: 0, evaluationIds: [] });
    const found: RouteStatus[] = [];
    await forEachBounded([...loads.values()], WIDTH, async (load) => {
      // Nobody waits on a route that no evaluation names any more.
      const waiting = active.has(load.route.id) ? await queue.waiting(load.route.id) : { count: 0, oldestMs: 0 };
      const status = statusOf(load, waiting, agents, switches);
      if (status.paused || status.open > 0 || status.waitingTasks > 0) found.push(status);
    });
    return found.toSorted((a, b) => order(a.requirement, b.requirement) || order(a.route, b.route));
  }

  /** All routes that can be named now. */
  known(): Route[] {
    const { catalog, switches } = this.#parts;
    const routes = new Map(switches.allPaused().map(({ route }) => [route.id, route]));
    for (const [id, route] of catalog.routes()) routes.set(id, route);
    return [...routes.values()];
  }

  /** One route, also if nothing waits on it. */
  async one(route: Route, agents: readonly Agent[]): Promise<RouteStatus> {
    const loads = await this.#loads(route.id);
    const load = loads.get(route.id) ?? { route, open: 0, inFlight: 0, evaluationIds: [] };
    return statusOf(load, await this.#parts.queue.waiting(route.id), agents, this.#parts.switches);
  }

  async #loads(onlyRouteId?: string): Promise<Map<string, Load>> {
    const loads = new Map<string, Load>();
    const concerned = this.#parts.catalog
      .active()
      .filter(({ state, routes }) => !(state && isFinal(state)) && (!onlyRouteId || routes.some((r) => r.id === onlyRouteId)));
    await forEachBounded(concerned, WIDTH, (seen) => this.#add(loads, seen));
    for (const load of loads.values()) load.evaluationIds.sort();
    return loads;
  }

  /** Adds what one evaluation has open and under way. One that Redis has lost counts as open as a whole. */
  async #add(loads: Map<string, Load>, { manifest, routes, ordinals }: Seen): Promise<void> {
    const { ledger } = this.#parts;
    const [snapshot, view] = await Promise.all([ledger.snapshot(manifest.evaluationId), ledger.planView(manifest, routes.length)]);
    if (snapshot && isFinal(snapshot.state)) return;
    const open = routes.map(() => 0);
    for (const group of manifest.groups) {
      const closed = (snapshot?.groups[group.index] ?? []).slice(1, 6).reduce((sum, n) => sum + n, 0);
      open[ordinals[group.index]!]! += unitsOf(group) - closed;
    }
    routes.forEach((route, i) => {
      const load = loads.get(route.id) ?? { route, open: 0, inFlight: 0, evaluationIds: [] };
      load.open += open[i]!;
      load.inFlight += view?.leased[i] ?? 0;
      if (open[i]! > 0 && load.evaluationIds.length < MAX_EVALUATIONS) load.evaluationIds.push(manifest.evaluationId);
      loads.set(route.id, load);
    });
  }
}

function statusOf(
  { route, ...load }: Load,
  waiting: { count: number; oldestMs: number },
  agents: readonly Agent[],
  switches: Switches,
): RouteStatus {
  const paused = switches.paused(route.id);
  const namespace = namespaceOfRoute(route);
  let [fitting, room] = [0, 0];
  const unfit: { agent: Agent; misfits: ReturnType<typeof misfitsOf> }[] = [];
  for (const agent of agents) {
    // Agents of other namespaces are not told of.
    if (agent.state === 'gone' || !covers(agent.namespaces, namespace)) continue;
    const reasons = misfitsOf(route, candidateOf(agent));
    if (reasons.length === 0) {
      fitting++;
      room += agent.models[modelFor(route.model, agent.models)]!.room;
    } else unfit.push({ agent, misfits: reasons });
  }
  return {
    route: route.id,
    requirement: describeRoute(route),
    model: route.model,
    labels: route.labels,
    needs: route.needs ?? [],
    namespace,
    paused: paused !== undefined,
    reason: paused?.reason ?? '',
    waitingTasks: waiting.count,
    oldestWaitMs: waiting.oldestMs,
    open: load.open,
    inFlight: load.inFlight,
    agents: fitting,
    room,
    evaluationIds: load.evaluationIds,
    misfits: fitting === 0 && load.open > 0 ? nearest(unfit, namespace) : [],
  };
}

/** What is in the way of the agents that come nearest: those that lack least first. */
function nearest(unfit: { agent: Agent; misfits: ReturnType<typeof misfitsOf> }[], namespace: string): string[] {
  if (unfit.length === 0) return [`no agent of the namespace ${namespace} is connected`];
  return unfit
    .toSorted((a, b) => a.misfits.length - b.misfits.length)
    .slice(0, MAX_MISFITS)
    .map(({ agent, misfits }) => `${agent.name || agent.agentId}: ${misfits.map(({ text }) => text).join('; ')}`);
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
