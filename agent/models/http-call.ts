/**
 * One HTTP call from dispatch to its last byte. It settles exactly once and always: by the answer's end, by the caller's
 * signal, or by one of its limits. Whatever ends it early destroys the socket, so that its place in the Pool is free again.
 *
 * undici's own promise would not do: it does not see an abort while the request waits for a free connection or for a
 * connection to be made. Here the caller is released at once, and the request is dropped when undici gets to it.
 */
import type { Dispatcher } from 'undici';
import { ErrorReader, type AnswerReader } from './answer-readers.ts';
import { networkError } from './classify.ts';
import { ModelError } from './provider.ts';
import type { ResponseHeaders } from './retry-headers.ts';

export interface HttpCallOptions<T> {
  origin: string;
  attemptTimeoutMs: number;
  /** Milliseconds without a byte once the body has begun. */
  idleTimeoutMs: number;
  maxAnswerBytes: number;
  signal: AbortSignal;
  /** The request leaves now: what it does may still abort the signal. */
  beforeSend: () => void;
  /** The reader for a successful answer. */
  reader: (headers: ResponseHeaders) => AnswerReader<T>;
  resolve: (value: T) => void;
  reject: (error: unknown) => void;
}

/** How long the rest may take when all that matters is known: after the stream's last event, or of an error's text. */
const GRACE_MS = 2000;

export class HttpCall<T> implements Dispatcher.DispatchHandler {
  readonly #options: HttpCallOptions<T>;
  readonly #attemptTimer: NodeJS.Timeout;
  readonly #onAbort: () => void;
  #idleTimer: NodeJS.Timeout | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #reader: AnswerReader<T> | undefined;
  #bytes = 0;
  #settled = false;

  constructor(options: HttpCallOptions<T>) {
    this.#options = options;
    this.#attemptTimer = setTimeout(() => this.#cut(this.#timeout(options.attemptTimeoutMs, 'the whole answer')), options.attemptTimeoutMs);
    this.#onAbort = () => this.#end(() => options.reject(options.signal.reason));
    options.signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // The process may have slept since the call was made, while a connection was made for it.
    if (!this.#settled) this.#options.beforeSend();
    if (this.#settled) controller.abort(new Error('given up before it began'));
    else this.#controller = controller;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: ResponseHeaders): void {
    if (this.#settled || status < 200) return;
    const { maxAnswerBytes, reader } = this.#options;
    if (status >= 300) {
      this.#reader = new ErrorReader(status, headers);
      this.#limitSilence(GRACE_MS);
      return;
    }
    const encoding = String(headers['content-encoding'] ?? 'identity');
    if (encoding !== 'identity')
      return this.#cut(new ModelError('bad_response', `the answer is compressed (${encoding}), though that was not accepted`));
    if (Number(headers['content-length']) > maxAnswerBytes) return this.#cut(this.#tooLarge());
    this.#reader = reader(headers);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const reader = this.#reader;
    if (this.#settled || !reader) return;
    this.#bytes += chunk.length;
    if (this.#bytes > this.#options.maxAnswerBytes) return this.#cut(this.#tooLarge());
    try {
      reader.push(chunk);
    } catch (error) {
      return this.#end(() => this.#options.reject(unreadable(error)));
    }
    if (reader.ended) this.#limitSilence(GRACE_MS);
    else if (this.#idleTimer) this.#idleTimer.refresh();
    else this.#limitSilence(this.#options.idleTimeoutMs);
  }

  onResponseEnd(): void {
    // Nothing is left to end: the socket stays for the next call.
    this.#controller = undefined;
    this.#finish();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.fail(error);
  }

  /** Something other than an answer ended the call. */
  fail(error: unknown): void {
    this.#cut(error instanceof ModelError ? error : networkError(error, this.#options.origin));
  }

  /** The answer stops here: what was read is the answer if it is whole, else the call fails with `error`. */
  #cut(error: ModelError): void {
    if (this.#reader?.complete) this.#finish();
    else this.#end(() => this.#options.reject(error));
  }

  #finish(): void {
    this.#end(() => {
      try {
        this.#options.resolve(this.#reader!.finish());
      } catch (error) {
        this.#options.reject(unreadable(error));
      }
    });
  }

  #end(settle: () => void): void {
    if (this.#settled) return;
    this.#settled = true;
    clearTimeout(this.#attemptTimer);
    clearTimeout(this.#idleTimer);
    this.#options.signal.removeEventListener('abort', this.#onAbort);
    settle();
    this.#controller?.abort(new Error('the call has ended'));
  }

  #limitSilence(ms: number): void {
    clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => this.#cut(this.#timeout(ms, 'another byte')), ms);
  }

  #timeout(ms: number, what: string): ModelError {
    return new ModelError('timeout', `${this.#options.origin}: ${what} did not come within ${ms / 1000} s`);
  }

  #tooLarge(): ModelError {
    return new ModelError('too_large', `the answer is larger than ${this.#options.maxAnswerBytes} bytes`);
  }
}

/** What a reader throws that is no ModelError comes from the answer's bytes (no UTF-8, a text longer than a string may be). */
const unreadable = (error: unknown): ModelError =>
  error instanceof ModelError
    ? error
    : new ModelError('bad_response', `the answer cannot be read: ${error instanceof Error ? error.name : 'unknown'}`);
