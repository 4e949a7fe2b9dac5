/** Chooses how progress is drawn on standard error: bars on a terminal, plain lines elsewhere, nothing when quiet. */
import { Bars } from './bars.ts';
import { paintFor } from './paint.ts';
import { PlainLines } from './plain.ts';
import type { ProgressRenderer } from './progress-renderer.ts';

/** The renderer that suits a stream: live bars need a terminal that can move its cursor. */
export function rendererFor(
  stream: NodeJS.WriteStream,
  env: Readonly<Record<string, string | undefined>>,
  quiet = false,
): ProgressRenderer {
  if (quiet) return { show: () => undefined, note: () => undefined, close: () => undefined };
  const live = stream.isTTY && env['TERM'] !== 'dumb';
  return live ? new Bars(stream, paintFor(stream, env)) : new PlainLines((line) => void stream.write(`${line}\n`));
}
