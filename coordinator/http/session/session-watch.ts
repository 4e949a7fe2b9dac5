/** Looks at the sessions in which something is under way: what goes on in one ends with it. */
import { AppError } from '../../../shared/domain/errors.ts';
import { ENDED, withDeadline } from '../../../shared/runtime/abort.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import type { Sessions } from './redis-sessions.ts';
import { COOKIE, type OpenSession } from './session.ts';

/**
 * Between two looks. What another coordinator has ended is believed in for a second at most, and two looks that fail, of a second each, are one too
 * many: so all is over within five seconds.
 */
const LOOK_MS = 1_000;
const LOOK_LIMIT_MS = 1_000;
const MAX_FAILED = 2;

export const sessionOver = (): AppError =>
  new AppError('unauthenticated', `the session of the cookie ${COOKIE} is over: log in again`, { reason: 'SESSION_OVER' });

type OnOver = (why: AppError) => void;

interface Watched {
  /** Of each call that is under way. */
  readonly calls: Set<{ readonly onOver: OnOver }>;
  readonly unwatched: AbortController;
}

export interface SessionWatchParts {
  sessions: Pick<Sessions, 'find'>;
  clock: Clock;
}

export class SessionWatch {
  readonly #parts: SessionWatchParts;
  /** By the cookie: one look, however many calls there are. */
  readonly #watched = new Map<string, Watched>();

  constructor(parts: SessionWatchParts) {
    this.#parts = parts;
  }

  /** `onOver` is called once, when the session is over, or nobody can tell; returns what ends the watch. */
  watch(cookie: string, session: OpenSession, onOver: OnOver): () => void {
    const watched = this.#watched.get(cookie) ?? this.#begin(cookie, session);
    const call = { onOver };
    watched.calls.add(call);
    return () => {
      watched.calls.delete(call);
      if (watched.calls.size > 0) return;
      watched.unwatched.abort(ENDED);
      if (this.#watched.get(cookie) === watched) this.#watched.delete(cookie);
    };
  }

  #begin(cookie: string, { expiresAtMs }: OpenSession): Watched {
    const watched: Watched = { calls: new Set(), unwatched: new AbortController() };
    this.#watched.set(cookie, watched);
    this.#overOf(cookie, expiresAtMs, watched.unwatched.signal).then(
      (why) => {
        if (this.#watched.get(cookie) === watched) this.#watched.delete(cookie);
        for (const { onOver } of watched.calls) onOver(why);
      },
      () => undefined,
    );
    return watched;
  }

  /** Why it is over, as soon as it is; rejects when nobody watches any more. */
  async #overOf(cookie: string, expiresAtMs: number, signal: AbortSignal): Promise<AppError> {
    const { sessions, clock } = this.#parts;
    for (let failed = 0; failed < MAX_FAILED;) {
      await clock.sleep(Math.max(0, Math.min(LOOK_MS, expiresAtMs - clock.now())), signal);
      if (expiresAtMs <= clock.now()) return sessionOver();
      const limit = { ms: LOOK_LIMIT_MS, what: 'looking for the session', clock, signal };
      const found = await withDeadline(limit, () => sessions.find(cookie)).catch(() => 'unknown' as const);
      signal.throwIfAborted();
      if (found === undefined) return sessionOver();
      failed = found === 'unknown' ? failed + 1 : 0;
    }
    return new AppError('unavailable', 'whether the session goes on cannot be told now; try again');
  }
}
