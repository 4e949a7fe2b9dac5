/** A program's stderr in the agent's log: line by line, cut, a bounded number of them in a minute, and without the agent's secrets. */
import type { Readable } from 'node:stream';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Logger } from '../../shared/telemetry/logger.ts';

const MAX_LINE_CHARS = 500;
const MAX_LINES = 60;
const WINDOW_MS = 60_000;

export interface StderrLogOptions {
  logger: Logger;
  clock: Clock;
  /** Texts that are never logged. */
  secrets: readonly string[];
}

export class StderrLog {
  readonly #options: StderrLogOptions;
  #since = -Infinity;
  #lines = 0;

  constructor(options: StderrLogOptions) {
    this.#options = options;
  }

  /** Reads the stream to its end; never more than a line of it is in memory. */
  follow(stream: Readable, command: string): void {
    let rest = '';
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop()!.slice(0, 4 * MAX_LINE_CHARS);
      for (const line of lines) this.#write(line, command);
    });
    stream.on('end', () => this.#write(rest, command));
    stream.on('error', () => undefined);
  }

  #write(line: string, command: string): void {
    if (line.trim() === '') return;
    const { logger, clock, secrets } = this.#options;
    const now = clock.monotonic();
    if (now - this.#since > WINDOW_MS) {
      if (this.#lines > MAX_LINES) logger.info({ command, left_out: this.#lines - MAX_LINES }, 'more lines of its stderr were left out');
      this.#since = now;
      this.#lines = 0;
    }
    if (++this.#lines > MAX_LINES) return;
    let clean = line;
    for (const secret of secrets) clean = clean.replaceAll(secret, '[key]');
    logger.info({ command, stderr: clean.slice(0, MAX_LINE_CHARS) }, 'a scorer’s program says');
  }
}
