/** One sandbox: a process under bubblewrap with its channels, which ends with everything that it started. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import type { Duplex, Readable } from 'node:stream';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Interpreter, Owner } from './interpreter.ts';
import { boxArguments } from './policy.ts';

/** What all sandboxes of an agent are made with. */
export interface BoxKind {
  bubblewrap: string;
  interpreter: Interpreter;
  /** A file with the filter of system calls. */
  filterFile: string;
  owner: Owner;
}

/** Where its channels are, in the guest. */
const CHANNEL_FD = 3;
const VERDICT_FD = 4;
const FILTER_FD = 5;
const MAX_WORDS = 2000;
const END_MS = 5000;
const NAP_MS = 5;

export class Box {
  /** Lines for the other guest. */
  readonly channel: Duplex;
  /** Lines for the agent; the guest of the program under test does not have it. */
  readonly verdicts: Duplex | undefined;
  /** Resolves when it has ended, with what bubblewrap said of it. */
  readonly gone: Promise<string>;
  readonly #child: ChildProcess;
  /** Of its process namespace; it is the last one there. */
  #first: number | undefined;

  constructor({ bubblewrap, interpreter, filterFile, owner }: BoxKind, code: string, { hasVerdicts }: { hasVerdicts: boolean }) {
    const filter = openSync(filterFile, 'r');
    try {
      this.#child = spawn(bubblewrap, boxArguments({ interpreter, code, filterFd: FILTER_FD }), {
        ...owner,
        cwd: '/',
        env: {},
        detached: true,
        stdio: ['ignore', 'ignore', 'pipe', 'pipe', hasVerdicts ? 'pipe' : 'ignore', filter],
      });
    } finally {
      closeSync(filter);
    }
    this.channel = this.#child.stdio[CHANNEL_FD] as Duplex;
    this.verdicts = hasVerdicts ? (this.#child.stdio[VERDICT_FD] as Duplex) : undefined;
    // A channel breaks when the guest ends, which is told by its exit.
    for (const stream of [this.channel, this.verdicts]) stream?.on('error', () => undefined);
    this.gone = this.#end();
  }

  /** undefined where it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** To be called when its guest has spoken. */
  hasStarted(): void {
    this.#first = Number(readFileSync(`/proc/${this.pid}/task/${this.pid}/children`, 'latin1').trim().split(' ')[0]) || undefined;
  }

  /** Ends it; resolves when nothing of it is left. What the kernel does not let go of is left behind. */
  async end(clock: Clock): Promise<void> {
    // The namespace's first process takes all others with it; bubblewrap then ends by itself, and has taken note of it.
    this.#kill(this.#first);
    const late = new AbortController();
    void clock.sleep(END_MS, late.signal).then(
      () => this.#kill(undefined),
      () => undefined,
    );
    await Promise.race([this.gone, clock.sleep(2 * END_MS, late.signal)]);
    late.abort();
    for (let waitedMs = 0; this.#first !== undefined && lives(this.#first) && waitedMs < END_MS; waitedMs += NAP_MS)
      await clock.sleep(NAP_MS);
  }

  #kill(first: number | undefined): void {
    const { pid, exitCode, signalCode } = this.#child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    try {
      process.kill(first ?? -pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }

  #end(): Promise<string> {
    let words = '';
    // Guests write nothing here: their own output goes nowhere.
    (this.#child.stderr as Readable).on('data', (chunk: Buffer) => (words = (words + chunk.toString()).slice(0, MAX_WORDS)));
    return new Promise((resolve) => {
      this.#child.once('error', (error) => resolve(error.message));
      this.#child.once('close', () => resolve(words.trim()));
    });
  }
}

/** Whether it still does something: one that has ended and that nobody has asked for does not. */
function lives(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));
  } catch {
    return false;
  }
}
