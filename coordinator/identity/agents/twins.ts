/**
 * Streams of agents that have proved their keys, one for each agent: the later one goes before the earlier one, on whichever coordinator that is.
 * Where another process had the earlier one, two have the same key: that is told. Processes say themselves which they are; so streams that go
 * before one another again and again are of two as well, whatever they say.
 */
import { AppError } from '../../../shared/domain/errors.ts';
import { SUPERSEDED } from '../../../shared/rpc/messages.ts';

/** So often within so long one process connects again while its stream before still stands; more often only two do that take turns. */
const TURNS = 8;
const TURNS_MS = 60_000;

/** A stream that was proved. */
export interface KeyStream {
  readonly streamId: string;
  readonly agentId: string;
  /** Which process it says to be. */
  readonly processId: string;
  end(why: AppError): void;
  /** It has come while another process of the same key was connected. */
  supersededTwin(): void;
}

export interface TwinsParts {
  /** Tells the other coordinators: `p:`, a stream was proved; `q:`, it has superseded a twin. */
  notify: (notice: string) => Promise<void>;
  /** A process of the same key was connected when another one came. */
  onTwin: (agentId: string, earlier: string, later: string) => void;
  /** Milliseconds that only grow. */
  monotonic: () => number;
}

export class Twins {
  readonly #parts: TwinsParts;
  readonly #streams = new Map<string, KeyStream>();
  /** When streams of an agent were superseded of late, the latest last. */
  readonly #turns = new Map<string, number[]>();

  constructor(parts: TwinsParts) {
    this.#parts = parts;
  }

  /** A stream was proved. Returns what is called at its end. */
  opened(stream: KeyStream): () => void {
    const { agentId, processId, streamId } = stream;
    const isTwin = this.#supersede(agentId, processId);
    this.#streams.set(agentId, stream);
    if (isTwin) stream.supersededTwin();
    void this.#parts.notify(`p:${agentId}:${processId}:${streamId}`).catch(() => undefined);
    return () => {
      if (this.#streams.get(agentId) === stream) this.#streams.delete(agentId);
    };
  }

  /** What another coordinator has told of the streams there. */
  notice(notice: string): void {
    const [agentId = '', processId = '', streamId = ''] = notice.slice(2).split(':');
    const own = this.#streams.get(agentId);
    if (notice.startsWith('q:')) {
      if (own?.streamId === streamId) own.supersededTwin();
    } else if (own && own.streamId !== streamId && this.#supersede(agentId, processId))
      void this.#parts.notify(`q:${agentId}:${processId}:${streamId}`).catch(() => undefined);
  }

  /** Ends the stream that is there; whether it was another process's. */
  #supersede(agentId: string, processId: string): boolean {
    const earlier = this.#streams.get(agentId);
    if (!earlier) return false;
    this.#streams.delete(agentId);
    const isTwin = this.#takesTurns(agentId) || earlier.processId !== processId;
    if (isTwin) this.#parts.onTwin(agentId, earlier.processId, processId);
    earlier.end(
      isTwin
        ? new AppError(
            'failed_precondition',
            'another process with the same key has connected: stop one of the two, or give it a key of its own',
            {
              reason: SUPERSEDED,
            },
          )
        : new AppError('cancelled', 'the agent has connected again'),
    );
    return isTwin;
  }

  #takesTurns(agentId: string): boolean {
    const nowMs = this.#parts.monotonic();
    const isOver = (atMs = 0): boolean => nowMs - atMs >= TURNS_MS;
    const turns = (this.#turns.get(agentId) ?? []).filter((atMs) => !isOver(atMs));
    // The one that was heard of last stands last.
    this.#turns.delete(agentId);
    this.#turns.set(agentId, [...turns, nowMs].slice(-TURNS));
    for (const [id, times] of this.#turns) {
      if (!isOver(times.at(-1))) break;
      this.#turns.delete(id);
    }
    return turns.length >= TURNS;
  }
}
