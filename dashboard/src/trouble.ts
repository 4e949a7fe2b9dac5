/** What is wrong with a stream of events, or with what is asked for again, what becomes of it by itself, and what the reader can do. Pure. */
import type { CallError } from './api.ts';

/** The first try is soon, the later ones ever less so. */
const FIRST_MS = 1_000;
const MOST_MS = 30_000;

/** Between two tries; `failures`: how many there were without anything told in between. */
export const pauseMs = (failures: number, retryAfterMs = 0): number =>
  Math.max(retryAfterMs, Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(10, Math.max(0, failures - 1))));

export interface Trouble {
  error: CallError;
  /** When it is tried again by itself; undefined: only when somebody asks for it. */
  againAtMs: number | undefined;
}

/** Another try would be told the same, until somebody has done something. */
const STAYS = new Set(['permission_denied', 'not_found', 'invalid', 'unimplemented', 'failed_precondition']);

export const isForNow = ({ code }: CallError): boolean => !STAYS.has(code);

/**
 * Until something that is asked for is asked for again; undefined: only when somebody asks for it. `everyMs` 0: not again once it is answered.
 * `failures`: how many there were without an answer in between.
 */
export function againMs(everyMs: number, failures: number, error?: CallError): number | undefined {
  if (!error) return everyMs > 0 ? everyMs : undefined;
  if (!isForNow(error)) return undefined;
  return everyMs > 0 ? Math.max(everyMs, error.retryAfterMs ?? 0) : pauseMs(failures, error.retryAfterMs);
}

/** What the reader can do; '' where there is only to wait. */
const REMEDIES: Readonly<Record<string, string>> = {
  permission_denied: 'Log in with a token that may see this.',
  not_found: 'It was removed, or never was: the list shows what there is.',
  resource_exhausted: 'Close pages that nobody looks at.',
  unimplemented: 'The coordinator is of an earlier release than this page: reload it.',
};

export const remedyOf = ({ code }: CallError): string => REMEDIES[code] ?? '';

/** What a coordinator says, as a sentence in front of another one. */
export const sentence = (text: string): string => (/[.!?:;]$/.test(text) ? text : `${text}.`);
