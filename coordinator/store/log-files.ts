/** Lines about evaluations as files that are written once: `evaluations/<id>/logs/<number>.jsonl`. They go with their evaluation. */
import { readFile, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../shared/domain/errors.ts';
import { isEvaluationId } from '../../shared/domain/ids.ts';
import { guarded, ifPresent, makeFolder, namesIn, type Placer } from './files.ts';
import type { LogPiece, LogPieces } from './store.ts';

const FOLDER = 'logs';
const NAME = /^(\d{9})\.jsonl$/;
/** A name that sorts by its number. */
export const logFileOf = (number: number): string => `${String(number).padStart(9, '0')}.jsonl`;
/** The number in such a name; none in any other. */
export const logNumberOf = (name: string): number[] => (NAME.test(name) ? [Number.parseInt(name, 10)] : []);

export class LogFiles implements LogPieces {
  readonly #evaluations: string;
  readonly #placer: Placer;

  constructor(evaluations: string, placer: Placer) {
    this.#evaluations = evaluations;
    this.#placer = placer;
  }

  put(evaluationId: string, number: number, bytes: Buffer): Promise<boolean> {
    return this.#at(evaluationId, async (evaluation) => {
      const folder = await makeFolder(evaluation, FOLDER);
      return await this.#placer.create(folder, logFileOf(number), bytes);
    });
  }

  pieces(evaluationId: string, after = 0): Promise<LogPiece[]> {
    return this.#at(evaluationId, async (evaluation) => {
      const folder = join(evaluation, FOLDER);
      const pieces: LogPiece[] = [];
      for (const number of (await namesIn(folder)).flatMap(logNumberOf)) {
        if (number <= after) continue;
        const file = await ifPresent(() => stat(join(folder, logFileOf(number))));
        if (file) pieces.push({ number, bytes: file.size });
      }
      return pieces;
    });
  }

  read(evaluationId: string, number: number): Promise<Buffer | undefined> {
    return this.#at(evaluationId, (evaluation) => ifPresent(() => readFile(join(evaluation, FOLDER, logFileOf(number)))));
  }

  remove(evaluationId: string, numbers: readonly number[]): Promise<void> {
    return this.#at(evaluationId, async (evaluation) => {
      for (const number of numbers) await ifPresent(() => unlink(join(evaluation, FOLDER, logFileOf(number))));
    });
  }

  #at<T>(evaluationId: string, work: (folder: string) => Promise<T>): Promise<T> {
    if (!isEvaluationId(evaluationId)) return Promise.reject(new AppError('not_found', 'this is no id of an evaluation'));
    return guarded(`evaluations/${evaluationId}/${FOLDER}`, () => work(join(this.#evaluations, evaluationId)));
  }
}
