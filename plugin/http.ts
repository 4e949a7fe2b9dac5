/** `scorer: http` and `solver: http` as request listeners of `node:http`: one POST, one JSON answer. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { score, solve } from './define.ts';
import { BusyError, messageOf, RequestError, SampleError } from './errors.ts';
import { Places } from './places.ts';
import type { PluginContext, Scorer, Solver } from './types.ts';

/** Bounds of a handler. */
export interface HandlerOptions {
  /** The largest request (default 64 MiB); a larger one is answered with 413. */
  maxBodyBytes?: number;
  /** Requests that are worked on at the same time (default 64); the bodies of others are not read before it is their turn. */
  concurrency?: number;
}

/** What `createServer` takes. Answers every request, whatever happens, and never throws. */
export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** Serves a scorer at any path. What the scorer throws is answered as `{"error"}` with status 200: it is this sample's. */
export function scorerHandler(scorer: Scorer, options: HandlerOptions = {}): RequestHandler {
  return handler(options, async (body, context) => {
    try {
      return await score(scorer, body, context);
    } catch (error) {
      if (error instanceof RequestError) throw error;
      return { error: messageOf(error) };
    }
  });
}

/** Serves a solver at any path: `SampleError` is answered with 422, `BusyError` with 429, any other error with 500. */
export function solverHandler(solver: Solver, options: HandlerOptions = {}): RequestHandler {
  return handler(options, (body, context) => solve(solver, body, context));
}

function handler(
  { maxBodyBytes = 64 * 1024 * 1024, concurrency = 64 }: HandlerOptions,
  work: (body: unknown, context: PluginContext) => Promise<object>,
): RequestHandler {
  const places = new Places(concurrency);

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const left = new AbortController();
    response.once('close', () => left.abort(new Error('the caller went away')));
    response.on('error', () => undefined);
    await places.take();
    try {
      left.signal.throwIfAborted();
      if (request.method !== 'POST')
        return answer(response, 405, { error: `${request.method} is not taken; send a POST` }, { allow: 'POST' });
      answer(response, 200, await work(await readBody(request, maxBodyBytes), { signal: left.signal }));
    } catch (error) {
      const { status, headers } = statusOf(error);
      answer(response, status, { error: messageOf(error) }, headers);
    } finally {
      places.leave();
    }
  };
  return (request, response) => void serve(request, response);
}

function statusOf(error: unknown): { status: number; headers?: Record<string, string> } {
  // The rest of a body that is too large is not read: the connection ends with the answer.
  if (error instanceof RequestError) return { status: error.status, ...(error.status === 413 ? { headers: { connection: 'close' } } : {}) };
  if (error instanceof SampleError) return { status: 422 };
  if (error instanceof BusyError) return { status: 429, headers: { 'retry-after': String(Math.ceil(error.retryAfterSeconds)) } };
  return { status: 500 };
}

async function readBody(request: IncomingMessage, maxBytes: number): Promise<unknown> {
  const tooLarge = (): RequestError => new RequestError(`the request is larger than ${maxBytes} bytes`, 413);
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
  const parts: Buffer[] = [];
  let size = 0;
  // Left by hand when the body is too large: destroying the request would take the answer's connection away.
  for await (const part of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > maxBytes) throw tooLarge();
    parts.push(part);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8')) as unknown;
  } catch {
    throw new RequestError('the request is not JSON; send one JSON object');
  }
}

function answer(response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}): void {
  if (response.headersSent || response.destroyed) return;
  const text = JSON.stringify(body);
  response.writeHead(status, { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}
