import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cut, padEnd, plainLines, plainText, widthOf, wrapped } from '../../../../cli/render/text.ts';
import { ago, isoTime, parsePast, span } from '../../../../cli/render/time.ts';
import { wantsColour } from '../../../../cli/render/paint.ts';

describe('the width of text on a terminal', () => {
  test.each([
    ['', 0],
    ['abc', 3],
    ['数学', 4],
    ['한국', 4],
    ['é', 1],
    ['e\u0301', 1],
    ['👍', 2],
    ['👍🏽', 2],
    ['👨‍👩‍👧', 2],
    ['🇩🇪', 2],
    ['❤️', 2],
    ['ｆｕｌｌ', 8],
    ['\u001b[31mred\u001b[0m', 3],
    ['a\u200bb', 2],
  ])('%j takes %i', (text, width) => expect(widthOf(text)).toBe(width));

  test('a cut never splits what a reader takes for one character', () => {
    expect(cut('👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧', 5)).toBe('👨‍👩‍👧👨‍👩‍👧…');
    expect(cut('数学测验', 4)).toBe('数…');
    expect(padEnd('数', 4)).toBe('数  ');
  });
});

describe('text from outside', () => {
  test('is one harmless line', () => {
    expect(plainText('a\u001b[2Jb\r\nc\u0007\u202ed\u0085e')).toBe('ab c d e');
    expect(plainText('\u001b]8;;http://x\u0007link\u001b]8;;\u0007')).toBe('link');
  });

  test('or harmless lines', () => expect(plainLines('a\r\n\tb\u001b[1A\u2028c \u0000')).toEqual(['a', '    b', 'c']));

  test('is wrapped at spaces, else anywhere, by columns', () => {
    expect(wrapped('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrapped('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij']);
    expect(wrapped('数学测验', 5)).toEqual(['数学', '测验']);
    expect(wrapped('a\n\nb', 10)).toEqual(['a', '', 'b']);
    expect(wrapped('a very long line stays', Infinity)).toEqual(['a very long line stays']);
  });

  test('wrapped lines fit, and lose nothing but spaces', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'b', ' ', '数', 'é', '👍'), maxLength: 80 }),
        fc.integer({ min: 2, max: 20 }),
        (text, width) => {
          const lines = wrapped(text, width);
          for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width);
          expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
        },
      ),
    );
  });
});

describe('times', () => {
  const now = Date.UTC(2026, 10, 22, 12);
  test.each([
    [0, ''],
    [now + 5_000, 'just now'],
    [now - 1_500, 'just now'],
    [now - 42_000, '42 s ago'],
    [now - 3 * 60_000, '3 min ago'],
    [now - 5 * 3_600_000, '5 h ago'],
    [now - 47 * 3_600_000, '47 h ago'],
    [now - 12 * 86_400_000, '12 days ago'],
  ])('%i is %j', (ms, words) => expect(ago(ms, now)).toBe(words));

  test('in UTC', () => expect([isoTime(now), isoTime(0)]).toEqual(['2026-11-22T12:00:00Z', '']));
  test('spans', () => expect([span(0.4), span(61), span(7200)]).toEqual(['0 s', '1 min', '2 h']));

  test.each([
    ['90s', now - 90_000],
    ['30min', now - 1_800_000],
    ['1.5h', now - 5_400_000],
    ['2d', now - 2 * 86_400_000],
    ['1w', now - 7 * 86_400_000],
    ['2026-11-01', Date.UTC(2026, 10, 1)],
    ['2026-11-01T10:00Z', Date.UTC(2026, 10, 1, 10)],
    ['soon', undefined],
    ['5', undefined],
    ['-2d', undefined],
    ['2026-13-01', undefined],
    ['yesterday', undefined],
  ])('%s as it is typed', (text, ms) => expect(parsePast(text, now)).toBe(ms));
});

test.each([
  [{ isTTY: true }, {}, true],
  [{ isTTY: true }, { NO_COLOR: '1' }, false],
  [{ isTTY: true }, { NO_COLOR: '' }, true],
  [{ isTTY: true }, { TERM: 'dumb' }, false],
  [{}, {}, false],
  [{}, { FORCE_COLOR: '1' }, true],
  [{}, { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
  [{ isTTY: true }, { FORCE_COLOR: '0' }, false],
])('colours on %j with %j: %j', (stream, env, wanted) => expect(wantsColour(stream, env)).toBe(wanted));
