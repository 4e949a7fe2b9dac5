/** A line for people about what an agent does: of a task, or of the agent itself. */

export const LINE_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LineLevel = (typeof LINE_LEVELS)[number];

/** Longer texts are cut. */
export const MAX_LINE_CHARS = 2_000;

/** What an agent says. */
export interface AgentLine {
  /** What it is about; '': the agent itself. */
  attemptId: string;
  /** By the agent's clock. */
  timeMs: number;
  level: LineLevel;
  text: string;
  /** The sample that it is about. */
  unit?: number;
}

/** The same, with whose it is. */
export interface LogLine {
  /** '': a coordinator says it. */
  agentId: string;
  /** Its name then. */
  agent: string;
  /** '': none. */
  taskId: string;
  attemptId: string;
  /** By the clock of whoever said it. */
  timeMs: number;
  level: LineLevel;
  text: string;
  /** The sample that it is about. */
  unit?: number;
}

/** What a line says that stands for others. */
export const leftOutWords = (count: number, why = 'there were too many'): string =>
  `${count} ${count === 1 ? 'line was' : 'lines were'} left out here: ${why}`;

/** Whether a line matters as much as `least`, or more. */
export const isAtLeast = (level: LineLevel, least: LineLevel): boolean => LINE_LEVELS.indexOf(level) >= LINE_LEVELS.indexOf(least);

/** A text as it may be kept: bounded, and of whole characters. */
export function lineText(text: string): string {
  const whole = text.length <= MAX_LINE_CHARS ? text : `${text.slice(0, MAX_LINE_CHARS - 1)}…`;
  return whole.toWellFormed();
}
