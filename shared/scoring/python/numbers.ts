/** Python's numbers as text: what `float()` reads, and what `str()` and `format(x, '.5g')` write. */
import { strip } from './text.ts';

const DIGIT = /\p{Nd}/u;
const DIGITS = /\p{Nd}/gu;
const FLOAT = /^[+-]?(?:\d(?:_?\d)*(?:\.(?:\d(?:_?\d)*)?)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?$/;
/** Longer texts are no numbers for us, though Python would read a megabyte of digits. */
const MAX_CHARS = 4096;

/** The value of a decimal digit of any script. Unicode lays each script's ten digits out in a row, from zero. */
export function decimalDigit(char: string): number | undefined {
  if (char >= '0' && char <= '9') return char.charCodeAt(0) - 48;
  if (!DIGIT.test(char)) return undefined;
  let code = char.codePointAt(0)!;
  let before = 0;
  while (DIGIT.test(String.fromCodePoint(--code))) before++;
  return before % 10;
}

/** The digit that a character is: of any script, superscript, circled, … */
export function digitValue(char: string): number | undefined {
  const digit = decimalDigit(char);
  if (digit !== undefined || char < '\x80') return digit;
  const plain = char.normalize('NFKC');
  return plain.length === 1 && plain >= '0' && plain <= '9' ? Number(plain) : undefined;
}

/** `float(text)` if that is a finite number, else undefined: "1_000", " 5 ", "１２３" and "1e3" are; "", "0x10", "nan" are not. */
export function pythonFloat(text: string): number | undefined {
  if (text.length > MAX_CHARS) return undefined;
  const ascii = strip(text).replace(DIGITS, (char) => String(decimalDigit(char)));
  if (!FLOAT.test(ascii)) return undefined;
  const value = Number(ascii.replaceAll('_', ''));
  return Number.isFinite(value) ? value : undefined;
}

/** `str(x)` of a finite float: "5.0", "1e+16", "1e-05", "-0.0". */
export function pythonFloatText(value: number): string {
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const [mantissa, exponentText] = Math.abs(value).toExponential().split('e') as [string, string];
  const exponent = Number(exponentText);
  const digits = mantissa.replace('.', '');
  if (exponent < -4 || exponent >= 16) return `${sign}${mantissa}e${exponentOf(exponent)}`;
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const padded = digits.padEnd(exponent + 1, '0');
  return `${sign}${padded.slice(0, exponent + 1)}.${padded.slice(exponent + 1) || '0'}`;
}

/** `format(x, '.5g')`: five significant digits, ties to even, no trailing zeros. */
export function fiveDigits(value: number): string {
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const sign = value < 0 ? '-' : '';
  const [mantissa, exponentText] = halfEven(Math.abs(value), 5).split('e') as [string, string];
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 5) return `${sign}${trimZeros(mantissa)}e${exponentOf(exponent)}`;
  const digits = mantissa.replace('.', '');
  if (exponent < 0) return sign + trimZeros(`0.${'0'.repeat(-exponent - 1)}${digits}`);
  return sign + trimZeros(`${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`);
}

/** `toExponential`, which rounds exact ties up, with ties to even as C and Python have them. */
function halfEven(value: number, digits: number): string {
  // A tie has one digit more than asked for, a 5, and nothing behind it; 40 digits tell it from what merely comes near.
  // oxlint-disable-next-line oxc/number-arg-out-of-range -- up to 100 digits since ES2018
  const exact = value.toExponential(40);
  const tail = exact.slice(digits + 1, exact.indexOf('e'));
  const isTie = /^50*$/.test(tail);
  const lastIsEven = Number(exact[digits]) % 2 === 0;
  return isTie && lastIsEven ? exact.slice(0, digits + 1) + exact.slice(exact.indexOf('e')) : value.toExponential(digits - 1);
}

const trimZeros = (text: string): string => (text.includes('.') ? text.replace(/\.?0*$/, '') : text);

/** At least two digits, as C prints exponents. */
const exponentOf = (exponent: number): string => `${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
