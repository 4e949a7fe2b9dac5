/** The whole terminal, on its other screen: what stood there comes back afterwards, however the program ends. */
import type { Shell } from '../shell.ts';

/** The other screen, no cursor, nothing wraps. */
const ENTER = '\u001b[?1049h\u001b[?25l\u001b[?7l\u001b[2J';
/**
 * Empty, and the cursor at its top: a terminal whose size has changed meanwhile makes this screen as large as the one that comes back, and
 * tmux puts what is above the cursor into the history of that.
 */
const LEAVE = '\u001b[0m\u001b[H\u001b[J\u001b[?7h\u001b[?25h\u001b[?1049l';
/** Terminals that know these show a frame only when it is complete; others ignore them. */
const BEGIN_FRAME = '\u001b[?2026h';
const END_FRAME = '\u001b[?2026l';

export class FullScreen {
  readonly #stdin: Shell['stdin'];
  readonly #stdout: NodeJS.WriteStream;
  #drawn: readonly string[] = [];
  #isIn = false;
  readonly #leave = (): void => this.leave();

  constructor({ stdin, stdout }: Pick<Shell, 'stdin' | 'stdout'>) {
    this.#stdin = stdin;
    this.#stdout = stdout;
  }

  get columns(): number {
    return Math.max(1, this.#stdout.columns || 80);
  }

  get rows(): number {
    return Math.max(1, this.#stdout.rows || 24);
  }

  enter(): void {
    this.#drawn = [];
    // Raw mode is taken again too: whoever stopped us may have changed it.
    this.#stdin.setRawMode?.(true);
    this.#stdin.resume();
    this.#stdout.write(ENTER);
    if (this.#isIn) return;
    this.#isIn = true;
    // A way out that nobody thought of.
    process.once('exit', this.#leave);
  }

  /** May be called twice. */
  leave(): void {
    if (!this.#isIn) return;
    this.#isIn = false;
    process.off('exit', this.#leave);
    this.#stdout.write(LEAVE);
    this.#stdin.setRawMode?.(false);
    this.#stdin.pause();
  }

  /** Everything is drawn anew the next time: the size has changed, or somebody else has written. */
  forget(): void {
    this.#drawn = [];
  }

  /** Shows these lines from the top, in one write; of those that stand there already nothing is sent. */
  draw(lines: readonly string[]): void {
    // A terminal that does not keep up (or is stopped by Ctrl-S) misses frames instead of filling memory.
    if (!this.#isIn || this.#stdout.writableNeedDrain) return;
    const isNew = this.#drawn.length === 0;
    const body = lines.map((line, i) => (line === this.#drawn[i] ? '' : `\u001b[${i + 1};1H\u001b[2K${line}\u001b[0m`)).join('');
    this.#drawn = lines;
    if (body !== '' || isNew) this.#stdout.write(`${BEGIN_FRAME}${isNew ? '\u001b[2J' : ''}${body}${END_FRAME}`);
  }
}
