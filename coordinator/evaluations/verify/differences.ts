/** Collects where two things that should be equal are not; bounded, whatever is wrong. */
import type { BooksDifference } from '../../../shared/client/books.ts';

const MAX_DIFFERENCES = 100;
const MAX_TEXT = 300;

export class Differences {
  readonly items: BooksDifference[] = [];
  /** Those that are not in `items`. */
  more = 0;

  add(place: string, expected: string, found: string): void {
    if (this.items.length < MAX_DIFFERENCES) this.items.push({ place, expected: cut(expected), found: cut(found) });
    else this.more++;
  }

  /** Compares JSON values; each leaf that differs is a difference of its own. */
  compare(place: string, expected: unknown, found: unknown): void {
    if (Object.is(expected, found)) return;
    if (isRecord(expected) && isRecord(found) && Array.isArray(expected) === Array.isArray(found)) {
      for (const key of new Set([...Object.keys(expected), ...Object.keys(found)]))
        this.compare(Array.isArray(expected) ? `${place}[${key}]` : `${place}.${key}`, expected[key], found[key]);
      return;
    }
    this.add(place, textOf(expected), textOf(found));
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const textOf = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));
const cut = (text: string): string => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text);
