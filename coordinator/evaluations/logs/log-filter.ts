/** Which lines are asked for. */
import { isAtLeast, type LineLevel, type LogLine } from '../../../shared/domain/log-line.ts';

export interface LineFilter {
  taskId?: string;
  sinceMs?: number;
  minLevel?: LineLevel;
  /** An agent's id, or its name. */
  agent?: string;
  /** In the text, letters in either case. */
  text?: string;
  /** The sample that they are about. */
  unit?: number;
}

/** Whether a line is one of those. */
export function matcherOf({ taskId, unit, sinceMs, minLevel, agent, text }: LineFilter): (line: LogLine) => boolean {
  const wanted = text?.toLowerCase();
  return (line) =>
    (taskId === undefined || line.taskId === taskId) &&
    (unit === undefined || line.unit === unit) &&
    (sinceMs === undefined || line.timeMs >= sinceMs) &&
    (minLevel === undefined || isAtLeast(line.level, minLevel)) &&
    (agent === undefined || line.agentId === agent || line.agent === agent) &&
    (wanted === undefined || line.text.toLowerCase().includes(wanted));
}
