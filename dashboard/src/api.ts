/** Calls of the coordinator's HTTP API, as the browser's session. */
import type { SessionInfo } from '../../shared/http/answers.ts';
import type { HttpError } from '../../shared/http/errors.ts';
import { seen } from './unseen.ts';

const ROOT = '/api/v1';
/** An answer that takes longer is none. */
const LIMIT_MS = 30_000;

/** What a call was refused with, in the coordinator's words. */
export class CallError extends Error {
  readonly code: string;
  readonly faults: readonly { place: string; problem: string }[];
  readonly retryAfterMs: number | undefined;

  constructor({ code, message, faults = [], retryAfterMs }: Pick<HttpError, 'message' | 'faults' | 'retryAfterMs'> & { code: string }) {
    super(message);
    this.code = code;
    this.faults = faults;
    this.retryAfterMs = retryAfterMs;
  }
}

/** What went wrong, as a call's end; of what is none, the page itself is to blame. */
export const asCallError = (error: unknown): CallError =>
  error instanceof CallError ? error : new CallError({ code: 'internal', message: `This page failed: ${String(error)}` });

const NO_ANSWER = 'The coordinator does not answer.';

/** What has kept a command from being done, or from being known to be. */
export function problemOf(error: unknown): string {
  if (error instanceof CallError && error.message === NO_ANSWER) return 'The coordinator did not answer: whether it was done is not known.';
  return error instanceof Error ? error.message : String(error);
}

/** Values of a query; lists become a name that comes several times, and what is empty is left out. */
export type Query = Record<string, string | number | boolean | readonly (string | number)[] | undefined>;

export function queryText(query: Query): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    for (const one of Array.isArray(value) ? (value as string[]) : [value])
      if (one !== undefined && one !== '' && one !== false) params.append(name, String(one));
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

/** A query with other values; '' and undefined take them away. Pure. */
export function queryWith(search: string, values: Record<string, string | undefined>): string {
  const query = new URLSearchParams(search);
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined || value === '') query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

/** Everything that is shown comes in here: values, and names of what has names of people's own (labels, metadata). */
const read = <T>(json: string): T => JSON.parse(json, (_, value: unknown) => shown(value)) as T;

/** Of one value; those that it holds are done. */
function shown(value: unknown): unknown {
  if (typeof value === 'string') return seen(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value);
  // Almost always none has any; it is not made anew then.
  return entries.every(([name]) => seen(name) === name) ? value : Object.fromEntries(entries.map(([name, own]) => [seen(name), own]));
}

/** What was refused by the coordinator, or by somebody on the way. */
function refusal(response: Response, text: string): CallError {
  const isOurs = (response.headers.get('content-type') ?? '').startsWith('application/json');
  return new CallError(isOurs ? read<HttpError>(text) : { code: 'unavailable', message: `${response.status} ${text.slice(0, 200)}` });
}

/** One page's calls: they share a session. */
export class Api {
  #csrf: string | undefined;
  /** Called when a call is refused for who makes it: the session may be over, or may do something else by now. */
  onDoubt: () => void = () => undefined;

  /** Whose session there is; throws `unauthenticated` where a login is needed. */
  async session(): Promise<SessionInfo> {
    return this.#keep(await this.#call<SessionInfo>('GET', '/session'));
  }

  async login(token: string): Promise<SessionInfo> {
    return this.#keep(await this.#call<SessionInfo>('POST', '/session', { body: { token } }));
  }

  async logout(): Promise<void> {
    await this.#call('DELETE', '/session');
    this.#csrf = undefined;
  }

  get<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
    return this.#told(this.#call<T>('GET', path + queryText(query), signal ? { signal } : {}));
  }

  /** What was answered, letter by letter: for what goes back, not for what is shown. */
  exact<T>(path: string, signal?: AbortSignal): Promise<T> {
    return this.#told(this.#call<T>('GET', path, { isExact: true, ...(signal && { signal }) }));
  }

  /** Answers of many lines, each a document. */
  async lines<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T[]> {
    const text = await this.#told(this.#call<string>('GET', path + queryText(query), signal ? { signal } : {}));
    const lines = text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => read<T & { error?: HttpError }>(line));
    const failed = lines.at(-1)?.error;
    if (failed) throw new CallError(failed);
    return lines;
  }

  /** Such an answer as it comes; `exact` is the line itself, letter by letter. It may take long, as long as something comes. */
  steps<T>(path: string, signal: AbortSignal, take: (step: T, exact: string) => void): Promise<void> {
    return this.#told(this.#steps(path, signal, take));
  }

  post<T>(path: string, body: object = {}): Promise<T> {
    return this.#told(this.#call<T>('POST', path, { body }));
  }

  patch<T>(path: string, body: object): Promise<T> {
    return this.#told(this.#call<T>('PATCH', path, { body }));
  }

  /** The address of a stream of events. */
  eventsUrl(path: string): string {
    return ROOT + path;
  }

  /** Why a stream of events is refused; 'over': there is nothing more to hear; undefined: it is not refused, or not any more. */
  async refusalOf(url: string): Promise<CallError | 'over' | undefined> {
    const over = new AbortController();
    const limit = setTimeout(() => over.abort(), LIMIT_MS);
    try {
      const response = await fetch(url, { headers: { accept: 'text/event-stream' }, signal: over.signal });
      if (response.ok) return response.status === 204 ? 'over' : undefined;
      return refusal(response, await response.text());
    } catch {
      return new CallError({ code: 'unavailable', message: NO_ANSWER });
    } finally {
      clearTimeout(limit);
      over.abort();
    }
  }

  #keep(info: SessionInfo): SessionInfo {
    this.#csrf = info.csrfToken;
    return info;
  }

  async #told<T>(call: Promise<T>): Promise<T> {
    try {
      return await call;
    } catch (error) {
      if (error instanceof CallError && (error.code === 'unauthenticated' || error.code === 'permission_denied')) this.onDoubt();
      throw error;
    }
  }

  async #steps<T>(path: string, signal: AbortSignal, take: (step: T, exact: string) => void): Promise<void> {
    const silence = new AbortController();
    let limit = setTimeout(() => silence.abort(), LIMIT_MS);
    try {
      const response = await fetch(ROOT + path, { signal: AbortSignal.any([signal, silence.signal]) });
      if (!response.ok) throw refusal(response, await response.text());
      let rest = '';
      for (const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader(); ;) {
        const { done, value } = await reader.read();
        if (done) return;
        clearTimeout(limit);
        limit = setTimeout(() => silence.abort(), LIMIT_MS);
        const lines = (rest + value).split('\n');
        rest = lines.pop()!;
        for (const line of lines) {
          const step = read<T & { error?: HttpError }>(line);
          if (step.error) throw new CallError(step.error);
          take(step, line);
        }
      }
    } catch (error) {
      if (signal.aborted || error instanceof CallError) throw error;
      throw new CallError({ code: 'unavailable', message: NO_ANSWER });
    } finally {
      clearTimeout(limit);
    }
  }

  async #call<T>(
    method: string,
    path: string,
    { body, signal, isExact }: { body?: object; signal?: AbortSignal; isExact?: boolean } = {},
  ): Promise<T> {
    const limit = AbortSignal.timeout(LIMIT_MS);
    let response: Response;
    let text: string;
    try {
      response = await fetch(ROOT + path, {
        method,
        headers: {
          ...(body && { 'content-type': 'application/json' }),
          ...(method !== 'GET' && this.#csrf !== undefined && { 'x-assay-csrf': this.#csrf }),
        },
        ...(body && { body: JSON.stringify(body) }),
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
      });
      text = await response.text();
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new CallError({ code: 'unavailable', message: NO_ANSWER });
    }
    const type = response.headers.get('content-type') ?? '';
    if (response.ok) return (!type.startsWith('application/json') ? text : isExact ? JSON.parse(text) : read<T>(text)) as T;
    throw refusal(response, text);
  }
}

/** An event of a stream. */
export const eventOf = <T>(data: string): T => read<T>(data);

export const api = new Api();
