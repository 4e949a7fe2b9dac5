/** The books of an evaluation, as the client library gives them: the words of books.proto as TypeScript. */
import type { Durability } from '../domain/durability.ts';
import type { JudgeOf } from './types.ts';
import type { Counts, EvaluationState } from '../domain/states.ts';

/** How far a verification is. */
export interface VerifyProgress {
  phase: 'ledger' | 'frames' | 'results';
  /** Results looked at in this phase. */
  done: number;
  total: number;
}

/** What was written of results, whether it counts or not. */
export interface FrameBooks {
  frames: number;
  results: number;
  voidFrames: number;
  /** Results that the ledger refused after they had been written. */
  refused: number;
  /** Results that a requeue has set aside. */
  setAside: number;
  /** Results that neither count nor were refused. */
  uncounted: number;
  countedThoughRefused: number;
  /** The same result of the same attempt, written again. */
  copies: number;
  /** Units with results of several attempts = agreed + differed. */
  unitsWithSeveral: number;
  agreed: number;
  differed: number;
  repeatedExecutions: number;
  /** Model calls in all results, copies not among them. */
  calls: number;
  retries: number;
  /** Calls of results that do not count. */
  repeatedCalls: number;
}

export interface BooksDifference {
  place: string;
  expected: string;
  found: string;
}

/** What the store says of an evaluation, and where what is served says otherwise. */
export interface Books {
  evaluationId: string;
  state: EvaluationState;
  balanced: boolean;
  /** Recomputed: total = open + scored + unscored + errored + cancelled + dead. */
  counts: Counts;
  groups: { benchmark: string; model: string; counts: Counts; judgeOf?: JudgeOf }[];
  frames: FrameBooks;
  requeues: number;
  requeuedUnits: number;
  generations: number;
  /** Attempts that brought a result. */
  attempts: number;
  /** Units that count, by agent. */
  agents: Record<string, number>;
  differences: BooksDifference[];
  moreDifferences: number;
  notCompared: string[];
}

/** What RecoverEvaluation has found and done. */
export interface Recovered {
  evaluationId: string;
  state: EvaluationState;
  /** What Redis had counted; absent: nothing that makes sense. */
  before?: Counts;
  after: Counts;
  /** 0: none was needed. */
  generation: number;
  /** How Redis holds it; absent: a coordinator of an older release. */
  durability?: Durability;
}
