/**
 * Streams of events, as a page hears them. One that breaks off goes on by itself behind the last event; one that is refused, or that says `failed`, is
 * told to the reader, and tried again where that may help. While nobody looks at the page nothing is heard: a browser has six connections to a host.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { HttpError } from '../../shared/http/errors.ts';
import { api, CallError, eventOf, queryText } from './api.ts';
import { isForNow, pauseMs, type Trouble } from './trouble.ts';

/** A page that is hidden for longer hears nothing until it is seen again. */
const HIDDEN_MS = 10_000;
/** A break that is mended sooner is none. */
const SILENT_MS = 4_000;

export interface Stream {
  isOpen: boolean;
  /** When something was told last; 0: nothing yet. */
  toldAtMs: number;
  /** Why it is not open, where that is not over in a moment. */
  trouble: Trouble | undefined;
  /** Tries now. */
  again: () => void;
}

/** Nothing was heard yet, and nothing went wrong. */
export const isConnecting = ({ isOpen, toldAtMs, trouble }: Stream): boolean => !isOpen && toldAtMs === 0 && !trouble;

/** Hears a stream until it is over; without a path none. `goesOn`: its events have ids, behind which it goes on. */
export function useStream(
  path: string | undefined,
  kinds: readonly string[],
  take: (data: unknown) => void,
  { goesOn = false }: { goesOn?: boolean } = {},
): Stream {
  const [state, setState] = useState<Omit<Stream, 'again'>>({ isOpen: false, toldAtMs: 0, trouble: undefined });
  const latest = useRef(take);
  latest.current = take;
  const hearing = useRef<Hearing>(undefined);
  useEffect(() => {
    setState({ isOpen: false, toldAtMs: 0, trouble: undefined });
    if (path === undefined) return;
    const own = new Hearing(path, kinds, goesOn, (data) => latest.current(data), setState);
    hearing.current = own;
    own.begin();
    return () => own.end();
  }, [path, kinds.join(' ')]);
  return { ...state, again: () => hearing.current?.again() };
}

class Hearing {
  readonly #path: string;
  readonly #kinds: readonly string[];
  readonly #goesOn: boolean;
  readonly #take: (data: unknown) => void;
  readonly #tell: (state: Omit<Stream, 'again'>) => void;
  #state: Omit<Stream, 'again'> = { isOpen: false, toldAtMs: 0, trouble: undefined };
  #source: EventSource | undefined;
  #cursor = '';
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #isOver = false;
  #isResting = false;

  constructor(
    path: string,
    kinds: readonly string[],
    goesOn: boolean,
    take: (data: unknown) => void,
    tell: (state: Omit<Stream, 'again'>) => void,
  ) {
    this.#path = path;
    this.#kinds = kinds;
    this.#goesOn = goesOn;
    this.#take = take;
    this.#tell = tell;
  }

  begin(): void {
    document.addEventListener('visibilitychange', this.#onSeen);
    this.#open();
    // Opened where nobody looks.
    if (document.hidden) this.#onSeen();
  }

  end(): void {
    this.#isOver = true;
    document.removeEventListener('visibilitychange', this.#onSeen);
    clearTimeout(this.#rest);
    this.#close();
  }

  again(): void {
    if (this.#isOver || this.#isResting) return;
    this.#close();
    this.#open();
  }

  #set(change: Partial<Omit<Stream, 'again'>>): void {
    if (this.#isOver) return;
    this.#state = { ...this.#state, ...change };
    this.#tell(this.#state);
  }

  readonly #onSeen = (): void => {
    clearTimeout(this.#rest);
    if (!document.hidden) {
      if (!this.#isResting) return;
      this.#isResting = false;
      this.#open();
      return;
    }
    this.#rest = setTimeout(() => {
      this.#isResting = true;
      this.#close();
      this.#set({ isOpen: false });
    }, HIDDEN_MS);
  };

  #close(): void {
    this.#source?.close();
    this.#source = undefined;
    clearTimeout(this.#timer);
    this.#heard();
  }

  #heard(): void {
    clearTimeout(this.#silence);
    this.#silence = undefined;
  }

  #url(): string {
    const more = this.#goesOn && this.#cursor !== '' ? queryText({ cursor: this.#cursor }).slice(1) : '';
    return api.eventsUrl(more === '' ? this.#path : `${this.#path}${this.#path.includes('?') ? '&' : '?'}${more}`);
  }

  #open(): void {
    const source = new EventSource(this.#url());
    this.#source = source;
    source.addEventListener('open', () => {
      this.#heard();
      // Whoever is answered may still be told `failed`; whoever was not, is.
      this.#set({ isOpen: true, ...(this.#state.trouble?.error.code === 'unavailable' && { trouble: undefined }) });
    });
    source.addEventListener('error', () => {
      this.#set({ isOpen: false });
      // The browser tries again by itself where a connection broke, and never where it was refused.
      if (source.readyState === EventSource.CLOSED) void this.#refused(source);
      else this.#isSilent();
    });
    for (const kind of this.#kinds)
      source.addEventListener(kind, (event) => {
        const { data, lastEventId } = event as MessageEvent<string>;
        this.#cursor = lastEventId;
        this.#failures = 0;
        this.#set({ toldAtMs: Date.now(), trouble: undefined });
        this.#take(eventOf(data));
      });
    source.addEventListener('end', () => {
      this.#close();
      this.#set({ isOpen: false, trouble: undefined });
    });
    source.addEventListener('failed', (event) => this.#failed(eventOf<HttpError>((event as MessageEvent<string>).data)));
  }

  /** Nobody answers: it is told, and the browser goes on trying. */
  #isSilent(): void {
    this.#silence ??= setTimeout(() => {
      const error = new CallError({ code: 'unavailable', message: 'The coordinator does not answer.' });
      this.#set({ trouble: { error, againAtMs: undefined } });
    }, SILENT_MS);
  }

  /** Why it was refused stands in an answer that an EventSource does not show. */
  async #refused(source: EventSource): Promise<void> {
    const why = await api.refusalOf(this.#url());
    if (this.#source !== source) return;
    if (why instanceof CallError) return this.#failed(why);
    this.#close();
    // It is told that there is nothing more to tell.
    if (why === 'over') return this.#set({ toldAtMs: Date.now(), trouble: undefined });
    // Meanwhile it would be answered.
    this.#timer = setTimeout(() => this.again(), pauseMs(++this.#failures));
  }

  #failed(told: HttpError | CallError): void {
    this.#close();
    const error = told instanceof CallError ? told : new CallError(told);
    if (error.code === 'unauthenticated' || error.code === 'permission_denied') api.onDoubt();
    const waitMs = pauseMs(++this.#failures, told.retryAfterMs);
    if (isForNow(error)) this.#timer = setTimeout(() => this.again(), waitMs);
    // Either a login is asked for in a moment, or the next try is answered: whoever may do something else by now has to call again.
    if (error.code === 'unauthenticated' && this.#failures === 1) return this.#set({ isOpen: false });
    this.#set({ isOpen: false, trouble: { error, againAtMs: isForNow(error) ? Date.now() + waitMs : undefined } });
  }
}
