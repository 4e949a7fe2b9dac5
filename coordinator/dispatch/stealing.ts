/**
 * Stealing, towards the end of a route's work: where agents could run samples at once and nothing waits, agents that have more than they can
 * run are asked to let go of samples that they have not started. Those are planned again, and go to whoever is idle.
 *
 * Every coordinator tells all others, by a notice, where its agents idle, and asks its own agents where anybody's do. A lost notice, ask or
 * answer costs a sweep. Nothing goes back and forth: only what would start at once is asked for, what has started is never given up, and an
 * agent that was asked gets nothing to wait for some seconds.
 */
import type { Logger } from '../../shared/telemetry/logger.ts';
import type { Catalog } from '../evaluations/catalog.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { SessionRegistry } from '../sessions/registry.ts';

/** What a Stealing is made of. */
export interface StealingParts {
  registry: SessionRegistry;
  catalog: Catalog;
  ledger: Pick<Ledger, 'notify'>;
  /** Routes on which room waits in vain. */
  starved: () => ReadonlySet<string>;
  logger: Logger;
}

export class Stealing {
  readonly #options: StealingParts;

  constructor(options: StealingParts) {
    this.#options = options;
  }

  /** Tells where agents of this coordinator idle. */
  async runOnce(): Promise<void> {
    const { registry, catalog, ledger, starved } = this.#options;
    for (const routeId of starved()) {
      const route = catalog.routes().get(routeId);
      const idle = route ? registry.idle(route) : 0;
      if (idle > 0) await ledger.notify(`i:${routeId}:${idle}`);
    }
  }

  /** Agents, of this coordinator or another one, could run so many samples of a route at once. */
  onIdle(routeId: string, samples: number): void {
    const { registry, catalog, logger } = this.#options;
    const route = catalog.routes().get(routeId);
    if (!route) return;
    let left = samples;
    for (const session of registry.all()) {
      if (left <= 0) return;
      const asked = session.askToSpare(route, left);
      left -= asked;
      if (asked > 0) logger.debug({ route: routeId, agentId: session.agentId, samples: asked }, 'asked to spare what waits');
    }
  }
}
