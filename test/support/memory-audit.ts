/** A store for the audit log alone, whose pieces a test can spoil. */
import { AppError } from '../../shared/domain/errors.ts';
import type { AuditPieces, AuditPut } from '../../coordinator/store/store.ts';

export class MemoryAudit implements AuditPieces {
  readonly kept = new Map<string, Map<number, string>>();
  /** `full`: has room for what is urgent alone; `sick`: refuses; `lost`: writes, and says nothing of it. */
  mood: 'well' | 'full' | 'sick' | 'lost' = 'well';
  /** Urgent pieces that still fit when it is full. */
  reserved = 0;
  /** Chains whose pieces were listed. */
  listed: string[] = [];
  writes = 0;

  async put(chain: string, first: number, bytes: Buffer, isUrgent = false): Promise<AuditPut> {
    if (this.mood === 'sick') throw new AppError('unavailable', 'the store does not answer');
    if (this.mood === 'full' && (!isUrgent || this.reserved-- <= 0)) return 'no_room';
    this.writes++;
    const pieces = this.kept.get(chain) ?? new Map<number, string>();
    this.kept.set(chain, pieces);
    if (pieces.has(first)) return 'taken';
    pieces.set(first, bytes.toString());
    if (this.mood === 'lost') throw new AppError('unavailable', 'the answer was lost');
    return 'written';
  }

  async chains(after = ''): Promise<string[]> {
    return [...this.kept.keys()].filter((name) => name > after).toSorted();
  }

  async pieces(chain: string, after = 0): Promise<number[]> {
    this.listed.push(chain);
    return [...(this.kept.get(chain)?.keys() ?? [])].filter((number) => number > after).toSorted((a, b) => a - b);
  }

  async remove(chain: string): Promise<void> {
    this.kept.delete(chain);
  }

  async reserve(): Promise<void> {
    if (this.mood !== 'full') this.reserved = 4;
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
