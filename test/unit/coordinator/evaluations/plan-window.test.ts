import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutTasks, taskUnits, windowUnits } from '../../../../coordinator/evaluations/plan-window.ts';

describe('the plan window', () => {
  it('makes tasks of seconds of work, not of a count', () => {
    expect(taskUnits(0, undefined)).toBe(4);
    expect(taskUnits(20, undefined)).toBe(50);
    expect(taskUnits(2_000, undefined)).toBe(10);
    expect(taskUnits(330_000, undefined)).toBe(1);
    expect(taskUnits(20, 1)).toBe(1);
  });

  it('holds seconds of a route’s work, and never more than a bounded number', () => {
    expect(windowUnits(1_000, 100, 10)).toBe(500);
    expect(windowUnits(1, 10_000, 50)).toBe(8_192);
    expect(windowUnits(1, 10_000, 1)).toBe(2_048);
    expect(windowUnits(0, 0, 4)).toBe(32);
  });

  it('cuts every open unit exactly once, within budget, size and group', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 300 }),
        fc.nat(1_000),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 400 }),
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }),
        fc.nat(500),
        (states, first, perTask, budget, sizes, more) => {
          const codes = Uint8Array.from(states);
          const sizeOf = (u: number): number => sizes[u % sizes.length]!;
          const cut = cutTasks({ first, codes, end: first + codes.length + more, budget, perTask, sizeOf, maxBytes: 100, maxTasks: 64 });
          const planned: number[] = [];
          for (const t of cut.tasks) {
            expect(t.end - t.first).toBeGreaterThan(0);
            expect(t.end - t.first).toBeLessThanOrEqual(perTask);
            let bytes = 0;
            for (let u = t.first; u < t.end; u++) {
              bytes += sizeOf(u);
              planned.push(u);
            }
            expect(t.end - t.first === 1 || bytes <= 100).toBe(true);
          }
          const open = [...codes.keys()].filter((i) => codes[i]! < 2).map((i) => first + i);
          expect(planned).toEqual(open.filter((u) => u < cut.cursor));
          expect(cut.units).toBe(planned.length);
          expect(cut.units).toBeLessThanOrEqual(budget);
          if (cut.cursor < first + codes.length) expect(cut.units === budget || cut.tasks.length === 64).toBe(true);
        },
      ),
    );
  });
});
