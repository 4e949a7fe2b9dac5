/** The loop of `scorer: command`: a request per line on standard input, an answer per line on standard output. */
import { Console } from 'node:console';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { score } from './define.ts';
import { messageOf } from './errors.ts';
import { linesOf, MAX_LINE_BYTES } from './lines.ts';
import { Places } from './places.ts';
import type { Scorer } from './types.ts';

/** How the loop runs; the streams are those of the process unless a test says otherwise. */
export interface ScorerCommandOptions {
  /** Samples that are scored at the same time (default 16); no more are read before one of them is answered. */
  concurrency?: number;
  input?: Readable;
  output?: Writable;
}

/**
 * Reads requests until standard input ends, and answers each of them, in any order. Resolves when the last answer is
 * written. Rejects when a line is no request (there is nobody to tell then) or longer than 64 MiB, and when nobody reads
 * the answers any more.
 *
 * Standard output belongs to the answers: `console.log` writes to standard error from here on.
 */
export async function runScorerCommand(
  scorer: Scorer,
  { concurrency = 16, input = process.stdin, output = process.stdout }: ScorerCommandOptions = {},
): Promise<void> {
  if (output === process.stdout) globalThis.console = new Console(process.stderr, process.stderr);
  const places = new Places(concurrency);
  const gone = new AbortController();
  // A reader that goes away fails the write under way as well; this one speaks for all of them.
  output.on('error', (error) => gone.abort(error));
  // Whatever ends the loop ends its input too, which else would keep the process alive.
  gone.signal.addEventListener('abort', () => input.destroy(gone.signal.reason as Error), { once: true });
  input.on('error', () => undefined);
  const running = new Set<Promise<void>>();
  try {
    for await (const line of linesOf(input)) {
      if (line.trim() === '') continue;
      const { id, request } = readLine(line);
      await places.take();
      gone.signal.throwIfAborted();
      const run = answer(scorer, id, request, gone.signal)
        .then((text) => write(output, text, gone.signal))
        // A lost reader ends the loop by the signal.
        .catch(() => undefined)
        .finally(() => {
          running.delete(run);
          places.leave();
        });
      running.add(run);
    }
    await Promise.all(running);
    gone.signal.throwIfAborted();
  } catch (error) {
    gone.abort(error);
    throw error;
  }
}

function readLine(line: string): { id: number; request: Record<string, unknown> } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    throw new Error('a line on standard input is not JSON; an agent writes one JSON object per line');
  }
  const { id, ...request } = (parsed ?? {}) as { id?: unknown } & Record<string, unknown>;
  if (typeof id !== 'number') throw new Error('a line on standard input has no number `id`; an agent writes one JSON object per line');
  return { id, request };
}

/** The answer's line; whatever goes wrong with this sample is its error. */
async function answer(scorer: Scorer, id: number, request: unknown, signal: AbortSignal): Promise<string> {
  try {
    const line = JSON.stringify({ id, ...(await score(scorer, request, { signal })) });
    const bytes = Buffer.byteLength(line);
    if (bytes < MAX_LINE_BYTES) return line;
    return JSON.stringify({ id, error: `the score has ${bytes} bytes, less than ${MAX_LINE_BYTES} are taken; shorten its explanation` });
  } catch (error) {
    return JSON.stringify({ id, error: messageOf(error) });
  }
}

/** Waits for room, so that a slow reader holds us up instead of filling our memory. */
async function write(output: Writable, line: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (!output.write(`${line}\n`)) await once(output, 'drain', { signal });
}
