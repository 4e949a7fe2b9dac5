/**
 * Reads the settings of a process: flags before environment before YAML file before default. One name serves all three:
 * `token_file` is `--token-file`, `ASSAY_TOKEN_FILE` and `token_file:`. Every fault is collected with its place; `finish`
 * throws them all at once. Unknown keys of the file are faults too.
 */
import { dirname, resolve } from 'node:path';
import { invalid, type Fault } from '../domain/errors.ts';
import { nearestName } from '../domain/nearest-name.ts';
import type { ConfigFile } from './config-file.ts';

export interface ConfigSources {
  /** What is configured, for the error: `coordinator configuration`. */
  what: string;
  /** As a command-line parser gives them, in camel case; undefined where a flag was not given. */
  flags?: Readonly<Record<string, unknown>>;
  environment?: Readonly<Record<string, string | undefined>>;
  file?: ConfigFile | undefined;
  /** Default `ASSAY_`. */
  environmentPrefix?: string;
  /** What relative paths of flags and variables start from; default the working directory. Those of a file start from its folder. */
  directory?: string;
}

interface Common<D> {
  default?: D;
  /** Its absence is a fault, and this says what to do: `name it by --redis redis://host:port`. */
  required?: string;
}

/** A value as it was found: `place` is for people, `folder` what its relative paths start from. */
export interface Found {
  value: unknown;
  place: string;
  folder: string;
}

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const TRUE = new Set(['true', 'yes', 'on', '1']);
const FALSE = new Set(['false', 'no', 'off', '0']);

export class ConfigReader {
  readonly #sources: ConfigSources;
  readonly #asked = new Set<string>();
  readonly #faults: Fault[] = [];

  constructor(sources: ConfigSources) {
    this.#sources = sources;
  }

  /** The value of the strongest source that has one. Empty variables and YAML nulls count as absent. */
  find(name: string): Found | undefined {
    this.#asked.add(name);
    const { flags, environment, file, environmentPrefix = 'ASSAY_', directory = process.cwd() } = this.#sources;
    const flag = flags?.[name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())];
    if (flag !== undefined) return { value: flag, place: `--${name.replaceAll('_', '-')}`, folder: directory };
    const variable = `${environmentPrefix}${name.toUpperCase()}`;
    const text = environment?.[variable];
    if (text) return { value: text, place: variable, folder: directory };
    const value = file?.values[name];
    if (file && value !== undefined && value !== null)
      return { value, place: `${file.path}: ${name}`, folder: dirname(resolve(file.path)) };
    return undefined;
  }

  /** A text of at least one character. `secret`: a fault does not repeat it. */
  string<D extends string | undefined = undefined>(name: string, options: Common<D> & { secret?: boolean } = {}): string | D {
    return this.#read(name, options, (found) => {
      const text = typeof found.value === 'number' ? String(found.value) : found.value;
      if (typeof text === 'string' && text !== '') return text;
      return this.#refuse(found, 'is no text', 'write one', options.secret);
    });
  }

  /** A whole number between `min` (default 0) and `max`. */
  int<D extends number | undefined = undefined>(name: string, options: Common<D> & { min?: number; max?: number } = {}): number | D {
    const { min = 0, max = Number.MAX_SAFE_INTEGER } = options;
    return this.#read(name, options, (found) => {
      const number = typeof found.value === 'string' && /^[+-]?\d+$/.test(found.value.trim()) ? Number(found.value) : found.value;
      if (Number.isSafeInteger(number) && (number as number) >= min && (number as number) <= max) return number as number;
      const range = max === Number.MAX_SAFE_INTEGER ? `of ${min} or more` : `from ${min} to ${max}`;
      return this.#refuse(found, 'is not such a whole number', `write one ${range}`);
    });
  }

  /** A duration such as `500ms`, `30s`, `5m`, `1h`, in milliseconds; a bare number only where the name ends in `_ms`. */
  ms<D extends number | undefined = undefined>(name: string, options: Common<D> & { minMs?: number; maxMs?: number } = {}): number | D {
    const { minMs = 0, maxMs = 2 ** 31 - 1 } = options; // what a timer can hold
    return this.#read(name, options, (found) => {
      const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)?$/.exec(String(found.value).trim());
      const unit = match?.[2] ?? (name.endsWith('_ms') ? 'ms' : undefined);
      const ms = match && unit ? Number(match[1]) * UNITS_MS[unit]! : Number.NaN;
      if (ms >= minMs && ms <= maxMs) return Math.round(ms);
      return this.#refuse(
        found,
        'is not such a duration',
        `write one from ${minMs} ms to ${maxMs} ms with its unit, such as 500ms, 30s, 5m`,
      );
    });
  }

  boolean<D extends boolean | undefined = undefined>(name: string, options: Common<D> = {}): boolean | D {
    return this.#read(name, options, (found) => {
      const text = String(found.value).trim().toLowerCase();
      if (TRUE.has(text)) return true;
      if (FALSE.has(text)) return false;
      return this.#refuse(found, 'is neither yes nor no', 'write true or false');
    });
  }

  /** One of a few words. */
  oneOf<T extends string, D extends T | undefined = undefined>(name: string, words: readonly T[], options: Common<D> = {}): T | D {
    return this.#read(name, options, (found) => {
      const word = words.find((known) => known === found.value);
      return word ?? this.#refuse(found, 'is not known', `write one of ${words.join(', ')}`);
    });
  }

  /** Texts: a list, or one text with commas. Blank entries fall away. */
  list<D extends readonly string[] | undefined = undefined>(name: string, options: Common<D> = {}): string[] | D {
    return this.#read(name, options, (found) => {
      const parts: unknown[] = Array.isArray(found.value) ? found.value : [found.value];
      if (parts.every((part) => typeof part === 'string' || typeof part === 'number')) {
        const texts = parts.flatMap((part) => String(part).split(',')).map((part) => part.trim());
        const kept = texts.filter((part) => part !== '');
        if (kept.length > 0) return kept;
      }
      return this.#refuse(found, 'is no list of texts', 'write one or several, separated by commas');
    });
  }

  /** A URL with one of the schemes (without colon). Faults do not repeat its password. */
  url<D extends string | undefined = undefined>(name: string, options: Common<D> & { schemes: readonly string[] }): string | D {
    return this.#read(name, options, (found) => {
      const url = typeof found.value === 'string' ? URL.parse(found.value) : null;
      if (url && options.schemes.includes(url.protocol.slice(0, -1))) return found.value as string;
      const shown = { ...found, value: String(found.value).replace(/(\/\/[^/@]*:)[^@]*@/, '$1***@') };
      return this.#refuse(
        shown,
        'is not such a URL',
        `write one that starts with ${options.schemes.map((scheme) => `${scheme}:`).join(' or ')}`,
      );
    });
  }

  /** An absolute path. */
  path<D extends string | undefined = undefined>(name: string, options: Common<D> = {}): string | D {
    return this.#read(name, options, (found) => {
      if (typeof found.value === 'string' && found.value !== '' && !found.value.includes('\0')) return resolve(found.folder, found.value);
      return this.#refuse(found, 'is no path', 'write one');
    });
  }

  /** Adds a fault of the caller's own: a relation between settings, or something inside a nested value. */
  fault(place: string, problem: string): void {
    this.#faults.push({ place, problem });
  }

  /** To be called when everything is read: throws AppError `invalid` with all faults, if there is one. */
  finish(): void {
    const { file, what } = this.#sources;
    for (const key of Object.keys(file?.values ?? {}).filter((name) => !this.#asked.has(name))) {
      const meant = nearestName(key, [...this.#asked]);
      const remedy = meant ? `did you mean ${meant}?` : `known are ${[...this.#asked].toSorted().join(', ')}`;
      this.fault(`${file!.path}: ${key}`, `is not known here; ${remedy}`);
    }
    if (this.#faults.length > 0) throw invalid(what, this.#faults);
  }

  /** After a fault the default stands in, which nobody sees: `finish` throws. */
  #read<T, D>(name: string, options: Common<D>, convert: (found: Found) => T | undefined): T | D {
    const found = this.find(name);
    if (!found && options.required) this.fault(name, `is missing; ${options.required}`);
    return (found && convert(found)) ?? (options.default as D);
  }

  #refuse(found: Found, problem: string, remedy: string, secret = false): undefined {
    const shown = secret ? 'its value' : (JSON.stringify(found.value) ?? String(found.value)).slice(0, 120);
    this.fault(found.place, `${shown} ${problem}; ${remedy}`);
  }
}
