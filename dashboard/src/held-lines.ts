/** Lines of a log, as a page holds them while more come. */
import type { LogLine } from '../../shared/domain/log-line.ts';

/** Lines that a page holds; older ones fall away. */
const MOST = 2_000;

/** Some lines, as both streams tell them. */
export interface ToldLines {
  lines: LogLine[];
  leftOut?: boolean;
  /** They stand for all that came before. */
  snapshot?: boolean;
}

export interface Held {
  lines: (LogLine & { place: number })[];
  leftOut: boolean;
  taken: number;
}

export const NO_LINES: Held = { lines: [], leftOut: false, taken: 0 };

/** What is held once more lines are told. Pure. */
export function withLines(held: Held, { lines, leftOut = false, snapshot = false }: ToldLines): Held {
  const before = snapshot ? [] : held.lines;
  return {
    lines: [...before, ...lines.map((line, i) => ({ ...line, place: held.taken + i }))].slice(-MOST),
    leftOut: (held.leftOut && !snapshot) || leftOut || before.length + lines.length > MOST,
    taken: held.taken + lines.length,
  };
}
