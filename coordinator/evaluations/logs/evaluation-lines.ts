/** The lines about evaluations: how they come into the store, and out again. */
import type { LogLine } from '../../../shared/domain/log-line.ts';
import { LogReader, type LogBatch, type LogReaderParts, type LogRequest } from './log-reader.ts';
import { LogTails } from './log-tail.ts';
import { LogWriter, type LogWriterParts } from './log-writer.ts';

export class EvaluationLines {
  readonly #writer: LogWriter;
  readonly #reader: LogReader;

  constructor(parts: LogWriterParts & Omit<LogReaderParts, 'writer' | 'tails'>) {
    const writer = (this.#writer = new LogWriter(parts));
    this.#reader = new LogReader({ ...parts, writer, tails: new LogTails({ ...parts, writer }) });
  }

  /** Takes lines of one evaluation; they are in the store some seconds later. */
  add(evaluationId: string, lines: readonly LogLine[]): void {
    this.#writer.add(evaluationId, lines);
  }

  /** The oldest first. Throws `not_found` where there is no such evaluation. */
  read(evaluationId: string, request: LogRequest, signal: AbortSignal): AsyncIterable<LogBatch> {
    return this.#reader.read(evaluationId, request, signal);
  }

  /** Writes what is here. */
  stop(): Promise<void> {
    return this.#writer.stop();
  }
}
