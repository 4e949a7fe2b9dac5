/** The first line that comes from a stream; the stream is paused behind it. */
import type { Readable } from 'node:stream';

const MAX_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

/** undefined where the stream ends before a line does, or the line is longer than any that is expected. */
export function firstLine(stream: Readable): Promise<string | undefined> {
  return new Promise((resolve) => {
    let bytes = Buffer.alloc(0);
    const settle = (line: string | undefined): void => {
      stream.off('data', onData).off('end', onEnd).off('close', onEnd).pause();
      resolve(line);
    };
    const onEnd = (): void => settle(undefined);
    const onData = (chunk: Buffer): void => {
      bytes = Buffer.concat([bytes, chunk]);
      const at = bytes.indexOf(NEWLINE);
      if (at >= 0) settle(bytes.subarray(0, at).toString('utf8'));
      else if (bytes.length > MAX_BYTES) settle(undefined);
    };
    stream.on('data', onData).once('end', onEnd).once('close', onEnd);
  });
}
