/**
 * How many calls at a time an endpoint bears, learnt from its 429s: slow start, then additive increase and multiplicative decrease (Chiu, Jain
 * 1989), as Inspect AI's adaptive connections move. Pure: the caller says what happened and when.
 *
 *   round     max(limit, 4) clean successes in a row; it counts for a rise when at least 80 % of the limit was in use at once
 *   start     a round without any 429 so far doubles the limit
 *   steady    after the first 429, a round adds max(1, 5 %), rounded up to a multiple of 5
 *   429       the limit becomes 80 %, rounded down to a multiple of 5, at most once in 15 seconds, or in the time that the endpoint asks to wait;
 *             successes in that time say nothing about the new limit, and are not counted
 *
 * Below 10 nothing is rounded. A success after a retry counts neither way, nor does a failure of another class.
 */
import { halfEven } from '../../shared/scoring/text/rounding.ts';

export interface AdaptiveBounds {
  min: number;
  start: number;
  max: number;
}

export interface AdaptiveLimit {
  readonly limit: number;
  /** Clean successes since the last change, or the last 429. */
  readonly successes: number;
  /** The most calls at a time in this round. */
  readonly peak: number;
  /** A 429 has been seen. */
  readonly isSteady: boolean;
  /** Until then the limit is not cut again, and successes are not counted. */
  readonly cooldownUntilMs: number;
}

const LEAST_ROUND = 4;
const SATURATED = 0.8;
const DECREASE = 0.8;
const INCREASE = 0.05;
const COOLDOWN_MS = 15_000;

/** The least of 1, 2, … 10, 15, 20, … that is not below. */
export const ceilToNice = (value: number): number => (value < 10 ? Math.max(1, value) : Math.ceil(value / 5) * 5);

/** The greatest of them that is not above. */
export const floorToNice = (value: number): number => (value < 10 ? Math.max(1, value) : Math.floor(value / 5) * 5);

export const startOf = ({ start }: AdaptiveBounds): AdaptiveLimit => ({
  ...{ limit: start, successes: 0, peak: 0 },
  ...{ isSteady: false, cooldownUntilMs: -Infinity },
});

/** A call begins; `inFlight` includes it. */
export const called = (state: AdaptiveLimit, inFlight: number): AdaptiveLimit =>
  inFlight > state.peak ? { ...state, peak: inFlight } : state;

/** An answer came with the first call for it. */
export function succeeded(state: AdaptiveLimit, { max }: AdaptiveBounds, nowMs: number, inFlight: number): AdaptiveLimit {
  if (nowMs < state.cooldownUntilMs) return state;
  const successes = state.successes + 1;
  if (successes < Math.max(state.limit, LEAST_ROUND)) return { ...state, successes };
  const ended = { ...state, successes: 0, peak: inFlight };
  if (state.peak < SATURATED * state.limit) return ended;
  const risen = state.isSteady ? ceilToNice(state.limit + Math.max(1, halfEven(INCREASE * state.limit))) : 2 * state.limit;
  return { ...ended, limit: Math.min(max, risen) };
}

/** The endpoint said 429; `retryAfterMs`: and how long to wait. */
export function limited(
  state: AdaptiveLimit,
  { min }: AdaptiveBounds,
  nowMs: number,
  inFlight: number,
  retryAfterMs: number = 0,
): AdaptiveLimit {
  const seen = { ...state, successes: 0, peak: inFlight, isSteady: true };
  if (nowMs < state.cooldownUntilMs) return seen;
  const limit = Math.max(min, floorToNice(Math.floor(DECREASE * state.limit)));
  return { ...seen, limit, cooldownUntilMs: nowMs + Math.max(COOLDOWN_MS, retryAfterMs) };
}
