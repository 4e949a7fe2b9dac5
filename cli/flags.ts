/** Readers of options that have a form: pairs, numbers, words of a list. Each gathers its faults, so that all are told at once. */
import { AppError, invalid, type Fault } from '../shared/domain/errors.ts';
import type { Namespaces } from '../shared/domain/identity.ts';
import { nearestName } from '../shared/domain/nearest-name.ts';
import { plainText } from './render/text.ts';

/** Collects an option that may be given several times. */
export const collect = (value: string, before: string[] = []): string[] => [...before, value];

/** The faults of one command line. */
export class Faults {
  readonly #faults: Fault[] = [];

  add(place: string, problem: string): undefined {
    this.#faults.push({ place, problem });
  }

  /** What `read` gives; where it throws `invalid`, that is a fault of this place. */
  of<T>(place: string, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      const { code, message } = AppError.from(error);
      if (code !== 'invalid') throw error;
      return this.add(place, message);
    }
  }

  /** Throws `invalid` with all of them, if there are any. */
  throwIfAny(): void {
    if (this.#faults.length > 0) throw invalid('the command line', this.#faults);
  }
}

const quoted = (text: string): string => `'${plainText(text).slice(0, 80)}'`;

/** `NAME=VALUE`, several times; a value may be empty and may contain `=`. */
export function pairsOf(option: string, texts: readonly string[], faults: Faults): Record<string, string> {
  const pairs: [string, string][] = [];
  for (const text of texts) {
    const at = text.indexOf('=');
    if (at > 0) pairs.push([text.slice(0, at), text.slice(at + 1)]);
    else faults.add(option, `${quoted(text)} is no pair; write NAME=VALUE`);
  }
  return Object.fromEntries(pairs);
}

/** Words of a closed list, given several times or separated by commas. */
export function wordsOf<Word extends string>(option: string, texts: readonly string[], known: readonly Word[], faults: Faults): Word[] {
  const words: Word[] = [];
  for (const text of texts.flatMap((t) => t.split(',')).map((t) => t.trim())) {
    const word = known.find((k) => k === text.toLowerCase());
    const near = nearestName(text, known);
    if (word) words.push(word);
    else faults.add(option, `${quoted(text)} is none of ${known.join(', ')}${near ? `; did you mean ${near}?` : ''}`);
  }
  return words;
}

/** A whole number from `least` to `most`. */
export function wholeOf(option: string, text: string, range: { least: number; most: number }, faults: Faults): number | undefined {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= range.least && number <= range.most) return number;
  return faults.add(option, `${quoted(text)} is no whole number from ${range.least} to ${range.most}`);
}

/** Dollars, as millionths of one. */
export function microUsdOf(option: string, text: string, faults: Faults): number | undefined {
  if (/^\$?\d{1,9}(\.\d{1,6})?$/.test(text)) return Math.round(Number(text.replace('$', '')) * 1e6);
  return faults.add(option, `${quoted(text)} is no number of dollars; write one such as 50, 12.50`);
}

/** A number between 0 and 1, neither of them. */
export function shareOf(option: string, text: string, faults: Faults): number | undefined {
  const number = Number(text);
  if (/^0?\.\d+$/.test(text) && number > 0 && number < 1) return number;
  return faults.add(option, `${quoted(text)} is no share between 0 and 1; write one such as 0.95`);
}

const UNITS_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** A time span with its unit, in milliseconds. */
export function spanOf(option: string, text: string, faults: Faults, mostDays = Infinity): number | undefined {
  const [, number, unit] = /^(\d{1,6})(s|m|min|h|d)$/.exec(text) ?? [];
  if (number !== undefined) {
    const ms = Number(number) * UNITS_MS[unit!]!;
    return ms <= mostDays * UNITS_MS['d']! ? ms : faults.add(option, `${quoted(text)} is too long; write ${mostDays}d at most`);
  }
  return faults.add(option, `${quoted(text)} is no time span; write one such as 30m, 24h, 7d`);
}

/** How long something holds that is made now. None is no time, and to the coordinator would mean its default. */
export function lifeOf(option: string, text: string, faults: Faults): number | undefined {
  const ms = spanOf(option, text, faults);
  return ms === 0 ? faults.add(option, `${quoted(text)} is over before it begins; write 1s at least`) : ms;
}

/** Names of namespaces by commas, or the star alone, which is all of them. */
export function namespacesOf(option: string, text: string, faults: Faults): Namespaces {
  const names = text.split(',').flatMap((part) => part.trim() || []);
  if (names.length === 0) faults.add(option, "is empty; write a name, or '*'");
  if (!names.includes('*')) return names;
  if (names.some((name) => name !== '*'))
    faults.add(option, `${quoted(text)} has names beside '*', which is all of them; write one or the other`);
  return '*';
}

const UNITS_BYTES: Readonly<Record<string, number>> = { '': 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 };

/** A number of bytes, with or without a unit. */
export function bytesOf(option: string, text: string, faults: Faults): number | undefined {
  const [, number, unit = ''] = /^(\d{1,15})(KiB|MiB|GiB|TiB)?$/.exec(text) ?? [];
  const bytes = Number(number) * UNITS_BYTES[unit]!;
  if (Number.isSafeInteger(bytes)) return bytes;
  return faults.add(option, `${quoted(text)} is no number of bytes; write one such as 500000, 10GiB`);
}
