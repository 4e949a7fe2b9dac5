/** Looks, every few seconds, what the first reason of each evaluation and route is, and notes it. All coordinators do; each look is one's. */
import { AppError } from '../../../shared/domain/errors.ts';
import { isFinal } from '../../../shared/domain/states.ts';
import type { Route } from '../../../shared/domain/routing.ts';
import { forEachBounded } from '../../../shared/runtime/bounded.ts';
import type { Catalog } from '../../evaluations/catalog.ts';
import { MAX_ASKED, type HistoryBook } from './history-book.ts';
import type { RouteWhy } from './route-why.ts';
import type { WaitBook } from './wait-book.ts';
import type { Why } from './why.ts';

/** Looked at in one run; of more each is looked at less often. */
const MAX_LOOKS = 100;
const WIDTH = 4;

export interface HistorianParts {
  catalog: Pick<Catalog, 'active'>;
  /** Routes that can be named now. */
  routes: () => readonly Route[];
  why: Pick<Why, 'round' | 'first'>;
  routeWhy: Pick<RouteWhy, 'first'>;
  history: Pick<HistoryBook, 'due' | 'note'>;
  waits: Pick<WaitBook, 'flush'>;
  /** Each is looked at so often. */
  periodMs: number;
  isOpen: () => boolean;
}

export class Historian {
  readonly #parts: HistorianParts;
  #turn = 0;

  constructor(parts: HistorianParts) {
    this.#parts = parts;
  }

  async runOnce(): Promise<void> {
    const { catalog, history, why, routeWhy, waits, periodMs, isOpen } = this.#parts;
    // While Redis may have forgotten something, what it says is no reason.
    if (!isOpen()) return;
    await waits.flush();
    const routes = new Map(this.#parts.routes().map((route) => [route.id, route]));
    const evaluations = catalog.active().flatMap(({ state, manifest }) => (state && isFinal(state) ? [] : [manifest.evaluationId]));
    // A little less than the period: two coordinators do not run to the millisecond.
    const due = await history.due(this.#some([...evaluations, ...routes.keys()]), { agoMs: 0.9 * periodMs, limit: MAX_LOOKS });
    if (due.length === 0) return;
    const round = await why.round();
    let failure: unknown;
    await forEachBounded(due, WIDTH, async (id) => {
      const route = routes.get(id);
      try {
        const first = await (route ? routeWhy.first(route, round) : why.first(id, round));
        // That it is over is told by what it is.
        if (first.effect === 'over') return;
        await history.note(route ? { routeId: id } : { evaluationId: id }, first, round.fleet.nowMs);
      } catch (error) {
        // One that was removed meanwhile is none of the others' business.
        if (AppError.from(error).code !== 'not_found') failure ??= error;
      }
    });
    if (failure !== undefined) throw failure as Error;
  }

  /** As many as are asked for at once, each time others. */
  #some(ids: readonly string[]): readonly string[] {
    if (ids.length <= MAX_ASKED) return ids;
    const first = (this.#turn++ * MAX_ASKED) % ids.length;
    return [...ids.slice(first), ...ids.slice(0, first)].slice(0, MAX_ASKED);
  }
}
