/** An agent that sends what is refused, or more signs of life than anybody needs, is heard the later: what it sends meanwhile waits on its side. */
import type { AgentMessage } from '../../shared/rpc/messages.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { Pace } from '../../shared/runtime/pace.ts';

/** Of each thing that was refused; and at most, so that its stream is still seen to live. */
const REFUSED_MS = 10;
const MAX_MS = 1_000;
/** After each message of one that is put aside for what it has sent. */
const QUARANTINED_MS = 20;
/** Many times what the shortest interval needs. */
const HEARTBEATS_PER_SECOND = 100;

export interface MannersParts {
  /** What was refused of the agent so far. */
  refused: () => number;
  /** Whether it is put aside for that. */
  isQuarantined: () => boolean;
  clock: Clock;
}

export class Manners {
  readonly #parts: MannersParts;
  #refused: number;
  readonly #heartbeats: Pace;

  constructor(parts: MannersParts) {
    this.#parts = parts;
    this.#refused = parts.refused();
    this.#heartbeats = new Pace(HEARTBEATS_PER_SECOND, parts.clock.monotonic());
  }

  /** After each message: resolves when the next one may be heard. */
  async heard(kind: AgentMessage['kind']): Promise<void> {
    const { refused, isQuarantined, clock } = this.#parts;
    const more = refused() - this.#refused;
    this.#refused += more;
    const waitMs = Math.max(
      Math.min(MAX_MS, more * REFUSED_MS),
      isQuarantined() ? QUARANTINED_MS : 0,
      kind === 'heartbeat' ? this.#heartbeats.next(clock.monotonic()) : 0,
    );
    if (waitMs > 0) await clock.sleep(waitMs);
  }
}
