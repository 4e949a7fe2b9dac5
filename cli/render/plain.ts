/** Progress as plain lines: on every new state, and every few seconds while something changes. */
import { openOf } from '../../shared/domain/states.ts';
import { modelInWords } from './judge-words.ts';
import { runningMetric } from './progress-lines.ts';
import { closedOf, handedOut, type ProgressView } from './progress-view.ts';
import type { ProgressRenderer } from './progress-renderer.ts';
import { count, duration, perSecond, plainText } from './text.ts';

const EVERY_MS = 3_000;

export class PlainLines implements ProgressRenderer {
  readonly #write: (line: string) => void;
  readonly #now: () => number;
  #shownState = '';
  #shownClosed = -1;
  #shownAtMs = -Infinity;

  /** `write` takes one line; `now` is a monotonic clock in ms. */
  constructor(write: (line: string) => void, now: () => number = () => performance.now()) {
    this.#write = write;
    this.#now = now;
  }

  show(view: ProgressView): void {
    const nowMs = this.#now();
    const newState = view.state !== this.#shownState;
    const moved = closedOf(view.counts) !== this.#shownClosed;
    if (!newState && (!moved || nowMs - this.#shownAtMs < EVERY_MS)) return;
    this.#shownState = view.state;
    this.#shownClosed = closedOf(view.counts);
    this.#shownAtMs = nowMs;
    this.#write(plainLine(view, nowMs));
  }

  note(line: string): void {
    this.#write(line);
  }

  close(view?: ProgressView): void {
    if (view && (view.state !== this.#shownState || closedOf(view.counts) !== this.#shownClosed)) this.#write(plainLine(view, this.#now()));
    if (view) this.#shownState = view.state;
    if (view) this.#shownClosed = closedOf(view.counts);
  }
}

/** One line that says it all: `gsm8k running 412/1,319 31 % 12/s ETA 1 min 14 s 16 handed out to 2 agents | gpt-x 0.52 ± 0.01`. */
export function plainLine(view: ProgressView, nowMs: number): string {
  const { counts } = view;
  const open = openOf(counts);
  const rate = view.meter.perSecond(nowMs);
  const eta = view.meter.etaMs(open, nowMs);
  const retries = view.rows.reduce((sum, r) => sum + r.retries, 0);
  const parts = [
    plainText(view.name) || 'evaluation',
    view.state,
    `${count(closedOf(counts))}/${count(counts.total)}`,
    counts.total > 0 && `${Math.floor((100 * closedOf(counts)) / counts.total)} %`,
    open > 0 && rate > 0 && perSecond(rate),
    open > 0 && eta !== undefined && `ETA ${duration(eta)}`,
    handedOut(view),
    retries > 0 && `retries ${count(retries)}`,
    counts.errored + counts.dead > 0 && `errors ${count(counts.errored + counts.dead)}`,
    view.reason && `(${plainText(view.reason)})`,
  ];
  const metrics = view.rows
    .map((r) => [plainText(modelInWords(r)), runningMetric(r)])
    .filter(([, metric]) => metric !== '')
    .slice(0, 4);
  return parts.filter(Boolean).join(' ') + (metrics.length > 0 ? ` | ${metrics.map(([m, v]) => `${m} ${v}`).join(' | ')}` : '');
}
