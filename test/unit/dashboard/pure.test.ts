/** What the page computes by itself: means and intervals, rates, the picture that events draw, text that harms nobody's eyes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agentNames, agentProblem } from '../../../dashboard/src/agent-names.ts';
import { asCallError, CallError, eventOf, queryText, queryWith } from '../../../dashboard/src/api.ts';
import { beside, type Further } from '../../../dashboard/src/beside.ts';
import { addTo, compare, MOST_FLIPPED, type Scores } from '../../../dashboard/src/compared.ts';
import { namespaceOf } from '../../../dashboard/src/namespace.ts';
import { pairAsked, pairOf, pairProblem } from '../../../dashboard/src/pairs.ts';
import { Rates } from '../../../dashboard/src/rates.ts';
import { ofRow, ofSums } from '../../../dashboard/src/scores.ts';
import { taken, type Live } from '../../../dashboard/src/watched.ts';
import { seen } from '../../../dashboard/src/unseen.ts';
import { ago, compact, count, duration, fixed, localTimes, moment } from '../../../dashboard/src/words.ts';
import type { WhoAmI } from '../../../shared/client/identity-types.ts';
import { emptyCounts } from '../../../shared/domain/states.ts';
import { evaluation } from '../../support/rpc.ts';

describe('scores', () => {
  it('has mean and interval of sums as of the values themselves', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 50 }), (values) => {
        const n = values.length;
        const sum = values.reduce((a, b) => a + b, 0);
        const { mean, low, high } = ofSums({ scorer: 's', n, sum, sumOfSquares: values.reduce((a, b) => a + b * b, 0) });
        const variance = values.reduce((a, b) => a + (b - sum / n) ** 2, 0) / (n - 1);
        expect(mean).toBeCloseTo(sum / n, 9);
        expect(high! - low!).toBeCloseTo(2 * 1.959964 * Math.sqrt(variance / n), 5);
      }),
    );
  });

  it('has no interval where there is nothing to estimate it by', () => {
    expect(ofSums({ scorer: 's', n: 0, sum: 0, sumOfSquares: 0 })).toEqual({ n: 0, mean: undefined, low: undefined, high: undefined });
    expect(ofSums({ scorer: 's', n: 1, sum: 1, sumOfSquares: 1 })).toEqual({ n: 1, mean: 1, low: undefined, high: undefined });
  });

  it('takes the report’s own interval before its error', () => {
    const row = { benchmark: 'b', model: 'm', scorer: 's', reducer: 'mean', counts: emptyCounts(10), samples: 10 };
    expect(ofRow({ ...row, metrics: { accuracy: 0.5, stderr: 0.1 } }).low).toBeCloseTo(0.304, 3);
    expect(ofRow({ ...row, metrics: { mean: 0.5, ci_lower: 0.2, ci_upper: 0.9, stderr: 0.1 } })).toMatchObject({ low: 0.2, high: 0.9 });
  });
});

describe('comparisons', () => {
  const sample = (sampleId: string, number: number | null, unit: number, more = {}) => ({
    ...{ benchmark: 'b', model: 'm', sampleId, unit },
    scores: [{ scorer: 's', value: '', number, answer: '', explanation: '', error: '' }],
    ...more,
  });

  it('is of the samples that both have, epochs reduced to their mean', () => {
    const [a, b]: [Scores, Scores] = [new Map(), new Map()];
    addTo(a, [sample('1', 1, 0), sample('1', 0, 1), sample('2', 1, 2), sample('3', 0, 3), sample('4', null, 4)]);
    addTo(b, [sample('1', 1, 0), sample('2', 0, 1), sample('3', 1, 2), sample('9', 1, 3)]);
    const [row] = compare(a, b);
    expect(row).toMatchObject({ pairs: 3, baseline: 0.5, won: 2, lost: 1, p: undefined });
    expect(row!.difference).toBeCloseTo(1 / 6, 9);
    expect([row!.losses, row!.gains].map((flips) => flips.map(({ sampleId }) => sampleId))).toEqual([['2'], ['3', '1']]);
  });

  it('names so many losses and so many gains, so that many of the ones do not hide the others', () => {
    const [a, b]: [Scores, Scores] = [new Map(), new Map()];
    for (let i = 0; i < 62; i++) {
      addTo(a, [sample(`${i}`, i < 60 ? 1 : 0, i)]);
      addTo(b, [sample(`${i}`, i < 60 ? 0 : 1, i)]);
    }
    const [row] = compare(a, b);
    expect(row).toMatchObject({ lost: 60, won: 2 });
    expect([row!.losses.length, row!.gains.map(({ sampleId }) => sampleId)]).toEqual([MOST_FLIPPED, ['60', '61']]);
  });

  it('is by McNemar where scores are right or wrong, and of models where each side has one', () => {
    const [a, b]: [Scores, Scores] = [new Map(), new Map()];
    for (let i = 0; i < 10; i++) {
      addTo(a, [sample(`${i}`, 0, i)]);
      addTo(b, [sample(`${i}`, i < 8 ? 1 : 0, i, { model: 'other' })]);
    }
    expect(compare(a, b)).toMatchObject([
      { model: 'm', candidateModel: 'other', won: 8, lost: 0, p: expect.closeTo(2 / 2 ** 8, 9) as number },
    ]);
    addTo(b, [sample('1', 1, 1, { model: 'third' })]);
    expect(compare(a, b)).toEqual([]);
  });
});

describe('rates', () => {
  it('are those of the last seconds, and begin anew where something was opened again', () => {
    const rates = new Rates();
    expect(rates.perSecond('a', 0)).toBeUndefined();
    for (let i = 0; i <= 60; i++) rates.note('a', i < 30 ? 0 : (i - 30) * 10, i * 1_000);
    expect(rates.perSecond('a', 60_000)).toBeCloseTo(10, 5);
    rates.note('a', 5, 61_000);
    expect(rates.perSecond('a', 61_000)).toBeUndefined();
  });

  it('say for how long nothing has changed, as far as was seen', () => {
    const rates = new Rates();
    expect(rates.stillMs('a', 5_000)).toBe(0);
    for (let at = 1_000; at <= 90_000; at += 1_000) rates.note('a', at < 10_000 ? 0 : 1, at);
    expect([rates.stillMs('a', 9_000), rates.stillMs('a', 90_000), rates.perSecond('a', 90_000)]).toEqual([0, 80_000, 0]);
  });
});

describe('events', () => {
  it('put changed groups in the place of those of before, and nothing before the first snapshot', () => {
    const of = (model: string, scored: number) => ({
      ...{ benchmark: 'b', model, counts: { ...emptyCounts(10), scored }, scorers: [], retries: 0 },
    });
    const at = { cursor: '1-1', timeMs: 1 };
    const progress = {
      kind: 'progress' as const,
      groups: [of('y', 3), of('z', 1)],
      counts: { ...emptyCounts(30), scored: 4 },
      inFlight: 2,
      agents: 1,
    };
    expect(taken(undefined, { ...at, ...progress })).toBeUndefined();
    const first = taken(undefined, {
      ...at,
      ...{ kind: 'snapshot', resync: false, evaluation: evaluation({ groups: [of('x', 0), of('y', 0)] }) },
    });
    const next = taken(first, { ...at, ...progress }) as Live;
    expect(next.groups.map(({ model, counts }) => [model, counts.scored])).toEqual([
      ['x', 0],
      ['y', 3],
      ['z', 1],
    ]);
    expect(taken(next, { ...at, kind: 'state', state: 'paused', reason: 'r' })).toMatchObject({
      state: 'paused',
      reason: 'r',
      inFlight: 2,
    });
  });
});

describe('a name with its value', () => {
  it('is one with both, and goes by the first sign', () => {
    expect(['zone=eu', 'a=b=c', 'zone', 'zone=', '=eu', '='].map(pairOf)).toEqual([
      ['zone', 'eu'],
      ['a', 'b=c'],
      ...[undefined, undefined, undefined, undefined],
    ]);
    expect(['', 'zone=eu', 'zone='].map(pairProblem)).toEqual(['', '', 'write name=value']);
    expect([pairAsked('a.b=c', 'labels'), pairAsked('a', 'labels'), pairAsked(null, 'labels')]).toEqual([{ 'labels.a.b': 'c' }, {}, {}]);
  });
});

describe('agents by name', () => {
  it('are meant by names that one alone has; all others go by their ids', () => {
    const id = (n: number): string => `ag_${String(n).repeat(16)}`;
    const attempts = [
      [1, 'north'],
      [1, 'north'],
      [2, 'twin'],
      [3, 'twin'],
      [4, ''],
      [5, ''],
    ] as const;
    const names = agentNames(attempts.map(([n, agent]) => ({ agentId: id(n), agent })));
    expect(names.all).toEqual([id(2), id(3), id(4), id(5), 'north']);
    expect([names.shown(id(1)), names.shown(id(2)), names.shown(id(9)), names.shown('')]).toEqual(['north', id(2), id(9), '']);
    expect([names.meant('north'), names.meant('twin'), names.meant(id(4)), names.meant('')]).toEqual([id(1), 'twin', id(4), '']);
    expect(['north', id(9), '', 'twin', 'nor'].map((text) => agentProblem(names, text))).toEqual([
      ...['', '', ''],
      ...['not known by name', 'not known by name'],
    ]);
  });
});

describe('the sample beside', () => {
  it('is looked for from the sample on, page after page, and not for ever', async () => {
    const asked: object[] = [];
    const pages = (...units: (number | undefined)[]) => {
      let at = 0;
      return async (query: object) => {
        asked.push(query);
        const unit = units[at++];
        return { items: unit === undefined ? [] : [{ unit }], nextToken: at < units.length ? `t${at}` : '' };
      };
    };
    expect([await beside(pages(undefined, 9), 4, false), await beside(pages(undefined), 4, true)]).toEqual([9, 'none']);
    expect(asked).toEqual([
      { fromUnit: 5, backwards: false, pageSize: 1 },
      { pageToken: 't1', backwards: false, pageSize: 1 },
      { fromUnit: 3, backwards: true, pageSize: 1 },
    ]);
    expect(await beside(pages(1), 0, true)).toBe('none');
    expect(asked.splice(0)).toHaveLength(3);
    const far = pages(...Array.from({ length: 30 }, () => undefined), 31);
    const further = await beside(far, 0, false);
    expect([further, asked.length]).toEqual([{ pageToken: 't20' }, 20]);
    expect(await beside(far, 0, false, further as Further)).toBe(31);
    expect(asked[20]).toEqual({ pageToken: 't20', backwards: false, pageSize: 1 });
  });
});

describe('words', () => {
  it('has what goes wrong as a call’s end: a refusal as it is told, and a fault of the page as its own', () => {
    const refused = new CallError({ code: 'not_found', message: 'There is none.' });
    expect(asCallError(refused)).toBe(refused);
    expect(asCallError(new TypeError('x is not there'))).toMatchObject({
      code: 'internal',
      message: 'This page failed: TypeError: x is not there',
    });
  });

  it('shows what cannot be seen', () => {
    expect(seen('a\u202eb\u0000\u001b[31m\tc\r\nd')).toBe('a⟨U+202E⟩b␀␛[31m\tc\nd');
    fc.assert(fc.property(fc.string({ unit: 'grapheme-ascii' }), (text) => seen(text) === text));
    const hidden = [0xad, 0x61c, 0x200b, 0x200c, 0x200d, 0x200e, 0x2028, 0x2060, 0xfeff, 0xe0001, 0xe0061, 0xe007f];
    for (const code of hidden)
      expect(seen(`pass${String.fromCodePoint(code)}word`)).toBe(`pass⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩word`);
  });

  it('leaves emoji and words whole, and no joiner beside them', () => {
    const whole = [
      '👩‍🚀',
      '👩🏽‍💻',
      '❤️‍🔥',
      '👨‍👩‍👧‍👦',
      '🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}',
      '🇪🇺',
      'é',
      'می\u200cخواهم',
      'क्\u200dष',
    ];
    expect(whole.map(seen)).toEqual(whole);
    expect(seen('می\u200c')).toBe('می⟨U+200C⟩');
    expect(seen('👩\u200dx')).toBe('👩⟨U+200D⟩x');
    expect(seen('👩\u200d\u200d🚀')).toBe('👩⟨U+200D⟩⟨U+200D⟩🚀');
  });

  it('shows it in names as well as in values', () => {
    const labels = JSON.stringify({ labels: { 'zo\u200bne': 'e\u202eu', plain: [{ 'a\ufeff': 1 }] } });
    expect(eventOf(labels)).toEqual({ labels: { 'zo⟨U+200B⟩ne': 'e⟨U+202E⟩u', plain: [{ 'a⟨U+FEFF⟩': 1 }] } });
    expect(Object.hasOwn(eventOf<object>('{"__proto__\u200b": 1, "__proto__": {"x": 1}}'), '__proto__')).toBe(true);
  });

  it('writes numbers and times as people read them', () => {
    expect([0, 999, 1000, 1_234_567].map(count)).toEqual(['0', '999', '1,000', '1,234,567']);
    expect([40, 4_000, 12_000, 185_000, 7_440_000, 3 * 86_400_000].map(duration)).toEqual([
      '40 ms',
      '4.0 s',
      '12 s',
      '3 min 5 s',
      '2 h 4 min',
      '3 days',
    ]);
    expect([0, 999, 1_000, 4_760, 119_600, 999_600, 3_210_000].map(compact)).toEqual(['0', '999', '1k', '4.8k', '120k', '1M', '3.2M']);
    expect([0, 1_000, 61_000].map((atMs) => ago(atMs, 62_000))).toEqual(['–', '1 min ago', 'just now']);
    expect([0.912, 0, 12.34, 1234].map(fixed)).toEqual(['0.912', '0.0', '12.3', '1,234']);
  });

  it('makes queries of values that are there', () => {
    expect(queryText({ a: 'x y', b: ['1', '2'], c: '', d: undefined, e: false, f: true, g: 0 })).toBe('?a=x+y&b=1&b=2&f=true&g=0');
    expect(queryText({ a: '' })).toBe('');
  });

  it('changes of the address what it is told to', () => {
    expect(queryWith('?q=a&page=t&tag=x&tag=y', { q: 'b', page: '' })).toBe('?q=b&tag=x&tag=y');
    expect(queryWith('?page=t', { page: undefined })).toBe('');
  });

  it('tells times of UTC in texts in the reader’s time zone, and leaves the rest', () => {
    const atMs = Date.UTC(2026, 2, 9, 14, 5, 30);
    expect(localTimes('it exited with 137, last seen 2026-03-09T14:05:30.123Z')).toBe(`it exited with 137, last seen ${moment(atMs)}`);
    expect(localTimes('2026-99-09T14:05:30Z, 2026-03-09')).toBe('2026-99-09T14:05:30Z, 2026-03-09');
  });

  it('begins with a namespace that the caller may see', () => {
    const of = (search: string, namespaces: WhoAmI['namespaces']): string => namespaceOf(new URLSearchParams(search), { namespaces });
    expect([of('', '*'), of('', ['a', 'default']), of('', ['b', 'a']), of('?namespace=', ['b']), of('?namespace=c', ['b'])]).toEqual([
      'default',
      'default',
      'b',
      'b',
      'c',
    ]);
  });
});
