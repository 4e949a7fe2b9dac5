/** A line of an evaluation or an agent, for people. What is in it comes from agents, endpoints and models: nothing of it reaches the terminal as it is. */
import type { LineLevel, LogLine } from '../../shared/client/logs.ts';
import { parseTaskId } from '../../shared/domain/ids.ts';
import type { Colour, Paint } from './paint.ts';
import { isoTime } from './time.ts';

/** Control characters, line separators, and marks that turn the direction of what follows; and the backslash, so that an escape is one. */
// eslint-disable-next-line no-control-regex -- control characters are what this is about
const HARMFUL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\\]/g;
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' };
const COLOURS: Readonly<Record<LineLevel, Colour>> = { debug: 'dim', info: 'cyan', warn: 'yellow', error: 'red' };

/** Text on one line, in which every harmful character is shown by its escape. */
export const escapedText = (text: string): string =>
  text.replace(HARMFUL, (char) => SHORT[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** `2026-11-22T14:03:11Z warn  gpu-1 task 17 unit 4031: …` */
export function logLineText({ timeMs, level, text, agent, agentId, taskId, unit }: LogLine, paint: Paint): string {
  const task = parseTaskId(taskId);
  const about = [
    escapedText(agent || agentId) || 'coordinator',
    ...(task ? [`task ${task.sequence}`] : []),
    ...(unit === undefined ? [] : [`unit ${unit}`]),
  ].join(' ');
  return `${paint('dim', isoTime(timeMs))} ${paint(COLOURS[level], level.padEnd(5))} ${about}: ${escapedText(text)}\n`;
}

/** What stands where lines are gone. */
export const leftOutText = (paint: Paint): string => `${paint('dim', '… lines are gone here: there were more than are kept')}\n`;
