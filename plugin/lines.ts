/** Lines of a stream of bytes, with a bound. */
import type { Readable } from 'node:stream';

/** The longest line of the protocol, with its end. */
export const MAX_LINE_BYTES = 64 * 1024 * 1024;

/** The lines, without their ends; what stands after the last end is a line too. Throws when one is longer than the bound. */
export async function* linesOf(input: Readable, maxBytes = MAX_LINE_BYTES): AsyncGenerator<string> {
  let parts: Buffer[] = [];
  let size = 0;
  const add = (part: Buffer): void => {
    size += part.length;
    if (size > maxBytes) throw new Error(`a line on standard input is longer than ${maxBytes} bytes`);
    parts.push(part);
  };
  const taken = (): string => {
    const line = Buffer.concat(parts).toString('utf8');
    parts = [];
    size = 0;
    return line;
  };
  for await (const chunk of input as AsyncIterable<Buffer | string>) {
    const bytes = Buffer.from(chunk);
    let start = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      add(bytes.subarray(start, end));
      start = end + 1;
      yield taken();
    }
    if (start < bytes.length) add(bytes.subarray(start));
  }
  if (size > 0) yield taken();
}
