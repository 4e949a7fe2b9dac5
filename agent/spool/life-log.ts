/**
 * What the agent was doing, in `life.log` of its spool, for the case that it does not live to tell: which samples run, and the last of its
 * warnings, its errors and its programs' words. The next life reads it and says in its Hello how this one ended. It is a hint, not a
 * record: written without waiting for the disk, so a power cut may take the end of it; a kill takes nothing.
 */
import { closeSync, openSync, readFileSync, renameSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Redactor } from '../../shared/domain/redactor.ts';
import type { PreviousLife } from '../../shared/rpc/messages.ts';

/** Written anew, with what still matters, when it is larger. */
const MAX_FILE_BYTES = 256 * 1024;
const MAX_OUTPUT_BYTES = 4_096;
const MAX_LINE_CHARS = 500;
const MAX_RUNNING = 1_000;

type Entry = { life: string } | { start: [string, number, string] } | { end: [string, number] } | { say: string };

export class LifeLog {
  /** How the life before this one ended; undefined if it ended in order, or left nothing. */
  readonly previous: PreviousLife | undefined;
  readonly #path: string;
  readonly #instanceId: string;
  readonly #redactor: Redactor;
  /** Attempt, unit and task as they stand in the file. */
  readonly #running = new Map<string, [string, number, string]>();
  #said: string[] = [];
  #file: number | undefined;
  #bytes = 0;

  /** redactor: knows what is never written. */
  constructor(dir: string, instanceId: string, redactor: Redactor) {
    this.#path = join(dir, 'life.log');
    this.#instanceId = instanceId;
    this.#redactor = redactor;
    const before = readLife(this.#path);
    this.previous = before && before.instanceId !== instanceId ? before : undefined;
    this.#rewrite();
  }

  started(attemptId: string, unit: number, taskId: string): void {
    this.#running.set(`${attemptId} ${unit}`, [attemptId, unit, taskId]);
    this.#write({ start: [attemptId, unit, taskId] });
  }

  ended(attemptId: string, unit: number): void {
    this.#running.delete(`${attemptId} ${unit}`);
    this.#write({ end: [attemptId, unit] });
  }

  /** A line of the log; only warnings, errors, and what programs say are kept. */
  heard(line: string): void {
    const text = wordsOf(line);
    if (text === undefined) return;
    const clean = this.#redactor.redact(text).slice(0, MAX_LINE_CHARS);
    this.#said.push(clean);
    while (this.#said.length > 1 && this.#said.reduce((sum, said) => sum + Buffer.byteLength(said) + 1, 0) > MAX_OUTPUT_BYTES)
      this.#said.shift();
    this.#write({ say: clean });
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #write(entry: Entry): void {
    if (this.#file === undefined) return;
    try {
      this.#bytes += writeSync(this.#file, `${JSON.stringify(entry)}\n`);
      if (this.#bytes > MAX_FILE_BYTES) this.#rewrite();
    } catch {
      // A full disk costs the hint, nothing more.
      this.close();
    }
  }

  #rewrite(): void {
    this.close();
    const entries: Entry[] = [
      { life: this.#instanceId },
      ...this.#said.map((say): Entry => ({ say })),
      ...[...this.#running.values()].map((start): Entry => ({ start })),
    ];
    try {
      const file = openSync(`${this.#path}.new`, 'w', 0o600);
      const text = entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
      writeSync(file, text);
      renameSync(`${this.#path}.new`, this.#path);
      this.#file = file;
      this.#bytes = Buffer.byteLength(text);
    } catch {
      // As above.
    }
  }
}

/** What a life has left; undefined where there is nothing to read. */
function readLife(path: string): PreviousLife | undefined {
  let text: string;
  let seenAtMs: number;
  try {
    text = readFileSync(path, 'utf8');
    seenAtMs = Math.round(statSync(path).mtimeMs);
  } catch {
    return undefined;
  }
  let instanceId = '';
  const running = new Map<string, PreviousLife['running'][number]>();
  const said: string[] = [];
  for (const line of text.split('\n')) {
    const entry = parse(line);
    if (!entry) continue;
    if ('life' in entry) instanceId = entry.life;
    else if ('say' in entry) said.push(entry.say);
    else if ('start' in entry) {
      const [attemptId, unit, taskId] = entry.start;
      running.set(`${attemptId} ${unit}`, { attemptId, unit, taskId });
    } else running.delete(entry.end.join(' '));
  }
  if (instanceId === '') return undefined;
  return { instanceId, seenAtMs, running: [...running.values()].slice(0, MAX_RUNNING), lastOutput: tailOf(said.join('\n')) };
}

/** The last line may be torn. */
function parse(line: string): Entry | undefined {
  try {
    return line === '' ? undefined : (JSON.parse(line) as Entry);
  } catch {
    return undefined;
  }
}

/** The end of it, whole characters only. */
function tailOf(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= MAX_OUTPUT_BYTES) return text;
  return bytes
    .subarray(bytes.length - MAX_OUTPUT_BYTES + 4)
    .toString('utf8')
    .replace(/^�+/, '');
}

/** What a line of the log says, if it is worth keeping. */
function wordsOf(line: string): string | undefined {
  try {
    const { level, time, msg, stderr, command, err, error, reason } = JSON.parse(line) as Record<string, unknown>;
    const isBad = level === 'warn' || level === 'error' || level === 'fatal';
    if (!isBad && typeof stderr !== 'string') return undefined;
    const message = typeof err === 'object' && err !== null ? (err as { message?: unknown }).message : error;
    const parts = [time, level, typeof stderr === 'string' ? `${String(command)}: ${stderr}` : msg, message, reason];
    return parts.filter((part) => typeof part === 'string' && part !== '').join(' ');
  } catch {
    return undefined;
  }
}
