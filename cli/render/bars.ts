/** Live bars: redrawn in place, at most ten times a second, each time in one write. */
import { styleText } from 'node:util';
import { progressLines, type Paint } from './progress-lines.ts';
import type { ProgressView } from './progress-view.ts';
import type { ProgressRenderer } from './progress-renderer.ts';
import { widthOf } from './text.ts';

const FRAME_MS = 100;
const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
/** Terminals that know these show a frame only when it is complete; others ignore them. */
const BEGIN_FRAME = '\u001b[?2026h';
const END_FRAME = '\u001b[?2026l';
const ERASE_TO_LINE_END = '\u001b[K';
const ERASE_BELOW = '\u001b[J';

export class Bars implements ProgressRenderer {
  readonly #stream: NodeJS.WriteStream;
  readonly #paint: Paint;
  readonly #now: () => number;
  /** The lines on the screen now; the cursor stands at the start of the line below them. */
  #drawn: string[] = [];
  #drawnAtMs = -Infinity;
  #started = false;
  #last: ProgressView | undefined;

  /** `now` is a monotonic clock in ms. */
  constructor(stream: NodeJS.WriteStream, now: () => number = () => performance.now()) {
    this.#stream = stream;
    this.#now = now;
    this.#paint = (style, text) => (text === '' ? '' : styleText(style, text, { stream }));
  }

  show(view: ProgressView): void {
    this.#last = view;
    const nowMs = this.#now();
    // A terminal that does not keep up (or is stopped by Ctrl-S) misses frames instead of filling memory.
    if (nowMs - this.#drawnAtMs < FRAME_MS || this.#stream.writableNeedDrain) return;
    this.#draw(view, nowMs);
  }

  note(line: string): void {
    // The line takes the bars' place and the bars are drawn again below it.
    this.#stream.write(`${this.#rewind()}${ERASE_BELOW}${line}\n`);
    this.#drawn = [];
    if (this.#last) this.#draw(this.#last, this.#now());
  }

  close(view?: ProgressView): void {
    if (view) this.#draw(view, this.#now());
    if (this.#started) this.#stream.write(SHOW_CURSOR);
    this.#started = false;
    this.#drawn = [];
    this.#last = undefined;
  }

  #draw(view: ProgressView, nowMs: number): void {
    const columns = Math.max(1, (this.#stream.columns || 80) - 1);
    const lines = progressLines(view, { columns, rows: this.#stream.rows || 24, nowMs, paint: this.#paint });
    const same = lines.length === this.#drawn.length && lines.every((l, i) => l === this.#drawn[i]);
    this.#drawnAtMs = nowMs;
    if (same) return;
    const body = lines.map((l) => `${l}${ERASE_TO_LINE_END}\n`).join('');
    this.#stream.write(`${BEGIN_FRAME}${this.#started ? '' : HIDE_CURSOR}${this.#rewind()}${body}${ERASE_BELOW}${END_FRAME}`);
    this.#started = true;
    this.#drawn = lines;
  }

  /** Moves to the first line of what is drawn. A terminal made narrower has wrapped it, so its height is computed anew. */
  #rewind(): string {
    const columns = this.#stream.columns || 80;
    const height = this.#drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(widthOf(line) / columns)), 0);
    const reachable = Math.min(height, (this.#stream.rows || 24) - 1);
    return reachable > 0 ? `\u001b[${reachable}F` : '\r';
  }
}
