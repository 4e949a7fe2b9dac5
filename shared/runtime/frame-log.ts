/**
 * Frames: the form in which records lie in append-only files (the store's segments, the agent's spool), so that a reader
 * knows which records are whole.
 *
 *   magic    4 bytes  ff fe 46 31: cannot occur in UTF-8 text, so a search for the next frame is not misled by content
 *   length   u32 LE   bytes of the payload, at least 1
 *   crc      u32 LE   CRC-32 (zlib's) of the length field and the payload
 *   payload
 *
 * A crash in the middle of a write leaves a torn tail: the log ends at the last frame whose checksum holds.
 */
import { open, type FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

const MAGIC = Buffer.from([0xff, 0xfe, 0x46, 0x31]);
const CHUNK_BYTES = 1024 * 1024;

/** Bytes that a frame has before its payload. */
export const FRAME_HEADER_BYTES = 12;

/** The largest payload that can be written: a reader with a lower `maxFrameBytes` would take such a frame for damage. */
export const MAX_FRAME_BYTES = 1024 * 1024 * 1024;

/** One frame around a payload, which may come in parts. */
export function encodeFrame(payload: Buffer | readonly Buffer[]): Buffer {
  const parts = Buffer.isBuffer(payload) ? [payload] : payload;
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  if (length === 0 || length > MAX_FRAME_BYTES) throw new RangeError(`a frame holds 1 to ${MAX_FRAME_BYTES} bytes, not ${length}`);
  const header = Buffer.allocUnsafe(FRAME_HEADER_BYTES);
  MAGIC.copy(header);
  header.writeUInt32LE(length, 4);
  let crc = crc32(header.subarray(4, 8));
  for (const part of parts) crc = crc32(part, crc);
  header.writeUInt32LE(crc, 8);
  return Buffer.concat([header, ...parts]);
}

/** The payload of the frame that starts at `offset` of `bytes`, or undefined if no whole, sound frame does. */
export function decodeFrame(bytes: Buffer, offset = 0): Buffer | undefined {
  const length = payloadLength(bytes, offset);
  const start = offset + FRAME_HEADER_BYTES;
  if (length === undefined || bytes.length - start < length) return undefined;
  const payload = bytes.subarray(start, start + length);
  const crc = crc32(payload, crc32(bytes.subarray(offset + 4, offset + 8)));
  return crc === bytes.readUInt32LE(offset + 8) ? payload : undefined;
}

/** What the header at `offset` announces, or undefined where no header can be. */
function payloadLength(bytes: Buffer, offset: number): number | undefined {
  if (bytes.length - offset < FRAME_HEADER_BYTES || MAGIC.compare(bytes, offset, offset + 4) !== 0) return undefined;
  const length = bytes.readUInt32LE(offset + 4);
  return length === 0 ? undefined : length;
}

export interface Frame {
  /** Where the frame's header starts in the file. */
  offset: number;
  /** A view of at most about 1 MiB of buffer (more for a larger frame), never overwritten; copy it to keep it for long. */
  payload: Buffer;
}

export interface ReadFramesOptions {
  /** A header that announces more is taken for damage; bounds the memory. */
  maxFrameBytes: number;
  /** Where the first frame to read starts; 0 by default. */
  from?: number;
  /**
   * Without it, reading ends at the first frame that is not whole. With it, reading goes on at the next sound frame, if
   * there is one, and this is told which bytes were passed over; a tail without any sound frame just ends the reading.
   */
  onDamage?: (offset: number, end: number) => void;
}

/** Bytes that frames lie in: a file, or anything else that can be read by place. */
export interface ByteSource {
  /** Bytes that it has, as it was opened. */
  readonly size: number;
  /** `length` bytes from `position`, fewer at the end; a buffer of the caller's own, or a view of `into` where that is given. */
  read(position: number, length: number, into?: Buffer): Promise<Buffer>;
  close(): Promise<void>;
}

/** A file as it is now. Throws what `open` and `read` throw. */
export async function openFileSource(path: string): Promise<ByteSource> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    return { size, read: (position, length, into) => readAt(file, position, length, into), close: () => file.close() };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function readAt(file: FileHandle, position: number, length: number, into?: Buffer): Promise<Buffer> {
  const buffer = into ?? Buffer.allocUnsafeSlow(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

/**
 * The sound frames of a file, or of another source, in order and with bounded memory. Reads what it held when it was opened: another
 * process may append meanwhile, and a tail that is torn now may be whole at the next reading. Throws what opening and reading throw.
 */
export async function* readFrames(from: string | ByteSource, options: ReadFramesOptions): AsyncGenerator<Frame, void, undefined> {
  const source = typeof from === 'string' ? await openFileSource(from) : from;
  try {
    const scanner = new Scanner(source, options.maxFrameBytes);
    let position = options.from ?? 0;
    while (true) {
      const payload = await scanner.frameAt(position);
      if (payload) {
        yield { offset: position, payload };
        position += FRAME_HEADER_BYTES + payload.length;
        continue;
      }
      const next = options.onDamage ? await scanner.nextFrame(position + 1) : undefined;
      if (next === undefined) return;
      options.onDamage!(position, next);
      position = next;
    }
  } finally {
    await source.close();
  }
}

/** A window that slides over the bytes; each filling is a new buffer, so that views given out stay valid. */
class Scanner {
  readonly #source: ByteSource;
  readonly #size: number;
  readonly #maxFrameBytes: number;
  #start = 0;
  #window: Buffer = Buffer.alloc(0);

  constructor(source: ByteSource, maxFrameBytes: number) {
    this.#source = source;
    this.#size = source.size;
    this.#maxFrameBytes = maxFrameBytes;
  }

  async frameAt(position: number): Promise<Buffer | undefined> {
    const header = await this.#view(position, FRAME_HEADER_BYTES);
    const length = payloadLength(header, 0);
    if (length === undefined || length > this.#maxFrameBytes) return undefined;
    const end = position + FRAME_HEADER_BYTES + length;
    if (end > this.#size) return undefined;
    return decodeFrame(await this.#view(position, end - position));
  }

  /** Where the first sound frame at or after `position` starts. */
  async nextFrame(position: number): Promise<number | undefined> {
    for (let at = position; at + FRAME_HEADER_BYTES < this.#size;) {
      const view = await this.#view(at, Math.min(CHUNK_BYTES, this.#size - at));
      if (view.length < MAGIC.length) return undefined;
      const found = view.indexOf(MAGIC);
      // The last bytes may be the beginning of a magic that the next view shows whole.
      at += found < 0 ? view.length - MAGIC.length + 1 : found;
      if (found < 0) continue;
      if (await this.frameAt(at)) return at;
      at += 1;
    }
    return undefined;
  }

  /** `length` bytes from `position`, fewer at the end of the file. */
  async #view(position: number, length: number): Promise<Buffer> {
    const offset = position - this.#start;
    if (offset >= 0 && offset + length <= this.#window.length) return this.#window.subarray(offset, offset + length);
    const wanted = Math.max(0, Math.min(Math.max(length, CHUNK_BYTES), this.#size - position));
    this.#window = await this.#source.read(position, wanted);
    this.#start = position;
    return this.#window.subarray(0, Math.min(length, this.#window.length));
  }
}
