/** Pieces of lines in memory, as a store keeps them. */
import type { LogPieces } from '../../coordinator/store/store.ts';
import type { AppError } from '../../shared/domain/errors.ts';

export class MemoryLogs implements LogPieces {
  readonly kept = new Map<string, Map<number, Buffer>>();
  /** What every write fails with. */
  failure: AppError | undefined;

  async put(evaluationId: string, number: number, bytes: Buffer): Promise<boolean> {
    await Promise.resolve();
    if (this.failure) throw this.failure;
    const pieces = this.kept.get(evaluationId) ?? new Map<number, Buffer>();
    this.kept.set(evaluationId, pieces);
    if (pieces.has(number)) return false;
    pieces.set(number, bytes);
    return true;
  }

  async pieces(evaluationId: string, after = 0): Promise<{ number: number; bytes: number }[]> {
    return [...(this.kept.get(evaluationId) ?? [])]
      .filter(([number]) => number > after)
      .map(([number, bytes]) => ({ number, bytes: bytes.length }))
      .toSorted((x, y) => x.number - y.number);
  }

  async read(evaluationId: string, number: number): Promise<Buffer | undefined> {
    return this.kept.get(evaluationId)?.get(number);
  }

  async remove(evaluationId: string, numbers: readonly number[]): Promise<void> {
    for (const number of numbers) this.kept.get(evaluationId)?.delete(number);
  }
}
