/** Lines about evaluations in a bucket: one object for each write, beside what else an evaluation has, `…/logs/NUMBER.jsonl`. */
import { AppError } from '../../../shared/domain/errors.ts';
import { logFileOf, logNumberOf } from '../log-files.ts';
import type { LogPiece, LogPieces } from '../store.ts';
import type { Bucket } from './bucket.ts';
import type { S3Evaluation } from './s3-evaluation.ts';

export class S3Logs implements LogPieces {
  readonly #bucket: Bucket;
  readonly #at: <T>(evaluationId: string, work: (evaluation: S3Evaluation) => Promise<T>) => Promise<T>;

  /** at: runs its work with an evaluation. */
  constructor(bucket: Bucket, at: <T>(evaluationId: string, work: (evaluation: S3Evaluation) => Promise<T>) => Promise<T>) {
    this.#bucket = bucket;
    this.#at = at;
  }

  put(evaluationId: string, number: number, bytes: Buffer): Promise<boolean> {
    return this.#at(evaluationId, async (evaluation) => {
      const folder = await this.#folder(evaluation);
      const key = `${folder}${logFileOf(number)}`;
      const isWritten = await this.#bucket.create(key, bytes);
      // Removed meanwhile: nothing of it is to stay.
      if (isWritten && (await this.#folder(evaluation).catch(() => '')) !== folder) {
        await this.#bucket.remove([key]);
        throw gone(evaluationId);
      }
      return isWritten;
    });
  }

  pieces(evaluationId: string, after = 0): Promise<LogPiece[]> {
    return this.#at(evaluationId, async (evaluation) => {
      const head = await evaluation.head();
      if (!head) return [];
      const folder = `${evaluation.folder(head)}logs/`;
      const pieces: LogPiece[] = [];
      for await (const { key, size } of this.#bucket.list(folder, after === 0 ? '' : logFileOf(after)))
        for (const number of logNumberOf(key.slice(folder.length))) if (number > after) pieces.push({ number, bytes: size });
      return pieces;
    });
  }

  read(evaluationId: string, number: number): Promise<Buffer | undefined> {
    return this.#at(evaluationId, async (evaluation) => {
      const head = await evaluation.head();
      return head && (await this.#bucket.get(`${evaluation.folder(head)}logs/${logFileOf(number)}`));
    });
  }

  remove(evaluationId: string, numbers: readonly number[]): Promise<void> {
    return this.#at(evaluationId, async (evaluation) => {
      const folder = await this.#folder(evaluation);
      await this.#bucket.remove(numbers.map((number) => `${folder}${logFileOf(number)}`));
    });
  }

  async #folder(evaluation: S3Evaluation): Promise<string> {
    const head = await evaluation.head();
    if (!head) throw gone(evaluation.evaluationId);
    return `${evaluation.folder(head)}logs/`;
  }
}

const gone = (evaluationId: string): AppError => new AppError('not_found', `evaluation ${evaluationId} is not in the store`);
