/**
 * Reads winning results in unit order. Frames lie in the order of time, so the frames of the next units are read together in
 * the order of their places, neighbours in one read, and decoded ones are kept for a while within a bound.
 */
import { AppError } from '../../shared/domain/errors.ts';
import { FRAME_HEADER_BYTES, decodeFrame, type ByteSource } from '../../shared/runtime/frame-log.ts';
import { guarded } from './files.ts';
import type { FramePlace, FrameTable } from './frame-table.ts';
import type { SegmentFiles } from './segment-files.ts';
import { contentsOf, damagedSegment, parseFrame } from './stored-frame.ts';

const CACHE_BYTES = 8 * 1024 * 1024;
/** What one look ahead loads at most: bytes (as the cache counts them), frames, and units looked at. */
const AHEAD_BYTES = 4 * 1024 * 1024;
const AHEAD_FRAMES = 8192;
const AHEAD_UNITS = 16_384;
/** Neighbours are read together up to this many bytes, with gaps up to the second bound. */
const READ_BYTES = 1024 * 1024;
const GAP_BYTES = 32 * 1024;
const MAX_OPEN = 64;
/** A decoded frame's cost beyond its contents, for the bound of the cache. */
const OVERHEAD_BYTES = 1024;

export interface WinnerSource {
  evaluationId: string;
  files: SegmentFiles;
  /** Names of the segments, as numbered in `frames`. */
  names: readonly string[];
  frames: FrameTable;
  /** Per unit: the number of its frame plus 1, 0 for none. */
  winners: Uint32Array;
}

interface Winner {
  unit: number;
  content: Buffer;
  agentId: string;
  attemptId: string;
  grant: number;
}

interface DecodedFrame {
  agentId: string;
  attemptId: string;
  grant: number;
  /** The contents of its units, one after the other. */
  contents: Buffer;
  /** By unit: which of the contents is its own. A view per unit would weigh as much as a small result itself. */
  indexes: Map<number, number>;
  /** Where each of the contents ends. */
  ends: Uint32Array;
}

/** The content of a unit; undefined if the frame has none. */
function contentIn({ contents, indexes, ends }: DecodedFrame, unit: number): Buffer | undefined {
  const index = indexes.get(unit);
  return index === undefined ? undefined : contents.subarray(ends[index - 1] ?? 0, ends[index]);
}

export async function* readWinners(
  source: WinnerSource,
  from: number,
  wanted: (unit: number) => boolean,
): AsyncGenerator<Winner, void, undefined> {
  const reader = new WinnerReader(source, wanted);
  try {
    for (let unit = from; unit < source.winners.length; unit++) {
      const number = source.winners[unit]! - 1;
      if (number < 0 || !wanted(unit)) continue;
      const frame = await reader.frame(number, unit);
      const { agentId, attemptId, grant } = frame;
      const content = contentIn(frame, unit);
      if (!content) throw reader.damaged(number, `unit ${unit} is not in it`);
      yield { unit, content, agentId, attemptId, grant };
    }
  } finally {
    await reader.close();
  }
}

class WinnerReader {
  readonly #source: WinnerSource;
  readonly #wanted: (unit: number) => boolean;
  /** By frame number, the longest unused first. */
  readonly #decoded = new Map<number, DecodedFrame>();
  #decodedBytes = 0;
  /** By segment number, the longest unused first. */
  readonly #open = new Map<number, ByteSource>();
  /** Every read of an ordinary size fills this again: a new buffer each time would be most of what waits for the collector. */
  #scratch: Buffer | undefined;

  constructor(source: WinnerSource, wanted: (unit: number) => boolean) {
    this.#source = source;
    this.#wanted = wanted;
  }

  /** The frame, read with those of the units that follow `unit` if it is not there yet. */
  async frame(number: number, unit: number): Promise<DecodedFrame> {
    if (!this.#decoded.has(number)) await this.#load(this.#ahead(number, unit));
    const frame = this.#decoded.get(number);
    if (!frame) throw this.damaged(number, 'it was not read');
    return frame;
  }

  damaged(number: number, what: string): Error {
    const { segment, offset } = this.#source.frames.place(number);
    return damagedSegment(this.#source.evaluationId, this.#source.names[segment]!, offset, what);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map((source) => source.close()));
    this.#open.clear();
  }

  /** The frames to load now, in the order of their places: `first`, and what the next units need within the bounds. */
  #ahead(first: number, unit: number): number[] {
    const { winners } = this.#source;
    const wanted = new Set([first]);
    let bytes = this.#cost(first);
    const end = Math.min(winners.length, unit + AHEAD_UNITS);
    for (let at = unit + 1; at < end && wanted.size < AHEAD_FRAMES; at++) {
      const number = winners[at]! - 1;
      if (number < 0 || wanted.has(number) || this.#decoded.has(number) || !this.#wanted(at)) continue;
      bytes += this.#cost(number);
      if (bytes > AHEAD_BYTES) break;
      wanted.add(number);
    }
    // Numbers were given in the order of segment and offset.
    return [...wanted].toSorted((a, b) => a - b);
  }

  async #load(numbers: readonly number[]): Promise<void> {
    for (let at = 0; at < numbers.length;) {
      const first = this.#source.frames.place(numbers[at]!);
      const run: { number: number; at: number }[] = [];
      let end = first.offset;
      for (; at < numbers.length; at++) {
        const place = this.#source.frames.place(numbers[at]!);
        const stop = endOf(place);
        const joins = place.segment === first.segment && place.offset - end <= GAP_BYTES && stop - first.offset <= READ_BYTES;
        if (run.length > 0 && !joins) break;
        run.push({ number: numbers[at]!, at: place.offset - first.offset });
        end = stop;
      }
      const bytes = await this.#read(first.segment, first.offset, end - first.offset);
      for (const frame of run) this.#keep(frame.number, this.#decode(frame.number, bytes, frame.at));
    }
  }

  /** The frame that lies in `bytes` at `at`; nothing in it is a view of them. */
  #decode(number: number, bytes: Buffer, at: number): DecodedFrame {
    const payload = decodeFrame(bytes, at);
    if (!payload) throw this.damaged(number, 'its checksum is wrong');
    const parsed = parseFrame(payload);
    if (parsed?.header.kind !== 'results') throw this.damaged(number, 'it holds no results');
    const { units, agentId, attemptId, grant, zstd } = parsed.header;
    const found = contentsOf(parsed.header, parsed.body);
    if (!found) throw this.damaged(number, 'its contents cannot be decoded');
    const contents = zstd ? found : Buffer.from(found);
    const indexes = new Map<number, number>();
    const ends = new Uint32Array(units.length);
    let end = 0;
    for (const [i, [unit, length]] of units.entries()) {
      if (!indexes.has(unit)) indexes.set(unit, i);
      ends[i] = end += length;
    }
    return { agentId, attemptId, grant, contents, indexes, ends };
  }

  #keep(number: number, frame: DecodedFrame): void {
    this.#decoded.set(number, frame);
    this.#decodedBytes += this.#cost(number);
    for (const oldest of this.#decoded.keys()) {
      if (this.#decodedBytes <= CACHE_BYTES || oldest === number) break;
      this.#decoded.delete(oldest);
      this.#decodedBytes -= this.#cost(oldest);
    }
  }

  /** What a decoded frame counts for in the bounds. */
  #cost(number: number): number {
    return this.#source.frames.contentBytes(number) + OVERHEAD_BYTES;
  }

  /** The bytes of a segment, valid until the next call. */
  async #read(segment: number, offset: number, length: number): Promise<Buffer> {
    const name = this.#source.names[segment]!;
    return await guarded(`evaluations/${this.#source.evaluationId}/segments/${name}`, async () => {
      const source = await this.#segment(segment);
      const into = length <= READ_BYTES ? (this.#scratch ??= Buffer.allocUnsafeSlow(READ_BYTES)) : undefined;
      const bytes = await source.read(offset, length, into);
      if (bytes.length < length)
        throw damagedSegment(this.#source.evaluationId, name, offset + bytes.length, 'the file is shorter than it was');
      return bytes;
    });
  }

  async #segment(segment: number): Promise<ByteSource> {
    const name = this.#source.names[segment]!;
    const source = this.#open.get(segment) ?? (await this.#source.files.open('segments', name));
    if (!source) throw new AppError('not_found', `store, evaluations/${this.#source.evaluationId}/segments/${name}: not there`);
    this.#open.delete(segment);
    this.#open.set(segment, source);
    if (this.#open.size > MAX_OPEN) {
      const [oldest, unused] = this.#open.entries().next().value!;
      this.#open.delete(oldest);
      await unused.close();
    }
    return source;
  }
}

const endOf = (place: FramePlace): number => place.offset + FRAME_HEADER_BYTES + place.payloadBytes;
