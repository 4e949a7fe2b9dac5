/** Dead letters, as the client library gives them: the words of books.proto as TypeScript. */
import type { Durability } from '../domain/durability.ts';
import type { JudgeOf } from './types.ts';

export interface DeadLetter {
  taskId: string;
  evaluationId: string;
  benchmark: string;
  model: string;
  route: string;
  requirement: string;
  /** At most 1000 of them. */
  units: number[];
  unitCount: number;
  deadAtMs: number;
  crashes: number;
  losses: number;
  returns: number;
  /** Those that ended badly, the last ones, oldest first. */
  attempts: DeadAttempt[];
  dropped: boolean;
  /** Of a judge's calls: whose answers were judged. */
  judgeOf?: JudgeOf;
}

export interface DeadAttempt {
  attemptId: string;
  agentId: string;
  /** '' where nobody knows it any more. */
  agent: string;
  instanceId: string;
  end: 'crash' | 'loss';
  atMs: number;
  /** How the agent's life ended, as it said afterwards. */
  exit: string;
  /** Only in the answer of `deadLetter`. */
  lastOutput: string;
}

/** Fields that are set must all hold. `namespace` absent: "default", and beside `taskIds` any. */
export interface DeadLetterFilter {
  evaluationId?: string;
  namespace?: string;
  taskIds?: string[];
  benchmark?: string;
  model?: string;
  /** Id or name. */
  agent?: string;
  /** Id or requirement. */
  route?: string;
  fromMs?: number;
  toMs?: number;
}

/** What was done in one evaluation. */
export interface DeadLettersOutcome {
  evaluationId: string;
  letters: number;
  /** Units that are open again; 0 of dropped ones. */
  units: number;
  /** Why not all of it was done; '': it was. */
  problem: string;
  durability?: Durability;
}

/** What a replay, or a drop, has done. */
export interface DeadLettersDone {
  letters: number;
  units: number;
  /** The weakest of all evaluations; absent where nothing was done. */
  durability?: Durability;
  /** At most 1000, those with a problem first. */
  evaluations: DeadLettersOutcome[];
  /** Evaluations with a problem. */
  failed: number;
}
