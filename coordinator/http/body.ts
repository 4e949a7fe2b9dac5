/** The bytes of an upload, as they come, from one who means it. */
import type { IncomingMessage } from 'node:http';
import { AppError, invalid } from '../../shared/domain/errors.ts';

/** Who uploads slower than this, over `slowMs`, does not mean to: as by gRPC. */
const MIN_BYTES_PER_SECOND = 1024;

/** What `Content-Length` says. */
export function sizeOf(what: string, { headers }: IncomingMessage): number {
  const length = headers['content-length'];
  if (length !== undefined && /^\d{1,15}$/.test(length)) return Number(length);
  throw invalid(what, [{ place: 'content-length', problem: 'is missing: say how many bytes come' }]);
}

/** In the form that the method reads; `onRead`: it begins to. Only time that was spent on waiting for the caller is the caller's. */
export async function* uploaded(
  request: IncomingMessage,
  slowMs: number,
  onRead: () => void,
): AsyncGenerator<{ message: 'data'; data: Buffer }> {
  onRead();
  let bytes = 0;
  /** Since when the caller is waited for without a break. */
  let waitingSinceMs: number | undefined = performance.now();
  const look = setInterval(() => {
    const isWaiting = waitingSinceMs !== undefined && (bytes > 0 || performance.now() - waitingSinceMs >= slowMs * 0.9);
    if (isWaiting && bytes * 1000 < MIN_BYTES_PER_SECOND * slowMs) request.destroy(tooSlow(bytes, slowMs));
    bytes = 0;
  }, slowMs);
  try {
    for await (const data of request as AsyncIterable<Buffer>) {
      bytes += data.length;
      waitingSinceMs = undefined;
      yield { message: 'data', data };
      waitingSinceMs = performance.now();
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('cancelled', 'the upload broke off', { cause: error });
  } finally {
    clearInterval(look);
  }
  if (!request.complete) throw new AppError('cancelled', 'the upload broke off');
}

const tooSlow = (bytes: number, slowMs: number): AppError =>
  new AppError('deadline', `the upload brought ${bytes} bytes within ${slowMs / 1000} s; it needs ${MIN_BYTES_PER_SECOND} a second`);
