/** A job and the session that is to run it, and the room that this takes. */
import type { Span } from '../../shared/telemetry/tracing.ts';
import type { FetchedJob } from '../queue/task-queue.ts';
import type { Session } from '../sessions/session.ts';

/** A fetched job and the session that is to run it. */
export interface Match {
  job: FetchedJob;
  attemptId: string;
  session: Session;
  modelIndex: number;
  charged: number;
  /** The time in the queue. */
  queued: Span;
}

/** Takes room of a session; returns how much, for `refund`. */
export function charge({ session, modelIndex }: Pick<Match, 'session' | 'modelIndex'>, samples: number): number {
  session.charge(modelIndex, samples);
  return samples;
}

/** Gives back what a match has taken; harmless when repeated. */
export function refund(match: Match): void {
  match.session.charge(match.modelIndex, -match.charged);
  match.charged = 0;
}
