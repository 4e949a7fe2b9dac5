/** Writes what this coordinator is and which agents it has into the directory: once a second, and only what has changed. */
import type { Agent, CoordinatorStatus } from '../../shared/client/types.ts';
import type { Durability } from '../../shared/domain/durability.ts';
import { describeNamespaces } from '../../shared/domain/identity.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { SessionRegistry } from '../sessions/registry.ts';
import type { Session } from '../sessions/session.ts';
import { agentOf, goneCard } from './agent-card.ts';
import { MAX_GONE, type Directory } from './directory.ts';
import type { SelfDescription } from './self-description.ts';

const TIDY_EVERY_MS = 60_000;
/** Sessions that are over and not written yet; more than these are found by their coordinator's and their own silence. */
const MAX_UNWRITTEN = 10_000;

/** What a Publisher is made of. */
export interface PublisherParts {
  directory: Directory;
  registry: SessionRegistry;
  /** What stays the same; `address` is asked every time, since it is known only when the server listens. */
  self: {
    coordinatorId: string;
    version: string;
    storeId: string;
    address: () => string;
    durability: () => Durability;
    description?: SelfDescription | undefined;
  };
  clock: Clock;
}

export class Publisher {
  readonly #parts: PublisherParts;
  readonly #startedAtMs: number;
  /** By agent: what stands in Redis. */
  #written = new Map<string, string>();
  readonly #gone = new Map<string, Session>();
  /** When each session connected, in Redis's time: reckoned once, for it orders the sessions of an agent. */
  readonly #connectedAtMs = new WeakMap<Session, number>();
  #tidyAtMs = 0;
  /** Agents that went since the last tidying, by their namespaces. */
  readonly #went = new Map<string, number>();

  constructor(parts: PublisherParts) {
    this.#parts = parts;
    this.#startedAtMs = parts.clock.now();
  }

  /** A session is over: its agent is gone, unless it is or comes back on another one. */
  gone(session: Session): void {
    if (this.#gone.size < MAX_UNWRITTEN) this.#gone.set(session.agentId, session);
  }

  async runOnce(): Promise<void> {
    const { directory, registry, clock } = this.#parts;
    const nowMs = await directory.nowMs();
    const sessions = registry.all();
    const gone = [...this.#gone.values()];
    const agents = this.#cards([...gone, ...sessions], nowMs);
    const changed = agents.filter((agent) => this.#written.get(agent.agentId) !== JSON.stringify(agent));
    const forgotten = this.#forgotten(changed);
    const wasThere = await directory.publish(this.#status(sessions, nowMs), changed, forgotten);
    for (const session of gone) if (this.#gone.get(session.agentId) === session) this.#gone.delete(session.agentId);
    if (!wasThere && this.#written.size > 0) await directory.publish(this.#status(sessions, nowMs), agents, forgotten);
    this.#written = new Map(agents.filter((agent) => agent.state !== 'gone').map((agent) => [agent.agentId, JSON.stringify(agent)]));
    if (clock.monotonic() < this.#tidyAtMs) return;
    this.#tidyAtMs = clock.monotonic() + TIDY_EVERY_MS;
    this.#went.clear();
    await directory.tidy();
  }

  async leave(): Promise<void> {
    const agents = this.#cards([...this.#gone.values()], await this.#parts.directory.nowMs());
    await this.#parts.directory.publish(this.#status([], 0), agents);
    await this.#parts.directory.leave(this.#parts.self.coordinatorId);
  }

  /** One for each agent: of a session that is over and one that goes on, the latter. */
  #cards(sessions: readonly Session[], nowMs: number): Agent[] {
    const { self, clock } = this.#parts;
    const cards = sessions.map((session) => {
      const connectedAtMs = this.#connectedAtMs.get(session) ?? Math.round(session.connectedAtMs + nowMs - clock.now());
      this.#connectedAtMs.set(session, connectedAtMs);
      const agent = agentOf(session, { coordinatorId: self.coordinatorId, connectedAtMs, nowMs });
      return agent.state === 'gone' ? goneCard(agent) : agent;
    });
    return [...new Map(cards.map((agent) => [agent.agentId, agent])).values()];
  }

  /** Those that are gone, beyond what is kept of their namespaces: their entries go at once. */
  #forgotten(agents: readonly Agent[]): Set<string> {
    const isTooMany = ({ namespaces }: Agent): boolean => {
      const key = describeNamespaces(namespaces);
      const went = (this.#went.get(key) ?? 0) + 1;
      this.#went.set(key, went);
      return went > MAX_GONE;
    };
    return new Set(agents.filter((agent) => agent.state === 'gone' && isTooMany(agent)).map(({ agentId }) => agentId));
  }

  #status(sessions: readonly Session[], nowMs: number): CoordinatorStatus {
    const { coordinatorId, version, storeId, address, durability, description } = this.#parts.self;
    return {
      coordinatorId,
      version,
      address: address(),
      startedAtMs: this.#startedAtMs,
      seenAtMs: nowMs,
      agents: sessions.length,
      inFlight: sessions.reduce((sum, session) => sum + session.samples, 0),
      storeId,
      durability: durability(),
      ...(description && { limits: description.limits, profile: description.profile }),
    };
  }
}
