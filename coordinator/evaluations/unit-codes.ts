/**
 * The states of all units of a finished evaluation, 4 bits each as in the ledger (even units in the high half of a byte), compressed
 * with zstd. Written with the report: a unit that was cancelled, skipped or given up has no result that would tell.
 */
import { promisify } from 'node:util';
import { zstdCompress, zstdCompressSync, zstdDecompress, zstdDecompressSync } from 'node:zlib';
import { AppError } from '../../shared/domain/errors.ts';

const compressAside = promisify(zstdCompress);
const decompressAside = promisify(zstdDecompress);
/** Larger ones are not compressed on the main thread. */
const ASIDE_FROM_BYTES = 16 * 1024;

/** Collects the states while the report is computed. Half a byte a unit. */
export class UnitCodeWriter {
  readonly #packed: Buffer;

  constructor(units: number) {
    this.#packed = Buffer.alloc((units + 1) >> 1);
  }

  set(unit: number, code: number): void {
    this.#packed[unit >> 1]! |= unit % 2 === 0 ? code << 4 : code;
  }

  async bytes(): Promise<Buffer> {
    return this.#packed.length < ASIDE_FROM_BYTES ? zstdCompressSync(this.#packed) : compressAside(this.#packed);
  }
}

/** The states as they can be asked for, half a byte a unit. */
export interface UnitCodeTable {
  readonly bytes: number;
  codes(first: number, count: number): Uint8Array;
}

export async function readUnitCodes(compressed: Buffer, units: number): Promise<UnitCodeTable> {
  const size = (units + 1) >> 1;
  const packed = await unpacked(compressed, size).catch(() => undefined);
  if (packed?.length !== size) throw new AppError('internal', 'the states of the units, kept with the report, are damaged');
  return {
    bytes: size,
    codes: (first, count) =>
      Uint8Array.from({ length: count }, (_, i) => {
        const byte = packed[(first + i) >> 1] ?? 0;
        return (first + i) % 2 === 0 ? byte >> 4 : byte & 15;
      }),
  };
}

async function unpacked(compressed: Buffer, size: number): Promise<Buffer> {
  const options = { maxOutputLength: Math.max(1, size) };
  return size < ASIDE_FROM_BYTES ? zstdDecompressSync(compressed, options) : decompressAside(compressed, options);
}
