/** Why the work of a route does not run, or not faster: gathers what its evaluations have there, and has the reasons made of that. Changes nothing. */
import type { Agent, RouteStatus } from '../../../shared/client/types.ts';
import type { Reason, WhyRoute } from '../../../shared/client/why.ts';
import { isFinal } from '../../../shared/domain/states.ts';
import type { Route } from '../../../shared/domain/routing.ts';
import { forEachBounded } from '../../../shared/runtime/bounded.ts';
import type { Catalog } from '../../evaluations/catalog.ts';
import type { WhyFacts } from './facts.ts';
import type { HistoryBook } from './history-book.ts';
import { agentsOfRoute, reasonsOfRoute, type RouteWork } from './route-fold.ts';
import type { FleetSwitches } from './route-looks.ts';
import type { WaitBook } from './wait-book.ts';
import { waitsIn, NO_WAITS } from './waits.ts';
import type { Round, Why } from './why.ts';

/** Evaluations that are looked at. */
const MAX_EVALUATIONS = 50;
const WIDTH = 8;
/** Only who may see everything asks. */
const ALL = { namespaces: '*', operates: true } as const;

export interface RouteWhyParts {
  why: Pick<Why, 'round' | 'onRoute'>;
  catalog: Pick<Catalog, 'active'>;
  fleet: FleetSwitches & {
    operator: { findRoute(idOrRequirement: string): Route; routeStatus(route: Route, agents: readonly Agent[]): Promise<RouteStatus> };
  };
  /** Left out: nothing is kept of before. */
  history?: Pick<HistoryBook, 'read'> | undefined;
  waits?: Pick<WaitBook, 'read'> | undefined;
}

export class RouteWhy {
  readonly #parts: RouteWhyParts;

  constructor(parts: RouteWhyParts) {
    this.#parts = parts;
  }

  /** `not_found` if no unfinished evaluation has work on such a route, and it is not paused. */
  async of(idOrRequirement: string, options: { history: boolean }): Promise<WhyRoute> {
    const { why, fleet, history, waits } = this.#parts;
    const route = fleet.operator.findRoute(idOrRequirement);
    const round = await why.round();
    const { agents, nowMs } = round.fleet;
    const [status, work, waited, before] = await Promise.all([
      fleet.operator.routeStatus(route, agents),
      this.#work(route, round),
      waits?.read(route.id),
      options.history ? history?.read({ routeId: route.id }) : undefined,
    ]);
    return {
      timeMs: nowMs,
      route: status,
      reasons: reasonsOfRoute(work),
      ...agentsOfRoute(route, agents),
      waiting: waitsIn(work.evaluations.flatMap(({ routes }) => routes.flatMap(({ waitedMs }) => waitedMs))),
      waited: waited ?? NO_WAITS,
      ...(before && { history: before }),
    };
  }

  async first(route: Route, round: Round): Promise<Reason> {
    return reasonsOfRoute(await this.#work(route, round))[0]!;
  }

  async #work(route: Route, round: Round): Promise<RouteWork> {
    const { why, catalog, fleet } = this.#parts;
    const own = catalog
      .active()
      .filter(({ state, routes }) => !(state && isFinal(state)) && routes.some(({ id }) => id === route.id))
      .slice(0, MAX_EVALUATIONS);
    const evaluations: WhyFacts[] = [];
    await forEachBounded(own, WIDTH, async ({ manifest }) => {
      evaluations.push(await why.onRoute(manifest.evaluationId, route.id, ALL, round));
    });
    const { agents } = round.fleet;
    const drainedAtMs = new Map(
      agents.flatMap(({ agentId }) => {
        const drained = fleet.drainedSince(agentId);
        return drained ? [[agentId, drained.atMs] as const] : [];
      }),
    );
    return { route, paused: fleet.pausedSince(route.id), agents, drainedAtMs, evaluations };
  }
}
