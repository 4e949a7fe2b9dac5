/** One document from an issuer: of bounded size, in bounded time, and from nowhere but where it was asked for. */
import { AppError } from '../../../shared/domain/errors.ts';

const MAX_BYTES = 256 * 1024;

export async function fetchJson(url: string, signal: AbortSignal): Promise<unknown> {
  // Whoever answers for an address does not choose another one.
  const response = await fetch(url, { redirect: 'error', headers: { accept: 'application/json' }, signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    // What has failed is not in the message of what has failed.
    throw new AppError('unavailable', `${url} cannot be asked: ${whyOf(error)}`, { cause: error });
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw new AppError('unavailable', `${url} answers ${response.status}`);
  }
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.byteLength;
    // Leaving the loop ends the transfer.
    if (bytes > MAX_BYTES) throw new AppError('unavailable', `${url} answers more than ${MAX_BYTES} bytes`);
    parts.push(part);
  }
  try {
    return JSON.parse(new TextDecoder('utf8', { fatal: true }).decode(Buffer.concat(parts))) as unknown;
  } catch {
    throw new AppError('unavailable', `${url} answers no JSON`);
  }
}

function whyOf(error: unknown): string {
  const { cause, message } = error as Error;
  if (!(cause instanceof Error)) return message;
  return cause.message || (cause as NodeJS.ErrnoException).code || message;
}
