/** A line of the agent's own log (one JSON document) in words, with the attempt that it is about. */
import type { LineLevel } from '../../shared/domain/log-line.ts';

const LEVELS: Readonly<Record<string, LineLevel>> = {
  trace: 'debug',
  debug: 'debug',
  info: 'info',
  warn: 'warn',
  error: 'error',
  fatal: 'error',
};
/** What every line has, or what is told in other ways. */
const KNOWN = [
  'level',
  'time',
  'name',
  'pid',
  'msg',
  'agentId',
  'attemptId',
  'taskId',
  'evaluationId',
  'unit',
  'part',
  'trace_id',
  'span_id',
];

/** Undefined for what is no such line. */
export function lineOfLog(line: string): { attemptId: string; level: LineLevel; text: string; unit?: number } | undefined {
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  const level = LEVELS[String(fields['level'])];
  if (level === undefined) return undefined;
  const more = Object.entries(fields)
    .filter(([name]) => !KNOWN.includes(name))
    .map(([name, value]) => `${name}: ${wordsOf(value)}`);
  const { msg = '', attemptId, unit } = fields;
  return {
    attemptId: typeof attemptId === 'string' ? attemptId : '',
    level,
    text: [String(msg), ...(more.length > 0 ? [`(${more.join(', ')})`] : [])].join(' ').trim(),
    ...(typeof unit === 'number' ? { unit } : {}),
  };
}

/** Of an error its message: a stack is for the agent's own log. */
function wordsOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string') return value.message;
  return JSON.stringify(value);
}
