/**
 * The agent's sandbox: runs programs of models against tests, a few at a time. It is usable only after `open`, which finds its parts
 * and proves on programs of its own that it holds.
 */
import { accessSync, closeSync, constants, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../shared/domain/errors.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { Turnstile } from '../../shared/runtime/turnstile.ts';
import type { BoxKind } from './box.ts';
import { runCode, type CodeJob, type CodeVerdict } from './code-run.ts';
import { findInterpreter, type Owner } from './interpreter.ts';
import { NOBODY } from './policy.ts';
import { syscallFilter } from './seccomp.ts';
import { selfTest } from './self-test.ts';

export interface SandboxConfig {
  kind: 'bubblewrap';
  /** The program bwrap; undefined: there is none. */
  bubblewrap: string | undefined;
  /** The interpreter of the programs. */
  python: string;
  /** Runs at the same time. */
  maxRuns: number;
}

const MAX_WAITING = 100_000;
const INSTALL = 'install bubblewrap (Debian: apt-get install bubblewrap), or name its program by `sandbox.bubblewrap`';

export class Sandbox {
  readonly #kind: BoxKind;
  readonly #clock: Clock;
  readonly #turnstile: Turnstile;
  readonly #filter: number;
  readonly #closing = new AbortController();
  readonly #running = new Set<Promise<unknown>>();

  private constructor(kind: Omit<BoxKind, 'filterFile'>, filter: Buffer, { maxRuns }: SandboxConfig, clock: Clock) {
    this.#filter = openNameless(filter);
    this.#kind = { ...kind, filterFile: `/proc/self/fd/${this.#filter}` };
    this.#clock = clock;
    this.#turnstile = new Turnstile({ places: maxRuns, maxWaiting: MAX_WAITING });
  }

  /** Throws AppError `failed_precondition` with one sentence: what is missing, or what it does not keep out. */
  static async open(config: SandboxConfig, { clock }: { clock: Clock }): Promise<Sandbox> {
    const filter = syscallFilter(process.arch);
    if (process.platform !== 'linux' || !filter)
      throw missing(`there is none for ${process.platform} on ${process.arch}; run this agent on Linux, x64 or arm64`);
    const { bubblewrap } = config;
    if (bubblewrap === undefined) throw missing(`there is no bwrap in PATH; ${INSTALL}`);
    if (!isProgram(bubblewrap)) throw missing(`${bubblewrap} is no program that can be run; ${INSTALL}`);
    // Root is somebody inside as well as outside: limits of processes do not hold for it.
    const owner: Owner = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
    const interpreter = await findInterpreter(config.python, owner);
    const sandbox = new Sandbox({ bubblewrap, interpreter, owner }, filter, config, clock);
    try {
      await selfTest((job, signal) => sandbox.run(job, signal));
      return sandbox;
    } catch (error) {
      await sandbox.close();
      throw AppError.from(error);
    }
  }

  /** Waits for its turn. Throws AppError `failed_precondition` where there is no verdict, or the signal's reason. */
  async run(job: CodeJob, signal: AbortSignal): Promise<CodeVerdict> {
    const either = AbortSignal.any([signal, this.#closing.signal]);
    const run = this.#turnstile.pass(() => runCode(this.#kind, job, { clock: this.#clock, signal: either }));
    this.#running.add(run);
    try {
      return await run;
    } finally {
      this.#running.delete(run);
    }
  }

  /** Ends what runs; resolves when it is gone. */
  async close(): Promise<void> {
    const isFirst = !this.#closing.signal.aborted;
    this.#closing.abort(new AppError('cancelled', 'the sandbox was ended with the agent'));
    await Promise.allSettled(this.#running);
    if (isFirst) closeSync(this.#filter);
  }
}

/** A descriptor of a file that has no name any more: nothing of it is left when the agent is killed. */
function openNameless(content: Buffer): number {
  const folder = mkdtempSync(join(tmpdir(), 'assay-sandbox-'));
  try {
    const file = join(folder, 'syscalls.bpf');
    writeFileSync(file, content, { mode: 0o600 });
    return openSync(file, 'r');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const missing = (words: string): AppError => new AppError('failed_precondition', words);

export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
