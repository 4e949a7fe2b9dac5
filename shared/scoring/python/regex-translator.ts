/** From Python's regular expression syntax to RE2's, in one pass; see `regex.ts` for what differs. */
import { AppError } from '../../domain/errors.ts';
import { classItem, codeText, escapedCode, escapeLiteral, escapeOutside } from './regex-escapes.ts';
import { noMentions, type Mentions } from './word-edges.ts';

interface Flags {
  verbose: boolean;
  ascii: boolean;
  multiline: boolean;
}

/** Deeper nesting is nobody's pattern, and the engine's parser recurses. */
const MAX_DEPTH = 100;

const REFUSED: [prefix: string, what: string][] = [
  ['(?=', 'a look-ahead'],
  ['(?!', 'a negative look-ahead'],
  ['(?<=', 'a look-behind'],
  ['(?<!', 'a negative look-behind'],
  ['(?P=', 'a backreference'],
  ['(?(', 'a conditional group'],
  ['(?>', 'an atomic group'],
];

interface Atom {
  text: string;
  /** Whether a quantifier may follow. */
  repeats: boolean;
  /** Whether it can match nothing; and has capture groups. */
  empty?: boolean;
  captures?: boolean;
}

export class RegexTranslator {
  readonly #pattern: string;
  readonly #standIns: ReadonlyMap<number, number>;
  readonly #mentions = noMentions();
  #at = 0;
  #groups = 0;
  #depth = 0;
  readonly #userGroups: number[] = [];
  readonly #endGroups: number[] = [];

  /** `standIns`: what characters that the pattern names become, see `word-edges.ts`. */
  constructor(pattern: string, standIns: ReadonlyMap<number, number> = new Map()) {
    this.#pattern = pattern;
    this.#standIns = standIns;
  }

  /** The RE2 source; which of its groups are the pattern's own; which stand for a `$` before the last line feed. */
  translate(): { source: string; userGroups: number[]; endGroups: number[]; mentions: Mentions } {
    const source = this.#sequence({ verbose: false, ascii: false, multiline: false }).text;
    if (this.#at < this.#pattern.length) this.#refuse('has a ) without its (', 'write \\) for a parenthesis');
    return { source, userGroups: this.#userGroups, endGroups: this.#endGroups, mentions: this.#mentions };
  }

  /** Up to the closing parenthesis of the group, or the end. */
  #sequence(flags: Flags): { text: string; empty: boolean } {
    let out = '';
    /** What a quantifier may follow. */
    let item: Atom | undefined;
    /** Whether what is read of this alternative can match nothing; and whether one before it can. */
    let empty = true;
    let emptyBefore = false;
    let beforeItem = true;
    while (this.#at < this.#pattern.length && this.#peek() !== ')') {
      const char = this.#peek();
      if (flags.verbose && /\s/.test(char)) this.#at++;
      else if (flags.verbose && char === '#') this.#skipLine();
      else if (this.#startsWith('(?#')) this.#skipComment();
      else {
        const quantifier = this.#quantifier();
        if (quantifier !== undefined) {
          if (!item) this.#refuse(`has "${quantifier}" with nothing before it to repeat`, `write \\${quantifier[0]} for the character`);
          if (item.empty && item.captures && /^[*+]|^\{\d+,\}/.test(quantifier))
            this.#refuse(
              `repeats by "${quantifier}" a group that can match nothing, around or with an answer's ( ), which linear matching reads otherwise than Python`,
              'let each repetition take a character',
            );
          out += quantifier;
          if (/^(?:[*?]|\{0)/.test(quantifier)) empty = beforeItem;
          item = undefined;
        } else {
          const atom = this.#atom(flags);
          out += atom.text;
          item = atom.repeats ? atom : undefined;
          if (atom.text === '|') {
            emptyBefore ||= empty;
            empty = true;
          } else {
            beforeItem = empty;
            empty &&= atom.empty ?? !atom.repeats;
          }
        }
      }
    }
    return { text: out, empty: empty || emptyBefore };
  }

  #atom(flags: Flags): Atom {
    const char = this.#peek();
    switch (char) {
      case '(':
        return this.#group(flags);
      case '[':
        return { text: this.#class(flags), repeats: true };
      case '\\':
        return this.#escape(flags);
      case '|':
        this.#at++;
        return { text: '|', repeats: false };
      case '^':
        this.#at++;
        return { text: '^', repeats: false };
      case '.':
        this.#at++;
        return { text: '.', repeats: true };
      case '$':
        this.#at++;
        return { text: flags.multiline ? '$' : this.#end(), repeats: false };
      default: {
        const literal = String.fromCodePoint(this.#pattern.codePointAt(this.#at)!);
        this.#at += literal.length;
        return { text: this.#named(literal.codePointAt(0)!) ?? escapeLiteral(literal), repeats: true };
      }
    }
  }

  #end(): string {
    this.#endGroups.push(++this.#groups);
    return '(?:(\\n)\\z|\\z)';
  }

  #group(outer: Flags): Atom {
    const groupsBefore = this.#userGroups.length;
    for (const [prefix, what] of REFUSED) {
      if (this.#startsWith(prefix))
        this.#refuse(`has ${what} "${prefix}…", which linear matching cannot do`, 'capture more and let the target say what is right');
    }
    const rest = this.#pattern.slice(this.#at);
    const named = /^\(\?P<([A-Za-z_]\w{0,99})>/.exec(rest);
    const flagged = /^\(\?([aimsuxL]*)(?:-([imsx]+))?([:)])/.exec(rest);
    if (rest.startsWith('(?') && !named && !flagged)
      this.#refuse(
        `has an unknown group "${rest.slice(0, 4)}…"`,
        'groups are ( ), (?: ), (?P<name> ) and (?flags: ) with flags of a, i, m, s, u, x',
      );
    const open = named?.[0] ?? flagged?.[0] ?? '(';
    let flags = outer;
    let text = open;
    if (flagged) {
      if (flagged[1]!.includes('L')) this.#refuse('has the flag L', 'leave it out');
      // Python takes flags for the whole pattern at its start only, so that `outer` may be changed for good.
      if (flagged[3] === ')' && this.#at > 0)
        this.#refuse(`has the flags "${open}" in its middle`, `write them at the start, or as "${open.slice(0, -1)}:…)"`);
      flags = flagged[3] === ')' ? outer : { ...outer };
      if (/i/.test(flagged[1]! + (flagged[2] ?? ''))) this.#mentions[flagged[3] === ')' ? 'ignoreCase' : 'scopedCase'] = true;
      for (const flag of flagged[1]!) setFlag(flags, flag, true);
      for (const flag of flagged[2] ?? '') setFlag(flags, flag, false);
      const kept = flagged[1]!.replace(/[aux]/g, '') + (flagged[2]?.replace('x', '') ? `-${flagged[2].replace('x', '')}` : '');
      text = kept || flagged[3] === ':' ? `(?${kept}${flagged[3]}` : '';
    } else this.#userGroups.push(++this.#groups);
    const openedAt = this.#at;
    this.#at += open.length;
    if (flagged?.[3] === ')') return { text, repeats: false };
    if (++this.#depth > MAX_DEPTH) this.#refuse(`nests groups deeper than ${MAX_DEPTH}`, 'simplify it');
    const inner = this.#sequence(flags);
    this.#depth--;
    if (this.#peek() !== ')') {
      this.#at = openedAt;
      this.#refuse('has a ( without its )', 'write \\( for a parenthesis');
    }
    this.#at++;
    return { text: `${text}${inner.text})`, repeats: true, empty: inner.empty, captures: this.#userGroups.length > groupsBefore };
  }

  #escape(flags: Flags): { text: string; repeats: boolean } {
    const escape = this.#readEscape();
    const text = escapeOutside(escape, flags.ascii);
    if (text === undefined)
      this.#refuse(
        `has the escape "${escape}", which linear matching or Python does not know`,
        'no backreferences; see docs/spec.md for the syntax',
      );
    if (/^\\[bB]$/.test(escape)) this.#mentions[flags.ascii ? 'ascii' : 'edge'] = true;
    this.#noteClass(escape, flags);
    const code = escapedCode(escape, false);
    return { text: (code === undefined ? undefined : this.#named(code)) ?? text, repeats: !/^\\[bBAZ]$/.test(escape) };
  }

  /** A whole escape: \n, \d, \x41, \u00e9, \U0001f600, \012, \1. */
  #readEscape(): string {
    const escape = /^\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|0[0-7]{0,2}|[1-3][0-7]{2}|[1-9]\d?|[\s\S])/u.exec(
      this.#pattern.slice(this.#at, this.#at + 12),
    )?.[0];
    if (escape === undefined) this.#refuse('ends with a single \\', 'write \\\\ for a backslash');
    this.#at += escape.length;
    return escape;
  }

  /** The pattern names this character. Returns its stand-in's text if it has one. */
  #named(code: number): string | undefined {
    this.#mentions.codes.add(code);
    const standIn = this.#standIns.get(code);
    return standIn === undefined ? undefined : codeText(standIn);
  }

  #noteClass(escape: string, flags: Flags): void {
    if (!/^\\[dDwWsS]$/.test(escape)) return;
    if (flags.ascii) this.#mentions.ascii = true;
    else if (/d/i.test(escape)) this.#mentions.digit = true;
  }

  #class(flags: Flags): string {
    const openedAt = this.#at;
    let out = '[';
    this.#at++;
    if (this.#peek() === '^') {
      out += '^';
      this.#at++;
    }
    for (let first = true; first || this.#peek() !== ']'; first = false) {
      if (this.#at >= this.#pattern.length) {
        this.#at = openedAt;
        this.#refuse('has a [ without its ]', 'write \\[ for a bracket');
      }
      const low = this.#classItem(flags);
      const isRange = this.#peek() === '-' && this.#at + 1 < this.#pattern.length && this.#pattern[this.#at + 1] !== ']';
      if (!isRange) {
        out += low.text;
        continue;
      }
      this.#at++;
      const high = this.#classItem(flags);
      if (low.code === undefined || high.code === undefined || low.code > high.code)
        this.#refuse(
          `has a bad range "${this.#pattern.slice(this.#at - 5, this.#at)}" in [ ]`,
          'write it from low to high, and - first or last for the character',
        );
      this.#mentions.wideRange ||= high.code > 127;
      for (let code = low.code; code <= Math.min(high.code, 127); code++) this.#mentions.codes.add(code);
      out += `${low.text}-${high.text}`;
    }
    this.#at++;
    return `${out}]`;
  }

  #classItem(flags: Flags): { text: string; code: number | undefined } {
    const raw = this.#peek() === '\\' ? this.#readEscape() : String.fromCodePoint(this.#pattern.codePointAt(this.#at) ?? 0);
    if (raw[0] !== '\\' || raw.length === 0) this.#at += raw.length;
    const item = classItem(raw, flags.ascii);
    if (!item) this.#refuse(`has the escape "${raw}" in [ ]`, 'see docs/spec.md for the syntax');
    this.#noteClass(raw, flags);
    const standIn = item.code === undefined ? undefined : this.#named(item.code);
    return standIn === undefined ? item : { text: standIn, code: item.code };
  }

  /** The quantifier at this place, if one is, in RE2's form. */
  #quantifier(): string | undefined {
    const found = /^(?:[*+?]|\{(\d{1,9})?(,)?(\d{1,9})?\})([?+])?/.exec(this.#pattern.slice(this.#at, this.#at + 24));
    if (!found || found[0] === '{}' || /^\{\}?[?+]?$/.test(found[0])) return undefined;
    if (found[4] === '+') this.#refuse(`has the possessive quantifier "${found[0]}"`, 'leave the last + out');
    this.#at += found[0].length;
    if (found[0][0] !== '{') return found[0];
    const [low, high] = [found[1] ?? '0', found[2] ? (found[3] ?? '') : (found[1] ?? '0')];
    if (Number(low) > 1000 || Number(high) > 1000) this.#refuse(`repeats more than 1000 times in "${found[0]}"`, 'use * or +');
    if (high !== '' && Number(low) > Number(high))
      this.#refuse(`has "${found[0]}" with its bounds the wrong way round`, 'write {low,high}');
    return `{${Number(low)}${high === low ? '' : `,${high}`}}${found[4] ?? ''}`;
  }

  #skipLine(): void {
    const end = this.#pattern.indexOf('\n', this.#at);
    this.#at = end < 0 ? this.#pattern.length : end + 1;
  }

  #skipComment(): void {
    const end = this.#pattern.indexOf(')', this.#at);
    if (end < 0) this.#refuse('has a comment (?# without its )', 'close it');
    this.#at = end + 1;
  }

  #peek(): string {
    return this.#pattern[this.#at] ?? '';
  }

  #startsWith(text: string): boolean {
    return this.#pattern.startsWith(text, this.#at);
  }

  #refuse(what: string, remedy: string): never {
    throw new AppError('invalid', `${what}, at character ${this.#at + 1}; ${remedy}`);
  }
}

function setFlag(flags: Flags, flag: string, value: boolean): void {
  if (flag === 'x') flags.verbose = value;
  if (flag === 'a') flags.ascii = value;
  if (flag === 'u') flags.ascii = false;
  if (flag === 'm') flags.multiline = value;
}
