/**
 * Streams of agents that have proved their keys, one for each agent: the later one goes before the earlier one, on whichever coordinator that is.
 * Where another process had the earlier one, two have the same key: that is told.
 */
import { AppError } from '../../../shared/domain/errors.ts';
import { SUPERSEDED } from '../../../shared/rpc/messages.ts';

/** A stream that was proved. */
export interface KeyStream {
  readonly streamId: string;
  readonly agentId: string;
  /** Of the process. */
  readonly instanceId: string;
  end(why: AppError): void;
  /** It has come while another process of the same key was connected. */
  supersededTwin(): void;
}

export interface TwinsParts {
  /** Tells the other coordinators: `p:`, a stream was proved; `q:`, it has superseded a twin. */
  notify: (notice: string) => Promise<void>;
  /** A process of the same key was connected when another one came. */
  onTwin: (agentId: string, earlier: string, later: string) => void;
}

export class Twins {
  readonly #parts: TwinsParts;
  readonly #streams = new Map<string, KeyStream>();

  constructor(parts: TwinsParts) {
    this.#parts = parts;
  }

  /** A stream was proved. Returns what is called at its end. */
  opened(stream: KeyStream): () => void {
    const { agentId, instanceId, streamId } = stream;
    const isTwin = this.#supersede(agentId, instanceId);
    this.#streams.set(agentId, stream);
    if (isTwin) stream.supersededTwin();
    void this.#parts.notify(`p:${agentId}:${instanceId}:${streamId}`).catch(() => undefined);
    return () => {
      if (this.#streams.get(agentId) === stream) this.#streams.delete(agentId);
    };
  }

  /** What another coordinator has told of the streams there. */
  notice(notice: string): void {
    const [agentId = '', instanceId = '', streamId = ''] = notice.slice(2).split(':');
    const own = this.#streams.get(agentId);
    if (notice.startsWith('q:')) {
      if (own?.streamId === streamId) own.supersededTwin();
    } else if (own && own.streamId !== streamId && this.#supersede(agentId, instanceId))
      void this.#parts.notify(`q:${agentId}:${instanceId}:${streamId}`).catch(() => undefined);
  }

  /** Ends the stream that is there; whether it was another process's. */
  #supersede(agentId: string, instanceId: string): boolean {
    const earlier = this.#streams.get(agentId);
    if (!earlier) return false;
    this.#streams.delete(agentId);
    const isTwin = earlier.instanceId !== instanceId;
    if (isTwin) this.#parts.onTwin(agentId, earlier.instanceId, instanceId);
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
}
