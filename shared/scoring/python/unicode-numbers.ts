/**
 * Numbers beyond `float()` that count as numbers in an answer: "−5", "½", "2½", "3²", "1.5⁻³", "Ⅻ", "1'000", "四十二".
 *
 *   number  = sign* base [superscript exponent]        the sign binds to the base: -2² is 4
 *   base    = [integer] fraction sign | decimal | Chinese numeral | one numeric sign
 */
import { decimalDigit, digitValue, pythonFloat } from './numbers.ts';
import { SPACES, strip } from './text.ts';
import { chineseNumber, chineseUnit, isChineseNumeral } from './chinese-numbers.ts';

const MINUS = '-−﹣－负負';
const PLUS = '+＋﹢正';
const POINT = '.٫．';
/** Marks that group digits, and white space: the words of a completion have none, targets and whole completions may. */
const GROUPING = new RegExp(`[,，﹐、٬'’ʼ＇${SPACES}]`, 'u');
const EXPONENT = /^(.+?)([⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)$/u;
const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';
/** Nothing but superscripts has no base: ²³ is 23. */
const ONLY_SUPERSCRIPTS = /^[⁰¹²³⁴⁵⁶⁷⁸⁹]+$/u;
const ROMAN: Record<string, number> = {
  I: 1,
  II: 2,
  III: 3,
  IV: 4,
  V: 5,
  VI: 6,
  VII: 7,
  VIII: 8,
  IX: 9,
  X: 10,
  XI: 11,
  XII: 12,
  L: 50,
  C: 100,
  D: 500,
  M: 1000,
  ↀ: 1000,
  ↁ: 5000,
  ↂ: 10_000,
  ↅ: 6,
  ↆ: 50,
  ↇ: 50_000,
  ↈ: 100_000,
};
/** No number that a person writes is longer; keeps the work per word small. */
const MAX_CHARS = 400;

/** The finite number that a text is, as Python's `float()` or in the forms above; else undefined. */
export function parseNumber(text: string): number | undefined {
  return pythonFloat(text) ?? (text.length <= MAX_CHARS ? finite(unicodeNumber(strip(text))) : undefined);
}

const finite = (value: number | undefined): number | undefined => (value !== undefined && Number.isFinite(value) ? value : undefined);

function unicodeNumber(text: string): number | undefined {
  let sign = 1;
  let rest = text;
  while (rest && (MINUS.includes(rest[0]!) || PLUS.includes(rest[0]!))) {
    if (MINUS.includes(rest[0]!)) sign = -sign;
    rest = strip(rest.slice(1));
  }
  const single = signValue(rest);
  if (single !== undefined) return sign * single;
  const [, base, exponent] = (ONLY_SUPERSCRIPTS.test(rest) ? null : EXPONENT.exec(rest)) ?? [undefined, rest, ''];
  const value = baseValue(base);
  if (value === undefined) return undefined;
  return exponent ? (sign * value) ** exponentValue(exponent) : sign * value;
}

function exponentValue(text: string): number {
  let value = 0;
  for (const char of text) if (SUPERSCRIPTS.includes(char)) value = value * 10 + SUPERSCRIPTS.indexOf(char);
  return text.startsWith('⁻') ? -value : value;
}

/** A base whose last character may be a vulgar fraction: "2½", "½". */
function baseValue(text: string): number | undefined {
  const last = Array.from(text).at(-1);
  const fraction = last === undefined ? undefined : signValue(last);
  if (fraction === undefined || fraction <= 0 || fraction >= 1) return wholeValue(text);
  const head = strip(text.slice(0, -last!.length));
  const whole = head ? wholeValue(head) : 0;
  return whole === undefined ? undefined : whole + fraction;
}

function wholeValue(text: string): number | undefined {
  if (isChineseNumeral(text)) return chineseNumber(text);
  let ascii = '';
  for (const char of text) {
    const digit = digitValue(char);
    if (digit !== undefined) ascii += digit;
    else if (POINT.includes(char)) ascii += '.';
    else if (char === 'e' || char === 'E') ascii += 'e';
    // Signs other than the leading ones stand behind an e only; `float()` judges that.
    else if (MINUS.includes(char)) ascii += '-';
    else if (PLUS.includes(char)) ascii += '+';
    else if (!GROUPING.test(char)) return undefined;
  }
  return /^[\d.]/.test(ascii) ? pythonFloat(ascii) : undefined;
}

/** The number that one sign stands for: ½, ⑫, Ⅻ, 5. Compatibility decomposition spells it out. */
function signValue(text: string): number | undefined {
  if (text === '' || Array.from(text).length !== 1) return undefined;
  const digit = decimalDigit(text);
  if (digit !== undefined || text < '\x80') return digit;
  const plain = text.normalize('NFKC');
  if (/^\d+$/.test(plain)) return Number(plain);
  const parts = /^(\d+)\u2044(\d+)$/.exec(plain);
  if (parts) return Number(parts[1]) / Number(parts[2]);
  return /\p{Nl}/u.test(text) ? (ROMAN[text] ?? ROMAN[plain.toUpperCase()]) : chineseUnit(text);
}
