/** Waiting times between tries. Pure: randomness is an argument. */

export interface BackoffOptions {
  /** The first ceiling. */
  baseMs: number;
  /** No ceiling is above it. */
  maxMs: number;
  /** Default 2. */
  factor?: number;
}

/** The longest wait after `failures` failures (1, 2, …): base × factor^(failures − 1), at most `maxMs`. */
export function backoffCeilingMs(failures: number, options: BackoffOptions): number {
  if (failures <= 0) return 0;
  // A large exponent overflows to Infinity, which the minimum puts right.
  return Math.min(options.maxMs, options.baseMs * (options.factor ?? 2) ** (failures - 1));
}

/**
 * "Full jitter": anything from 0 to the ceiling with equal chance, so that many clients that failed together do not come
 * back together (M. Brooker, "Exponential Backoff And Jitter", 2015). `random` gives numbers in [0, 1).
 * A wait that the other side asked for (`Retry-After`) is a minimum: `floorMs`, with the jitter on top.
 */
export function backoffMs(failures: number, options: BackoffOptions, random: () => number, floorMs = 0): number {
  return Math.floor(floorMs + random() * backoffCeilingMs(failures, options));
}
