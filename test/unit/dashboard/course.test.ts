/** What charts and the timeline are drawn from. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorsOf, latencyOf, scoresOf, throughputOf, workOf } from '../../../dashboard/src/course.ts';
import { wholeSpans } from '../../../dashboard/src/kit/drawing.ts';
import { lanesOf, ticksOf } from '../../../dashboard/src/lanes.ts';
import type { Course } from '../../../shared/client/course.ts';

const FROM = 1_000_000;
const course = (more: Partial<Course> = {}): Course => ({
  ...{ timeMs: FROM + 5_000, fromMs: FROM, widthMs: 2_000, spans: 2, scoresLeftOut: 0, attempts: [], attemptsLeftOut: 0 },
  models: [{ model: 'a', samples: [4, 8], inputTokens: [1, 2], outputTokens: [3, 4], p50Ms: [500, 0], p95Ms: [900, 0] }],
  errors: [],
  scores: [{ benchmark: 'b', model: 'a', scorer: 's', n: [4, 12], mean: [0.5, 0.25], halfWidth: [0.4, 0.1] }],
  inFlight: [3, 2],
  agents: [1, 1],
  ...more,
});

describe('what a chart shows', () => {
  it('is by the second, up to now: where nothing was counted any more that is none, and scores stand as they stood', () => {
    const until = FROM + 6_000;
    expect(throughputOf(course(), until)).toEqual({ at: [1001, 1003, 1005], lines: [{ name: 'a', values: [2, 4, 0], colour: 0 }] });
    expect(scoresOf(course(), until).lines[0]).toMatchObject({ name: 'a', values: [0.5, 0.25, 0.25], low: [null, 0.15, 0.15] });
    expect(workOf(course(), until).lines[0]!.values).toEqual([3, 2, null]);
    expect(latencyOf(course(), until).lines.map(({ name, values }) => [name, values])).toEqual([
      ['a p50', [0.5, null, null]],
      ['a p95', [0.9, null, null]],
    ]);
  });

  it('takes a last span by as much of it as is over, or leaves it out where that is little', () => {
    expect(throughputOf(course(), FROM + 3_000).lines[0]!.values).toEqual([2, 8]);
    expect(throughputOf(course(), FROM + 2_200).lines[0]!.values).toEqual([2, null]);
    // One that was over within its first moment is all that there is.
    expect(throughputOf(course({ spans: 1 }), FROM + 100).lines[0]!.values).toEqual([40]);
  });

  it('has the most frequent classes of errors, a minute, and the others together', () => {
    const errors = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((errorClass, i) => ({ errorClass, samples: [i, 0] }));
    expect(errorsOf(course({ errors }), FROM + 4_000).lines.map(({ name, values }) => [name, values[0]])).toEqual([
      ['g', 180],
      ['f', 150],
      ['e', 120],
      ['d', 90],
      ['c', 60],
      ['2 others', 30],
    ]);
  });

  it('is nothing of nothing', () => {
    const empty = course({ spans: 0, fromMs: 0, models: [], scores: [], inFlight: [], agents: [] });
    for (const plot of [throughputOf, latencyOf, errorsOf, scoresOf]) expect(plot(empty, 0)).toEqual({ at: [], lines: [] });
  });
});

describe('the timeline', () => {
  it('never lays two bars over each other, and leaves none out while there are lanes', () => {
    const span = fc.record({ fromMs: fc.integer({ min: 0, max: 100 }), ms: fc.integer({ min: 1, max: 50 }) });
    fc.assert(
      fc.property(fc.array(span, { maxLength: 40 }), fc.integer({ min: 1, max: 40 }), (all, most) => {
        const spans = all.map(({ fromMs, ms }) => ({ fromMs, toMs: fromMs + ms }));
        const lanes = lanesOf(spans, most);
        for (const [i, a] of spans.entries())
          for (const [j, b] of spans.entries())
            if (i !== j && lanes[i] !== undefined && lanes[i] === lanes[j]) expect(a.toMs <= b.fromMs || b.toMs <= a.fromMs).toBe(true);
        for (const [i, { fromMs }] of spans.entries())
          if (lanes[i] === undefined)
            expect(spans.filter((s, j) => lanes[j] !== undefined && s.fromMs <= fromMs && s.toMs > fromMs).length).toBe(most);
      }),
    );
  });

  it('spans what was counted, and of a single span no years', () => {
    expect(
      wholeSpans({
        data: [
          [1001, 1003, 1005],
          [1, 2, 3],
        ],
      }),
    ).toEqual([1000, 1006]);
    expect(wholeSpans({ data: [[1001], [1]] })).toEqual([1000.5, 1001.5]);
  });

  it('has a few round ticks on any scale', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2e12 }), fc.integer({ min: 1_000, max: 1e10 }), (from, ms) => {
        const ticks = ticksOf(from, from + ms, 6);
        expect(ticks.length).toBeLessThanOrEqual(7);
        for (const tick of ticks) expect(tick >= from && tick <= from + ms && tick % 1000 === 0).toBe(true);
      }),
    );
  });
});

it('has no line in red, which is for what was lost or has failed', () => {
  const css = readFileSync(new URL('../../../dashboard/src/style/charts.css', import.meta.url), 'utf8');
  const colours = [...css.matchAll(/--series-\d+: light-dark\((#\w{6}), (#\w{6})\)/g)].flatMap(([, light, dark]) => [light!, dark!]);
  expect(colours).toHaveLength(24);
  expect(colours.filter(isRed)).toEqual([]);
  expect(['#b0271d', '#a8407c', '#e0645b'].map(isRed)).toEqual([true, true, true]);
});

/** Mostly red, and little of anything else. */
function isRed(colour: string): boolean {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16)) as [number, number, number];
  return red - Math.max(green, blue) > 40;
}
