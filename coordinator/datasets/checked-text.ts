/** Text formats other than JSONL: what no text holds is found before a parser sees it, with its line. */
import { isUtf8 } from 'node:buffer';
import { AppError } from '../../shared/domain/errors.ts';

const LINE_FEED = 0x0a;

/** What is wrong with a dataset at a line of it. */
export class LineProblem extends AppError {
  readonly line: number;

  constructor(line: number, problem: string) {
    super('invalid', problem);
    this.line = line;
  }
}

/** The same bytes, cut between characters. Throws LineProblem at the first NUL and the first bytes that are no UTF-8. */
export async function* checkedText(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer, void, undefined> {
  let line = 1;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const end = bytes.length - unfinished(bytes);
    const whole = bytes.subarray(0, end);
    rest = Buffer.from(bytes.subarray(end));
    check(whole, line);
    line += lineFeeds(whole);
    if (whole.length > 0) yield whole;
  }
  if (rest.length > 0) check(rest, line);
}

function check(bytes: Buffer, line: number): void {
  if (isUtf8(bytes) && !bytes.includes(0)) return;
  let at = line;
  for (let from = 0; from < bytes.length; at++) {
    const found = bytes.indexOf(LINE_FEED, from);
    const part = bytes.subarray(from, found < 0 ? bytes.length : found);
    if (part.includes(0)) throw new LineProblem(at, 'has a NUL byte, which no text has; save the dataset as text in UTF-8');
    if (!isUtf8(part)) throw new LineProblem(at, 'is not valid UTF-8; save the dataset as UTF-8');
    from += part.length + 1;
  }
}

/** Bytes at the end that begin a character which is not whole yet (at most three). */
function unfinished(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
  }
  return 0;
}

function lineFeeds(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) count++;
  return count;
}
