/** Lines that are redrawn in place at the bottom of a terminal, each time in one write. */
import { widthOf } from './text.ts';

const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
/** Terminals that know these show a frame only when it is complete; others ignore them. */
const BEGIN_FRAME = '\u001b[?2026h';
const END_FRAME = '\u001b[?2026l';
const ERASE_TO_LINE_END = '\u001b[K';
const ERASE_BELOW = '\u001b[J';

export class Screen {
  readonly #stream: NodeJS.WriteStream;
  /** The lines on the screen now; the cursor stands at the start of the line below them. */
  #drawn: string[] = [];
  #started = false;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  /** Columns of a line that never wraps. */
  get columns(): number {
    return Math.max(1, (this.#stream.columns || 80) - 1);
  }

  get rows(): number {
    return this.#stream.rows || 24;
  }

  /** A terminal that does not keep up (or is stopped by Ctrl-S) misses frames instead of filling memory. */
  get isBehind(): boolean {
    return this.#stream.writableNeedDrain;
  }

  /** Shows these lines instead of those before. They must fit `columns` and `rows`. */
  draw(lines: string[]): void {
    if (lines.length === this.#drawn.length && lines.every((l, i) => l === this.#drawn[i])) return;
    const body = lines.map((l) => `${l}${ERASE_TO_LINE_END}\n`).join('');
    this.#stream.write(`${BEGIN_FRAME}${this.#started ? '' : HIDE_CURSOR}${this.#rewind()}${body}${ERASE_BELOW}${END_FRAME}`);
    this.#started = true;
    this.#drawn = lines;
  }

  /** Writes a line that stays, in the place of what is drawn; draw again below it. */
  note(line: string): void {
    this.#stream.write(`${this.#rewind()}${ERASE_BELOW}${line}\n`);
    this.#drawn = [];
  }

  /** Leaves what is drawn and gives the terminal back. May be called twice. */
  close(): void {
    if (this.#started) this.#stream.write(SHOW_CURSOR);
    this.#started = false;
    this.#drawn = [];
  }

  /** Moves to the first line of what is drawn. A terminal made narrower has wrapped it, so its height is computed anew. */
  #rewind(): string {
    const columns = this.#stream.columns || 80;
    const height = this.#drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(widthOf(line) / columns)), 0);
    const reachable = Math.min(height, this.rows - 1);
    return reachable > 0 ? `\u001b[${reachable}F` : '\r';
  }
}
