/** Numbers and times for people, in the command line and in the page. Pure. */

/** 1234567 → 1,234,567. */
export const count = (n: number): string => String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ',');

/** `1 agent`, `2 agents`. */
export const plural = (n: number, word: string): string => `${count(n)} ${word}${n === 1 ? '' : 's'}`;

/** 0.4 s, 12 s, 3 min 5 s, 2 h 4 min, 3 days. */
export function duration(ms: number): string {
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${Math.round(minutes / 60 / 24)} days`;
}

/** The same of single calls, where less than a second counts: 8 ms, 412 ms, 1.3 s. */
export const fineDuration = (ms: number): string => (ms < 1_000 ? `${Math.max(0, Math.round(ms))} ms` : duration(ms));

/** Samples a second: 0.42/s, 4.2/s, 42/s. */
export const perSecond = (rate: number): string => `${rate < 1 ? rate.toFixed(2) : rate < 10 ? rate.toFixed(1) : count(rate)}/s`;

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** `512 B`, `1.5 GiB`. */
export function bytesInWords(bytes: number): string {
  const power = Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const value = bytes / 1024 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${BYTE_UNITS[power]}`;
}
