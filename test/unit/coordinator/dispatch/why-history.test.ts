/** What the first reason was over time, and how long tasks waited. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { historyOf, nameOf, noted, UNSEEN_MS } from '../../../../coordinator/dispatch/why/history.ts';
import { reason } from '../../../../coordinator/dispatch/why/reason.ts';
import { classOf, waitsIn, waitsOf } from '../../../../coordinator/dispatch/why/waits.ts';
import type { Reason, ReasonPeriod, WhyHistory } from '../../../../shared/client/why.ts';
import { routeOf } from '../../../../shared/domain/routing.ts';

const on = routeOf('openai/x', {});
const nobody = reason({ code: 'no_model', effect: 'blocks', text: 'nobody serves it', samples: 4, on });
const runs = reason({ code: 'running', effect: 'runs', text: 'it runs', on });
const starts = reason({ code: 'starting', effect: 'runs', text: 'it begins', on });

/** Looks, as they are noted one after the other. */
function historyAfter(looks: readonly (readonly [Reason, number])[]): WhyHistory {
  let current: ReasonPeriod | undefined;
  const closed: ReasonPeriod[] = [];
  const totals = new Map<string, { times: number; totalMs: number }>();
  for (const [first, atMs] of looks) {
    const step = noted(current, first, atMs);
    current = step.current;
    if (!step.closed) continue;
    closed.unshift(step.closed);
    const name = nameOf(step.closed);
    const before = totals.get(name) ?? { times: 0, totalMs: 0 };
    totals.set(name, { times: before.times + 1, totalMs: before.totalMs + step.closed.untilMs - step.closed.sinceMs });
  }
  return historyOf(current, closed, totals, looks[0]?.[1] ?? 0);
}
const told = ({ periods }: WhyHistory): string[] => periods.map((p) => `${p.code} ${p.sinceMs}-${p.untilMs} ${p.looks}`);

describe('the history of first reasons', () => {
  test('one that holds is one period; another one ends it', () => {
    expect(
      told(
        historyAfter([
          [nobody, 1_000],
          [nobody, 6_000],
          [runs, 11_000],
          [nobody, 16_000],
        ]),
      ),
    ).toEqual(['no_model 16000-16000 1', 'running 11000-16000 1', 'no_model 1000-11000 2']);
  });

  test('what runs is one period, however its words change', () => {
    expect(
      told(
        historyAfter([
          [starts, 1_000],
          [runs, 2_000],
          [starts, 3_000],
        ]),
      ),
    ).toEqual(['starting 1000-3000 3']);
  });

  test('where nobody looked for long, nothing is said', () => {
    const late = 2_000 + UNSEEN_MS;
    expect(
      told(
        historyAfter([
          [nobody, 1_000],
          [nobody, late],
        ]),
      ),
    ).toEqual([`no_model ${late}-${late} 1`, 'no_model 1000-1000 1']);
  });

  test('a coordinator that is late turns no time around', () => {
    expect(
      told(
        historyAfter([
          [nobody, 9_000],
          [runs, 8_000],
        ]),
      ),
    ).toEqual(['running 9000-9000 1', 'no_model 9000-9000 1']);
  });

  test('another route is another period, and all add up by reason and route', () => {
    const other = reason({ code: 'no_model', effect: 'blocks', text: 'nor this', on: routeOf('openai/y', {}) });
    const { totals } = historyAfter([
      [nobody, 0],
      [other, 10],
      [nobody, 30],
      [runs, 60],
      [nobody, 70],
    ]);
    expect(totals).toEqual([
      { code: 'no_model', effect: 'blocks', route: nobody.route, times: 3, totalMs: 40 },
      { code: 'no_model', effect: 'blocks', route: other.route, times: 1, totalMs: 20 },
      { code: 'running', effect: 'runs', route: '', times: 1, totalMs: 10 },
    ]);
  });

  test('of agents the first five are kept', () => {
    const agents = Array.from({ length: 20 }, (_, i) => ({ agentId: `ag_${i}`, name: `a${i}`, text: '', sinceMs: 0 }));
    expect(noted(undefined, { ...nobody, agents, agentCount: 30 }, 1).current).toMatchObject({ agents: { length: 5 }, agentCount: 30 });
  });

  test('periods follow each other without a hole, and add up to all of the time', () => {
    const look = fc.tuple(fc.constantFrom(nobody, runs, starts), fc.integer({ min: 0, max: UNSEEN_MS }));
    fc.assert(
      fc.property(fc.array(look, { minLength: 1, maxLength: 40 }), (steps) => {
        let atMs = 1;
        const { periods, totals } = historyAfter(steps.map(([first, ms]) => [first, (atMs += ms)] as const));
        for (const [i, period] of periods.entries()) if (i > 0) expect(period.untilMs).toBe(periods[i - 1]!.sinceMs);
        const all = periods[0]!.untilMs - periods.at(-1)!.sinceMs;
        expect(totals.reduce((sum, { totalMs }) => sum + totalMs, 0)).toBe(all);
      }),
    );
  });

  test('nobody has looked yet', () => expect(historyAfter([])).toEqual({ sinceMs: 0, periods: [], totals: [] }));
});

describe('how long tasks wait', () => {
  test('of the lengths themselves', () => {
    expect(waitsIn(Array.from({ length: 200 }, (_, i) => 1 + ((i * 7) % 200)))).toEqual({
      ...{ tasks: 200, p50Ms: 100, p90Ms: 180, p99Ms: 198, maxMs: 200 },
    });
    expect(waitsIn([])).toMatchObject({ tasks: 0, maxMs: 0 });
  });

  test('of counts by class: within a tenth', () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 100_000_000 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(lengths, (all) => {
        const counts = new Map<number, number>();
        for (const ms of all) counts.set(classOf(ms), (counts.get(classOf(ms)) ?? 0) + 1);
        const [told, true_] = [waitsOf(counts), waitsIn(all)];
        expect(told.tasks).toBe(true_.tasks);
        for (const key of ['p50Ms', 'p90Ms', 'p99Ms', 'maxMs'] as const)
          expect(Math.abs(told[key] - true_[key])).toBeLessThanOrEqual(0.1 * true_[key] + 1);
      }),
    );
  });
});
