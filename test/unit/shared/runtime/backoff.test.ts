import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffCeilingMs, backoffMs } from '../../../../shared/runtime/backoff.ts';

const OPTIONS = { baseMs: 100, maxMs: 5_000 };

describe('backoff', () => {
  it('doubles its ceiling up to the maximum', () => {
    expect([0, 1, 2, 3, 6, 7, 5_000].map((n) => backoffCeilingMs(n, OPTIONS))).toEqual([0, 100, 200, 400, 3_200, 5_000, 5_000]);
  });

  it('uses the whole range below the ceiling', () => {
    expect(backoffMs(3, OPTIONS, () => 0)).toBe(0);
    expect(backoffMs(3, OPTIONS, () => 0.999_999)).toBe(399);
  });

  it('stays between floor and floor plus ceiling', () => {
    fc.assert(
      fc.property(
        fc.nat(2_000),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.nat(100_000),
        (failures, random, floorMs) => {
          const wait = backoffMs(failures, OPTIONS, () => random, floorMs);
          expect(wait).toBeGreaterThanOrEqual(floorMs);
          expect(wait).toBeLessThanOrEqual(floorMs + backoffCeilingMs(failures, OPTIONS));
        },
      ),
    );
  });
});
