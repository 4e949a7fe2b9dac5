/** Answers as they are written: JSON, errors, texts. */
import type { ServerResponse } from 'node:http';
import { HTTP_STATUS, httpErrorOf, type HttpError } from '../../shared/http/errors.ts';
import { outwardOf, type Report } from '../../shared/rpc/status.ts';

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

/** What a caller is told of an error. */
export function toldOf(error: unknown, report: Report): HttpError {
  const { told, reference } = outwardOf(error, report);
  return httpErrorOf(told, reference);
}

export function sendError(response: ServerResponse, error: HttpError, status = HTTP_STATUS[error.code]): void {
  if (error.retryAfterMs !== undefined) response.setHeader('retry-after', Math.ceil(error.retryAfterMs / 1000));
  else if (error.code === 'unavailable') response.setHeader('retry-after', 1);
  if (error.code === 'unauthenticated') response.setHeader('www-authenticate', 'Bearer realm="assay"');
  sendJson(response, status, error);
}
