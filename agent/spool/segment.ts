/** One file of the spool: created by one process, appended to by it alone, never reopened for writing. */
import { open, rm, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFolder } from '../../shared/runtime/durable-file.ts';
import { decodeFrame, FRAME_HEADER_BYTES } from '../../shared/runtime/frame-log.ts';
import { decodeRecord, type SpoolRecord } from './record.ts';

/** Where a record lies: its whole frame. */
export interface Place {
  segment: Segment;
  offset: number;
  length: number;
}

const NAME = /^spool-(\d{10})\.log$/;

/** The sequence number of a segment's file name; undefined for other files. */
export const sequenceOf = (name: string): number | undefined => {
  const match = NAME.exec(name);
  return match ? Number(match[1]) : undefined;
};

export class Segment {
  readonly path: string;
  /** Bytes that are written and flushed. */
  bytes = 0;
  /** Records that are not acknowledged yet. */
  live = 0;
  #file: Promise<FileHandle> | undefined;
  #removed = false;

  constructor(dir: string, sequence: number) {
    this.path = join(dir, `spool-${String(sequence).padStart(10, '0')}.log`);
  }

  /** Writes the frames in one go and flushes them. After a failure nothing of them counts and the segment must not be used again. */
  async append(frames: readonly Buffer[]): Promise<Place[]> {
    // The same handle serves the reads.
    this.#file ??= this.#create();
    const file = await this.#file;
    const group = frames.length === 1 ? frames[0]! : Buffer.concat(frames);
    for (let done = 0; done < group.length;) done += (await file.write(group, done)).bytesWritten;
    await file.datasync();
    return frames.map((frame) => {
      const place = { segment: this, offset: this.bytes, length: frame.length };
      this.bytes += frame.length;
      this.live++;
      return place;
    });
  }

  /** The record at a place; undefined if the segment is gone or damaged there. */
  async read(place: Place): Promise<SpoolRecord | undefined> {
    if (this.#removed) return undefined;
    try {
      this.#file ??= open(this.path, 'r');
      const file = await this.#file;
      const frame = Buffer.allocUnsafeSlow(place.length);
      let filled = 0;
      while (filled < frame.length) {
        const { bytesRead } = await file.read(frame, filled, frame.length - filled, place.offset + filled);
        if (bytesRead === 0) return undefined;
        filled += bytesRead;
      }
      const payload = frame.length > FRAME_HEADER_BYTES ? decodeFrame(frame) : undefined;
      return payload && decodeRecord(payload);
    } catch (error) {
      if (this.#removed) return undefined;
      throw error;
    }
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    // A handle that could not be opened needs no closing.
    await file?.then(
      (handle) => handle.close(),
      () => undefined,
    );
  }

  async remove(): Promise<void> {
    this.#removed = true;
    await this.close();
    await rm(this.path, { force: true });
  }

  /** Exclusively: two processes can never append to one file. The folder is flushed too, or the name may be lost in a power cut. */
  async #create(): Promise<FileHandle> {
    const file = await open(this.path, 'ax+', 0o600);
    await syncFolder(dirname(this.path));
    return file;
  }
}
