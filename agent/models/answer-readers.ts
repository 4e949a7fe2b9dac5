/** Readers of an HTTP answer's body: whole JSON, a stream of events, an error's text. Each takes bytes as they come. */
import { parseJson } from './answer-fields.ts';
import { answerError } from './classify.ts';
import type { ResponseHeaders } from './retry-headers.ts';
import { SseParser, type SseEvent } from './sse.ts';

export interface AnswerReader<T> {
  /** Throws ModelError for what cannot be an answer. */
  push(bytes: Uint8Array): void;
  /** The body's end: the answer. Throws ModelError when it is not whole. */
  finish(): T;
  /** Everything that makes the answer is there, though more may come (token usage, say). */
  readonly complete: boolean;
  /** Nothing that matters can come any more. */
  readonly ended: boolean;
}

/** What a provider makes of a stream's events. */
export interface EventFold<T> {
  take(event: SseEvent): void;
  readonly complete: boolean;
  readonly ended: boolean;
  finish(): T;
}

/** Picks the reader by what the endpoint sent, not by what was asked: some ignore `stream`. */
export function answerReader<T>(
  headers: ResponseHeaders,
  readers: { json: (value: unknown) => T; events: () => EventFold<T> },
  streamed: boolean,
): AnswerReader<T> {
  const type = String(headers['content-type'] ?? '').toLowerCase();
  const isStream = type.startsWith('text/event-stream') || (streamed && !/^[\w.+-]+\/([\w.+-]+\+)?json/.test(type));
  return isStream ? new EventReader(readers.events()) : new JsonReader(readers.json);
}

export class JsonReader<T> implements AnswerReader<T> {
  readonly complete = false;
  readonly ended = false;
  readonly #parse: (value: unknown) => T;
  readonly #chunks: Uint8Array[] = [];

  constructor(parse: (value: unknown) => T) {
    this.#parse = parse;
  }

  push(bytes: Uint8Array): void {
    this.#chunks.push(bytes);
  }

  finish(): T {
    return this.#parse(parseJson(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(this.#chunks)), 'the body'));
  }
}

export class EventReader<T> implements AnswerReader<T> {
  readonly #parser = new SseParser();
  readonly #fold: EventFold<T>;

  constructor(fold: EventFold<T>) {
    this.#fold = fold;
  }

  get complete(): boolean {
    return this.#fold.complete;
  }

  get ended(): boolean {
    return this.#fold.ended;
  }

  push(bytes: Uint8Array): void {
    this.#takeAll(this.#parser.push(bytes));
  }

  finish(): T {
    // A whole answer is not lost to a torn event after it.
    if (!this.#fold.complete) this.#takeAll(this.#parser.end());
    return this.#fold.finish();
  }

  #takeAll(events: readonly SseEvent[]): void {
    for (const event of events) if (!this.#fold.ended) this.#fold.take(event);
  }
}

/** The text of an error: at most 64 KiB, and the status alone is enough. */
export class ErrorReader implements AnswerReader<never> {
  readonly complete = true;
  readonly #status: number;
  readonly #headers: ResponseHeaders;
  readonly #chunks: Uint8Array[] = [];
  #bytes = 0;

  constructor(status: number, headers: ResponseHeaders) {
    this.#status = status;
    this.#headers = headers;
  }

  get ended(): boolean {
    return this.#bytes >= 64 * 1024;
  }

  push(bytes: Uint8Array): void {
    if (this.ended) return;
    this.#chunks.push(bytes);
    this.#bytes += bytes.length;
  }

  finish(): never {
    const compressed = this.#headers['content-encoding'] !== undefined && this.#headers['content-encoding'] !== 'identity';
    throw answerError(this.#status, this.#headers, compressed ? '' : Buffer.concat(this.#chunks).toString('utf8'), Date.now());
  }
}
