/** Sums as HINCRBYFLOAT makes them: with more digits than a double has, written with 17 decimals and no zeros at the end. */

const DECIMALS = 30;
const KEPT = 17;
const ROUNDING = 10n ** BigInt(DECIMALS - KEPT);

export function addDecimals(a: string, b: string): string {
  const sum = scaled(a) + scaled(b);
  const [sign, size] = sum < 0n ? ['-', -sum] : ['', sum];
  const rounded = (size + ROUNDING / 2n) / ROUNDING;
  const digits = String(rounded).padStart(KEPT + 1, '0');
  const text = `${digits.slice(0, -KEPT)}.${digits.slice(-KEPT)}`.replace(/\.?0+$/, '');
  return text === '0' ? '0' : sign + text;
}

/** A decimal, perhaps with an exponent, times 10^DECIMALS. */
function scaled(text: string): bigint {
  const [, sign, whole = '', part = '', power = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:e([-+]\d+))?$/.exec(text)!;
  const digits = whole + part;
  const shift = DECIMALS - part.length + Number(power);
  const value = shift >= 0 ? BigInt(digits) * 10n ** BigInt(shift) : BigInt(digits) / 10n ** BigInt(-shift);
  return sign ? -value : value;
}
