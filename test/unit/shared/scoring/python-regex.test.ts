/**
 * Look-around, and letters without regard to case, against what Python's `re` found. `test/fixtures/python-regex/make.py` writes the table:
 * patterns as configurations of benchmarks have them, and as many that are drawn.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compilePythonRegex } from '../../../../shared/scoring/python/regex.ts';

type Case = [pattern: string, text: string, matches: (number | string | null)[][]];

const CASES = readFileSync(new URL('../../../fixtures/python-regex/cases.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Case);

/** Python counts characters, and not their halves. */
function found(pattern: string, text: string): Case[2] {
  const place = (at: number): number => Array.from(text.slice(0, at)).length;
  const hits = [...compilePythonRegex(pattern).matches(text)];
  return hits.map(({ start, end, groups }) => [place(start), place(end), ...groups.map((group) => group ?? null)]);
}

test('all matches are those of Python, with their groups', () => {
  expect(CASES.length).toBeGreaterThan(1000);
  const differences = CASES.flatMap(([pattern, text, matches]) => {
    const own = found(pattern, text);
    return JSON.stringify(own) === JSON.stringify(matches) ? [] : [{ pattern, text, matches, own }];
  });
  expect(differences).toEqual([]);
});

test('a match is looked for behind the one before it, whatever only follows that', () => {
  expect(found('a(?=a)', 'aaa')).toEqual([
    [0, 1],
    [1, 2],
  ]);
  expect(found('(?<=a)(?=b)', 'ab')).toEqual([[1, 1]]);
  expect(compilePythonRegex('(?<=#)x(?=#)').remove('#x#x#')).toBe('###');
});

test('(?i) by an option is that of the pattern', () => {
  for (const char of 'iIİı') {
    expect(compilePythonRegex('(i)', { ignoreCase: true }).search(char)).toEqual([char]);
    expect(compilePythonRegex(`([^${char}x]+)`, { ignoreCase: true }).search('iIİıXj')).toEqual(['j']);
    expect(compilePythonRegex(`\\b(${char})\\b`, { ignoreCase: true }).search('é İ')).toEqual(['İ']);
  }
  expect(compilePythonRegex('(i)').search('Iİı')).toBeUndefined();
  expect(compilePythonRegex('(?a)(i)', { ignoreCase: true }).search('İı')).toBeUndefined();
});

test('what only follows a match is refused where the end has taken it in already', () => {
  expect(() => compilePythonRegex('(\\w+)$(?=\\n)')).toThrow('has a look-ahead behind $, which linear matching cannot do, at character 7');
  expect(() => compilePythonRegex('(a)(?=b)c')).toThrow('has something behind a look-ahead');
});
