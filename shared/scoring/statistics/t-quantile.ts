/**
 * The quantile of Student's t: the t with P(T ≤ t) = p. Newton's method, kept inside a bracket that it halves when a step would leave it.
 */
import { AppError } from '../../domain/errors.ts';
import { tDensity, tTail } from './t-distribution.ts';

/** p in (0, 1), degrees of freedom above 0 (whole or not). To 1e-9 and better. Throws AppError invalid for anything else. */
export function tQuantile(p: number, df: number): number {
  if (!(p > 0 && p < 1)) throw new AppError('invalid', `a quantile is asked for a chance between 0 and 1, not ${p}`);
  if (!(df > 0 && df <= MAX_DF)) throw new AppError('invalid', `degrees of freedom lie between 0 and ${MAX_DF}, not at ${df}`);
  if (p === 0.5) return 0;
  return p < 0.5 ? -quantileOfTail(p, df) : quantileOfTail(1 - p, df);
}

const MAX_DF = 1e9;

/** The t ≥ 0 with P(T > t) = tail. */
function quantileOfTail(tail: number, df: number): number {
  let low = 0;
  let high = 1;
  while (tTail(high, df) > tail) {
    low = high;
    high *= 2;
    if (high > 1e300) return Infinity;
  }
  let t = (low + high) / 2;
  for (let step = 0; step < 200; step++) {
    const excess = tTail(t, df) - tail;
    if (excess > 0) low = t;
    else high = t;
    const newton = t + excess / tDensity(t, df);
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - t) <= 1e-15 * Math.abs(t)) return next;
    t = next;
  }
  return t;
}
