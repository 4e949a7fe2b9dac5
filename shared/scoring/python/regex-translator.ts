/** From Python's regular expression syntax to RE2's, in one pass; see `regex.ts` for what differs. */
import { classItem, codeText, escapedCode, escapeLiteral, escapeOutside, isLetterI, LETTERS_I } from './regex-escapes.ts';
import { PatternReader } from './regex-reader.ts';
import { noMentions, type Mentions } from './word-edges.ts';

interface Flags {
  verbose: boolean;
  ascii: boolean;
  multiline: boolean;
  ignoreCase: boolean;
}

/** Deeper nesting is nobody's pattern, and the engine's parser recurses. */
const MAX_DEPTH = 100;

const REFUSED: [prefix: string, what: string][] = [
  ['(?!', 'a negative look-ahead'],
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
  /** It ends, or may end, with a look-ahead: nothing may follow. */
  ahead?: boolean;
}

/** More is nobody's look-behind, and every character of it is a state of the engine. */
const MAX_LOOK_BEHIND = 100;

export interface TranslatorOptions {
  ignoreCase?: boolean;
  /** What characters that the pattern names become, see `word-edges.ts`. */
  standIns?: ReadonlyMap<number, number>;
  /** What must hold where the match itself ends, before what only follows it. */
  atEnd?: string;
}

export interface Translated {
  /** In RE2's syntax. */
  source: string;
  /** Which of its groups are the pattern's own. */
  userGroups: readonly number[];
  /** Those that take in what only follows a match: of a look-ahead, and of a `$` before the last line feed. The match ends before them. */
  aheadGroups: readonly number[];
  /** How many characters before a place it may look at. */
  reach: number;
  mentions: Mentions;
}

export class RegexTranslator {
  readonly #in: PatternReader;
  readonly #options: TranslatorOptions;
  readonly #mentions = noMentions();
  #groups = 0;
  #depth = 0;
  readonly #userGroups: number[] = [];
  readonly #aheadGroups: number[] = [];
  /** For ^ and \b one character. */
  #reach = 1;
  #isAhead = false;

  constructor(pattern: string, options: TranslatorOptions = {}) {
    this.#in = new PatternReader(pattern);
    this.#options = options;
  }

  translate(): Translated {
    const { ignoreCase = false } = this.#options;
    const source = this.#sequence({ verbose: false, ascii: false, multiline: false, ignoreCase }).text;
    if (this.#in.at < this.#in.pattern.length) this.#in.refuse('has a ) without its (', 'write \\) for a parenthesis');
    return { source, userGroups: this.#userGroups, aheadGroups: this.#aheadGroups, reach: this.#reach, mentions: this.#mentions };
  }

  /** Up to the closing parenthesis of the group, or the end. */
  #sequence(flags: Flags): { text: string; empty: boolean; ahead: boolean } {
    let out = '';
    /** What a quantifier may follow. */
    let item: Atom | undefined;
    /** Whether what is read of this alternative can match nothing; and whether one before it can. */
    let empty = true;
    let emptyBefore = false;
    let beforeItem = true;
    /** Whether a look-ahead ends this alternative; and whether one before it. */
    let ahead = false;
    let aheadBefore = false;
    while (this.#in.at < this.#in.pattern.length && this.#in.peek() !== ')') {
      const char = this.#in.peek();
      if (flags.verbose && /\s/.test(char)) this.#in.at++;
      else if (flags.verbose && char === '#') this.#in.skipLine();
      else if (this.#in.startsWith('(?#')) this.#in.skipComment();
      else {
        if (ahead && char !== '|')
          this.#in.refuse('has something behind a look-ahead, which linear matching cannot do', 'let a look-ahead end the pattern');
        const quantifier = this.#in.quantifier();
        if (quantifier !== undefined) {
          if (!item) this.#in.refuse(`has "${quantifier}" with nothing before it to repeat`, `write \\${quantifier[0]} for the character`);
          if (item.empty && item.captures && /^[*+]|^\{\d+,\}/.test(quantifier))
            this.#in.refuse(
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
          ahead = atom.ahead ?? false;
          aheadBefore ||= ahead;
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
    return { text: out, empty: empty || emptyBefore, ahead: aheadBefore };
  }

  #atom(flags: Flags): Atom {
    const char = this.#in.peek();
    switch (char) {
      case '(':
        return this.#group(flags);
      case '[':
        return { text: this.#class(flags), repeats: true };
      case '\\':
        return this.#escape(flags);
      case '|':
        this.#in.at++;
        return { text: '|', repeats: false };
      case '^':
        this.#in.at++;
        return { text: '^', repeats: false };
      case '.':
        this.#in.at++;
        return { text: '.', repeats: true };
      case '$':
        this.#in.at++;
        if (!flags.multiline && this.#in.startsWith('(?='))
          this.#in.refuse('has a look-ahead behind $, which linear matching cannot do', 'write $ or the look-ahead alone');
        return { text: flags.multiline ? '$' : this.#end(), repeats: false };
      default: {
        const literal = String.fromCodePoint(this.#in.pattern.codePointAt(this.#in.at)!);
        this.#in.at += literal.length;
        return { text: this.#character(literal.codePointAt(0)!, flags) ?? escapeLiteral(literal), repeats: true };
      }
    }
  }

  #end(): string {
    this.#aheadGroups.push(++this.#groups);
    return `(?:${this.#options.atEnd ?? ''}(\\n)\\z|\\z)`;
  }

  /** The engine has no look-ahead: where one ends the match, what it asks for is taken in as a group that the match ends before. */
  #lookAhead(flags: Flags): Atom {
    const openedAt = this.#in.at;
    if (this.#isAhead) this.#in.refuse('has a look-ahead within another', 'write one');
    this.#in.at += '(?='.length;
    this.#aheadGroups.push(++this.#groups);
    const groupsBefore = this.#userGroups.length;
    this.#isAhead = true;
    const { text } = this.#sequence(flags);
    this.#isAhead = false;
    if (this.#userGroups.length > groupsBefore) this.#in.refuse('has a group ( ) in a look-ahead', 'write (?: ) there');
    this.#in.close(openedAt);
    return { text: `${this.#options.atEnd ?? ''}(${text})`, repeats: false, ahead: true };
  }

  /** The engine has look-behinds. Those of Python are of one width: here of characters and classes. */
  #lookBehind(flags: Flags): Atom {
    const openedAt = this.#in.at;
    const open = this.#in.pattern.slice(openedAt, openedAt + 4);
    this.#in.at += open.length;
    let text = '';
    let width = 0;
    while (this.#in.at < this.#in.pattern.length && this.#in.peek() !== ')') {
      const char = this.#in.peek();
      const isMore = /[(|^$]/.test(char) || (flags.verbose && char === '#');
      if (flags.verbose && /\s/.test(char)) this.#in.at++;
      else if (isMore || /^\\[bBAZ]/.test(this.#in.pattern.slice(this.#in.at, this.#in.at + 2)) || this.#in.quantifier() !== undefined)
        this.#in.refuse('has more than characters and classes in a look-behind', 'write those alone');
      else {
        text += this.#atom(flags).text;
        width++;
      }
    }
    if (width > MAX_LOOK_BEHIND) this.#in.refuse(`looks more than ${MAX_LOOK_BEHIND} characters behind`, 'write the last of them');
    this.#reach = Math.max(this.#reach, width);
    this.#in.close(openedAt);
    return { text: `${open}${text})`, repeats: false };
  }

  #group(outer: Flags): Atom {
    const groupsBefore = this.#userGroups.length;
    if (this.#in.startsWith('(?=')) return this.#lookAhead(outer);
    if (this.#in.startsWith('(?<=') || this.#in.startsWith('(?<!')) return this.#lookBehind(outer);
    for (const [prefix, what] of REFUSED) {
      if (this.#in.startsWith(prefix))
        this.#in.refuse(`has ${what} "${prefix}…", which linear matching cannot do`, 'capture more and let the target say what is right');
    }
    const rest = this.#in.pattern.slice(this.#in.at);
    const named = /^\(\?P<([A-Za-z_]\w{0,99})>/.exec(rest);
    const flagged = /^\(\?([aimsuxL]*)(?:-([imsx]+))?([:)])/.exec(rest);
    if (rest.startsWith('(?') && !named && !flagged)
      this.#in.refuse(
        `has an unknown group "${rest.slice(0, 4)}…"`,
        'groups are ( ), (?: ), (?P<name> ) and (?flags: ) with flags of a, i, m, s, u, x',
      );
    const open = named?.[0] ?? flagged?.[0] ?? '(';
    let flags = outer;
    let text = open;
    if (flagged) {
      if (flagged[1]!.includes('L')) this.#in.refuse('has the flag L', 'leave it out');
      // Python takes flags for the whole pattern at its start only, so that `outer` may be changed for good.
      if (flagged[3] === ')' && this.#in.at > 0)
        this.#in.refuse(`has the flags "${open}" in its middle`, `write them at the start, or as "${open.slice(0, -1)}:…)"`);
      flags = flagged[3] === ')' ? outer : { ...outer };
      if (/i/.test(flagged[1]! + (flagged[2] ?? ''))) this.#mentions[flagged[3] === ')' ? 'ignoreCase' : 'scopedCase'] = true;
      for (const flag of flagged[1]!) setFlag(flags, flag, true);
      for (const flag of flagged[2] ?? '') setFlag(flags, flag, false);
      const kept = flagged[1]!.replace(/[aux]/g, '') + (flagged[2]?.replace('x', '') ? `-${flagged[2].replace('x', '')}` : '');
      text = kept || flagged[3] === ':' ? `(?${kept}${flagged[3]}` : '';
    } else this.#userGroups.push(++this.#groups);
    const openedAt = this.#in.at;
    this.#in.at += open.length;
    if (flagged?.[3] === ')') return { text, repeats: false };
    if (++this.#depth > MAX_DEPTH) this.#in.refuse(`nests groups deeper than ${MAX_DEPTH}`, 'simplify it');
    const inner = this.#sequence(flags);
    this.#depth--;
    this.#in.close(openedAt);
    const { empty, ahead } = inner;
    return { text: `${text}${inner.text})`, repeats: true, empty, ahead, captures: this.#userGroups.length > groupsBefore };
  }

  #escape(flags: Flags): { text: string; repeats: boolean } {
    const escape = this.#in.readEscape();
    const text = escapeOutside(escape, flags.ascii);
    if (text === undefined)
      this.#in.refuse(
        `has the escape "${escape}", which linear matching or Python does not know`,
        'no backreferences; see docs/spec.md for the syntax',
      );
    if (/^\\[bB]$/.test(escape)) this.#mentions[flags.ascii ? 'ascii' : 'edge'] = true;
    this.#noteClass(escape, flags);
    const code = escapedCode(escape, false);
    return { text: (code === undefined ? undefined : this.#character(code, flags)) ?? text, repeats: !/^\\[bBAZ]$/.test(escape) };
  }

  /** A character outside [ ]: its text where it is not written as itself. */
  #character(code: number, flags: Flags): string | undefined {
    const text = this.#named(code);
    return foldsI(flags) && isLetterI(code) ? `[${this.#lettersI()}]` : text;
  }

  #lettersI(): string {
    return LETTERS_I.map((code) => this.#named(code) ?? codeText(code)).join('');
  }

  /** The pattern names this character. Returns its stand-in's text if it has one. */
  #named(code: number): string | undefined {
    this.#mentions.codes.add(code);
    const standIn = this.#options.standIns?.get(code);
    return standIn === undefined ? undefined : codeText(standIn);
  }

  #noteClass(escape: string, flags: Flags): void {
    if (!/^\\[dDwWsS]$/.test(escape)) return;
    if (flags.ascii) this.#mentions.ascii = true;
    else if (/d/i.test(escape)) this.#mentions.digit = true;
  }

  #class(flags: Flags): string {
    const openedAt = this.#in.at;
    let out = '[';
    let hasI = false;
    this.#in.at++;
    if (this.#in.peek() === '^') {
      out += '^';
      this.#in.at++;
    }
    for (let first = true; first || this.#in.peek() !== ']'; first = false) {
      if (this.#in.at >= this.#in.pattern.length) {
        this.#in.at = openedAt;
        this.#in.refuse('has a [ without its ]', 'write \\[ for a bracket');
      }
      const low = this.#classItem(flags);
      const isRange = this.#in.peek() === '-' && this.#in.at + 1 < this.#in.pattern.length && this.#in.pattern[this.#in.at + 1] !== ']';
      if (!isRange) {
        hasI ||= isLetterI(low.code);
        out += low.text;
        continue;
      }
      this.#in.at++;
      const high = this.#classItem(flags);
      if (low.code === undefined || high.code === undefined || low.code > high.code)
        this.#in.refuse(
          `has a bad range "${this.#in.pattern.slice(this.#in.at - 5, this.#in.at)}" in [ ]`,
          'write it from low to high, and - first or last for the character',
        );
      hasI ||= LETTERS_I.some((code) => low.code! <= code && code <= high.code!);
      this.#mentions.wideRange ||= high.code > 127;
      for (let code = low.code; code <= Math.min(high.code, 127); code++) this.#mentions.codes.add(code);
      out += `${low.text}-${high.text}`;
    }
    this.#in.at++;
    return `${out}${hasI && foldsI(flags) ? this.#lettersI() : ''}]`;
  }

  #classItem(flags: Flags): { text: string; code: number | undefined } {
    const raw = this.#in.peek() === '\\' ? this.#in.readEscape() : String.fromCodePoint(this.#in.pattern.codePointAt(this.#in.at) ?? 0);
    if (raw[0] !== '\\' || raw.length === 0) this.#in.at += raw.length;
    const item = classItem(raw, flags.ascii);
    if (!item) this.#in.refuse(`has the escape "${raw}" in [ ]`, 'see docs/spec.md for the syntax');
    this.#noteClass(raw, flags);
    const standIn = item.code === undefined ? undefined : this.#named(item.code);
    return standIn === undefined ? item : { text: standIn, code: item.code };
  }
}

/** Without regard to case, Python takes I, i, İ and ı for one letter; the engine takes I and i. */
const foldsI = ({ ignoreCase, ascii }: Flags): boolean => ignoreCase && !ascii;

function setFlag(flags: Flags, flag: string, value: boolean): void {
  if (flag === 'x') flags.verbose = value;
  if (flag === 'a') flags.ascii = value;
  if (flag === 'u') flags.ascii = false;
  if (flag === 'm') flags.multiline = value;
  if (flag === 'i') flags.ignoreCase = value;
}
