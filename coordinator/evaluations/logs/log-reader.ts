/**
 * Reads the lines about an evaluation from the store, piece by piece, and goes on with those that come. A cursor names the piece and how many lines
 * of it are read, so a reader goes on at any coordinator.
 */
import type { LogLine } from '../../../shared/domain/log-line.ts';
import type { EvaluationState } from '../../../shared/domain/states.ts';
import type { Store } from '../../store/store.ts';
import { matcherOf, type LineFilter } from './log-filter.ts';
import type { LogTails } from './log-tail.ts';
import type { LogWriter } from './log-writer.ts';
import { linesIn } from './stored-lines.ts';

/** Lines in one answer. */
const BATCH_LINES = 500;

const CURSOR = /^(\d{1,9})-(\d{1,7})$/;
export const isLogCursor = (text: string): boolean => CURSOR.test(text);

export interface LogRequest extends LineFilter {
  /** The last ones of those that are there. */
  tail?: number;
  cursor?: string;
  follow?: boolean;
}

export interface LogBatch {
  lines: LogLine[];
  cursor: string;
  /** Before them some are gone. */
  leftOut: boolean;
}

export interface LogReaderParts {
  store: Pick<Store, 'logs'>;
  writer: Pick<LogWriter, 'freshen'>;
  tails: LogTails;
  /** Throws `not_found` where there is no such evaluation. */
  headOf: (evaluationId: string) => Promise<{ state: EvaluationState }>;
}

interface Place {
  piece: number;
  /** Lines of it that are read. */
  lines: number;
  /** There may be more. */
  isOpen?: boolean;
}

export class LogReader {
  readonly #parts: LogReaderParts;

  constructor(parts: LogReaderParts) {
    this.#parts = parts;
  }

  async *read(
    evaluationId: string,
    { cursor = '', tail, follow = false, ...filter }: LogRequest,
    signal: AbortSignal,
  ): AsyncGenerator<LogBatch> {
    const { store, writer, tails } = this.#parts;
    const matches = matcherOf(filter);
    let at = placeOf(cursor);
    await this.#parts.headOf(evaluationId);
    await writer.freshen(evaluationId);
    if (tail !== undefined) {
      const last = await this.#tail(evaluationId, matches, tail);
      yield* batchesOf(last.found, last.at, false);
      at = last.at;
    }
    for await (const _ of follow ? tails.follow(evaluationId, () => at.piece, signal) : [undefined]) {
      // Of the piece in a cursor there may be more.
      for (const { number } of await store.logs.pieces(evaluationId, at.isOpen ? at.piece - 1 : at.piece)) {
        signal.throwIfAborted();
        const bytes = await store.logs.read(evaluationId, number);
        if (!bytes) continue; // removed in this very moment
        const all = placed(number, linesIn(bytes, evaluationId));
        const leftOut = number > at.piece + 1;
        const found = all.slice(number === at.piece ? at.lines : 0).filter(({ line }) => matches(line));
        at = { piece: number, lines: all.length };
        if (found.length > 0 || leftOut) yield* batchesOf(found, at, leftOut);
      }
    }
  }

  /** The last lines that match, read from the end on. */
  async #tail(evaluationId: string, matches: (line: LogLine) => boolean, count: number): Promise<{ found: Placed[]; at: Place }> {
    const { store } = this.#parts;
    const pieces = await store.logs.pieces(evaluationId);
    let found: Placed[] = [];
    let at: Place = { piece: 0, lines: 0 };
    for (const { number } of pieces.toReversed()) {
      const bytes = await store.logs.read(evaluationId, number);
      if (!bytes) continue;
      const all = placed(number, linesIn(bytes, evaluationId));
      if (at.piece === 0) at = { piece: number, lines: all.length };
      found = [...all.filter(({ line }) => matches(line)), ...found];
      if (found.length >= count) break;
    }
    return { found: found.slice(-count), at };
  }
}

/** A line, and the place behind it. */
interface Placed {
  line: LogLine;
  at: Place;
}

const placed = (piece: number, lines: readonly LogLine[]): Placed[] => lines.map((line, i) => ({ line, at: { piece, lines: i + 1 } }));

/** Where a cursor goes on; from the beginning without one. */
function placeOf(cursor: string): Place {
  const [, piece = '0', lines = '0'] = CURSOR.exec(cursor) ?? [];
  return { piece: Number(piece), lines: Number(lines), isOpen: true };
}

/** In answers of a bounded size; the last one's cursor stands behind all that was read. */
function* batchesOf(found: readonly Placed[], end: Place, leftOut: boolean): Generator<LogBatch> {
  for (let from = 0; from === 0 || from < found.length; from += BATCH_LINES) {
    const some = found.slice(from, from + BATCH_LINES);
    const at = from + BATCH_LINES >= found.length ? end : some.at(-1)!.at;
    yield { lines: some.map(({ line }) => line), cursor: `${at.piece}-${at.lines}`, leftOut: leftOut && from === 0 };
  }
}
