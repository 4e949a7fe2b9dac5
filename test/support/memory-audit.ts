/** A store for the audit log alone, whose pieces a test can spoil. */
import { AppError } from '../../shared/domain/errors.ts';
import type { AuditPieces } from '../../coordinator/store/store.ts';

export class MemoryAudit implements AuditPieces {
  readonly kept = new Map<string, Map<number, string>>();
  /** `full`: refuses; `lost`: writes, and says nothing of it. */
  mood: 'well' | 'full' | 'lost' = 'well';
  writes = 0;

  async put(chain: string, first: number, bytes: Buffer): Promise<boolean> {
    if (this.mood === 'full') throw new AppError('unavailable', 'no space left');
    this.writes++;
    const pieces = this.kept.get(chain) ?? new Map<number, string>();
    this.kept.set(chain, pieces);
    if (pieces.has(first)) return false;
    pieces.set(first, bytes.toString());
    if (this.mood === 'lost') throw new AppError('unavailable', 'the answer was lost');
    return true;
  }

  async chains(): Promise<string[]> {
    return [...this.kept.keys()].toSorted();
  }

  async pieces(chain: string): Promise<number[]> {
    return [...(this.kept.get(chain)?.keys() ?? [])].toSorted((a, b) => a - b);
  }

  async read(chain: string, first: number): Promise<Buffer | undefined> {
    const text = this.kept.get(chain)?.get(first);
    return text === undefined ? undefined : Buffer.from(text);
  }

  /** All lines of a chain, in order. */
  lines(chain: string): string[] {
    const pieces = [...this.kept.get(chain)!].toSorted(([a], [b]) => a - b);
    return pieces.flatMap(([, text]) => text.split('\n').slice(0, -1));
  }

  /** Writes a chain anew, in one piece. */
  spoil(chain: string, lines: readonly string[]): void {
    this.kept.set(chain, new Map([[1, lines.map((line) => `${line}\n`).join('')]]));
  }
}
