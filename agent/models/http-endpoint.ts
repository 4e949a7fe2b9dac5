/**
 * One endpoint: a Pool of HTTP/1.1 connections of its own and the entry's key. undici's time limits are off (its default
 * ends every call after 300 s); those of `http-call.ts` rule.
 */
import { Pool } from 'undici';
import { Redactor } from '../../shared/domain/redactor.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import type { Secret } from '../secrets/secret.ts';
import type { AnswerReader } from './answer-readers.ts';
import { networkError } from './classify.ts';
import { guardedConnect, type AddressCheck } from './guarded-connect.ts';
import { HttpCall } from './http-call.ts';
import { ModelError } from './provider.ts';
import { cleanError } from './redact.ts';
import type { ResponseHeaders } from './retry-headers.ts';

/** Bytes of one answer. */
export const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

const COMMON_HEADERS = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
  // A compressed answer could be a small one that fills the memory.
  'accept-encoding': 'identity',
};

export interface HttpEndpointOptions {
  url: URL;
  headers: Record<string, string>;
  maxConnections: number;
  idleTimeoutMs: number;
  /** Never in what comes out of it: errors, nor answers. */
  key: Secret | undefined;
  /** The headers that bear the key. */
  authorize?: (key: string) => Record<string, string>;
  /** Which addresses a name may stand for (default: any). */
  mayReach?: AddressCheck;
  /** Knows all secrets of the agent (default: the key alone). */
  redactor?: Redactor;
  /** An answer had a secret in it. */
  onRedacted?: () => void;
  maxAnswerBytes?: number;
  /** Called when a request is about to leave; aborts the call's signal if it must not. */
  beforeSend?: () => void;
}

/** What users of a provider may set of its endpoint. */
export type EndpointSettings = Pick<HttpEndpointOptions, 'maxAnswerBytes' | 'beforeSend' | 'redactor' | 'onRedacted'>;

/** What an endpoint needs to know of a call. */
export interface EndpointCall {
  /** Milliseconds from its start to its last byte. */
  attemptTimeoutMs: number;
  signal: AbortSignal;
  /** Beside the endpoint's own. */
  headers?: Record<string, string>;
}

export class HttpEndpoint {
  readonly #options: HttpEndpointOptions;
  readonly #pool: Pool;
  readonly #redactor: Redactor;

  constructor(options: HttpEndpointOptions) {
    this.#options = options;
    this.#redactor = options.redactor ?? new Redactor(options.key === undefined ? [] : [options.key.value]);
    this.#pool = new Pool(options.url.origin, {
      connections: options.maxConnections,
      pipelining: 1,
      // One socket per call, so that ending a call is closing its socket.
      allowH2: false,
      headersTimeout: 0,
      bodyTimeout: 0,
      ...(options.mayReach ? { connect: guardedConnect(options.mayReach) } : {}),
    });
  }

  /**
   * Posts `body` as JSON and reads the answer. No secret is in it, nor in the ModelError that is thrown, or the signal's reason when it aborts.
   * A key that is refused is read again where that is possible, and the call made once more if it is another one now.
   */
  async post<T>(request: EndpointCall, body: object, reader: (headers: ResponseHeaders) => AnswerReader<T>): Promise<T> {
    const { key } = this.#options;
    request.signal.throwIfAborted();
    const used = await key?.current(systemClock);
    try {
      return await this.#post(request, body, reader, used);
    } catch (error) {
      const isRefused = key !== undefined && used !== undefined && error instanceof ModelError && error.errorClass === 'auth';
      if (!isRefused || !(await key.refused(used, systemClock))) throw error;
      return this.#post(request, body, reader, key.value);
    }
  }

  async #post<T>(
    request: EndpointCall,
    body: object,
    reader: (headers: ResponseHeaders) => AnswerReader<T>,
    key: string | undefined,
  ): Promise<T> {
    const { url, headers, authorize, idleTimeoutMs, maxAnswerBytes = MAX_ANSWER_BYTES, beforeSend } = this.#options;
    const { signal, attemptTimeoutMs } = request;
    signal.throwIfAborted();
    let isSent = false;
    try {
      const bytes = encoded(body);
      const answer = await new Promise<T>((resolve, reject) => {
        const call = new HttpCall<T>({
          origin: url.origin,
          attemptTimeoutMs,
          idleTimeoutMs,
          maxAnswerBytes,
          signal,
          beforeSend: () => {
            isSent = true;
            beforeSend?.();
          },
          reader,
          resolve,
          reject,
        });
        try {
          this.#pool.dispatch(
            {
              method: 'POST',
              path: `${url.pathname}${url.search}`,
              headers: { ...COMMON_HEADERS, ...headers, ...(key === undefined ? {} : authorize?.(key)), ...request.headers },
              body: bytes,
            },
            call,
          );
        } catch (error) {
          call.fail(error);
        }
      });
      const clean = this.#redactor.redactContent(answer);
      if (clean !== answer) this.#options.onRedacted?.();
      return clean;
    } catch (error) {
      // Even a reason of our own caller is passed on as it is: an abort is no failure of the endpoint.
      if (signal.aborted && error === signal.reason) throw error;
      const failure = error instanceof ModelError ? error : networkError(error, url.origin);
      // Most often the path is wrong then, not the model: a base URL without its /v1, say.
      if (failure.httpStatus === 404) failure.message = `POST ${url.pathname}: ${failure.message}`;
      throw cleanError(failure, this.#redactor, !isSent);
    }
  }

  /** Closes all sockets; calls in flight fail as `connection`. */
  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}

function encoded(body: object): Buffer {
  try {
    return Buffer.from(JSON.stringify(body));
  } catch (error) {
    // A prompt that is longer than a string may be once it is escaped.
    throw new ModelError('too_large', `the request cannot be written as JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
