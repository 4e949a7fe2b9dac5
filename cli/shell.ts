/** What a command gets from the process that it runs in: environment, streams, and the wish to stop. */
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
  readonly stdin: Readable;
  readonly stderr: NodeJS.WriteStream;
  /** Writes to standard output and waits for room. Throws OutputClosed when nobody reads it any more. */
  print(text: string): Promise<void>;
  /** Writes a line for people to standard error. */
  say(line: string): void;
}

const STDIN_LIMIT_BYTES = 4 * 1024 * 1024;

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
    stderr: process.stderr,
    print: (text) =>
      new Promise((resolve, reject) => {
        if (broken) return reject(new OutputClosed());
        process.stdout.write(text, (error) => (error ? reject(new OutputClosed()) : resolve()));
      }),
    say: (line) => void process.stderr.write(`${line}\n`),
  };
}

/** Everything on standard input as text, at most 4 MiB. */
export async function readStdin(stdin: Readable): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of stdin as AsyncIterable<Buffer | string>) {
    const bytes = Buffer.from(part);
    size += bytes.length;
    if (size > STDIN_LIMIT_BYTES)
      throw new AppError('invalid', 'standard input: the spec is larger than 4 MiB; put its data into a dataset file');
    parts.push(bytes);
  }
  return Buffer.concat(parts).toString('utf8');
}
