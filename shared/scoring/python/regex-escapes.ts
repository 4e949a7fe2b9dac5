/** Escapes of Python's regular expressions in RE2's syntax. Undefined: Python or RE2 has no such thing. */

/** Class members (what stands inside [ ]) of \d \w \s, and of what they leave out. Python's are Unicode by default. */
const UNICODE: Record<string, string> = {
  d: '\\p{Nd}',
  D: '\\P{Nd}',
  w: '\\p{L}\\p{N}_',
  // All categories but letters and numbers, and of the connectors all but the low line.
  W: '\\p{M}\\p{S}\\p{Z}\\p{C}\\p{Pd}\\p{Ps}\\p{Pe}\\p{Pi}\\p{Pf}\\p{Po}\\x{203f}\\x{2040}\\x{2054}\\x{fe33}\\x{fe34}\\x{fe4d}-\\x{fe4f}\\x{ff3f}',
  s: '\\t-\\r\\x1c-\\x20\\x{85}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}',
  S: '\\x00-\\x08\\x0e-\\x1b\\x21-\\x{84}\\x{86}-\\x{9f}\\x{a1}-\\x{167f}\\x{1681}-\\x{1fff}\\x{200b}-\\x{2027}\\x{202a}-\\x{202e}\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}\\x{3001}-\\x{10ffff}',
};
const ASCII: Record<string, string> = {
  d: '0-9',
  D: '\\x00-/:-\\x{10ffff}',
  w: '0-9A-Za-z_',
  W: '\\x00-/:-@\\[-\\^`{-\\x{10ffff}',
  s: '\\t-\\r ',
  S: '\\x00-\\x08\\x0e-\\x1f!-\\x{10ffff}',
};
const CONTROLS: Record<string, number> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };

/** I, i, İ and ı. */
export const LETTERS_I = [0x49, 0x69, 0x130, 0x131];
export const isLetterI = (code: number | undefined): boolean => code !== undefined && LETTERS_I.includes(code);

export const codeText = (code: number): string => `\\x{${code.toString(16)}}`;

/** A character that means itself, wherever it stands. */
export const escapeLiteral = (char: string): string => (/^[\w\s]$/.test(char) ? char : codeText(char.codePointAt(0)!));

/** The character that an escape names, if it names one: \n, \x41, \012, \., but not \d or \b. */
export function escapedCode(escape: string, inClass: boolean): number | undefined {
  const body = escape.slice(1);
  const code = codeOf(body, inClass);
  return code !== undefined && code <= 0x10ffff ? code : undefined;
}

function codeOf(body: string, inClass: boolean): number | undefined {
  if (/^[xuU]./.test(body)) return parseInt(body.slice(1), 16);
  if (/^(?:0[0-7]*|[1-3][0-7]{2})$/.test(body)) return parseInt(body, 8);
  if (body in CONTROLS) return CONTROLS[body];
  if (inClass && body === 'b') return 8;
  return /^[A-Za-z0-9]/.test(body) ? undefined : body.codePointAt(0);
}

/** An escape outside [ ]. */
export function escapeOutside(escape: string, ascii: boolean): string | undefined {
  const letter = escape[1]!;
  if (escape === '\\b' || escape === '\\B' || escape === '\\A') return escape;
  if (escape === '\\Z') return '\\z';
  if (escape.length === 2 && letter in UNICODE) return `[${ascii ? ASCII[letter] : UNICODE[letter]}]`;
  const code = escapedCode(escape, false);
  return code === undefined ? undefined : codeText(code);
}

/** One member of [ ]: a character with its code (so that a range can start or end at it), or a class without one. */
export function classItem(raw: string, ascii: boolean): { text: string; code: number | undefined } | undefined {
  if (raw[0] !== '\\') return { text: codeText(raw.codePointAt(0)!), code: raw.codePointAt(0) };
  const letter = raw[1]!;
  if (raw.length === 2 && letter in UNICODE) return { text: (ascii ? ASCII[letter] : UNICODE[letter])!, code: undefined };
  const code = escapedCode(raw, true);
  return code === undefined ? undefined : { text: codeText(code), code };
}
