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

  /** The session on which most samples of a route would run at once, or else could wait; undefined when none has any room. */
  pick(route: Route): { session: Session; modelIndex: number } | undefined {
    let best: { session: Session; modelIndex: number; room: number; idle: number } | undefined;
    for (const session of this.#sessions.values()) {
      const offer = session.roomFor(route);
      if (offer && (!best || offer.idle > best.idle || (offer.idle === best.idle && offer.room > best.room))) best = { session, ...offer };
    }
    return best;
  }
}
