/** One running process of a command: lines of JSON in and out. It ends once, and says why. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import type { Slot } from './slots.ts';
import { passedOn } from '../secrets/passed-on.ts';

/** A program that the operator allows. */
export interface CommandConfig {
  /** The first one is an absolute path, or a name to be found in PATH. */
  argv: readonly string[];
  /** Processes of it at the same time. */
  instances: number;
  /** Beside what every program gets (PATH, HOME, LANG and the like). */
  env: Readonly<Record<string, string>>;
  /** The working directory: the configuration's folder. */
  folder: string;
  /** Places in argv that a spec may fill. */
  slots?: Readonly<Record<string, Slot>>;
  /** For one question, whatever a spec allows. */
  timeoutMs?: number;
  /** Of one answer (default `MAX_LINE_BYTES`). */
  maxAnswerBytes?: number;
}

/** Bytes of one line, in either direction. */
export const MAX_LINE_BYTES = 64 * 1024 * 1024;
/** From the process's end to that of its output, which a child of its own may keep open. */
const DRAIN_MS = 1000;
const NEWLINE = 0x0a;

export interface ProgramProcessOptions {
  config: CommandConfig;
  environment: Readonly<Record<string, string | undefined>>;
  onLine: (line: Buffer) => void;
  /** Called once, with words that follow the program's name: `ended with exit code 1`. */
  onEnd: (why: string) => void;
}

export class ProgramProcess {
  readonly #options: ProgramProcessOptions;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #ended = false;
  readonly #gone = Promise.withResolvers<void>();

  constructor(options: ProgramProcessOptions) {
    this.#options = options;
    const { config, environment } = options;
    // A group of its own, so that its children end with it. No shell: what a spec says is never part of a command line.
    this.#child = spawn(config.argv[0]!, config.argv.slice(1), {
      cwd: config.folder,
      env: { ...passedOn(environment), ...config.env },
      stdio: 'pipe',
      detached: true,
      shell: false,
    });
    this.#child.on('error', (error: NodeJS.ErrnoException) => {
      this.#end(`cannot be started (${error.code ?? error.message})`);
      this.#gone.resolve();
    });
    this.#child.once('exit', (code, signal) => {
      this.#gone.resolve();
      const why = code === null ? `was ended by ${signal}` : `ended with exit code ${code}`;
      const drained = setTimeout(() => this.#end(why), DRAIN_MS);
      this.#child.once('close', () => {
        clearTimeout(drained);
        this.#end(why);
      });
    });
    this.#child.stdout.on('data', (chunk: Buffer) => this.#read(chunk));
    // A pipe breaks when the program ends, which is told by its exit.
    for (const stream of [this.#child.stdin, this.#child.stdout]) stream.on('error', () => undefined);
  }

  get stderr(): ChildProcessWithoutNullStreams['stderr'] {
    return this.#child.stderr;
  }

  write(line: Buffer): void {
    if (!this.#ended) this.#child.stdin.write(line);
  }

  /** Ends it and all of its children, for this reason. */
  kill(why: string): void {
    const { pid } = this.#child;
    try {
      if (pid !== undefined) process.kill(-pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
    this.#end(why);
  }

  /** Resolves when the process is gone. */
  get gone(): Promise<void> {
    return this.#gone.promise;
  }

  #read(chunk: Buffer): void {
    const { maxAnswerBytes = MAX_LINE_BYTES } = this.#options.config;
    const tooLong = `wrote a line of more than ${maxAnswerBytes} bytes`;
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0 && !this.#ended; at = chunk.indexOf(NEWLINE, from)) {
      this.#chunks.push(chunk.subarray(from, at));
      const line = Buffer.concat(this.#chunks);
      this.#chunks.length = 0;
      this.#bytes = 0;
      from = at + 1;
      if (line.length > maxAnswerBytes) return this.kill(tooLong);
      this.#options.onLine(line);
    }
    if (this.#ended) return;
    this.#chunks.push(chunk.subarray(from));
    this.#bytes += chunk.length - from;
    if (this.#bytes > maxAnswerBytes) this.kill(tooLong);
  }

  #end(why: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#chunks.length = 0;
    this.#child.stdin.destroy();
    this.#child.stdout.destroy();
    this.#options.onEnd(why);
  }
}
