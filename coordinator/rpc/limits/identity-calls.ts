/**
 * Calls that are open at a time, of each identity: a token is not worth more for coming from many connections, or from many addresses. Streams of
 * agents are counted where their sessions are; the coordinator's own token, and this machine, have no bound.
 */
import { AppError } from '../../../shared/domain/errors.ts';
import { describeProof, type Identity } from '../../../shared/domain/identity.ts';

/** What one service may watch at a time, twice over; and all that it asks. */
export const MAX_STREAMS = 2_000;
export const MAX_CALLS = 4_000;
const RETRY_MS = 5_000;
const CONNECT = '/assay.v1.AgentService/Connect';

interface Open {
  calls: number;
  streams: number;
}

export class IdentityCalls {
  readonly #open = new Map<string, Open>();
  readonly #most: Open;

  constructor(most: Open = { calls: MAX_CALLS, streams: MAX_STREAMS }) {
    this.#most = most;
  }

  /** Counts one more, until what it gives is called; throws where there are too many. `isStream`: it has many answers. */
  enter(identity: Identity, path: string, isStream: boolean): () => void {
    if (identity.kind === 'local' || path === CONNECT) return () => undefined;
    const key = describeProof(identity);
    const open = this.#open.get(key) ?? { calls: 0, streams: 0 };
    const tooMany = open.calls >= this.#most.calls ? 'calls' : isStream && open.streams >= this.#most.streams ? 'streams' : undefined;
    if (tooMany)
      throw new AppError(
        'resource_exhausted',
        `${JSON.stringify(identity.name)} has ${open[tooMany]} ${tooMany} open at this coordinator; no more than that at a time`,
        { retryAfterMs: RETRY_MS },
      );
    const streams = isStream ? 1 : 0;
    this.#open.set(key, open);
    open.calls++;
    open.streams += streams;
    let isLeft = false;
    return () => {
      if (isLeft) return;
      isLeft = true;
      open.calls--;
      open.streams -= streams;
      if (open.calls === 0) this.#open.delete(key);
    };
  }
}
