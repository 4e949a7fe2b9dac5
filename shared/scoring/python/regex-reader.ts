/** A pattern while it is read from left to right, and what is wrong with it at a place. */
import { AppError } from '../../domain/errors.ts';

export class PatternReader {
  readonly pattern: string;
  /** What is read next. */
  at = 0;

  constructor(pattern: string) {
    this.pattern = pattern;
  }

  /** A whole escape: \n, \d, \x41, \u00e9, \U0001f600, \012, \1. */
  readEscape(): string {
    const escape = /^\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|0[0-7]{0,2}|[1-3][0-7]{2}|[1-9]\d?|[\s\S])/u.exec(
      this.pattern.slice(this.at, this.at + 12),
    )?.[0];
    if (escape === undefined) this.refuse('ends with a single \\', 'write \\\\ for a backslash');
    this.at += escape.length;
    return escape;
  }

  /** The end of a group. */
  close(openedAt: number): void {
    if (this.peek() !== ')') {
      this.at = openedAt;
      this.refuse('has a ( without its )', 'write \\( for a parenthesis');
    }
    this.at++;
  }

  /** The quantifier at this place, if one is, in RE2's form. */
  quantifier(): string | undefined {
    const found = /^(?:[*+?]|\{(\d{1,9})?(,)?(\d{1,9})?\})([?+])?/.exec(this.pattern.slice(this.at, this.at + 24));
    if (!found || found[0] === '{}' || /^\{\}?[?+]?$/.test(found[0])) return undefined;
    if (found[4] === '+') this.refuse(`has the possessive quantifier "${found[0]}"`, 'leave the last + out');
    this.at += found[0].length;
    if (found[0][0] !== '{') return found[0];
    const [low, high] = [found[1] ?? '0', found[2] ? (found[3] ?? '') : (found[1] ?? '0')];
    if (Number(low) > 1000 || Number(high) > 1000) this.refuse(`repeats more than 1000 times in "${found[0]}"`, 'use * or +');
    if (high !== '' && Number(low) > Number(high)) this.refuse(`has "${found[0]}" with its bounds the wrong way round`, 'write {low,high}');
    return `{${Number(low)}${high === low ? '' : `,${high}`}}${found[4] ?? ''}`;
  }

  /** A comment of the verbose form. */
  skipLine(): void {
    const end = this.pattern.indexOf('\n', this.at);
    this.at = end < 0 ? this.pattern.length : end + 1;
  }

  /** `(?#…)`. */
  skipComment(): void {
    const end = this.pattern.indexOf(')', this.at);
    if (end < 0) this.refuse('has a comment (?# without its )', 'close it');
    this.at = end + 1;
  }

  /** The next character; '' at the end. */
  peek(): string {
    return this.pattern[this.at] ?? '';
  }

  /** Whether this stands here. */
  startsWith(text: string): boolean {
    return this.pattern.startsWith(text, this.at);
  }

  /** Throws AppError invalid that says where. */
  refuse(what: string, remedy: string): never {
    throw new AppError('invalid', `${what}, at character ${this.at + 1}; ${remedy}`);
  }
}
