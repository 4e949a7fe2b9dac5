/** How output for people looks on this terminal, or in this pipe. */
import type { Shell } from '../shell.ts';
import { paintFor, type Paint } from './paint.ts';
import { ago, isoTime } from './time.ts';

export interface Look {
  /** Columns that a line may take; Infinity where nothing is cut: in a pipe or a file. */
  columns: number;
  paint: Paint;
  /** A time as `3 min ago`, or in UTC where that was asked for; '' for 0. */
  time(ms: number): string;
}

/** Of standard output. COLUMNS counts where there is no terminal. */
export function lookOf(shell: Pick<Shell, 'stdout' | 'env' | 'now'>, { utc = false }: { utc?: boolean } = {}): Look {
  const { stdout, env } = shell;
  const told = /^[1-9]\d{0,4}$/.test(env['COLUMNS'] ?? '') ? Number(env['COLUMNS']) : Infinity;
  return {
    columns: stdout.isTTY ? stdout.columns || 80 : told,
    paint: paintFor(stdout, env),
    time: (ms) => (utc ? isoTime(ms) : ago(ms, shell.now())),
  };
}
