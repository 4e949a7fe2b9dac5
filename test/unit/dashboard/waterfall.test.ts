/** When what happened to a sample, on one scale of time. */
import { describe, expect, it } from 'vitest';
import { spanTicks, tickWords } from '../../../dashboard/src/lanes.ts';
import { waterfallOf, type Bar } from '../../../dashboard/src/waterfall.ts';
import type { Sample, SampleAttempt } from '../../../shared/client/types.ts';

const T = 1_000_000;

function sampleOf({ result, ...fields }: Partial<Omit<Sample, 'result'>> & { result?: Partial<Sample['result']> }): Sample {
  const bare = { failures: [], attempts: [], attemptsLeftOut: 0, judgeCalls: [], startedAtMs: 0 };
  return { ...bare, ...fields, result: { agentId: '', modelMs: 0, totalMs: 0, state: 'scored', ...result } } as unknown as Sample;
}
const attemptOf = (fields: Partial<SampleAttempt>): SampleAttempt => ({
  ...{
    attemptId: 'a',
    taskId: 't',
    agentId: 'ag_1',
    agent: 'one',
    fromMs: T,
    toMs: T + 10_000,
    state: 'done',
    samples: 1,
    result: 'counts',
  },
  ...fields,
});
const short = ({ kind, fromMs, ms }: Bar): unknown[] => [kind, fromMs - T, ms];

describe('waterfallOf', () => {
  it('has the inside of the attempt that counts below it, and what is known of the others', () => {
    const failure = { startedAtMs: T + 100, durationMs: 400, errorClass: 'timeout', message: 'm', httpStatus: 0, waitedMs: 500 };
    const { bars, fromMs, toMs, notes } = waterfallOf(
      sampleOf({
        attempts: [
          attemptOf({ attemptId: 'b', fromMs: T - 5_000, toMs: 0, state: 'over', result: 'none' }),
          attemptOf({ waitedMs: 2_000, samples: 3 }),
        ],
        ...{ startedAtMs: T + 50, failures: [failure], result: { agentId: 'ag_1', modelMs: 3_000, totalMs: 4_200 } },
      }),
      T,
    );
    expect(bars.map(short)).toEqual([
      ['over', -5_000, undefined],
      ['queue', -2_000, 2_000],
      ['done', 0, 10_000],
      ['failed', 100, 400],
      ['wait', 500, 500],
      ['model', 1_000, 3_000],
      ['rest', 4_000, 250],
    ]);
    expect(bars[2]).toMatchObject({ title: 'Attempt 2 on one', more: 'done, its result counts (with 2 other samples)' });
    expect([fromMs - T, toMs - T, notes]).toEqual([-5_000, 10_000, []]);
  });

  it('moves what an agent with another clock has told into its attempt, and says so', () => {
    const early = sampleOf({ attempts: [attemptOf({})], startedAtMs: T - 60_000, result: { agentId: 'ag_1', modelMs: 500, totalMs: 500 } });
    expect(waterfallOf(early, T).bars.map(short)).toEqual([
      ['done', 0, 10_000],
      ['model', 0, 500],
    ]);
    expect(waterfallOf(early, T).notes).toEqual(["The agent's clock is 1 min 0 s behind: its times were moved into its attempt."]);
    const late = { ...early, startedAtMs: T + 30_000 };
    expect(waterfallOf(late, T).bars.map(short)[1]).toEqual(['model', 9_500, 500]);
    expect(waterfallOf(late, T).notes[0]).toContain('ahead');
  });

  it('shows what there is where nothing is kept of the attempt, and says that some are not kept', () => {
    const { bars, notes } = waterfallOf(
      sampleOf({ startedAtMs: T, attemptsLeftOut: 1, result: { agentId: 'ag_1', modelMs: 500, totalMs: 500 } }),
      T,
    );
    expect(bars.map(short)).toEqual([
      ['done', 0, 500],
      ['model', 0, 500],
    ]);
    expect(notes).toEqual(['1 attempt of this evaluation is not kept; some may have been at this sample.']);
    // Where Redis did not answer nothing is known of what is kept.
    expect(bars[0]!.more).toBe('its result counts; of the attempt itself nothing is told');
    expect(waterfallOf(sampleOf({ attempts: [attemptOf({})], attemptsLeftOut: 2 }), T).notes).toEqual([
      '2 attempts of this evaluation are not kept; some may have been at this sample, and numbers are of those that are.',
    ]);
    expect(waterfallOf(sampleOf({}), T).bars).toEqual([]);
  });

  it('has what is under way last until now', () => {
    const running = attemptOf({ toMs: 0, state: 'running', result: 'none' });
    expect(waterfallOf(sampleOf({ attempts: [running] }), T + 700).bars.map(short)).toEqual([['running', 0, 700]]);
  });
});

it('ticks of a span are round, few, and not at its very end', () => {
  expect(spanTicks(219_100, 6)).toEqual([0, 60_000, 120_000, 180_000]);
  expect(spanTicks(7, 6)).toEqual([0, 2, 4, 6]);
  expect(spanTicks(1, 6)).toEqual([0]);
  const words = (ms: number): string[] => spanTicks(ms, 6).map((tick, _, all) => tickWords(tick, all, ms));
  expect(words(219_100)).toEqual(['0', '1 min', '2 min', '3 min']);
  expect(words(90_000)).toEqual(['0', '15 s', '30 s', '45 s', '60 s', '75 s']);
  expect(words(1_700)).toEqual(['0', '0.5 s', '1 s', '1.5 s']);
  expect(words(300)).toEqual(['0', '50 ms', '100 ms', '150 ms', '200 ms', '250 ms']);
  for (const ms of [1, 13, 999, 12_345, 86_400_001, 4e10]) expect(spanTicks(ms, 6).length).toBeLessThanOrEqual(7);
});
