/** The lines of a JSONL stream with their places, in bounded memory: one line, and one chunk of the stream. */

/** Bytes of one line. */
export const MAX_LINE_BYTES = 64 * 1024 * 1024;

export interface JsonLine {
  /** From 1, blank lines counted. */
  number: number;
  /** Of the first byte of `content`. */
  offset: number;
  /** Without line feed and carriage return; undefined when the line is longer than MAX_LINE_BYTES. */
  content: Buffer | undefined;
}

const LINE_FEED = 0x0a;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** All lines that are not blank. A byte order mark at the start, CRLF and a missing last line feed are taken as they come. */
export async function* jsonLines(stream: AsyncIterable<Uint8Array>): AsyncGenerator<JsonLine> {
  /** Pieces of the line that the chunks so far began; empty once it is too long. */
  let pieces: Buffer[] = [];
  let length = 0;
  let lineOffset = 0;
  let number = 0;
  const finish = (): JsonLine | undefined => {
    number++;
    const whole = length > MAX_LINE_BYTES ? undefined : pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces, length);
    const line = trimmed(whole, lineOffset, number);
    lineOffset += length + 1;
    pieces = [];
    length = 0;
    return line;
  };
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    let from = 0;
    while (from < chunk.length) {
      const found = chunk.indexOf(LINE_FEED, from);
      const to = found < 0 ? chunk.length : found;
      length += to - from;
      if (length > MAX_LINE_BYTES) pieces = [];
      else pieces.push(chunk.subarray(from, to));
      from = to + 1;
      const line = found < 0 ? undefined : finish();
      if (line) yield line;
    }
  }
  const last = length > 0 ? finish() : undefined;
  if (last) yield last;
}

function trimmed(content: Buffer | undefined, offset: number, number: number): JsonLine | undefined {
  if (content === undefined) return { number, offset, content };
  const start = offset === 0 && content.subarray(0, 3).equals(BYTE_ORDER_MARK) ? 3 : 0;
  const end = content.at(-1) === 0x0d ? content.length - 1 : content.length;
  const line = content.subarray(start, Math.max(start, end));
  return isBlank(line) ? undefined : { number, offset: offset + start, content: line };
}

/** Nothing but what JSON calls white space. */
function isBlank(line: Buffer): boolean {
  for (const byte of line) if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return false;
  return true;
}
