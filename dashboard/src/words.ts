/** Numbers and times for people. Pure, but for the time zone. */

/** 1234567 → 1,234,567. */
export const count = (n: number): string => String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ',');

/** 999, 4.8k, 120k, 3.2M. */
export function compact(n: number): string {
  const power = ['', 'k', 'M', 'G', 'T'].findIndex((_, i) => n < 999.5 * 1000 ** i || i === 4);
  const value = n / 1000 ** power;
  return `${power === 0 || value >= 99.5 ? Math.round(value) : Number(value.toPrecision(2))}${['', 'k', 'M', 'G', 'T'][power]}`;
}

export const plural = (n: number, word: string): string => `${count(n)} ${word}${n === 1 ? '' : 's'}`;

/** 0.4 s, 12 s, 3 min, 2 h 4 min, 3 days. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${Math.round(minutes / 60 / 24)} days`;
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

const two = (n: number): string => String(n).padStart(2, '0');
/** 2026-03-09 14:05:30, in the reader's time zone. */
export function moment(atMs: number): string {
  if (atMs <= 0) return '–';
  const d = new Date(atMs);
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())} ${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`;
}

export const perSecond = (rate: number): string => `${rate < 1 ? rate.toFixed(2) : rate < 10 ? rate.toFixed(1) : count(rate)}/s`;

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
export function bytes(n: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log2(Math.max(1, n)) / 10));
  const value = n / 1024 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[power]}`;
}

/** A score or its error, to four places: what more there is says nothing. */
export const fixed = (value: number): string =>
  Math.abs(value) >= 1000 ? count(value) : value.toFixed(value !== 0 && Math.abs(value) < 10 ? 3 : 1);

/** `1 sample, 2 benchmarks`: the first names, and how many more. */
export const some = (names: readonly string[], most = 2): string =>
  names.length <= most ? names.join(', ') : `${names.slice(0, most).join(', ')} +${names.length - most}`;
