/**
 * What one session's agent is asked to spare: samples that wait on it while others idle. One ask for an attempt at a time; the agent answers
 * with the units that it lets go of, and says so again until that is acknowledged.
 */
import { AppError } from '../../shared/domain/errors.ts';
import type { AgentMessage, AttemptAck, CoordinatorMessage } from '../../shared/rpc/messages.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Logger } from '../../shared/telemetry/logger.ts';
import type { SpareAnswer } from '../ledger/types.ts';
import type { LeaseCheck } from './provenance/lease-check.ts';
import type { HeldAttempt, Misdeed } from './session-types.ts';

/** An ask that nobody answered is forgotten. */
const ASK_MS = 10_000;
/** An agent that was asked gets nothing to wait for so long: what it spares must not come back to it. */
const REST_MS = 5_000;
/** An attempt is left alone for so long: its agent has hardly begun with it. */
const SETTLE_MS = 500;

/** What is asked of the rest. */
export interface SpareDuties {
  /** Takes units that the agent has not started from its attempt, for others to run. */
  spare(held: HeldAttempt, units: readonly number[]): Promise<SpareAnswer>;
  onOver(held: HeldAttempt, taskOver: boolean): void;
}

export interface SparesParts {
  /** Whether the agent knows what it would be asked. */
  canSpare: boolean;
  agentId: string;
  held: Map<string, HeldAttempt>;
  duties: SpareDuties;
  check: LeaseCheck['problemOf'];
  onMisdeed: (misdeed: Misdeed) => void;
  isQuarantined: () => boolean;
  send: (message: CoordinatorMessage) => void;
  onAck: (ack: AttemptAck) => void;
  clock: Clock;
  logger: Logger;
}

export class Spares {
  readonly #parts: SparesParts;
  /** Attempts for which an answer is awaited, since when. */
  readonly #asked = new Map<string, number>();
  /** Per entry of the models: when its agent was asked last. */
  readonly #askedAt = new Map<number, number>();

  constructor(parts: SparesParts) {
    this.#parts = parts;
  }

  /** Whether an entry was asked lately: it then has room for what it can run at once, and for nothing to wait. */
  isResting(modelIndex: number): boolean {
    return this.#parts.clock.monotonic() - (this.#askedAt.get(modelIndex) ?? -Infinity) < REST_MS;
  }

  /** Asks for up to so many samples of an entry that have not started, of one route's attempts, the last one first. Returns for how many. */
  ask(routeId: string, modelIndex: number, samples: number): number {
    const { held, clock } = this.#parts;
    const now = clock.monotonic();
    let left = samples;
    for (const own of [...held.values()].toReversed()) {
      if (left <= 0) break;
      const isSettled = own.accepted && now - (own.sentAtMs ?? own.assignedAtMs) >= SETTLE_MS;
      if (own.routeId === routeId && own.modelIndex === modelIndex && isSettled) left -= this.askOf(own, left);
    }
    return samples - left;
  }

  /** The same of one attempt; of none that was asked and has not answered. */
  askOf(own: HeldAttempt, samples: number): number {
    const { held, canSpare, clock, send } = this.#parts;
    const now = clock.monotonic();
    for (const [attemptId, at] of this.#asked) if (now - at > ASK_MS || !held.has(attemptId)) this.#asked.delete(attemptId);
    const wanted = Math.min(samples, openOf(own));
    if (!canSpare || wanted <= 0 || this.#asked.has(own.attemptId)) return 0;
    this.#asked.set(own.attemptId, now);
    this.#askedAt.set(own.modelIndex, now);
    send({ kind: 'spare', attemptId: own.attemptId, samples: wanted });
    return wanted;
  }

  /** The agent has let go of these units. They are acknowledged when the ledger knows it; until then the agent says it again. */
  async take(spared: AgentMessage & { kind: 'spared' }): Promise<void> {
    const { held: all, duties, check, onMisdeed, isQuarantined, onAck, agentId, logger } = this.#parts;
    const { attemptId, units, taskId } = spared;
    this.#asked.delete(attemptId);
    if (units.length === 0) return;
    try {
      const known = all.get(attemptId);
      // Of what is not its own it has said enough.
      const problem = known || !isQuarantined() ? await check(spared, known) : undefined;
      if (problem) onMisdeed({ ...problem, kind: 'lease', count: 1, taskId });
      const held = all.get(attemptId);
      if (!held || problem) return onAck({ attemptId, units: [...units], lost: true });
      const answer = await duties.spare(held, units);
      if (answer === 'later') return;
      logger.info({ evaluationId: held.evaluationId, taskId: held.taskId, agentId, units: units.length, answer }, 'waiting samples spared');
      for (const unit of units) held.done.add(unit);
      if (answer !== 'taken') {
        all.delete(attemptId);
        duties.onOver(held, answer === 'over');
      }
      onAck({ attemptId, units: [...units], lost: answer === 'unknown' });
    } catch (error) {
      logger.warn({ taskId, agentId, error: AppError.from(error).message }, 'spared samples wait to be told again');
    }
  }
}

/** Units that are neither counted nor spared, as far as this session knows. */
export const openOf = (held: HeldAttempt): number => Math.max(0, (held.units?.size ?? held.end - held.first) - held.done.size);
