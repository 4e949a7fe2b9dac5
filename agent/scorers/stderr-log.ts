/** A program's stderr in the agent's log: line by line, cut, a bounded number of them in a minute, and without the agent's secrets. */
import type { Readable } from 'node:stream';
import type { RedactedText, Redactor } from '../../shared/domain/redactor.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Logger } from '../../shared/telemetry/logger.ts';

const MAX_LINE_CHARS = 500;
const MAX_LINES = 60;
const WINDOW_MS = 60_000;

export interface StderrLogOptions {
  logger: Logger;
  clock: Clock;
  /** Knows what is never logged. */
  redactor: Redactor;
}

export class StderrLog {
  readonly #options: StderrLogOptions;
  #since = -Infinity;
  #lines = 0;

  constructor(options: StderrLogOptions) {
    this.#options = options;
  }

  /** Reads the stream to its end; never more than the beginning of a line is in memory. */
  follow(stream: Readable, command: string): void {
    let line: RedactedText | undefined;
    let shown = '';
    const show = (text: string): void => {
      if (shown.length < MAX_LINE_CHARS) shown += text;
    };
    const endLine = (): void => {
      if (line) show(line.end());
      this.#write(shown, command);
      [line, shown] = [undefined, ''];
    };
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      for (const [i, piece] of text.split('\n').entries()) {
        if (i > 0) endLine();
        if (piece !== '') show((line ??= this.#options.redactor.stream()).push(piece));
      }
    });
    stream.on('end', endLine);
    stream.on('error', () => undefined);
  }

  #write(line: string, command: string): void {
    if (line.trim() === '') return;
    const { logger, clock } = this.#options;
    const now = clock.monotonic();
    if (now - this.#since > WINDOW_MS) {
      if (this.#lines > MAX_LINES) logger.info({ command, left_out: this.#lines - MAX_LINES }, 'more lines of its stderr were left out');
      this.#since = now;
      this.#lines = 0;
    }
    if (++this.#lines > MAX_LINES) return;
    logger.info({ command, stderr: line.slice(0, MAX_LINE_CHARS) }, 'a scorer’s program says');
  }
}
