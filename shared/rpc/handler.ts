/**
 * The shell of every gRPC handler: bytes to messages and back, cancellation and deadline as one AbortSignal, the caller's
 * trace, one log line, errors by the table of `status.ts`. What is inside sees typed messages and throws AppError.
 */
import { context, propagation, ROOT_CONTEXT, type Context } from '@opentelemetry/api';
import { Metadata, status as Status } from '@grpc/grpc-js';
import type { sendUnaryData, ServerDuplexStream, ServerReadableStream, ServerUnaryCall, ServerWritableStream } from '@grpc/grpc-js';
import type { MethodDefinition } from '@grpc/proto-loader';
import { AppError } from '../domain/errors.ts';
import type { Identity } from '../domain/identity.ts';
import { Breather } from '../runtime/breather.ts';
import { recent } from '../runtime/recent.ts';
import { readable } from './checks.ts';
import { statusToSend, type Report, type StatusToSend } from './status.ts';

/** The part of a logger that this floor needs (pino fits). */
export interface RpcLogger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface RpcMetrics {
  /** One call has ended; `status` is the name of its gRPC status. */
  callEnded(method: string, status: string, durationMs: number): void;
}

export interface CallInfo {
  /** Aborts when the caller has cancelled, is gone, or its deadline has passed. */
  signal: AbortSignal;
  /** Aborts when the server goes away; a stream without an end of its own stops then. */
  goingAway: AbortSignal;
  peer: string;
  /** The full path. */
  method: string;
  /** Whose call it is: of the verified context, never of what the caller says. */
  identity: Identity;
  /** Aborts, with the reason, when the caller may do nothing more: its token was revoked, or has expired. */
  over: AbortSignal;
}

/** Whose call it is, for as long as that holds. */
export type Caller = Pick<CallInfo, 'identity' | 'over'>;

type AnyCall = {
  metadata: Metadata;
  getPeer(): string;
  getPath(): string;
  on(event: 'cancelled' | 'close', listener: () => void): unknown;
};
type Method<Request, Response> = MethodDefinition<never, Response, Request, unknown>;
/** A method without its shell, for whoever calls it in this process by other means than gRPC. */
export interface BareMethod {
  readonly method: MethodDefinition<object, object, object, object>;
  readonly kind: 'unary' | 'clientStream' | 'serverStream';
  readonly handle: (request: never, info: CallInfo) => unknown;
}
/** What may wait in a stream's buffer before the next message is made. */
const MAX_BUFFERED_BYTES = 256 * 1024;

export class Handlers {
  readonly #logger: RpcLogger;
  readonly #metrics: RpcMetrics | undefined;
  readonly #goingAway: AbortSignal;
  readonly #callerOf: (metadata: Metadata) => Caller;
  /** Of all streams together: what waits for many readers must not hold up the other calls. */
  readonly #breather = new Breather();
  /** Every method that was given a shell, by its path. */
  readonly bare = new Map<string, BareMethod>();

  /** callerOf: of the call that bears this very object; throws where nobody has been verified. */
  constructor(options: { logger: RpcLogger; metrics?: RpcMetrics; goingAway: AbortSignal; callerOf: (metadata: Metadata) => Caller }) {
    this.#logger = options.logger;
    this.#callerOf = options.callerOf;
    this.#goingAway = options.goingAway;
    this.#metrics = options.metrics;
  }

  unary<Request, Response>(method: Method<Request, Response>, handle: (request: Request, info: CallInfo) => Promise<Response>) {
    this.#keep('unary', method, handle);
    return (call: ServerUnaryCall<Buffer, Buffer>, done: sendUnaryData<Buffer>): void => {
      void this.#run(call, async (info) => method.responseSerialize(await handle(requestOf(method, call.request), info))).then(
        (bytes) => done(null, bytes),
        (status: StatusToSend) => done(status),
      );
    };
  }

  /** The requests end with AppError `cancelled` when the caller is gone; an answer before their end is allowed. */
  clientStream<Request, Response>(
    method: Method<Request, Response>,
    handle: (requests: AsyncIterable<Request>, info: CallInfo) => Promise<Response>,
  ) {
    this.#keep('clientStream', method, handle);
    return (call: ServerReadableStream<Buffer, Buffer>, done: sendUnaryData<Buffer>): void => {
      call.on('error', () => undefined);
      void this.#run(call, async (info) => method.responseSerialize(await handle(requestsOf(method, call), info))).then(
        (bytes) => done(null, bytes),
        (status: StatusToSend) => done(status),
      );
    };
  }

  /**
   * Pulls the next message only when the one before has left, so a reader that stops reading holds the source. Headers go
   * first, so that a caller sees a stream that stands before anything happens on it. `shared`: the same messages go to many callers, and their
   * bytes are made once.
   */
  serverStream<Request, Response extends object>(
    method: Method<Request, Response>,
    handle: (request: Request, info: CallInfo) => AsyncIterable<Response>,
    { shared = false }: { shared?: boolean } = {},
  ) {
    const bytesOf = shared ? recent(method.responseSerialize) : method.responseSerialize;
    this.#keep('serverStream', { ...method, responseSerialize: bytesOf } as typeof method, handle);
    const encode = shared ? bytesOf : (message: Response) => this.#breather.run(() => bytesOf(message));
    return (call: ServerWritableStream<Buffer, Buffer>): void => {
      call.sendMetadata(new Metadata());
      void this.#run(call, (info) => pour(handle(requestOf(method, call.request), info), encode, call, info.signal)).then(
        () => call.end(),
        (status: StatusToSend) => call.emit('error', status),
      );
    };
  }

  /** Both directions belong to `handle`, which also ends the call. */
  bidi(handle: (call: ServerDuplexStream<Buffer, Buffer>, info: CallInfo) => Promise<void>) {
    return (call: ServerDuplexStream<Buffer, Buffer>): void => {
      void this.#run(call, (info) => handle(call, info)).catch(() => undefined);
    };
  }

  #keep(kind: BareMethod['kind'], method: { path: string }, handle: BareMethod['handle']): void {
    this.bare.set(method.path, { method: method as unknown as BareMethod['method'], kind, handle });
  }

  /** For the log: what a peer is told of it is only the reference. */
  logInternal(reference: string, error: unknown): void {
    reportTo(this.#logger)(reference, error);
  }

  async #run<Result>(call: AnyCall, work: (info: CallInfo) => Promise<Result>): Promise<Result> {
    const [method, peer, startedMs] = [call.getPath(), call.getPeer(), performance.now()];
    const gone = new AbortController();
    call.on('cancelled', () => gone.abort(new AppError('cancelled', 'the caller has cancelled or is gone')));
    try {
      const { identity, over } = this.#callerOf(call.metadata);
      const info = { signal: gone.signal, goingAway: this.#goingAway, peer, method, identity, over };
      const result = await context.with(traceOf(call.metadata), () => work(info));
      this.#ended(method, peer, Status.OK, startedMs);
      return result;
    } catch (error) {
      const status = gone.signal.aborted
        ? statusToSend(gone.signal.reason, () => undefined)
        : statusToSend(error, (...args) => this.logInternal(...args));
      this.#ended(method, peer, status.code, startedMs, status.details);
      throw status;
    }
  }

  #ended(method: string, peer: string, code: Status, startedMs: number, details?: string): void {
    const durationMs = Math.round(performance.now() - startedMs);
    const status = Status[code];
    this.#metrics?.callEnded(method, status, durationMs);
    // A fault's text may quote what the caller wrote: its first line is enough for the log.
    const fields = {
      method,
      peer,
      status,
      durationMs,
      ...(details === undefined ? {} : { details: details.split('\n', 1)[0]!.slice(0, 300) }),
    };
    if (code === Status.INTERNAL || code === Status.UNAVAILABLE) this.#logger.warn(fields, 'call failed');
    else if (code === Status.OK || code === Status.CANCELLED) this.#logger.debug(fields, 'call ended');
    else this.#logger.info(fields, 'call refused');
  }
}

/** Tells the log what callers are not told. */
export const reportTo =
  (logger: RpcLogger): Report =>
  (reference, error) => {
    const { code } = AppError.from(error);
    if (code === 'internal') logger.error({ reference, err: error }, 'internal error');
    else logger.warn({ reference, err: error }, 'a caller was told only a part of this error');
  };

/** The trace that the caller is in, by whatever propagator the process has set (W3C), or none. */
const traceOf = (metadata: Metadata): Context => propagation.extract(ROOT_CONTEXT, metadata.getMap());

const requestOf = <Request>(method: Method<Request, never>, bytes: Buffer): Request =>
  readable(method.path.split('/').at(-1)!, bytes, (b) => method.requestDeserialize(b));

async function* requestsOf<Request>(method: Method<Request, never>, call: ServerReadableStream<Buffer, Buffer>): AsyncGenerator<Request> {
  try {
    for await (const bytes of call.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) yield requestOf(method, bytes);
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('cancelled', 'the upload broke off', { cause: error });
  }
  // The reset of a caller that vanished shows as an end first.
  await new Promise(setImmediate);
  if (call.cancelled) throw new AppError('cancelled', 'the upload broke off');
}

/** Writes a source to a call; ends when either does. */
async function pour<T>(
  source: AsyncIterable<T>,
  encode: (message: T) => Buffer | Promise<Buffer>,
  call: ServerWritableStream<Buffer, Buffer>,
  signal: AbortSignal,
): Promise<void> {
  const iterator = source[Symbol.asyncIterator]();
  let wake: (() => void) | undefined;
  let bufferedBytes = 0;
  const onAbort = (): void => wake?.();
  signal.addEventListener('abort', onAbort, { once: true });
  /** Whichever is first: the next one, or the end of the call. One waiter at a time, so nothing piles up on the signal. */
  const nextOrGone = (): Promise<IteratorResult<T>> =>
    new Promise((resolve, reject) => {
      wake = () => reject(signal.reason as Error);
      if (signal.aborted) wake();
      else iterator.next().then(resolve, reject);
    });
  try {
    for (;;) {
      const next = await nextOrGone();
      if (signal.aborted) throw signal.reason;
      if (next.done === true) return;
      const encoded = encode(next.value);
      const bytes = Buffer.isBuffer(encoded) ? encoded : await encoded;
      if (signal.aborted) throw signal.reason;
      bufferedBytes += bytes.length;
      let written: (() => void) | undefined;
      const hasRoom = call.write(bytes, () => {
        bufferedBytes -= bytes.length;
        written?.();
      });
      if (hasRoom && bufferedBytes <= MAX_BUFFERED_BYTES) continue;
      await new Promise<void>((resolve) => {
        wake = resolve;
        written = resolve;
        if (signal.aborted) resolve();
      });
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    void iterator.return?.().catch(() => undefined);
  }
}
