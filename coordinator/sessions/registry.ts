/** The sessions of this coordinator, by agent, and which of them should get the next task. */
import type { Route } from '../../shared/domain/routing.ts';
import type { Session } from './session.ts';

export class SessionRegistry {
  readonly #sessions = new Map<string, Session>();

  /** Adds a session; returns the one that it replaces (the same agent connected again). */
  add(session: Session): Session | undefined {
    const before = this.#sessions.get(session.agentId);
    this.#sessions.set(session.agentId, session);
    return before;
  }

  /** The session of an agent, if it is here. */
  of(agentId: string): Session | undefined {
    return this.#sessions.get(agentId);
  }

  remove(session: Session): void {
    if (this.#sessions.get(session.agentId) === session) this.#sessions.delete(session.agentId);
  }

  all(): Session[] {
    return [...this.#sessions.values()];
  }

  /** Has the attempts at an evaluation aborted, wherever they are held. */
  revoke(evaluationId: string, reason: string): void {
    for (const session of this.#sessions.values()) {
      const own = [...session.held.values()].filter((held) => held.evaluationId === evaluationId);
      session.revoke(
        own.map((held) => held.attemptId),
        reason,
      );
    }
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** Whether an agent that is none of these could work on a route, now or when it has room. */
  serves(route: Route, others: ReadonlySet<string>): boolean {
    return this.all().some((s) => !others.has(s.agentId) && s.isFit(route));
  }

  /** Room for samples of a route on all sessions. */
  room(route: Route): number {
    let room = 0;
    for (const session of this.#sessions.values()) room += session.roomFor(route)?.room ?? 0;
    return room;
  }

  /** Samples of a route that would run at once, on all sessions. */
  idle(route: Route): number {
    let idle = 0;
    for (const session of this.#sessions.values()) idle += session.roomFor(route)?.idle ?? 0;
    return idle;
  }

  /**
   * The session on which most samples of a route would run at once, or else could wait; undefined when none has any room. One of the agents
   * that are to be avoided only when no other has any.
   */
  pick(route: Route, avoid: readonly string[] = []): { session: Session; modelIndex: number } | undefined {
    let best: (Candidate & { session: Session; modelIndex: number }) | undefined;
    for (const session of this.#sessions.values()) {
      const offer = session.roomFor(route);
      if (!offer) continue;
      const candidate = { session, ...offer, isAvoided: avoid.includes(session.agentId) };
      if (!best || isBetter(candidate, best)) best = candidate;
    }
    return best;
  }
}

interface Candidate {
  isAvoided: boolean;
  idle: number;
  room: number;
}

function isBetter(one: Candidate, than: Candidate): boolean {
  if (one.isAvoided !== than.isAvoided) return than.isAvoided;
  return one.idle === than.idle ? one.room > than.room : one.idle > than.idle;
}
