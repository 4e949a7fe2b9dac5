/** Lines that were told of evaluations and agents. */
import type { LineLevel, LogLine } from '../domain/log-line.ts';

export { LINE_LEVELS } from '../domain/log-line.ts';
export type { LineLevel, LogLine } from '../domain/log-line.ts';

/** Which lines; every condition that is there must hold. */
export interface LineFilter {
  sinceMs?: number;
  minLevel?: LineLevel;
  /** An agent's id, or its name. */
  agent?: string;
  /** In the text, letters in either case. */
  text?: string;
  /** About this sample. Not of an agent's lines about itself. */
  unit?: number;
}

/** Some of the lines about an evaluation, or a task. */
export interface LogBatch {
  lines: LogLine[];
  /** Where a later call goes on. */
  cursor: string;
  /** Before them, lines are gone: there were more than are kept. */
  leftOut: boolean;
}

/** An evaluation, or one task of it. */
export type LogSubject = { evaluationId: string } | { taskId: string };

export interface LogOptions {
  filter?: LineFilter;
  /** Of those that are there, only the last ones: at most 1000. Not with a cursor. */
  tail?: number;
  cursor?: string;
  /** Go on with those that come, until some seconds after the evaluation is final. */
  follow?: boolean;
  signal?: AbortSignal;
}
