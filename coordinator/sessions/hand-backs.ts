/** What one session's agent gives back: not before what it has reported of it is settled. */
import { AppError } from '../../shared/domain/errors.ts';
import type { AgentMessage, HandBackReason } from '../../shared/rpc/messages.ts';
import type { Logger } from '../../shared/telemetry/logger.ts';
import type { Survivor } from './crashes.ts';
import type { LeaseCheck } from './provenance/lease-check.ts';
import type { HeldAttempt, Misdeed } from './session-types.ts';

/** What is asked of the rest. */
export interface HandBackDuties {
  handBack(held: HeldAttempt, reason: HandBackReason, from: Survivor, detail: string): Promise<void>;
}

export interface HandBacksParts {
  agentId: string;
  from: Survivor;
  held: Map<string, HeldAttempt>;
  duties: HandBackDuties;
  check: LeaseCheck['problemOf'];
  onMisdeed: (misdeed: Misdeed) => void;
  isQuarantined: () => boolean;
  /** Resolves when what is under way of an attempt is committed. */
  settled: (attemptId: string) => Promise<void>;
  logger: Logger;
}

export class HandBacks {
  readonly #parts: HandBacksParts;

  constructor(parts: HandBacksParts) {
    this.#parts = parts;
  }

  async take(message: AgentMessage & { kind: 'handBack' }): Promise<void> {
    const { held: all, duties, check, onMisdeed, isQuarantined, settled, from, agentId, logger } = this.#parts;
    const { attemptId, taskId, reason, detail } = message;
    try {
      const known = all.get(attemptId);
      // It has said enough of what is not its own.
      if (!known && isQuarantined()) return;
      const problem = await check(message, known);
      if (problem) return onMisdeed({ ...problem, kind: 'lease', count: 1, taskId, ...(known ? { namespace: known.namespace } : {}) });
      await settled(attemptId);
      const held = all.get(attemptId);
      if (!held || !all.delete(attemptId)) return;
      logger.info({ evaluationId: held.evaluationId, taskId, agentId, reason, detail }, 'task handed back');
      await duties.handBack(held, reason, from, detail);
    } catch (error) {
      logger.warn({ taskId, error: AppError.from(error).message }, 'hand-back failed; the lease will end it');
    }
  }
}
