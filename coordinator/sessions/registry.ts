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

  get size(): number {
    return this.#sessions.size;
  }

  /** Room for samples of a route on all sessions. */
  room(route: Route): number {
    let room = 0;
    for (const session of this.#sessions.values()) room += session.roomFor(route)?.room ?? 0;
    return room;
  }

  /** The session with the most room for a route; undefined when none has any. */
  pick(route: Route): { session: Session; modelIndex: number } | undefined {
    let best: { session: Session; modelIndex: number; room: number } | undefined;
    for (const session of this.#sessions.values()) {
      const offer = session.roomFor(route);
      if (offer && (!best || offer.room > best.room)) best = { session, ...offer };
    }
    return best;
  }
}
