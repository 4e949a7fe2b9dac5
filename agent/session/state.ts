/**
 * Where an agent stands with its coordinators.
 *
 *   idle         entered at first; left by `start` → connecting
 *   connecting   entered by the start and after each pause: an address is dialled, Hello is sent, Welcome awaited (at most
 *                10 s); left by Welcome → open, by a failure → backing-off, by a refusal that no repetition mends → closed
 *   open         entered by Welcome; messages go both ways; left when the stream ends, is silent for two thirds of
 *                a lease, its coordinator goes away, or this process slept past its leases → backing-off
 *   backing-off  entered by every end of a stream; left by the clock → connecting, to the next address
 *   closed       entered by `stop` from any state, and by a refusal for good; never left
 *
 * Draining is no state of the connection: an agent that drains still needs one, to report and to hand back.
 */
import type { AppCode, AppError } from '../../shared/domain/errors.ts';
import { SUPERSEDED } from '../../shared/rpc/messages.ts';

export type SessionState =
  | { kind: 'idle' }
  | { kind: 'connecting'; address: string; failures: number }
  | { kind: 'open'; address: string; sessionId: string; coordinatorId: string }
  | { kind: 'backing-off'; failures: number; waitMs: number }
  | { kind: 'closed'; refusal: AppError | undefined };

export const connecting = (address: string, failures: number): SessionState => ({ kind: 'connecting', address, failures });

export const welcomed = (address: string, sessionId: string, coordinatorId: string): SessionState => ({
  kind: 'open',
  address,
  sessionId,
  coordinatorId,
});

export const backingOff = (failures: number, waitMs: number): SessionState => ({ kind: 'backing-off', failures, waitMs });

export const closed = (refusal?: AppError): SessionState => ({ kind: 'closed', refusal });

/** What a stream's end means for the next try: `refused` for good, `misfit` until a person acts, `broken` any other. */
export type EndKind = 'refused' | 'misfit' | 'broken';

/** What a person has to mend: a token that is revoked or over keeps results waiting in the spool until there is another one. */
const MISFITS: ReadonlySet<AppCode> = new Set(['unauthenticated', 'permission_denied', 'invalid', 'unimplemented']);

/** An end before Welcome says whether Hello was to blame; an end after it says nothing. */
export function endKindOf(error: AppError | undefined, wasOpen: boolean): EndKind {
  // Another process has the same key: two that take turns help nobody.
  if (error?.reason === SUPERSEDED) return 'misfit';
  if (wasOpen || !error) return 'broken';
  if (error.code === 'failed_precondition') return 'refused';
  return MISFITS.has(error.code) ? 'misfit' : 'broken';
}
