/**
 * Student's t distribution:
 *
 *   density   Γ((ν + 1) / 2) / (Γ(ν / 2) √(ν π)) · (1 + t² / ν)^(−(ν + 1) / 2)
 *   tail      P(T > t) = ½ I_x(ν / 2, ½) with x = ν / (ν + t²), for t ≥ 0
 *
 * I is the regularised incomplete beta function (Abramowitz and Stegun 26.5.27, 26.7.1), by its continued fraction (26.5.8).
 */

/** Γ(x + ½) / Γ(x): the recurrence up to where the asymptotic series (DLMF 5.11) is exact to the last bit. */
function halfGammaRatio(x: number): number {
  let factor = 1;
  let at = x;
  for (; at < 20; at++) factor *= at / (at + 0.5);
  const inverse = 1 / at;
  const square = inverse * inverse;
  const series = inverse * (-1 / 8 + square * (1 / 192 + square * (-1 / 640 + square * (17 / 14_336 - square * (31 / 18_432)))));
  return factor * Math.sqrt(at) * Math.exp(series);
}

/** log(1 + t²/ν), also where t² or ν is huge. */
const logBase = (t: number, df: number): number => Math.log1p((t / df) * t);

export const tDensity = (t: number, df: number): number =>
  (halfGammaRatio(df / 2) / Math.sqrt(df * Math.PI)) * Math.exp((-(df + 1) / 2) * logBase(t, df));

/** P(T > t) for t ≥ 0. */
export function tTail(t: number, df: number): number {
  const a = df / 2;
  const x = 1 / (1 + (t / df) * t);
  // 1 − x, without its cancellation for small t.
  const y = 1 / (1 + df / t / t);
  // x^a y^½ / B(a, ½), which both forms below have.
  const front = (Math.exp(-a * logBase(t, df)) * Math.sqrt(y) * halfGammaRatio(a)) / Math.sqrt(Math.PI);
  if (x < (a + 1) / (a + 2.5)) return (0.5 * front * fraction(a, 0.5, x)) / a;
  return 0.5 * (1 - (front * fraction(0.5, a, y)) / 0.5);
}

/** The continued fraction of the incomplete beta function, by Lentz's method. */
function fraction(a: number, b: number, x: number): number {
  const tiny = 1e-300;
  const away = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let result = d;
  for (let m = 1; m <= 100_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    result *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    result *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return result;
}
