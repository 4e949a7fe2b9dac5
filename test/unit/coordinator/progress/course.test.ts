/** How durations are kept by magnitude, and what spans say where nothing was counted. */
import fc from 'fast-check';
import { Courses } from '../../../../coordinator/evaluations/reading/courses.ts';
import type { KeptAttempt } from '../../../../coordinator/progress/course/course-keeper.ts';
import { systemClock } from '../../../../shared/runtime/clock.ts';
import { describe, expect, it } from 'vitest';
import { courseFormOf, courseOf } from '../../../../coordinator/progress/course/course-form.ts';
import { binOf, quantileOf, type Latencies } from '../../../../coordinator/progress/course/latencies.ts';
import type { Manifest } from '../../../../shared/domain/manifest.ts';

describe('latencies', () => {
  it('know quantiles to a sixth, however they are spread', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1, max: 1e8, noNaN: true }), { minLength: 1, maxLength: 200 }),
        fc.constantFrom(0.5, 0.95),
        (all, share) => {
          const bins: Latencies = {};
          for (const ms of all) bins[binOf(ms)] = (bins[binOf(ms)] ?? 0) + 1;
          const exact = all.toSorted((a, b) => a - b)[Math.ceil(share * all.length) - 1]!;
          const found = quantileOf(bins, share);
          expect(found / exact).toBeGreaterThan(0.86);
          expect(found / exact).toBeLessThan(1.16);
        },
      ),
    );
  });

  it('are none where there are none, and small ones are small', () => {
    expect(quantileOf({}, 0.5)).toBe(0);
    expect(quantileOf({ [binOf(0.2)]: 3 }, 0.95)).toBeLessThanOrEqual(1);
  });
});

describe('a course', () => {
  const manifest = {
    groups: [
      { index: 0, benchmark: 'b', model: 'a', scorers: ['s', 't'] },
      { index: 1, benchmark: 'c', model: 'a', scorers: ['s'] },
      { index: 2, benchmark: 'b', model: 'judge', scorers: ['grade'], judge: { of: 0, scorer: 's' } },
    ],
  } as unknown as Manifest;

  it('has a line for each model and for each score of answers; judges are models', () => {
    const form = courseFormOf(manifest);
    expect(form.models).toEqual(['a', 'judge']);
    expect(form.modelOfGroup).toEqual([0, 0, 1]);
    expect(form.scores.map(({ benchmark, scorer, field }) => [benchmark, scorer, field])).toEqual([
      ['b', 's', '0:s0'],
      ['b', 't', '0:s1'],
      ['c', 's', '1:s0'],
    ]);
  });

  it('stands as before in a span in which nothing was counted, and says nothing of spans that it does not have', () => {
    const spans = new Map([
      [0, { m: { 0: [2, 10, 5, { 10: 2 }] as const }, s: [[2, 1, 1]], f: 4, a: 1 }],
      [2, { m: { 1: [1, 1, 1, {}] as const }, e: { timeout: 1 }, s: [[3, 3, 3]], f: 0, a: 2 }],
    ]) as never;
    const course = courseOf(courseFormOf(manifest), { fromMs: 1, widthMs: 2, spans }, 9);
    expect(course).toMatchObject({ spans: 3, inFlight: [4, 4, 0], agents: [1, 1, 2] });
    expect(course.models.map(({ samples }) => samples)).toEqual([
      [2, 0, 0],
      [0, 0, 1],
    ]);
    expect(course.errors).toEqual([{ errorClass: 'timeout', samples: [0, 0, 1] }]);
    expect(course.scores[0]).toMatchObject({ n: [2, 2, 3], mean: [0.5, 0.5, 1], halfWidth: [0.979982, 0.979982, 0] });
    expect(course.scores[1]!.n).toEqual([0, 0, 0]);
    expect(courseOf(courseFormOf(manifest), undefined, 9)).toMatchObject({ spans: 0, fromMs: 0, errors: [], inFlight: [] });
  });
});

it('many who ask of samples within a second read attempts and tasks once, and no spans; a look that failed is not kept', async () => {
  const asked: string[] = [];
  const attempt = (attemptId: string, first: number): KeptAttempt => ({
    ...{ attemptId, sequence: 1, agentId: 'a', firstUnit: first, units: 2, fromMs: 1, toMs: 2, end: 'done', waitedMs: undefined },
    ...{ runs: [[first, first + 2]], refused: [] },
  });
  const told = <T>(name: string, value: T) => {
    return async (id: string | undefined): Promise<T> => {
      asked.push(`${name} ${id}`);
      return value;
    };
  };
  let [nowMs, isDown] = [0, false];
  const courses = new Courses({
    keeper: {
      flush: told('flush', undefined),
      attempts: told('attempts', [attempt('one', 0), attempt('two', 2)]),
      begun: async () => (isDown ? Promise.reject(new Error('down')) : 5),
      spans: told('spans', undefined),
    },
    ledger: { tasks: told('tasks', []) },
    manifestOf: () => Promise.reject(new Error('not asked for')),
    names: async () => new Map(),
    clock: { ...systemClock, monotonic: () => nowMs },
  });
  const of = async (id: string, unit: number): Promise<unknown> => {
    const { attempts, attemptsLeftOut } = await courses.ofUnit(id, unit);
    return [attempts.map(({ attemptId }) => attemptId), attemptsLeftOut];
  };
  const once = (id: string): string[] => [`tasks ${id}`, `flush ${id}`, `attempts ${id}`];
  expect(await Promise.all([of('e', 1), of('e', 2), of('e', 9)])).toEqual([
    [['one'], 3],
    [['two'], 3],
    [[], 3],
  ]);
  nowMs = 1_000;
  await of('e', 3);
  expect(asked.splice(0)).toEqual(once('e'));
  [nowMs, isDown] = [1_001, true];
  await expect(of('e', 3)).rejects.toThrow('down');
  isDown = false;
  await of('e', 3);
  expect(asked.splice(0)).toEqual([...once('e'), ...once('e')]);
  // Only so many evaluations are kept: the first of them is read again, the last one is not.
  for (let n = 0; n < 40; n++) await of(`e${n}`, 0);
  asked.splice(0);
  await of('e39', 0);
  await of('e0', 0);
  expect(asked).toEqual(once('e0'));
});
