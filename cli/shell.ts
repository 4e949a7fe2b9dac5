/** What a command gets from the process that it runs in: environment, streams, and the wish to stop. */
import { isUtf8 } from 'node:buffer';
import type { Readable } from 'node:stream';
import { AppError } from '../shared/domain/errors.ts';
import { Interrupted, OutputClosed } from './exit.ts';

export interface Shell {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Aborted by the first Ctrl-C (SIGINT), SIGTERM or SIGHUP. */
  readonly interrupted: AbortSignal;
  /** Aborted by the second one: stop at once. */
  readonly hurried: AbortSignal;
  readonly stdin: Readable & { isTTY?: boolean; setRawMode?: (isRaw: boolean) => unknown };
  /** Only for what it is: a terminal or not, its width. `print` writes to it. */
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Writes to standard output and waits for room. Throws OutputClosed when nobody reads it any more. */
  print(text: string): Promise<void>;
  /** Writes a line for people to standard error. */
  say(line: string): void;
}

const SPEC_LIMIT_BYTES = 4 * 1024 * 1024;

/** The shell of this process. `listen` registers for signals; the caller keeps it for the life of the process. */
export function processShell(): Shell {
  const first = new AbortController();
  const second = new AbortController();
  const onSignal = (): void => (first.signal.aborted ? second.abort() : first.abort(new Interrupted()));
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, onSignal);

  let broken = false;
  process.stdout.on('error', () => (broken = true));
  // Words for people are not worth a crash when the terminal is gone.
  process.stderr.on('error', () => undefined);

  return {
    env: process.env,
    cwd: process.cwd(),
    interrupted: first.signal,
    hurried: second.signal,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    now: () => Date.now(),
    print: (text) =>
      new Promise((resolve, reject) => {
        if (broken) return reject(new OutputClosed());
        process.stdout.write(text, (error) => (error ? reject(new OutputClosed()) : resolve()));
      }),
    say: (line) => void process.stderr.write(`${line}\n`),
  };
}

/** Everything of a stream as text, at most 4 MiB of UTF-8. `name`: for faults. */
export async function readText(stream: Readable, name: string): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of stream as AsyncIterable<Buffer | string>) {
    const bytes = Buffer.from(part);
    size += bytes.length;
    if (size > SPEC_LIMIT_BYTES)
      throw new AppError(
        'invalid',
        `${name}: the spec is larger than 4 MiB; put its data into a dataset file; if this is one, name the spec instead`,
      );
    parts.push(bytes);
  }
  const whole = Buffer.concat(parts);
  if (isUtf8(whole)) return whole.toString('utf8');
  throw new AppError('invalid', `${name}:${wrongLineOf(whole)}: is not valid UTF-8; save it as UTF-8`);
}

/** The first line that is no UTF-8, from 1. A line feed is a part of no other character. */
function wrongLineOf(bytes: Buffer): number {
  let line = 1;
  for (let from = 0; ; line++) {
    const end = bytes.indexOf(0x0a, from);
    if (end < 0 || !isUtf8(bytes.subarray(from, end))) return line;
    from = end + 1;
  }
}
