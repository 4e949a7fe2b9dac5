/** The log of a process under test: JSON lines, written at once, so that a kill loses nothing. Its file and name come in the environment. */
import { createHash } from 'node:crypto';
import { openSync, writeSync } from 'node:fs';
import type { HistoryEvent } from '../history/events.ts';
import { now } from '../history/history.ts';

export { now } from '../history/history.ts';

/** `t`: of what began earlier than it was noted. */
type Noted<E> = E extends HistoryEvent ? Omit<E, 't' | 'who'> & { t?: number } : never;

export type Note = (event: Noted<HistoryEvent>) => void;

export function openLog(environment: NodeJS.ProcessEnv = process.env): Note {
  const { CHAOS_LOG: path, CHAOS_NAME: who = 'unnamed' } = environment;
  if (!path) return () => undefined;
  const file = openSync(path, 'a');
  return (event) => void writeSync(file, `${JSON.stringify({ t: now(), who, ...event })}\n`);
}

export const digestOf = (content: Buffer): string => createHash('sha256').update(content).digest('hex').slice(0, 16);
