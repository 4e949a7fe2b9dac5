/** Numbers and times for people: those that terminals have as well, and the page's own. Pure, but for the time zone. */

export { bytesInWords as bytes, count, fineDuration as duration, perSecond, plural } from '../../shared/domain/words.ts';
import { count } from '../../shared/domain/words.ts';

/** 999, 4.8k, 120k, 3.2M. */
export function compact(n: number): string {
  const power = ['', 'k', 'M', 'G', 'T'].findIndex((_, i) => n < 999.5 * 1000 ** i || i === 4);
  const value = n / 1000 ** power;
  return `${power === 0 || value >= 99.5 ? Math.round(value) : Number(value.toPrecision(2))}${['', 'k', 'M', 'G', 'T'][power]}`;
}

/** `just now`, `4 min ago`. */
export function ago(atMs: number, nowMs: number): string {
  const ms = nowMs - atMs;
  if (atMs <= 0) return '–';
  if (ms < 5_000) return 'just now';
  if (ms < 60_000) return `${Math.floor(ms / 1000)} s ago`;
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} min ago`;
  if (ms < 48 * 3_600_000) return `${Math.floor(ms / 3_600_000)} h ago`;
  return `${Math.floor(ms / 86_400_000)} days ago`;
}

/** Of a clock: `05`. */
export const two = (n: number): string => String(n).padStart(2, '0');
/** 2026-03-09 14:05:30, in the reader's time zone. */
export function moment(atMs: number): string {
  if (atMs <= 0) return '–';
  const d = new Date(atMs);
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())} ${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`;
}

/** 2026-03-09T14:05, in the reader's time zone, as boxes for a moment want it. */
export const localMinute = (atMs: number): string => moment(atMs).slice(0, 16).replace(' ', 'T');

/** A text of the coordinator's, whose times are of UTC, with those of the reader's time zone. */
export const localTimes = (text: string): string =>
  text.replace(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, (at) => {
    const atMs = Date.parse(at);
    return Number.isNaN(atMs) ? at : moment(atMs);
  });

/** A score or its error, to four places: what more there is says nothing. */
export const fixed = (value: number): string =>
  Math.abs(value) >= 1000 ? count(value) : value.toFixed(value !== 0 && Math.abs(value) < 10 ? 3 : 1);

/** `1 sample, 2 benchmarks`: the first names, and how many more. */
export const some = (names: readonly string[], most = 2): string =>
  names.length <= most ? names.join(', ') : `${names.slice(0, most).join(', ')} +${names.length - most}`;
