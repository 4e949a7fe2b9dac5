import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  called,
  ceilToNice,
  floorToNice,
  limited,
  startOf,
  succeeded,
  type AdaptiveBounds,
  type AdaptiveLimit,
} from '../../../../agent/models/adaptive-limit.ts';

const BOUNDS = { min: 1, start: 20, max: 200 };

/** So many answers while as many calls run as may. */
function clean(
  state: AdaptiveLimit,
  count: number,
  { bounds = BOUNDS, now = 0, inFlight = (s: AdaptiveLimit) => s.limit } = {},
): AdaptiveLimit {
  let next = state;
  for (let i = 0; i < count; i++) next = succeeded(called(next, inFlight(next)), bounds, now, inFlight(next));
  return next;
}

test('doubles by each clean round until the first 429, then rises by a twentieth, to multiples of 5', () => {
  let state = startOf(BOUNDS);
  const seen = [20, 40, 80, 160].map((round) => (state = clean(state, round)).limit);
  expect(seen).toEqual([40, 80, 160, 200]);
  state = limited(state, BOUNDS, 0, 200);
  expect(state.limit).toBe(160);
  // Of 210: 10.5, which Python rounds to the even 10, so that it is 220; 11 would make it 225.
  const high = { ...startOf({ ...BOUNDS, max: 300 }), limit: 210, isSteady: true };
  expect(clean(high, 210, { bounds: { ...BOUNDS, max: 300 } }).limit).toBe(220);
  expect((state = clean(state, 160, { now: 15_000 })).limit).toBe(170);
  expect(clean(state, 170, { now: 15_000 }).limit).toBe(180);
  expect(clean(state, 169, { now: 15_000 }).limit).toBe(170);
});

test('is cut once in 15 seconds, or in the time that the endpoint asks to wait, and nothing raises it meanwhile', () => {
  let state = limited(startOf(BOUNDS), BOUNDS, 1000, 20, 60_000);
  expect(state.limit).toBe(15);
  state = limited(state, BOUNDS, 60_999, 15);
  expect(state.limit).toBe(15);
  expect(clean(state, 100, { now: 60_999 }).limit).toBe(15);
  expect(limited(state, BOUNDS, 61_000, 15).limit).toBe(10);
  const short = limited(startOf(BOUNDS), BOUNDS, 0, 20, 10);
  expect([limited(short, BOUNDS, 14_999, 15).limit, limited(short, BOUNDS, 15_000, 15).limit]).toEqual([15, 10]);
});

test('a round in which less than four fifths were in use raises nothing, nor does one that a 429 broke', () => {
  const idle = clean(startOf(BOUNDS), 20, { inFlight: () => 15 });
  expect(idle.limit).toBe(20);
  expect(clean(startOf(BOUNDS), 20, { inFlight: () => 16 }).limit).toBe(40);
  const broken = limited(clean({ ...startOf(BOUNDS), isSteady: true, cooldownUntilMs: 5 }, 19, { now: 5 }), { ...BOUNDS, min: 20 }, 6, 20);
  expect(clean(broken, 19, { now: 20_000 }).limit).toBe(20);
  expect(clean(broken, 20, { now: 20_000 }).limit).toBe(25);
});

test('a low limit takes at least four answers, and is not rounded', () => {
  const bounds: AdaptiveBounds = { min: 1, start: 1, max: 9 };
  const one = startOf(bounds);
  expect([clean(one, 3, { bounds }).limit, clean(one, 4, { bounds }).limit]).toEqual([1, 2]);
  expect(limited({ ...one, limit: 9 }, bounds, 0, 9).limit).toBe(7);
  expect(limited(one, bounds, 0, 1).limit).toBe(1);
});

test('property: it stays within its bounds, falls by 429s alone, and rises at most once in a round', () => {
  const step = fc.record({
    kind: fc.constantFrom('ok', 'ok', 'ok', '429'),
    ms: fc.nat(9_000),
    inFlight: fc.nat(300),
    wait: fc.nat(40_000),
  });
  fc.assert(
    fc.property(fc.nat(20), fc.nat(40), fc.nat(200), fc.array(step, { maxLength: 400 }), (a, b, c, steps) => {
      const bounds = { min: 1 + a, start: 1 + a + b, max: 1 + a + b + c };
      let state = startOf(bounds);
      let [now, since] = [0, 0];
      for (const { kind, ms, inFlight, wait } of steps) {
        now += ms;
        const before = state;
        state = called(state, inFlight);
        state = kind === 'ok' ? succeeded(state, bounds, now, inFlight) : limited(state, bounds, now, inFlight, wait);
        since++;
        expect(state.limit).toBeGreaterThanOrEqual(bounds.min);
        expect(state.limit).toBeLessThanOrEqual(bounds.max);
        if (state.limit > before.limit) {
          expect(kind).toBe('ok');
          expect(since).toBeGreaterThanOrEqual(before.limit);
        }
        if (state.limit < before.limit) expect([kind, now >= before.cooldownUntilMs]).toEqual(['429', true]);
        if (state.limit !== before.limit) since = 0;
      }
    }),
  );
});

test('nice numbers', () => {
  expect([0, 1, 9, 10, 11, 15, 16, 64, 101].map(ceilToNice)).toEqual([1, 1, 9, 10, 15, 15, 20, 65, 105]);
  expect([0, 1, 9, 10, 14, 15, 64].map(floorToNice)).toEqual([1, 1, 9, 10, 10, 15, 60]);
});
