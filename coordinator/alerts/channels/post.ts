/** One POST to an address of an operator's: no redirect is followed, little of the answer is read, and it has a limit. */
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { AppError } from '../../../shared/domain/errors.ts';

const LIMIT_MS = 10_000;
const MAX_ANSWER_BYTES = 64 * 1024;

/** Resolves when it was taken (2xx); throws `unavailable` otherwise, without the address, which may be a secret. */
export function post(url: URL, body: Buffer, headers: Record<string, string>, limitMs = LIMIT_MS): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (what: string, cause?: unknown): void => reject(new AppError('unavailable', what, { cause }));
    const options = {
      method: 'POST',
      agent: false,
      signal: AbortSignal.timeout(limitMs),
      headers: {
        'content-type': 'application/json',
        'content-length': body.length,
        'user-agent': 'assay',
        connection: 'close',
        ...headers,
      },
    };
    const call = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options, (answer) => {
      const status = answer.statusCode ?? 0;
      let bytes = 0;
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        // What it says is of no use to us; that it took the message is in its status.
        if (bytes > MAX_ANSWER_BYTES) answer.destroy();
      });
      answer.on('error', () => undefined);
      answer.on('close', () => {
        if (status >= 200 && status < 300) resolve();
        else fail(`the receiver answered ${status}${status >= 300 && status < 400 ? ', a redirect, which is not followed' : ''}`);
      });
    });
    call.on('error', (error: NodeJS.ErrnoException) => {
      const isLate = error.name === 'TimeoutError' || error.name === 'AbortError';
      fail(isLate ? `no answer within ${limitMs} ms` : `the receiver cannot be reached (${error.code ?? error.name})`, error);
    });
    call.end(body);
  });
}
