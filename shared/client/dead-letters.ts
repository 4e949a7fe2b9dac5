/** Dead letters, as the client library gives them: the words of books.proto as TypeScript. */

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

/** Fields that are set must all hold. `namespace` absent: "default". */
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
