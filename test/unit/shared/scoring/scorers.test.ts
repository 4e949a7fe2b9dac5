import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../shared/domain/errors.ts';
import { metricArgs, metricNames } from '../../../../shared/scoring/metrics/registry.ts';
import { filterNames } from '../../../../shared/scoring/filters/registry.ts';
import { reducerForms } from '../../../../shared/scoring/reducers.ts';
import { createScorer, scorerArgs, scorerNames } from '../../../../shared/scoring/registry.ts';

const manual = readFileSync(new URL('../../../../docs/spec.md', import.meta.url), 'utf8');

/** The names in the first column of the tables of names below a heading, up to the next one. */
function documented(heading: string): string[] {
  const section = new RegExp(`^#+ ${heading}\\n([^]*?)^#`, 'm').exec(manual)![1]!;
  const tables = section.split('\n\n').filter((part) => /^\| (?:scorer|filter|reducer|metric) \|/.test(part));
  return tables.flatMap((table) =>
    table.split('\n').flatMap((row) => [...(row.split(' | ')[0] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name!)),
  );
}

const verdict = (name: string, args: Record<string, unknown>, output: string, ...target: string[]): unknown =>
  createScorer({ name, args })(output, target).value;

describe('match', () => {
  it.each([
    ['STRASSE', 'straße', {}, 'C'],
    ['the end is near.', 'near', { location: 'end' }, 'C'],
    ['Paris, of course', 'paris', { location: 'begin' }, 'C'],
    ['Paris', 'paris', { ignore_case: false }, 'I'],
    ['anything', '', {}, 'C'],
    ['\u0085 Paris \u3000', 'paris', { location: 'exact' }, 'C'],
  ])('text %j against %j with %j: %s', (output, target, args, expected) => {
    expect(verdict('match', args, output, target)).toBe(expected);
  });

  it.each([
    ['The answer is **\\$1,234.50**.', '1234.5', 'C'],
    ['(42)!', '42', 'C'],
    ['60%', '60', 'I'],
    ['60%', '60%', 'C'],
    ['四十二', '42', 'C'],
    ['三万五千', '35000', 'C'],
    ['三点一四', '3.14', 'C'],
    ['１２３', '123', 'C'],
    ['Ⅻ', '12', 'C'],
    ['1.5⁻²', '0.44444', 'C'],
    ['-2²', '4', 'C'],
    ["1'000'000", '1e6', 'C'],
    ['12344.5', '12344', 'C'],
    ['12345.5', '12346', 'C'],
    ['0x10', '16', 'I'],
    ['nan', '0', 'I'],
    ['42 abc', '42', 'C'],
    ['42abc', '42', 'I'],
    ['5', 'five', 'I'],
  ])('number %j against %j: %s', (output, target, expected) => {
    expect(verdict('match', { numeric: true }, output, target)).toBe(expected);
  });

  it.each([
    ['end', 'The answer is 1 000', '1 000', 'I'],
    ['end', '1000', '1 000', 'C'],
    ['exact', '1 000', '1000', 'C'],
    ['exact', '1\u00a0000', '1000', 'C'],
    ['exact', '1\u202f000', '1000', 'C'],
    ['exact', '1000', '1\u2009000', 'C'],
    ['exact', '1 000 x', '1000', 'I'],
  ])('%s: white space groups digits, of %j against %j: %s', (location, output, target, expected) => {
    expect(verdict('match', { numeric: true, location }, output, target)).toBe(expected);
  });

  it.each([
    ['²³', '23', 'C'],
    ['5²³', '11920928955078125', 'C'],
    ['万', '10000', 'C'],
    ['-億', '-1e8', 'C'],
    ['三万', '30000', 'C'],
    ['ↀ', '1000', 'C'],
    ['ↈ', '100000', 'C'],
  ])('numeral %j against %j: %s', (output, target, expected) => {
    expect(verdict('match', { numeric: true }, output, target)).toBe(expected);
  });

  it('answers with the number that it took', () => {
    expect(createScorer({ name: 'match', args: { numeric: true } })('first 7, then 1,000,000.', ['3'])).toEqual({
      value: 'I',
      answer: '1e+06',
    });
    expect(createScorer({ name: 'match', args: { numeric: true, location: 'begin' } })('first 7, then 8', ['7'])).toEqual({
      value: 'C',
      answer: '7',
    });
  });

  it('takes any of several targets', () => {
    expect(verdict('match', { numeric: true }, 'it is 60%', '60', '60%')).toBe('C');
  });
});

describe('includes and exact', () => {
  it.each([
    ['includes', {}, 'Über allem', 'über', 'C'],
    ['includes', {}, 'x', '', 'C'],
    ['exact', {}, 'The  Answer-is: $1,000.', 'answer is 1000', 'C'],
    ['exact', {}, 'well-known', 'well known', 'C'],
    ['exact', {}, '', '', 'I'],
    ['exact', {}, '1e16', '10000000000000000', 'C'],
    ['exact', {}, 'a b b', 'a b', 'I'],
    ['exact', {}, 'b', 'the b', 'C'],
  ])('%s %j: %j against %j is %s', (name, args, output, target, expected) => {
    expect(verdict(name, args, output, target)).toBe(expected);
  });
});

describe('pattern', () => {
  it('takes a group that is a target, or says that there is no answer', () => {
    const scorer = createScorer({ name: 'pattern', args: { pattern: 'ANSWER: ([A-D])' } });
    expect(scorer('… answer: b', ['B'])).toEqual({ value: 'C', answer: 'b' });
    expect(scorer('ANSWER: C', ['B'])).toEqual({ value: 'I', answer: 'C' });
    expect(scorer('I do not know', ['B'])).toMatchObject({ value: 'N' });
  });

  it('takes an empty group for no answer, though a target is empty', () => {
    expect(verdict('pattern', { pattern: 'a(x?)b' }, 'ab', '')).toBe('I');
    expect(verdict('pattern', { pattern: 'a(x?)b(y)' }, 'aby', '', 'y')).toBe('I');
    expect(verdict('pattern', { pattern: 'a(x?)b(y)' }, 'aby', 'y')).toBe('C');
    expect(verdict('pattern', { pattern: 'a(x?)b', match_all: true }, 'ab', '')).toBe('I');
    expect(verdict('pattern', { pattern: 'a(x?)b', match_all: true }, 'ab', '', 'y')).toBe('C');
  });

  it('with match_all wants every group that took part', () => {
    const args = { pattern: '(\\w+) and (\\w+)(?: or (\\w+))?', match_all: true };
    expect(verdict('pattern', args, 'red and blue', 'red', 'blue')).toBe('C');
    expect(verdict('pattern', args, 'red and green', 'red', 'blue')).toBe('I');
    expect(verdict('pattern', { pattern: '(x)?y', match_all: true }, 'y', '')).toBe('I');
  });

  it('stays fast where backtracking would take years', () => {
    const startedAt = performance.now();
    expect(verdict('pattern', { pattern: '((a+)+)+$' }, `${'a'.repeat(5000)}!`, 'a')).toBe('N');
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });
});

describe('all scorers', () => {
  it('are those that the documentation names', () => {
    expect(documented('Scorers')).toEqual(scorerNames());
  });

  it('as are filters, reducers and metrics', () => {
    expect(documented('Filters').toSorted()).toEqual(filterNames().toSorted());
    expect(documented('Epochs').toSorted()).toEqual(reducerForms().toSorted());
    expect(documented('Metrics')).toEqual(metricNames());
  });

  it('have no arguments that the documentation does not name', () => {
    const kinds = [
      ...scorerNames().map((name) => [name, scorerArgs(name)] as const),
      ...metricNames().map((name) => [name, metricArgs(name)] as const),
    ];
    for (const [name, args] of kinds) {
      const row = manual.split('\n').find((line) => line.startsWith(`| \`${name}\` | `))!;
      const { shape } = args as unknown as { shape: object };
      for (const arg of Object.keys(shape)) expect(`${name}: ${row}`).toContain(`\`${arg}\``);
    }
  });

  it('refuse unknown names and arguments', () => {
    expect(() => createScorer({ name: 'guess', args: {} })).toThrow(AppError);
    expect(() => createScorer({ name: 'match', args: { numeric: 'yes' } })).toThrow(/numeric/);
    expect(() => createScorer({ name: 'exact', args: { strict: true } })).toThrow(AppError);
  });

  it('give a verdict on any text and keep answers short', () => {
    const scorers = [
      { name: 'match', args: {} },
      { name: 'match', args: { numeric: true, location: 'any' } },
      { name: 'includes', args: {} },
      { name: 'exact', args: {} },
      { name: 'pattern', args: { pattern: '(.+)$' } },
    ].map(createScorer);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.array(fc.string({ unit: 'binary' })), (output, targets) => {
        for (const scorer of scorers) expect(['C', 'I', 'N']).toContain(scorer(output, targets).value);
      }),
    );
    expect(scorers[0]!('x'.repeat(5000), ['y']).answer).toHaveLength(1000);
  });

  it('judge 20 MiB in seconds', { timeout: 60_000 }, () => {
    const output = `${'lorem ipsum 12 '.repeat(1_400_000)}the answer is 42`;
    const startedAt = performance.now();
    expect(verdict('match', { numeric: true }, output, '42')).toBe('C');
    expect(verdict('includes', {}, output, 'ANSWER IS 42')).toBe('C');
    expect(verdict('match', {}, output, '42')).toBe('C');
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  });
});
