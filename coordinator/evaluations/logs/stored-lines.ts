/** Lines as they lie in the store: JSON, one a line. */
import { z } from 'zod';
import { parseTaskId, taskIdOf } from '../../../shared/domain/ids.ts';
import { LINE_LEVELS, type LogLine } from '../../../shared/domain/log-line.ts';

const stored = z.object({
  time: z.number(),
  level: z.enum(LINE_LEVELS),
  text: z.string(),
  agentId: z.string().default(''),
  agent: z.string().default(''),
  task: z.number().optional(),
  attemptId: z.string().default(''),
  unit: z.number().optional(),
});

/** What is empty is left out; of a task only its number is kept. */
export function bytesOfLine({ timeMs, level, text, agentId, agent, taskId, attemptId, unit }: LogLine): Buffer {
  const some = Object.entries({ agentId, agent, attemptId }).filter(([, value]) => value !== '');
  const task = parseTaskId(taskId)?.sequence;
  return Buffer.from(`${JSON.stringify({ time: timeMs, level, text, ...Object.fromEntries(some), task, unit })}\n`);
}

/** The lines of a piece; one that cannot be read is left out. */
export function linesIn(bytes: Buffer, evaluationId: string): LogLine[] {
  const lines: LogLine[] = [];
  for (const text of bytes.toString('utf8').split('\n')) {
    if (text === '') continue;
    const line = stored.safeParse(parsed(text)).data;
    if (!line) continue;
    const { time, task, unit, ...rest } = line;
    const taskId = task === undefined ? '' : taskIdOf(evaluationId, task);
    lines.push({ ...rest, timeMs: time, taskId, ...(unit === undefined ? {} : { unit }) });
  }
  return lines;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
