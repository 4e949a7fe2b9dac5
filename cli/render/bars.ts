/** Live bars: redrawn in place, at most ten times a second. */
import type { Paint } from './paint.ts';
import { progressLines } from './progress-lines.ts';
import type { ProgressView } from './progress-view.ts';
import type { ProgressRenderer } from './progress-renderer.ts';
import { Screen } from './screen.ts';

const FRAME_MS = 100;

export class Bars implements ProgressRenderer {
  readonly #screen: Screen;
  readonly #paint: Paint;
  readonly #now: () => number;
  #drawnAtMs = -Infinity;
  #last: ProgressView | undefined;

  /** `now` is a monotonic clock in ms. */
  constructor(stream: NodeJS.WriteStream, paint: Paint, now: () => number = () => performance.now()) {
    this.#screen = new Screen(stream);
    this.#paint = paint;
    this.#now = now;
  }

  show(view: ProgressView): void {
    this.#last = view;
    const nowMs = this.#now();
    if (nowMs - this.#drawnAtMs < FRAME_MS || this.#screen.isBehind) return;
    this.#draw(view, nowMs);
  }

  note(line: string): void {
    this.#screen.note(line);
    if (this.#last) this.#draw(this.#last, this.#now());
  }

  close(view?: ProgressView): void {
    if (view) this.#draw(view, this.#now());
    this.#screen.close();
    this.#last = undefined;
  }

  #draw(view: ProgressView, nowMs: number): void {
    const { columns, rows } = this.#screen;
    this.#drawnAtMs = nowMs;
    this.#screen.draw(progressLines(view, { columns, rows, nowMs, paint: this.#paint }));
  }
}
