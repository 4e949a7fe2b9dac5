/** Lines for people between the wire and `AgentLine`: a part of the agent stream's codec. */
import { LINE_LEVELS, lineText, type AgentLine } from '../domain/log-line.ts';
import type { Checks } from './checks.ts';
import type { Line as WireLine } from './gen/assay/v1/Line.ts';
import type { Lines__Output } from './gen/assay/v1/Lines.ts';

/** Of one message. */
const MAX_LINES = 1_000;

export const lineToWire = ({ timeMs, ...line }: AgentLine): WireLine => ({ ...line, timeMs: String(Math.round(timeMs)) });

/** A long text is only a long text. */
export function linesFromWire({ lines }: Lines__Output, c: Checks): AgentLine[] {
  return c.list('lines', lines, MAX_LINES).map(({ attemptId, timeMs, level, text, unit, _unit }, i) => {
    const known = LINE_LEVELS.find((name) => name === level);
    if (!known) c.fault(`lines[${i}].level`, `must be one of ${LINE_LEVELS.join(', ')}`);
    return {
      attemptId: attemptId === '' ? '' : c.attemptId(`lines[${i}].attempt_id`, attemptId),
      timeMs: c.int(`lines[${i}].time_ms`, timeMs),
      level: known ?? 'info',
      text: lineText(text),
      ...(_unit === undefined ? {} : { unit: unit! }),
    };
  });
}
