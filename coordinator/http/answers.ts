/** Answers as they are written: JSON, errors, texts. */
import type { ServerResponse } from 'node:http';
import { randomBytes } from 'node:crypto';
import { AppError } from '../../shared/domain/errors.ts';
import { HTTP_STATUS, httpErrorOf, type HttpError } from '../../shared/http/errors.ts';

export const JSON_TYPE = 'application/json; charset=utf-8';

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const bytes = Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value));
  // What is left of the request is not read.
  if (!response.req.complete) response.setHeader('connection', 'close');
  response.writeHead(status, { 'content-type': JSON_TYPE, 'content-length': bytes.length }).end(bytes);
}

export function sendText(response: ServerResponse, status: number, text: string): void {
  const bytes = Buffer.from(text);
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'content-length': bytes.length }).end(bytes);
}

/** Told of what callers see only a reference of. */
export type OnInternal = (reference: string, error: unknown) => void;

/** What a caller is told of an error: of an internal one only a reference. */
export function toldOf(error: unknown, onInternal: OnInternal): HttpError {
  const known = AppError.from(error);
  if (known.code !== 'internal') return httpErrorOf(known);
  const reference = randomBytes(4).toString('hex');
  onInternal(reference, error);
  return httpErrorOf(
    new AppError('internal', `internal error, reference ${reference}: the coordinator's log says more under it`),
    reference,
  );
}

export function sendError(response: ServerResponse, error: HttpError, status = HTTP_STATUS[error.code]): void {
  if (error.retryAfterMs !== undefined) response.setHeader('retry-after', Math.ceil(error.retryAfterMs / 1000));
  else if (error.code === 'unavailable') response.setHeader('retry-after', 1);
  if (error.code === 'unauthenticated') response.setHeader('www-authenticate', 'Bearer realm="assay"');
  sendJson(response, status, error);
}
