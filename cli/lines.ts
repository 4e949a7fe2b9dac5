/** A stream of text as its lines, one at a time; a line is bounded, so that memory is. */
import { StringDecoder } from 'node:string_decoder';
import { AppError } from '../shared/domain/errors.ts';

export interface NumberedLine {
  /** From 1. */
  number: number;
  text: string;
}

/** Bytes are not known any more when text is; characters bound them well enough. */
const LONGEST_LINE = 64 * 1024 * 1024;

/** The lines of UTF-8 text, without their ends. A last one needs none. `invalid` when the stream fails or a line is too long. */
export async function* linesOf(input: AsyncIterable<Buffer | string>, name: string): AsyncGenerator<NumberedLine> {
  const decoder = new StringDecoder('utf8');
  // Pieces of a line that has not ended; joined once, for many small ones would be copied again and again.
  let pieces: string[] = [];
  let length = 0;
  let number = 0;
  const take = (piece: string): string => {
    const text = pieces.length === 0 ? piece : [...pieces, piece].join('');
    [pieces, length] = [[], 0];
    return text.endsWith('\r') ? text.slice(0, -1) : text;
  };
  try {
    for await (const chunk of input) {
      const text = typeof chunk === 'string' ? chunk : decoder.write(chunk);
      let from = 0;
      for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', from)) {
        number++;
        yield { number, text: take(text.slice(from, at)) };
        from = at + 1;
      }
      if (from === text.length) continue;
      pieces.push(text.slice(from));
      length += text.length - from;
      if (length > LONGEST_LINE)
        throw new AppError('invalid', `${name} line ${number + 1}: is longer than ${LONGEST_LINE / 1024 / 1024} MiB`);
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new AppError('invalid', `there is no file ${name}; correct the path, or write - for standard input`);
    if (code === 'EISDIR') throw new AppError('invalid', `${name} is a folder; name a file in it`);
    if (code === 'EACCES') throw new AppError('invalid', `${name} cannot be read: ${message}`);
    throw error;
  }
  const rest = decoder.end();
  if (pieces.length > 0 || rest !== '') yield { number: number + 1, text: take(rest) };
}
