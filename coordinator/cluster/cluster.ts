/** What coordinators know of each other, of all agents, and what operators switch: the parts of this folder tied together. */
import { AppError } from '../../shared/domain/errors.ts';
import { VERSION } from '../../shared/domain/version.ts';
import type { Durability } from '../../shared/domain/durability.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { Duty, type Service } from '../../shared/runtime/service.ts';
import type { Logger } from '../../shared/telemetry/logger.ts';
import type { Catalog } from '../evaluations/catalog.ts';
import type { Collector } from '../evaluations/retention/collector.ts';
import type { StoreBoard } from '../evaluations/retention/store-board.ts';
import type { Leases } from '../ledger/leases.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { TaskQueue } from '../queue/task-queue.ts';
import { AgentLogs } from '../sessions/agent-logs.ts';
import type { SessionRegistry } from '../sessions/registry.ts';
import type { Session } from '../sessions/session.ts';
import type { Store } from '../store/store.ts';
import type { Directory } from './directory.ts';
import { LineRelay, type Seals } from './line-relay.ts';
import { Operator, type OperatorParts } from './operator.ts';
import { Publisher } from './publisher.ts';
import { RouteBook } from './route-book.ts';
import { Switches, type Switch } from './switches.ts';
import type { SelfDescription } from './self-description.ts';

const PUBLISH_MS = 1_000;

/** What a Cluster is made of. */
export interface ClusterParts {
  coordinatorId: string;
  /** Where this coordinator listens; asked when that is known. */
  address: () => string;
  /** What an acknowledgement is worth here. */
  durability: () => Durability;
  /** What it tells of itself. */
  description: SelfDescription | undefined;
  directory: Directory;
  store: Store;
  board: StoreBoard;
  collector: Collector;
  ledger: Ledger;
  leases: Leases;
  queue: TaskQueue;
  catalog: Catalog;
  registry: SessionRegistry;
  clock: Clock;
  logger: Logger;
  /** A switch has changed: there may be work for someone. */
  onChanged: () => void;
  whyRoute: OperatorParts['whyRoute'];
  /** What coordinators say to each other is sealed with. */
  seals: () => Seals;
}

export class Cluster implements Service {
  readonly operator: Operator;
  /** What agents tell of themselves. */
  readonly agentLogs = new AgentLogs();
  /** What they have told to other coordinators. */
  readonly relay: LineRelay;
  readonly #switches: Switches;
  readonly #publisher: Publisher;
  readonly #publishing: Duty;
  readonly #logger: Logger;

  constructor(parts: ClusterParts) {
    const {
      coordinatorId,
      address,
      durability,
      description,
      directory,
      store,
      board,
      collector,
      ledger,
      leases,
      queue,
      catalog,
      registry,
      clock,
      logger,
      onChanged,
      whyRoute,
      seals,
    } = parts;
    // A notice that is lost costs the other coordinators a sweep.
    const onSwitched = (): void => void ledger.notify('s:').catch(() => undefined);
    this.#logger = logger;
    this.#switches = new Switches({ store, clock, onSwitched, onChanged });
    const routes = new RouteBook({ catalog, ledger, queue, switches: this.#switches });
    this.relay = new LineRelay({
      ...{ coordinatorId, logs: this.agentLogs, seals, clock },
      notify: (notice) => ledger.notify(notice),
    });
    this.operator = new Operator({
      description,
      directory,
      board,
      collector,
      switches: this.#switches,
      routes,
      leases,
      ledger,
      catalog,
      clock,
      coordinatorId,
      logs: this.agentLogs,
      relay: this.relay,
      whyRoute,
    });
    const self = { coordinatorId, version: VERSION, storeId: store.storeId, address, durability, description };
    this.#publisher = new Publisher({ directory, registry, self, clock });
    this.#publishing = new Duty({
      clock,
      periodMs: PUBLISH_MS,
      onError: (error) => this.#warn(error, 'agents could not be published'),
      run: () => this.#publisher.runOnce(),
    });
  }

  /** Nothing may be handed out before the switches are known. */
  async start(): Promise<void> {
    await this.#switches.refresh();
    await this.#publishing.start();
  }

  async stop(): Promise<void> {
    await this.operator.stop();
    await this.#publishing.stop();
    await this.#publisher.leave().catch((error: unknown) => this.#warn(error, 'this coordinator could not be taken out of the directory'));
  }

  /** Part of every sweep, and of notices: what was switched elsewhere. What was known holds while the store cannot be read. */
  async refresh(): Promise<void> {
    await this.#switches.refresh().catch((error: unknown) => this.#warn(error, 'switches cannot be read; those known hold'));
  }

  /** Whether this agent is to take nothing new: an operator wants it so, or it was put aside. */
  isDrained(agentId: string, proof: string): boolean {
    return this.#switches.drained(agentId) !== undefined || this.isQuarantined(agentId, proof);
  }

  /** Whether this agent was put aside for what it has sent, or all of the identity that it has proved. */
  isQuarantined(agentId: string, proof: string): boolean {
    return this.#switches.quarantined(agentId, proof) !== undefined;
  }

  /** Puts an agent aside: it gets no work from any coordinator until an operator ends that. */
  async quarantine(agentId: string, reason: string, proof: string): Promise<void> {
    await this.#switches
      .quarantine(agentId, reason, proof)
      .catch((error: unknown) => this.#warn(error, 'that an agent is put aside could not be written down; the sweep tries again'));
  }

  /** Whether an operator wants nothing more of this route to be handed out. */
  isPaused(routeId: string): boolean {
    return this.#switches.paused(routeId) !== undefined;
  }

  /** All agents of the last day, as they are switched, and the time by which theirs are reckoned. */
  agents(): ReturnType<Operator['entries']> {
    return this.operator.entries();
  }

  /** Why and since when an agent is given nothing new, if so. */
  drainedSince(agentId: string): Switch | undefined {
    return this.#switches.drained(agentId);
  }

  /** Why and since when nothing of this route is handed out, if so. */
  pausedSince(routeId: string): Switch | undefined {
    return this.#switches.paused(routeId);
  }

  /** A session is over. */
  gone(session: Session): void {
    this.#publisher.gone(session);
  }

  #warn(error: unknown, what: string): void {
    this.#logger.warn({ error: AppError.from(error).message }, what);
  }
}
