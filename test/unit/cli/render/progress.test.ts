import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PlainLines } from '../../../../cli/render/plain.ts';
import { noPaint } from '../../../../cli/render/paint.ts';
import { progressLines, runningMetric } from '../../../../cli/render/progress-lines.ts';
import { applyEvent, newProgressView, type ProgressView } from '../../../../cli/render/progress-view.ts';
import { RateMeter } from '../../../../cli/render/rate-meter.ts';
import { count, cut, duration, perSecond, plainText, widthOf } from '../../../../cli/render/text.ts';
import type { Evaluation, GroupProgress } from '../../../../shared/client/types.ts';
import { emptyCounts } from '../../../../shared/domain/states.ts';

const group = (model: string, scored: number, total = 100): GroupProgress => ({
  benchmark: 'gsm8k',
  model,
  counts: { ...emptyCounts(total), scored },
  scorers: [{ scorer: 'match', n: scored, sum: scored / 2, sumOfSquares: scored / 2 }],
  retries: 0,
});
const snapshot = (groups: GroupProgress[], resync = false) => ({
  kind: 'snapshot' as const,
  cursor: 'c',
  timeMs: 0,
  resync,
  evaluation: {
    name: 'gsm8k',
    state: 'running',
    reason: '',
    counts: groups.reduce((sum, g) => ({ ...sum, total: sum.total + g.counts.total, scored: sum.scored + g.counts.scored }), emptyCounts()),
    groups,
    inFlight: 3,
    agents: 1,
  } as unknown as Evaluation,
});
const viewOf = (groups: GroupProgress[]): ProgressView => {
  const view = newProgressView();
  applyEvent(view, snapshot(groups), 0);
  return view;
};

describe('the picture', () => {
  test('takes snapshots, changes and states', () => {
    const view = viewOf([group('a/x', 0), group('a/y', 0)]);
    applyEvent(
      view,
      {
        kind: 'progress',
        cursor: 'd',
        timeMs: 1,
        groups: [group('a/y', 50)],
        counts: { ...emptyCounts(200), scored: 50 },
        inFlight: 7,
        agents: 2,
      },
      1000,
    );
    applyEvent(view, { kind: 'state', cursor: 'e', timeMs: 2, state: 'paused', reason: 'by hand' }, 2000);
    expect(view).toMatchObject({ state: 'paused', reason: 'by hand', inFlight: 7, agents: 2, counts: { scored: 50 } });
    expect(view.rows.map((r) => r.counts.scored)).toEqual([0, 50]);
    expect(view.meter.perSecond(1000)).toBeCloseTo(50);
  });

  test('a resync forgets what was seen', () => {
    const view = viewOf([group('a/x', 10)]);
    applyEvent(view, snapshot([group('a/x', 90)], true), 1000);
    expect(view.rows).toHaveLength(1);
    expect(view.meter.perSecond(1000)).toBe(0);
  });
});

describe('bars', () => {
  test('show progress, running accuracy, rate and what is left', () => {
    const view = viewOf([group('openai/gpt-x', 0)]);
    applyEvent(
      view,
      {
        kind: 'progress',
        cursor: 'd',
        timeMs: 1,
        groups: [{ ...group('openai/gpt-x', 50), retries: 3 }],
        counts: { ...emptyCounts(100), scored: 50 },
        inFlight: 7,
        agents: 2,
      },
      5000,
    );
    const [header, bar] = progressLines(view, { columns: 120, rows: 24, nowMs: 5000, paint: noPaint });
    expect(header).toBe('gsm8k running  50/100  10/s  ETA 5.0 s  7 handed out to 2 agents');
    expect(bar).toMatch(/^ {2}openai\/gpt-x █{20}·{20} {3}50\/100 {2}accuracy 0\.500 ± 0\.071 {3}10\/s {2}ETA 5\.0 s {2}retries 3$/);
  });

  test('always fit the terminal', () => {
    const anyGroup = fc.record({
      model: fc.string({ unit: 'grapheme', maxLength: 60 }),
      scored: fc.nat({ max: 1000 }),
      errored: fc.nat({ max: 50 }),
    });
    fc.assert(
      fc.property(
        fc.array(anyGroup, { maxLength: 30 }),
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 3, max: 50 }),
        (groups, columns, rows) => {
          const view = viewOf(
            groups.map((g, i) => ({
              ...group(`${i}/${g.model}`, g.scored, 2000),
              counts: { ...emptyCounts(2000), scored: g.scored, errored: g.errored },
            })),
          );
          const lines = progressLines(view, { columns, rows, nowMs: 1000, paint: noPaint });
          expect(lines.length).toBeLessThanOrEqual(rows);
          for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns);
          for (const line of lines) expect(line).not.toMatch(/[\u0000-\u001f\u007f]/);
        },
      ),
    );
  });

  test('with too many of them, those under way are shown', () => {
    const view = viewOf([...Array.from({ length: 20 }, (_, i) => group(`done/${i}`, 100)), group('busy/x', 5)]);
    const lines = progressLines(view, { columns: 100, rows: 8, nowMs: 0, paint: noPaint });
    expect(lines.join('\n')).toContain('busy/x');
    expect(lines.at(-1)).toMatch(/… and 16 more bars/);
  });

  test('no score yet, one score, many', () => {
    const metric = (n: number, sum: number) => runningMetric({ scorers: [{ scorer: 'match', n, sum, sumOfSquares: sum }] });
    expect([metric(0, 0), metric(1, 1), metric(100, 50)]).toEqual(['', '1.000', '0.500 ± 0.050']);
  });
});

test('before anything is handed out there is no word of it', () => {
  const view = { ...viewOf([group('a/x', 0)]), inFlight: 0, agents: 0 };
  expect(progressLines(view, { columns: 120, rows: 24, nowMs: 0, paint: noPaint })[0]).toBe('gsm8k running  0/100');
});

test('plain lines come with a new state and then every few seconds, and the end is always told', () => {
  let nowMs = 0;
  const lines: string[] = [];
  const plain = new PlainLines(
    (line) => lines.push(line),
    () => nowMs,
  );
  const view = viewOf([group('a/x', 0)]);
  plain.show(view);
  for (const scored of [10, 20, 30]) {
    nowMs += 1200;
    applyEvent(
      view,
      {
        kind: 'progress',
        cursor: '',
        timeMs: 0,
        groups: [group('a/x', scored)],
        counts: { ...emptyCounts(100), scored },
        inFlight: 1,
        agents: 1,
      },
      nowMs,
    );
    plain.show(view);
  }
  applyEvent(view, { kind: 'state', cursor: '', timeMs: 0, state: 'succeeded', reason: '' }, nowMs);
  plain.close(view);
  plain.close(view);
  expect(lines).toHaveLength(3);
  expect(lines[0]).toBe('gsm8k running 0/100 0 % 3 handed out to 1 agent');
  expect(lines[1]).toMatch(/^gsm8k running 30\/100 30 % 8\.3\/s ETA 8\.4 s 1 handed out to 1 agent \| a\/x 0\.500 ± 0\.093$/);
  expect(lines[2]).toMatch(/^gsm8k succeeded 30\/100/);
});

describe('rates', () => {
  test('follow a change within the window and keep few points', () => {
    const meter = new RateMeter();
    for (let ms = 0; ms <= 60_000; ms += 10) meter.note(ms, ms < 40_000 ? ms / 100 : 400 + (ms - 40_000) / 10);
    expect(meter.perSecond(60_000)).toBeCloseTo(100, 0);
    expect(meter.etaMs(500, 60_000)).toBeCloseTo(5000, -2);
  });

  test('nothing is said before something is known, and a standstill shows', () => {
    const meter = new RateMeter();
    expect(meter.perSecond(0)).toBe(0);
    meter.note(0, 100);
    expect(meter.etaMs(10, 5000)).toBeUndefined();
    meter.note(1000, 200);
    expect(meter.perSecond(1000)).toBeCloseTo(100);
    expect(meter.perSecond(10_000)).toBeCloseTo(10);
  });
});

describe('text', () => {
  test('from outside is harmless', () => expect(plainText('a\u001b[31mb\nc\u0007')).toBe('ab c '));
  test('is cut by columns, not characters', () => {
    expect(cut('abcdef', 4)).toBe('abc…');
    expect(widthOf(cut('漢字漢字', 5))).toBe(5);
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), fc.nat({ max: 30 }), (text, width) => widthOf(cut(text, width)) <= width));
  });
  test('numbers', () => {
    expect([count(0), count(999), count(1319), count(1_234_567)]).toEqual(['0', '999', '1,319', '1,234,567']);
    expect([duration(420), duration(12_000), duration(185_000), duration(7_440_000)]).toEqual(['0.4 s', '12 s', '3 min 5 s', '2 h 4 min']);
    expect([perSecond(0.421), perSecond(4.21), perSecond(42.1)]).toEqual(['0.42/s', '4.2/s', '42/s']);
  });
});
