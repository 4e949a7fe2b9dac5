/** Filters, and all matches of a regular expression, which they select from. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../shared/domain/errors.ts';
import { select } from '../../../../shared/scoring/filters/hits.ts';
import { createChain, createFilter, filterArgs, filterNames } from '../../../../shared/scoring/filters/registry.ts';
import { compilePythonRegex } from '../../../../shared/scoring/python/regex.ts';

const filtered = (name: string, args: Record<string, unknown>, response: string, choices?: string[]): string | undefined =>
  createFilter({ name, args })([response], { choices })[0];

describe('regex', () => {
  const NUMBERS = '(-?[$0-9.,]{2,})|(-?[0-9]+)';
  it.each<[Record<string, unknown>, string, string]>([
    [{}, 'so #### 1,234.', '1,234.'],
    [{}, '#### 1\n#### 2', '1'],
    [{ group_select: -1 }, '#### 1\n#### 2', '2'],
    [{ group_select: 1 }, '#### 1\n#### 2', '2'],
    [{ group_select: 2 }, '#### 1\n#### 2', '[invalid]'],
    [{ group_select: -3 }, '#### 1\n#### 2', '[invalid]'],
    [{}, 'no mark', '[invalid]'],
    [{ fallback: '' }, 'no mark', ''],
    [{ fallback: { output: true } }, ' no mark ', ' no mark '],
    [{ regex_pattern: NUMBERS, group_select: -1 }, 'costs $18 or 7', '7'],
    [{ regex_pattern: NUMBERS }, 'costs $18 or 7', '$18'],
    [{ regex_pattern: 'is .' }, 'it is A', 'is A'],
    [{ regex_pattern: 'is(.*)' }, 'it is \u3000A ', 'A'],
    [{ regex_pattern: 'is(x)?' }, 'it is', ''],
    [{ regex_pattern: 'is(x)?(y)?' }, 'it is', '[invalid]'],
    [{ regex_pattern: '(?i)ANSWER: (.)' }, 'answer: b', 'b'],
    [{ regex_pattern: 'ANSWER: (.)', ignore_case: true }, 'answer: b', 'b'],
  ])('%j takes of %j: %j', (args, response, expected) => {
    expect(filtered('regex', args, response)).toBe(expected);
  });

  it('refuses a wrong pattern in its arguments', () => {
    expect(() => createFilter({ name: 'regex', args: { regex_pattern: '(a' } })).toThrow(/regex_pattern: has a \( without its \)/);
  });
});

describe('multi_choice_regex', () => {
  const choices = ['Paris', 'St. John’s', 'Rome', ''];
  const args = { regex_pattern: '(\\([A-Z]\\))', group_select: -1, ignore_case: true, ignore_punctuation: true };
  it.each<[string, string]>([
    ['(A) no, (C)', '(C)'],
    ['rome or paris?', '(A)'],
    ['it is ST JOHNS!', '(B)'],
    ['I say: B', '(B)'],
    ['I say:\u3000\n D', '(D)'],
    ['I say: E', '[invalid]'],
    ['', '[invalid]'],
  ])('%j is %s', (response, expected) => {
    expect(filtered('multi_choice_regex', args, response, choices)).toBe(expected);
  });

  it('takes the first match where told so, and what else is to be ignored out of texts', () => {
    expect(filtered('multi_choice_regex', { ...args, group_select: 0 }, 'rome or paris?', choices)).toBe('(C)');
    expect(filtered('multi_choice_regex', { regexes_to_ignore: ['\\s', 'city of'] }, 'city of Rome', ['Oslo', 'Ro me'])).toBe('(B)');
  });

  it('reads texts as they stand: their marks are no pattern', () => {
    expect(filtered('multi_choice_regex', {}, 'it is (a+b)*.', ['a', '(a+b)*', '[a-b]'])).toBe('(B)');
  });

  it('takes off the white space around a text before it looks for its letter, as lm-eval does', () => {
    const options = { ignore_punctuation: true };
    expect(filtered('multi_choice_regex', options, 'maybe: yes - ok : B', ['yes -', 'no'])).toBe('yes');
    expect(filtered('multi_choice_regex', options, 'maybe: no - ok : A', ['yes -', 'no'])).toBe('(B)');
  });

  it('needs choices', () => {
    expect(() => filtered('multi_choice_regex', {}, 'A')).toThrow(/choices/);
  });
});

describe('strip_reasoning', () => {
  it.each<[string, string]>([
    ['<think>a</think>42', '42'],
    ['x <think>a</think> y <think>b</think> z', 'x  y  z'],
    ['x <think>a', 'x '],
    ['a</think>\n42', '\n42'],
    ['a</think>b</think>42', '42'],
    ['x<think>a</think>b</think>42', '42'],
    ['x<think>a<think>b</think>42', 'x42'],
    ['42', '42'],
    ['', ''],
  ])('%j leaves %j', (response, expected) => {
    expect(filtered('strip_reasoning', {}, response)).toBe(expected);
  });

  it('takes other tags', () => {
    expect(filtered('strip_reasoning', { start_tag: '[', end_tag: ']' }, '[a]b', undefined)).toBe('b');
    expect(filtered('strip_reasoning', { start_tag: '***', end_tag: '***' }, 'a***b***c')).toBe('ac');
  });

  it('leaves no tag behind, and has time for millions of them', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('<think>', '</think>', 'a', '<')), (parts) => {
        expect(filtered('strip_reasoning', {}, parts.join(' '))).not.toMatch(/<\/?think>/);
      }),
    );
    expect(filtered('strip_reasoning', {}, '</think>'.repeat(1e6))).toBe('');
  });
});

describe('filters of text', () => {
  it('trim as Python does, and change case', () => {
    expect(filtered('strip', {}, '\u0085 a b \u3000')).toBe('a b');
    expect(filtered('remove_whitespace', {}, '\u0085\n a b ')).toBe('a b ');
    expect(filtered('remove_whitespace', {}, ' \n')).toBe('');
    expect(filtered('lowercase', {}, 'ÀB')).toBe('àb');
  });
});

describe('filters of responses', () => {
  it('take the first, the first k, the most frequent', () => {
    const responses = ['b', 'a', 'a', 'b', 'c'];
    expect(createFilter({ name: 'take_first', args: {} })(responses)).toEqual(['b']);
    expect(createFilter({ name: 'take_first_k', args: { k: 3 } })(responses)).toEqual(['b', 'a', 'a']);
    expect(createFilter({ name: 'take_first_k', args: { k: 9 } })(responses)).toEqual(responses);
    expect(createFilter({ name: 'majority_vote', args: {} })(responses)).toEqual(['b']);
  });

  it('give nothing of nothing', () => {
    for (const name of filterNames()) {
      const args = name === 'take_first_k' ? { k: 1 } : {};
      expect(createFilter({ name, args })([], { choices: ['x'] })).toEqual([]);
    }
  });
});

describe('a chain of filters', () => {
  it('hands responses on in order', () => {
    const chain = createChain([
      { name: 'regex', args: { regex_pattern: '\\d+', group_select: -1 } },
      { name: 'take_first_k', args: { k: 3 } },
      { name: 'majority_vote', args: {} },
    ]);
    expect(chain(['1 or 2', 'no, 3', 'it is 3', '2', '2'])).toEqual(['3']);
  });

  it('without filters changes nothing', () => {
    expect(createChain([])([' a ', 'b'])).toEqual([' a ', 'b']);
  });

  it('refuses unknown names and arguments', () => {
    expect(() => createChain([{ name: 'trim', args: {} }])).toThrow(/no filter is named "trim"; there are regex, /);
    expect(() => createChain([{ name: 'strip', args: { chars: 'x' } }])).toThrow(AppError);
    expect(filterArgs('constructor')).toBeUndefined();
  });
});

describe('all matches of a regular expression', () => {
  it.each<[string, string, [number, number][]]>([
    [
      'a*',
      'aab',
      [
        [0, 2],
        [2, 2],
        [3, 3],
      ],
    ],
    [
      'x?',
      '😀',
      [
        [0, 0],
        [2, 2],
      ],
    ],
    [
      '(.*)$',
      'abc\n',
      [
        [0, 3],
        [3, 3],
        [4, 4],
      ],
    ],
    ['^a', 'aa', [[0, 1]]],
    [
      '(?m)^a',
      'a\na',
      [
        [0, 1],
        [2, 3],
      ],
    ],
    [
      '\\bé',
      'é aé é',
      [
        [0, 1],
        [5, 6],
      ],
    ],
    [
      '\\b.\\b',
      '𝐀 é',
      [
        [0, 2],
        [2, 3],
        [3, 4],
      ],
    ],
  ])('%s in %j', (pattern, text, spans) => {
    expect([...compilePythonRegex(pattern).matches(text)].map(({ start, end }) => [start, end])).toEqual(spans);
  });

  it.each([
    ['(?s).*#### ', 'a\n#### b\n#### 7', '7'],
    ['\\.$', '7.', '7'],
    ['\\.$', '7.\n', '7\n'],
    [',', '1,2,3', '123'],
    ['a*', 'baab', 'bb'],
    ['|,', '1,000', '1000'],
    ['\\s*?', ' a  b ', 'ab'],
    ['b*|a', 'abcb', 'c'],
    ['(?m)^|\\n', 'a\n\nb', 'ab'],
    ['\\b|é', 'aé é', 'a '],
    ['(?i)|É', '😀É', '😀'],
  ])('%s taken out of %j leaves %j', (pattern, text, left) => {
    expect(compilePythonRegex(pattern).remove(text)).toBe(left);
  });

  it.each<[string, string, [number, number, ...(string | undefined)[]][]]>([
    [
      '|[0-9]+',
      '12',
      [
        [0, 0],
        [0, 2],
        [2, 2],
      ],
    ],
    [
      '(a)??(b|)',
      'ab',
      [
        [0, 0, undefined, ''],
        [0, 2, 'a', 'b'],
        [2, 2, undefined, ''],
      ],
    ],
    [
      '(a*?)(b*?)',
      'xb',
      [
        [0, 0, '', ''],
        [1, 1, '', ''],
        [1, 2, '', 'b'],
        [2, 2, '', ''],
      ],
    ],
    [
      '😀*?',
      '😀',
      [
        [0, 0],
        [0, 2],
        [2, 2],
      ],
    ],
    [
      'a??$',
      'a\n',
      [
        [0, 1],
        [1, 1],
        [2, 2],
      ],
    ],
  ])('%s in %j: behind an empty match one at the same place that is not, as in Python', (pattern, text, hits) => {
    const found = [...compilePythonRegex(pattern).matches(text)].map(({ start, end, groups }) => [start, end, ...groups]);
    expect(found).toEqual(hits);
  });

  it('are found in linear time, however many there are', { timeout: 60_000 }, () => {
    const text = 'ab'.repeat(200_000);
    expect(compilePythonRegex('a+').remove(text)).toBe('b'.repeat(200_000));
    expect(compilePythonRegex('a').remove(text)).toBe('b'.repeat(200_000));
    const numbers = compilePythonRegex('(-?[$0-9.,]{2,})|(-?[0-9]+)');
    let last: (string | undefined)[] = [];
    for (const { groups } of numbers.matches('12 ab 7 '.repeat(100_000))) last = groups;
    expect(last).toEqual([undefined, '7']);
  });

  it.each(['(?s)a.*b|a', '(?s)(a)(?:.*b)?', 'a[^b]*b|a', '\\ba.*é|a', '(?s)|a.*b'])(
    'end with a word where %s takes more than that',
    (pattern) => {
      const regex = compilePythonRegex(pattern);
      const startedAt = performance.now();
      expect(() => [...regex.matches('a '.repeat(50_000))]).toThrow(/looks too often at the same characters of a text of 100000/);
      expect(performance.now() - startedAt).toBeLessThan(14_000);
      expect([...regex.matches('xax')].map(({ start, end }) => [start, end])).toContainEqual(pattern.includes('|a.') ? [1, 1] : [1, 2]);
    },
  );
});

it('select counts places as Python does, from either end', () => {
  const values = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
  for (let n = 0; n < 25; n++)
    for (let place = -9; place < 9; place++)
      expect(select(values(n).values(), place)).toBe(values(n).at(place < 0 || place < n ? place : n));
});
