/** Chinese numerals: 四十二 = 42, 三万五千 = 35,000, 二〇二五 = 2025, 三点一四 = 3.14, also in their financial forms. */
import { digitValue } from './numbers.ts';

const DIGITS = ['零〇○', '一壹幺', '二贰貳两兩', '三叁參', '四肆', '五伍', '六陆陸', '七柒', '八捌', '九玖'];
const TENS: Record<string, number> = { 廿: 20, 卅: 30, 卌: 40 };
const SMALL_UNITS: Record<string, number> = { 十: 10, 拾: 10, 百: 100, 佰: 100, 千: 1000, 仟: 1000 };
const LARGE_UNITS: Record<string, number> = { 万: 1e4, 萬: 1e4, 亿: 1e8, 億: 1e8, 兆: 1e12 };
const POINT = /[点點.．]/u;
const NUMERAL = /[零〇○一壹幺二贰貳两兩三叁參四肆五伍六陆陸七柒八捌九玖廿卅卌十拾百佰千仟万萬亿億兆点點]/u;

export const isChineseNumeral = (text: string): boolean => NUMERAL.test(text);

const digitOf = (char: string): number | undefined => {
  const chinese = DIGITS.findIndex((forms) => forms.includes(char));
  return chinese >= 0 ? chinese : digitValue(char);
};

/** A unit alone is itself: 万 = 10,000. */
export const chineseUnit = (char: string): number | undefined => SMALL_UNITS[char] ?? LARGE_UNITS[char];

/** The value of a numeral without a sign, or undefined. */
export function chineseNumber(text: string): number | undefined {
  const [whole, fraction = '', ...more] = text.split(POINT) as [string, ...string[]];
  if (more.length > 0) return undefined;
  const value = /[廿卅卌十拾百佰千仟万萬亿億兆]/u.test(whole) ? withUnits(whole) : Number(digitsOf(whole) ?? NaN);
  const decimals = digitsOf(fraction);
  return value === undefined || Number.isNaN(value) || decimals === undefined ? undefined : value + Number(`0.${decimals || '0'}`);
}

/** Digits one after the other ("" for nothing), or undefined if something else is among them. */
function digitsOf(text: string): string | undefined {
  const digits = Array.from(text, digitOf);
  return digits.includes(undefined) ? undefined : digits.join('');
}

/** Digits before units: 三万五千 is 3 × 10,000 + 5 × 1,000; a unit without a digit counts once (十 = 10). */
function withUnits(text: string): number | undefined {
  let total = 0;
  let section = 0;
  let digit = 0;
  for (const char of text) {
    const value = digitOf(char);
    if (value !== undefined) digit = digit * 10 + value;
    else if (char in TENS) section += TENS[char]!;
    else if (char in SMALL_UNITS) {
      section += (digit || 1) * SMALL_UNITS[char]!;
      digit = 0;
    } else if (char in LARGE_UNITS) {
      total += (section + digit) * LARGE_UNITS[char]!;
      section = 0;
      digit = 0;
    } else return undefined;
  }
  return total + section + digit;
}
