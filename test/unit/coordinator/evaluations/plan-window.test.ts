import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutTasks, roomLeft, taskUnits, windowUnits } from '../../../../coordinator/evaluations/plan-window.ts';

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

  it('shares a bound of samples in flight among the routes that have something to plan, and never exceeds it', () => {
    expect(roomLeft(0, [5, 5], [true, true])).toEqual({ room: Infinity, ofRoutes: [Infinity, Infinity] });
    expect(roomLeft(4, [2, 0], [true, true])).toEqual({ room: 2, ofRoutes: [0, 2] });
    expect(roomLeft(5, [0, 0], [true, true]).ofRoutes).toEqual([3, 2]);
    expect(roomLeft(10, [1, 0], [false, true]).ofRoutes).toEqual([0, 9]);
    expect(roomLeft(1, [0], [true]).ofRoutes).toEqual([1]);
    expect(roomLeft(16, [15], [true]).ofRoutes).toEqual([0]);
    expect(roomLeft(2, [40, 0], [true, true])).toEqual({ room: -38, ofRoutes: [0, 1] });
    const routes = fc.array(fc.record({ own: fc.nat(20), unplanned: fc.boolean() }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), routes, (most, all) => {
        const own = all.map((route) => route.own);
        const before = own.reduce((a, b) => a + b, 0);
        const { room, ofRoutes } = roomLeft(
          most,
          own,
          all.map((route) => route.unplanned),
        );
        expect(room).toBe(most - before);
        const shares = ofRoutes.map((more, r) => (more > 0 ? more + own[r]! : 0)).reduce((a, b) => a + b, 0);
        expect(shares).toBeLessThanOrEqual(most);
      }),
    );
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
