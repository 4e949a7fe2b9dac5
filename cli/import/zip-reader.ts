/** The entries of a zip file (APPNOTE 6.3.10: stored, deflated or packed by zstd; also zip64), read one at a time. Memory: the directory, one entry. */
import type { FileHandle } from 'node:fs/promises';
import { inflateRawSync, zstdDecompressSync } from 'node:zlib';
import { AppError } from '../../shared/domain/errors.ts';

export interface ZipEntry {
  name: string;
  read(): Promise<Buffer>;
}

const MAX_DIRECTORY_BYTES = 256 << 20;
/** Unpacked; a small file may say that it is endless. */
const MAX_ENTRY_BYTES = 256 << 20;
/** By their numbers in the format. */
const UNPACK = new Map<number, (packed: Buffer, options: { maxOutputLength: number }) => Buffer>([
  [8, inflateRawSync],
  [93, zstdDecompressSync],
]);
const END_BYTES = 22;
const MAX_COMMENT = 0xffff;
const MAX32 = 0xffffffff;

/** In the order of the directory. Throws AppError invalid where it is no zip file, or a damaged one. */
export async function zipEntries(file: FileHandle, name: string): Promise<ZipEntry[]> {
  const damaged = (what: string): AppError => new AppError('invalid', `${name}: is no whole zip file: ${what}; copy it anew`);
  const { size } = await file.stat();
  const read = async (offset: number, length: number): Promise<Buffer> => {
    if (offset < 0 || length < 0 || offset + length > size) throw damaged('it refers beyond its end');
    const bytes = Buffer.alloc(length);
    const { bytesRead } = await file.read(bytes, 0, length, offset);
    if (bytesRead !== length) throw damaged('it ends early');
    return bytes;
  };

  const tailLength = Math.min(size, END_BYTES + MAX_COMMENT);
  const tail = await read(size - tailLength, tailLength);
  const at = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  if (at < 0 || at + END_BYTES > tail.length) throw damaged('its directory is missing');
  let place = { size: tail.readUInt32LE(at + 12), start: tail.readUInt32LE(at + 16) };
  if (place.start === MAX32 || tail.readUInt16LE(at + 10) === 0xffff) {
    const locator = await read(size - tailLength + at - 20, 20);
    if (locator.readUInt32LE(0) === 0x07064b50) {
      const record = await read(Number(locator.readBigUInt64LE(8)), 56);
      place = { size: Number(record.readBigUInt64LE(40)), start: Number(record.readBigUInt64LE(48)) };
    }
  }
  if (place.size > MAX_DIRECTORY_BYTES) throw damaged(`its directory has ${place.size} bytes`);
  const directory = await read(place.start, place.size);

  const entries: ZipEntry[] = [];
  for (let from = 0; from + 46 <= directory.length;) {
    if (directory.readUInt32LE(from) !== 0x02014b50) throw damaged('its directory is broken');
    const method = directory.readUInt16LE(from + 10);
    const [pathLength, extraLength, commentLength] = [28, 30, 32].map((offset) => directory.readUInt16LE(from + offset)) as [
      number,
      number,
      number,
    ];
    const path = directory.toString('utf8', from + 46, from + 46 + pathLength);
    const extra = directory.subarray(from + 46 + pathLength, from + 46 + pathLength + extraLength);
    const [unpacked, packed, offset] = wideOf(
      [directory.readUInt32LE(from + 24), directory.readUInt32LE(from + 20), directory.readUInt32LE(from + 42)],
      extra,
    ) as [number, number, number];
    entries.push({
      name: path,
      read: async () => {
        if (unpacked > MAX_ENTRY_BYTES || packed > MAX_ENTRY_BYTES) throw damaged(`${path} has more than ${MAX_ENTRY_BYTES} bytes`);
        const head = await read(offset, 30);
        const raw = await read(offset + 30 + head.readUInt16LE(26) + head.readUInt16LE(28), packed);
        if (method === 0) return raw;
        const unpack = UNPACK.get(method);
        if (!unpack) throw new AppError('invalid', `${name}: ${path} is packed by the method ${method}; unpack it, and pack it by deflate`);
        try {
          return unpack(raw, { maxOutputLength: MAX_ENTRY_BYTES });
        } catch (error) {
          throw damaged(`${path}: ${(error as Error).message}`);
        }
      },
    });
    from += 46 + pathLength + extraLength + commentLength;
  }
  return entries;
}

/** Numbers beyond 32 bits stand in the extra field 1, in this order. */
function wideOf(numbers: number[], extra: Buffer): number[] {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    let from = at + 4;
    return numbers.map((number) => {
      if (number !== MAX32 || from + 8 > extra.length) return number;
      from += 8;
      return Number(extra.readBigUInt64LE(from - 8));
    });
  }
  return numbers;
}
