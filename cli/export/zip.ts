/**
 * A zip file, entry after entry (APPNOTE 6.3.10; deflate, UTF-8 names, zip64 where numbers need it). Memory: one entry, and some 100 bytes for
 * each that was written.
 */
import { crc32, deflateRawSync } from 'node:zlib';
import type { Output } from './output.ts';

const VERSION = 45;
const UTF8 = 0x0800;
const DEFLATE = 8;
/** 1980-01-01, the first date of the format: the same content gives the same bytes. */
const DATE = 0x21;
const MAX32 = 0xffffffff;
const MAX16 = 0xffff;

export class ZipWriter {
  readonly #output: Output;
  readonly #directory: Buffer[] = [];
  #offset = 0;

  constructor(output: Output) {
    this.#output = output;
  }

  /** An entry of less than 4 GiB. */
  async add(name: string, content: Buffer): Promise<void> {
    const packed = deflateRawSync(content);
    const path = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(VERSION, 0);
    common.writeUInt16LE(UTF8, 2);
    common.writeUInt16LE(DEFLATE, 4);
    common.writeUInt16LE(DATE, 8);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(path.length, 22);
    this.#directory.push(this.#entry(path, common));
    await this.#write(Buffer.concat([signature(0x04034b50), common, path, packed]));
  }

  async end(): Promise<void> {
    const start = this.#offset;
    const count = this.#directory.length;
    for (const entry of this.#directory) await this.#write(entry);
    await this.#write(endOf({ count, start, size: this.#offset - start }));
  }

  /** Of the central directory, with the offset in a zip64 field where it is beyond 4 GiB. */
  #entry(path: Buffer, common: Buffer): Buffer {
    const isFar = this.#offset >= MAX32;
    const extra = Buffer.alloc(isFar ? 12 : 0);
    if (isFar) {
      extra.writeUInt16LE(1, 0);
      extra.writeUInt16LE(8, 2);
      extra.writeBigUInt64LE(BigInt(this.#offset), 4);
    }
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(isFar ? MAX32 : this.#offset, 10);
    const made = Buffer.alloc(2);
    made.writeUInt16LE(VERSION, 0);
    const sized = Buffer.from(common);
    sized.writeUInt16LE(extra.length, 24);
    return Buffer.concat([signature(0x02014b50), made, sized, rest, path, extra]);
  }

  async #write(bytes: Buffer): Promise<void> {
    this.#offset += bytes.length;
    await this.#output.write(bytes);
  }
}

interface Directory {
  count: number;
  /** Its offset in the file, and its bytes. */
  start: number;
  size: number;
}

/** What stands behind the directory. A number too large for its field is the field's largest, and stands in the record of zip64. */
export function endOf({ count, start, size }: Directory): Buffer {
  const end = Buffer.alloc(18);
  end.writeUInt16LE(Math.min(count, MAX16), 4);
  end.writeUInt16LE(Math.min(count, MAX16), 6);
  end.writeUInt32LE(Math.min(size, MAX32), 8);
  end.writeUInt32LE(Math.min(start, MAX32), 12);
  const isLarge = start >= MAX32 || size >= MAX32 || count >= MAX16;
  return Buffer.concat([...(isLarge ? [end64({ count, start, size })] : []), signature(0x06054b50), end]);
}

function signature(number: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(number, 0);
  return bytes;
}

function end64({ count, start, size }: Directory): Buffer {
  const record = Buffer.alloc(52);
  record.writeBigUInt64LE(44n, 0);
  record.writeUInt16LE(VERSION, 8);
  record.writeUInt16LE(VERSION, 10);
  record.writeBigUInt64LE(BigInt(count), 20);
  record.writeBigUInt64LE(BigInt(count), 28);
  record.writeBigUInt64LE(BigInt(size), 36);
  record.writeBigUInt64LE(BigInt(start), 44);
  const locator = Buffer.alloc(16);
  locator.writeBigUInt64LE(BigInt(start + size), 4);
  locator.writeUInt32LE(1, 12);
  return Buffer.concat([signature(0x06064b50), record, signature(0x07064b50), locator]);
}
