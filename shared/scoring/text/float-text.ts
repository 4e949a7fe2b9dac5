/** `str(float(text))`: what scripts in Python make of a word that may be a number. */
import { pythonFloat, pythonFloatText } from '../python/numbers.ts';
import { strip } from '../python/text.ts';

const NOT_FINITE = /^([+-]?)(nan|inf(?:inity)?)$/i;

/** Undefined for what is no float. Unlike elsewhere "nan" and "infinity" are numbers here. */
export function floatText(text: string): string | undefined {
  const number = pythonFloat(text);
  if (number !== undefined) return pythonFloatText(number);
  const [, sign, word] = NOT_FINITE.exec(strip(text)) ?? [];
  if (word === undefined) return undefined;
  return word.toLowerCase() === 'nan' ? 'nan' : `${sign === '-' ? '-' : ''}inf`;
}
