/** A child process with its log in a file: started, watched, stopped in two stages. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { copyFile, open, stat, truncate } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError } from '../../shared/domain/errors.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { identityOf, type ProcessIdentity } from '../../shared/runtime/process-identity.ts';

const LOG_LIMIT_BYTES = 10 * 1024 * 1024;
const TAIL_BYTES = 16 * 1024;
/** The exit code of our programs for settings that must change. */
const REFUSED_SETTINGS = 2;
/** What a stage of `stop` lasts when somebody is in a hurry. */
const HURRIED_MS = 250;

export interface ChildOptions {
  /** `redis`, `coordinator`, `agent`: for messages. */
  name: string;
  command: string;
  args: readonly string[];
  env: Record<string, string | undefined>;
  logFile: string;
  /** Where it runs; the logs' and sockets' paths are absolute. */
  cwd?: string;
  /** A file that we wrote for it, and the user's own that it stands for: messages name the latter. */
  standIn?: { file: string; original: string };
}

/**
 * Runs apart from the terminal's process group, so that Ctrl-C reaches only us and we stop it in order. Its standard
 * input is a pipe from us: it ends when we are gone, however we went. Its output goes straight to the log file, which
 * therefore also holds what it said after our death.
 */
export class Child {
  readonly name: string;
  readonly logFile: string;
  readonly identity: ProcessIdentity;
  /** Settles when the process has ended; never rejects. */
  readonly ended: Promise<void>;
  readonly #process: ChildProcess;
  readonly #standIn: ChildOptions['standIn'];
  /** Where in the log file this process begins. */
  readonly #logStart: number;
  #stopping = false;

  private constructor(options: ChildOptions, child: ChildProcess, identity: ProcessIdentity, logStart: number) {
    this.name = options.name;
    this.logFile = options.logFile;
    this.identity = identity;
    this.#process = child;
    this.#standIn = options.standIn;
    this.#logStart = logStart;
    this.ended =
      child.exitCode !== null || child.signalCode !== null
        ? Promise.resolve()
        : once(child, 'exit').then(
            () => undefined,
            () => undefined,
          );
  }

  /** Starts it. Throws `failed_precondition` if the program cannot be started at all. */
  static async start(options: ChildOptions): Promise<Child> {
    await rotateLog(options.logFile);
    const logStart = await sizeOf(options.logFile);
    const log = openSync(options.logFile, 'a', 0o600);
    let child: ChildProcess;
    try {
      child = spawn(options.command, options.args, { env: options.env, cwd: options.cwd, detached: true, stdio: ['pipe', log, log] });
      await once(child, 'spawn');
    } catch (error) {
      throw new AppError('failed_precondition', `${options.name} (${options.command}) cannot be started: ${(error as Error).message}`);
    } finally {
      closeSync(log);
    }
    child.stdin?.on('error', () => undefined);
    return new Child(options, child, await identityOf(child.pid!), logStart);
  }

  get hasEnded(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }

  /** It ended without being asked to. */
  get diedEarly(): boolean {
    return this.hasEnded && !this.#stopping;
  }

  /** Why it ended, with its last words; `invalid` when it has refused its settings, which came from the user. */
  async obituary(): Promise<AppError> {
    const { exitCode, signalCode } = this.#process;
    const log = this.#standIn ? (await this.log()).replaceAll(this.#standIn.file, this.#standIn.original) : await this.log();
    const reason = reasonGiven(log);
    if (reason && exitCode === REFUSED_SETTINGS) return new AppError('invalid', reason);
    if (reason) return new AppError('unavailable', `the ${this.name} ended: ${reason}. All of its log: ${this.logFile}`);
    const how = signalCode ? `was killed by ${signalCode}` : `ended with code ${exitCode}`;
    const words = lastWords(log);
    return new AppError(
      'unavailable',
      `the ${this.name} ${how}.${words ? ` Its last words:\n${words}\n` : ' '}All of its log: ${this.logFile}`,
    );
  }

  /** What it has logged since its start, at most the last 16 KiB. */
  log(): Promise<string> {
    return readTail(this.logFile, this.#logStart);
  }

  /**
   * SIGTERM; after `graceMs` SIGTERM again (our processes abort then); after another `graceMs` SIGKILL. `hurry` goes on to
   * the next stage at once.
   */
  async stop(graceMs: number, hurry?: AbortSignal): Promise<void> {
    this.#stopping = true;
    for (const signal of ['SIGTERM', 'SIGTERM', 'SIGKILL'] as const) {
      if (this.hasEnded) return;
      this.#process.kill(signal);
      await waitAtMost(this.ended, hurry?.aborted ? HURRIED_MS : graceMs, hurry);
    }
    await this.ended;
  }
}

/** Waits for the promise, at most `limitMs`, and a moment after `hurry` was aborted. */
async function waitAtMost(ended: Promise<void>, limitMs: number, hurry?: AbortSignal): Promise<void> {
  const over = new AbortController();
  const cut = hurry && !hurry.aborted ? AbortSignal.any([over.signal, hurry]) : over.signal;
  await Promise.race([ended, systemClock.sleep(limitMs, cut).catch(() => undefined)]);
  over.abort();
}

/** Keeps a log small while its writer goes on appending: the content moves to `.1`, the file begins again. */
export async function rotateLog(path: string): Promise<void> {
  if ((await sizeOf(path)) <= LOG_LIMIT_BYTES) return;
  await copyFile(path, `${path}.1`);
  await truncate(path, 0);
}

/** What one of our programs said when it gave up: `assay coordinator: …`, to the end of the log. */
export function reasonGiven(log: string): string | undefined {
  const found = [...log.matchAll(/^assay (?:coordinator|agent): /gm)].at(-1);
  return found ? log.slice(found.index + found[0].length).trim() : undefined;
}

/** The last lines of a log for people: JSON lines as their message. */
export function lastWords(log: string, lines = 6): string {
  const said = log
    .split('\n')
    .filter((l) => l.trim() !== '')
    .map(inWords);
  return said
    .slice(-lines)
    .map((l) => `  ${l.slice(0, 400)}`)
    .join('\n');
}

function inWords(line: string): string {
  if (!line.startsWith('{')) return line;
  try {
    const entry = JSON.parse(line) as { msg?: string; err?: { message?: string }; reason?: string };
    const detail = entry.err?.message ?? entry.reason;
    return [entry.msg, detail].filter((t) => t && t !== '').join(': ') || line;
  } catch {
    return line;
  }
}

const sizeOf = async (path: string): Promise<number> => (await stat(path).catch(() => undefined))?.size ?? 0;

async function readTail(path: string, from: number): Promise<string> {
  const file = await open(path, 'r').catch(() => undefined);
  if (!file) return `no log at ${basename(path)}`;
  try {
    const { size } = await file.stat();
    const start = Math.max(size < from ? 0 : from, size - TAIL_BYTES);
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(Math.max(0, size - start)), position: start });
    return buffer.subarray(0, bytesRead).toString('utf8');
  } finally {
    await file.close();
  }
}
