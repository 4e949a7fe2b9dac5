/**
 * Takes secrets out of texts: each of them as it is, and as the encodings write it in which it may be repeated to us. Exact matches only, so
 * what it leaves alone is left as it was. A text may come in pieces: what is cut into two by a border is found, too.
 */

/** What stands in a secret's place. */
export const REDACTED = '[key]';
/** A shorter one is found in texts that have nothing to do with it; such "keys" are placeholders of local endpoints. */
export const MIN_SECRET_CHARS = 4;
/** The same of answers and scores, where a word that is taken for a key changes what counts. */
export const MIN_CONTENT_SECRET_CHARS = 8;
/** Of a base64 text the first and the last group mix with what stands beside the secret; what is left of a short one says too little. */
const MIN_BASE64_CHARS = 8;

/** Secrets that came later than the first ones. */
const MAX_LEARNT = 64;

/** All ways of writing a secret that are looked for. */
export function formsOf(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const ascii = json.replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const url = encodeURIComponent(secret.toWellFormed());
  const lower = url.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
  const strict = (text: string): string => text.replace(/[!'()*~]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  const hex = Buffer.from(secret).toString('hex');
  const spelled = hex.replace(/../g, '\\x$&');
  const html = secret.replace(/[&<>"']/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[char]!);
  const forms = [
    ...[secret, json, json.replaceAll('/', '\\/'), ascii, JSON.stringify(json).slice(1, -1), html],
    ...[url, lower, strict(url), new URLSearchParams([['', secret]]).toString().slice(1), encodeURIComponent(url)],
    ...[hex, hex.toUpperCase(), spelled],
    ...base64Of(secret),
  ];
  return [...new Set(forms)];
}

/** What every base64 text has in it that the secret is a part of, at whatever place: three alignments, and both alphabets. */
function base64Of(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2].flatMap((shift) => {
    // Characters that depend on the secret's bytes alone.
    const first = Math.ceil((shift * 8) / 6);
    const end = Math.floor(((shift + bytes.length) * 8) / 6);
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .slice(first, end);
    return text.length < MIN_BASE64_CHARS ? [] : [text, text.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

const linesOf = (secrets: Iterable<string>): string[] =>
  [...secrets].flatMap((secret) => [secret, ...secret.split(/[\r\n]+/)]).filter((line) => line.length >= MIN_SECRET_CHARS);

const longestFirst = (secrets: Iterable<string>): string[] =>
  [...new Set([...secrets].flatMap(formsOf))].toSorted((a, b) => b.length - a.length);

/** Of those that begin at the same place the longest is taken. */
const patternOf = (forms: readonly string[]): RegExp | undefined =>
  forms.length === 0 ? undefined : new RegExp(forms.map(escaped).join('|'), 'g');

export class Redactor {
  readonly #secrets: ReadonlySet<string>;
  /** What came later, oldest first: at most `MAX_LEARNT` of them. */
  readonly #learnt = new Set<string>();
  readonly #copies: Redactor[] = [];
  #pattern: RegExp | undefined;
  #contentPattern: RegExp | undefined;
  #longest = 0;

  /** Of a secret of several lines, such as a certificate's key, each line is one. Those of less than `MIN_SECRET_CHARS` are left alone. */
  constructor(secrets: Iterable<string>) {
    this.#secrets = new Set(linesOf(secrets));
    this.#compile();
  }

  /** One that knows these as well, and whatever this one learns. */
  with(more: Iterable<string>): Redactor {
    const copy = new Redactor([...this.#secrets, ...this.#learnt, ...more]);
    this.#copies.push(copy);
    return copy;
  }

  /** From here on it knows this one as well. A key that was replaced may still be repeated, so the last `MAX_LEARNT` stay known. */
  learn(secret: string): void {
    for (const copy of this.#copies) copy.learn(secret);
    const news = linesOf([secret]).filter((line) => !this.#secrets.has(line) && !this.#learnt.has(line));
    if (news.length === 0) return;
    for (const line of news) this.#learnt.add(line);
    for (const line of this.#learnt) if (this.#learnt.size > MAX_LEARNT) this.#learnt.delete(line);
    this.#compile();
  }

  #compile(): void {
    const known = [...this.#secrets, ...this.#learnt];
    const forms = longestFirst(known);
    this.#longest = forms[0]?.length ?? 0;
    this.#pattern = patternOf(forms);
    this.#contentPattern = patternOf(longestFirst(known.filter((secret) => secret.length >= MIN_CONTENT_SECRET_CHARS)));
  }

  redact(text: string): string {
    return this.#pattern ? text.replace(this.#pattern, REDACTED) : text;
  }

  /** Whether there is anything to redact. */
  finds(text: string): boolean {
    return this.#pattern !== undefined && text.search(this.#pattern) >= 0;
  }

  /** A copy of what JSON can write, with all its texts redacted, names too; the value itself where nothing was found. */
  redactAll<T>(value: T): T {
    return this.#pattern ? (copyOf(value, (text) => this.redact(text)) as T) : value;
  }

  /** The same of what a model or a scorer has answered; secrets of less than `MIN_CONTENT_SECRET_CHARS` are left alone there. */
  redactContent<T>(value: T): T {
    const pattern = this.#contentPattern;
    return pattern ? (copyOf(value, (text) => text.replace(pattern, REDACTED)) as T) : value;
  }

  /**
   * For a text in pieces. What may be the beginning of a secret is held back until the pieces after it say whether it is one: less than the
   * longest form of any secret. All that is pushed and the end together are `redact` of the whole.
   */
  stream(): RedactedText {
    let rest = '';
    const take = (isEnd: boolean): string => {
      // What was learnt since the last piece counts as well.
      const pattern = this.#pattern;
      if (!pattern) {
        const all = rest;
        rest = '';
        return all;
      }
      // Whatever begins before here lies in `rest` as a whole.
      const sure = isEnd ? rest.length : rest.length - this.#longest + 1;
      let taken = '';
      let from = 0;
      pattern.lastIndex = 0;
      for (let found = pattern.exec(rest); found && found.index < sure; found = pattern.exec(rest)) {
        taken += rest.slice(from, found.index) + REDACTED;
        from = found.index + found[0].length;
      }
      const end = Math.max(from, Math.min(sure, rest.length));
      if (end > from) taken += rest.slice(from, end);
      rest = rest.slice(end);
      return taken;
    };
    return {
      push(piece) {
        rest += piece;
        return take(false);
      },
      end: () => take(true),
    };
  }
}

function copyOf(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) {
    const copy = value.map((item) => copyOf(item, redact));
    return copy.some((item, i) => item !== value[i]) ? copy : value;
  }
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  let isOther = false;
  const entries = Object.entries(value).map(([name, item]) => {
    const entry = [redact(name), copyOf(item, redact)] as const;
    isOther ||= entry[0] !== name || entry[1] !== item;
    return entry;
  });
  return isOther ? Object.fromEntries(entries) : value;
}

export interface RedactedText {
  /** The next piece; returns what can be told by now. */
  push(piece: string): string;
  /** What was held back. */
  end(): string;
}
