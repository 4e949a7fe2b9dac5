/**
 * What a frame of a segment holds: a header in JSON, which is cheap to read on its own, and the contents of its units.
 *
 *   u32 LE   bytes of the header
 *   header   {"kind":"results","start":…,"taskId":…,"attemptId":…,"agentId":…,"grant":…,"units":[[unit,bytes],…],"zstd":false}
 *            {"kind":"voids","start":…,"voids":[[attemptId,[unit,…]],…],"generation":…,"seal":true}: `seal` in that of a recovery only
 *            {"kind":"end","start":…}: the segment was closed in order
 *   body     of results: the contents one after the other in the order of `units`, together in one zstd frame if `zstd`
 *
 * `start` is where in the segment the batch of the frame begins: all before it was durable when the frame was written. So
 * damage before the highest `start` is lost content; damage after it is a torn tail, which nobody was promised.
 */
import { promisify } from 'node:util';
import { zstdCompress, zstdCompressSync, constants, zstdDecompressSync } from 'node:zlib';
import { AppError, invalid } from '../../shared/domain/errors.ts';
import { encodeFrame } from '../../shared/runtime/frame-log.ts';
import type { ResultFrame, StoredFrame, VoidFrame } from './store.ts';

/** The largest content of one unit. */
export const MAX_CONTENT_BYTES = 64 * 1024 * 1024;
/** The largest frame that a reader accepts: one largest content with room for its header. */
export const MAX_STORED_FRAME_BYTES = MAX_CONTENT_BYTES + 8 * 1024 * 1024;
const MAX_UNIT = 2 ** 32 - 2;

/** Several results share a frame up to these bounds, so that a reader never decodes much more than it asked for. */
const SPLIT_BYTES = 4 * 1024 * 1024;
const SPLIT_UNITS = 10_000;

/** Smaller contents are not compressed, and larger ones than the second bound not on the main thread. */
const COMPRESS_FROM_BYTES = 2 * 1024;
const COMPRESS_ASIDE_FROM_BYTES = 128 * 1024;
const ZSTD = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
/** Zlib's smallest chunk. */
const MIN_CHUNK_BYTES = 64;
const compressAside = promisify(zstdCompress);

export interface ResultsHeader {
  kind: 'results';
  start: number;
  taskId: string;
  attemptId: string;
  agentId: string;
  grant: number;
  /** Unit and bytes of its content, in the order of the body. */
  units: [unit: number, bytes: number][];
  zstd: boolean;
}

export interface VoidsHeader {
  kind: 'voids';
  start: number;
  voids: [attemptId: string, units: number[]][];
  generation?: number;
  seal?: true;
}

export interface EndHeader {
  kind: 'end';
  start: number;
}

export type Header = ResultsHeader | VoidsHeader | EndHeader;

type WithoutStart<H> = H extends Header ? Omit<H, 'start'> : never;

/** A frame that waits for its place in a segment. */
export interface PreparedFrame {
  header: WithoutStart<Header>;
  body: Buffer;
}

export const END_FRAME: PreparedFrame = { header: { kind: 'end' }, body: Buffer.alloc(0) };

/** The frame as bytes of a segment whose current batch begins at `start`. */
export function placeFrame(frame: PreparedFrame, start: number): Buffer {
  const header = Buffer.from(JSON.stringify({ ...frame.header, start }));
  const length = Buffer.allocUnsafe(4);
  length.writeUInt32LE(header.length);
  return encodeFrame([length, header, frame.body]);
}

/** The results of one attempt, cut into frames of a moderate size and compressed where that pays. */
export async function prepareResults(frame: ResultFrame): Promise<PreparedFrame[]> {
  checkFrame(frame);
  const { taskId, attemptId, agentId, grant } = frame;
  const prepared: PreparedFrame[] = [];
  for (let at = 0; at < frame.results.length;) {
    const units: [number, number][] = [];
    const contents: Buffer[] = [];
    let bytes = 0;
    for (; at < frame.results.length && units.length < SPLIT_UNITS; at++) {
      const { unit, content } = frame.results[at]!;
      if (units.length > 0 && bytes + content.length > SPLIT_BYTES) break;
      units.push([unit, content.length]);
      contents.push(content);
      bytes += content.length;
    }
    const { zstd, body } = await compressed(contents.length === 1 ? contents[0]! : Buffer.concat(contents, bytes));
    prepared.push({ header: { kind: 'results', taskId, attemptId, agentId, grant, units, zstd }, body });
  }
  return prepared;
}

export function prepareVoids(voids: readonly VoidFrame[]): PreparedFrame[] {
  const prepared: PreparedFrame[] = [];
  for (const { attemptId, units, generation } of voids) {
    for (let at = 0; at < units.length; at += SPLIT_UNITS) {
      const header: WithoutStart<VoidsHeader> = { kind: 'voids', voids: [[attemptId, units.slice(at, at + SPLIT_UNITS)]] };
      prepared.push({ header: generation === undefined ? header : { ...header, generation }, body: Buffer.alloc(0) });
    }
  }
  return prepared;
}

/** In one frame: it is there as a whole, or not at all. */
export const prepareSeal = (generation: number, voids: readonly VoidFrame[]): PreparedFrame => ({
  header: { kind: 'voids', voids: voids.map(({ attemptId, units }) => [attemptId, units]), generation, seal: true },
  body: Buffer.alloc(0),
});

/** What a header of refusals says. */
export function voidFramesOf({ voids, generation, seal }: VoidsHeader): Exclude<StoredFrame, { kind: 'results' }>[] {
  const own = voids.map(([attemptId, units]) => ({ attemptId, units, ...(generation === undefined ? {} : { generation }) }));
  if (seal) return [{ kind: 'seal', generation: generation ?? 0, voids: own }];
  return own.map((frame) => ({ kind: 'void', ...frame }));
}

/** The two parts of a frame's payload; undefined if it has not the form of this version. */
export function parseFrame(payload: Buffer): { header: Header; body: Buffer } | undefined {
  if (payload.length < 4) return undefined;
  const end = 4 + payload.readUInt32LE(0);
  if (end > payload.length) return undefined;
  let header: unknown;
  try {
    header = JSON.parse(payload.toString('utf8', 4, end));
  } catch {
    return undefined;
  }
  return isHeader(header) ? { header, body: payload.subarray(end) } : undefined;
}

export const contentBytes = (header: ResultsHeader): number => header.units.reduce((sum, [, bytes]) => sum + bytes, 0);

/** The contents of a results frame as one run of bytes; undefined if they are not as long as the header says. */
export function contentsOf(header: ResultsHeader, body: Buffer): Buffer | undefined {
  const bytes = contentBytes(header);
  if (!header.zstd) return body.length === bytes ? body : undefined;
  try {
    // As large a chunk as the contents, so that they come in one buffer of their own size.
    const contents = zstdDecompressSync(body, { maxOutputLength: Math.max(1, bytes), chunkSize: Math.max(MIN_CHUNK_BYTES, bytes) });
    return contents.length === bytes ? contents : undefined;
  } catch {
    return undefined;
  }
}

/** What no reader may pass over: content that was durable and is not readable any more. */
export const damagedSegment = (evaluationId: string, segment: string, offset: number, what: string): AppError =>
  new AppError(
    'internal',
    `store, evaluations/${evaluationId}/segments/${segment}: damaged at offset ${offset} (${what}): restore the file from a backup, or move it away to have its units run again`,
  );

async function compressed(raw: Buffer): Promise<{ zstd: boolean; body: Buffer }> {
  if (raw.length <= COMPRESS_FROM_BYTES) return { zstd: false, body: raw };
  const packed = raw.length < COMPRESS_ASIDE_FROM_BYTES ? zstdCompressSync(raw, ZSTD) : await compressAside(raw, ZSTD);
  return packed.length < 0.9 * raw.length ? { zstd: true, body: packed } : { zstd: false, body: raw };
}

const isUnit = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MAX_UNIT;

function checkFrame(frame: ResultFrame): void {
  const faults = frame.results.flatMap(({ unit, content }) => {
    if (!isUnit(unit)) return [{ place: 'unit', problem: `${unit} is no number of a unit (0 to ${MAX_UNIT})` }];
    return content.length > MAX_CONTENT_BYTES
      ? [{ place: `unit ${unit}`, problem: `${content.length} bytes; a result has at most ${MAX_CONTENT_BYTES}` }]
      : [];
  });
  if (!Number.isSafeInteger(frame.grant) || frame.grant < 0)
    faults.push({ place: 'grant', problem: `${frame.grant} is no number of a grant` });
  if (faults.length > 0) throw invalid(`results of task ${frame.taskId}`, faults);
}

// By hand, not by a schema: this is called for every frame of an evaluation, a hundred thousand times in a second or two.
function isHeader(value: unknown): value is Header {
  if (typeof value !== 'object' || value === null) return false;
  const h = value as Partial<Record<string, unknown>>;
  if (!Number.isSafeInteger(h.start) || (h.start as number) < 0) return false;
  if (h.kind === 'end') return true;
  if (h.kind === 'voids') return isListOf(h.voids, (v) => Array.isArray(v) && typeof v[0] === 'string' && isListOf(v[1], isUnit));
  const texts = [h.taskId, h.attemptId, h.agentId].every((text) => typeof text === 'string');
  const isPlace = (v: unknown): boolean => Array.isArray(v) && isUnit(v[0]) && Number.isSafeInteger(v[1]) && (v[1] as number) >= 0;
  return h.kind === 'results' && texts && Number.isSafeInteger(h.grant) && typeof h.zstd === 'boolean' && isListOf(h.units, isPlace);
}

const isListOf = (value: unknown, isItem: (item: unknown) => boolean): boolean => Array.isArray(value) && value.every(isItem);
