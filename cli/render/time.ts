/** Times for people. All are milliseconds since the Unix epoch; 0 is a time that has not come. Pure. */

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `2026-11-22T14:03:11Z`; '' for 0. */
export const isoTime = (ms: number): string => (ms > 0 ? `${new Date(ms).toISOString().slice(0, 19)}Z` : '');

/** `just now`, `42 s ago`, `3 min ago`, `5 h ago`, `12 days ago`; '' for 0. Clocks that differ a little make no time of the future. */
export function ago(ms: number, nowMs: number): string {
  if (ms <= 0) return '';
  const seconds = Math.max(0, Math.floor((nowMs - ms) / 1000));
  if (seconds < 2) return 'just now';
  return `${span(seconds)} ago`;
}

/** A length of time in its largest unit: `42 s`, `3 min`, `5 h`, `12 days`. */
export function span(seconds: number): string {
  if (seconds < MINUTE) return `${Math.floor(seconds)} s`;
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} min`;
  if (seconds < 2 * DAY) return `${Math.floor(seconds / HOUR)} h`;
  return `${Math.floor(seconds / DAY)} days`;
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: MINUTE, min: MINUTE, h: HOUR, d: DAY, w: 7 * DAY };

/** A point in time as it is typed: how long ago (`90s`, `30min`, `6h`, `2d`, `1w`) or a date (ISO 8601). Undefined: neither. */
export function parsePast(text: string, nowMs: number): number | undefined {
  const back = /^(\d{1,6}(?:\.\d{1,3})?)\s?(s|m|min|h|d|w)$/.exec(text.trim());
  if (back) return Math.max(1, Math.round(nowMs - Number(back[1]) * UNITS[back[2]!]! * 1000));
  if (!/^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/.test(text.trim())) return undefined;
  const ms = Date.parse(text.trim());
  return Number.isNaN(ms) || ms <= 0 ? undefined : ms;
}
