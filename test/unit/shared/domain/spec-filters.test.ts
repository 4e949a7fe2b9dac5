/** Filters of scorers in specs: what is taken, what is refused and how, and what the scorers are called in results. */
import { describe, expect, it } from 'vitest';
import { readSpec, parseSpec, type BenchmarkSpec } from '../../../../shared/domain/spec.ts';
import { scorersOf } from '../../../../shared/domain/spec-scorers.ts';

const specWith = (scorers: unknown): Record<string, unknown> => ({
  name: 'demo',
  benchmarks: [{ benchmark: 'b', dataset: { uri: 'file:t.jsonl' }, scorers }],
  models: [{ model: 'mock/a' }],
});
const benchmarkWith = (...scorers: unknown[]): BenchmarkSpec => parseSpec(specWith(scorers)).benchmarks[0]!;
const ids = (...scorers: unknown[]): string[] => scorersOf(benchmarkWith(...scorers)).map(({ id }) => id);
const faults = (filters: unknown): string[] => {
  const read = readSpec(specWith([{ name: 'exact_match', filters }]));
  return 'faults' in read ? read.faults.map(({ place, problem }) => `${place.replace('benchmarks[0].scorers[0].', '')}: ${problem}`) : [];
};

const STRICT = [{ name: 'regex', args: { regex_pattern: '#### (.+)' } }];
const FLEXIBLE = [{ name: 'regex', args: { regex_pattern: '\\d+', group_select: -1 } }];

describe('scorers in results', () => {
  it('are called by their names, the second of a name with its number', () => {
    expect(ids('match', { name: 'match', args: { numeric: true } }, { name: 'match', filters: ['strip'] })).toEqual([
      'match',
      'match#2',
      'match#3',
    ]);
  });

  it('are one for each named chain, in the order of the names', () => {
    const filters = { 'strict-match': STRICT, 'flexible-extract': FLEXIBLE };
    expect(ids({ name: 'exact_match', filters }, 'exact_match', { name: 'exact_match', filters: { 'strict-match': ['strip'] } })).toEqual([
      'exact_match,flexible-extract',
      'exact_match,strict-match',
      'exact_match',
      'exact_match,strict-match#2',
    ]);
  });

  it('have their own chain, with its arguments filled in', () => {
    const [flexible, strict, plain] = scorersOf(
      benchmarkWith({ name: 'exact_match', args: { ignore_case: true }, filters: { b: STRICT, a: ['strip', ...FLEXIBLE] } }, 'match'),
    );
    expect(flexible).toMatchObject({ id: 'exact_match,a', name: 'exact_match', args: { ignore_case: true } });
    expect(flexible!.filters).toEqual([
      { name: 'strip', args: {} },
      { name: 'regex', args: { regex_pattern: '\\d+', group_select: -1, ignore_case: false, fallback: '[invalid]' } },
    ]);
    expect(strict!.filters[0]!.args).toMatchObject({ regex_pattern: '#### (.+)', group_select: 0 });
    expect(plain!.filters).toEqual([]);
  });

  it('leave a spec without filters as it was', () => {
    expect(benchmarkWith('match').scorers).toEqual([{ name: 'match', args: { location: 'end', ignore_case: true, numeric: false } }]);
  });
});

describe('faults of filters', () => {
  it.each<[string, unknown, string]>([
    ['no filters', [], 'filters: is a list, must have at least 1 item (it has 0)'],
    ['no chains', {}, 'filters: has 0 chains of filters; name one, or leave filters out'],
    ['a chain of nothing', { a: [] }, 'filters.a: is a list, must have at least 1 item (it has 0)'],
    ['a name alone', 'strip', 'filters: is "strip", must be a list of filters, or an object of named lists'],
    ['too long a chain', Array<string>(11).fill('strip'), 'filters: is a list, must have at most 10 items (it has 11)'],
    [
      'too many chains',
      Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`c${i}`, ['strip']])),
      'filters: has 11 chains of filters; at most 10 are taken',
    ],
    ['a comma in a name', { 'a,b': ['strip'] }, 'has the name "a,b", which is not valid: is "a,b", must be 1 to 64 letters'],
    ['an unknown filter', ['regexp'], 'filters[0]: is "regexp", but there is no such filter; did you mean "regex"?'],
    ['an unknown filter in a chain of a name', { a: ['strip', { name: 'trim' }] }, 'filters.a[1].name: is "trim", but there'],
    ['nothing like it', ['x'.repeat(30)], 'there are regex, multi_choice_regex, strip_reasoning, strip, remove_whitespace, lowercase'],
    ['a wrong pattern', [{ name: 'regex', args: { regex_pattern: '(a' } }], 'filters[0].args.regex_pattern: has a ( without its )'],
    ['an unknown argument', { a: [{ name: 'strip', args: { x: 1 } }] }, 'filters.a[0].args.x: there is no field "x" here'],
    ["lm-eval's form", [{ function: 'regex' }], 'filters[0].function: there is no field "function" here; known are name, args'],
    ["lm-eval's form, named", { a: [{ function: 'regex' }] }, 'filters.a[0].function: there is no field "function" here; known are name'],
    ['a number', [5], 'filters[0]: is 5, must be the name of a filter, or {name, args}'],
    ['take_first', ['take_first'], 'filters[0]: is "take_first", which changes nothing here: a scorer gets one completion at a time'],
    ['take_first_k', [{ name: 'take_first_k', args: { k: 2 } }], 'filters[0].name: is "take_first_k", which chooses among the responses'],
    ['majority_vote', { a: ['majority_vote'] }, 'filters.a[0]: is "majority_vote", which is a vote among the responses of a sample, but'],
  ])('%s is named with its place and remedy', (_what, filters, message) => {
    expect(faults(filters).join('\n')).toContain(message);
  });

  it('are told all at once, with those of the scorer', () => {
    const read = readSpec(specWith([{ name: 'mtach', filters: ['regx', { name: 'strip', args: { a: 1 } }, 'take_first'] }]));
    expect('faults' in read && read.faults.map(({ place }) => place.replace('benchmarks[0].scorers[0].', ''))).toEqual([
      'name',
      'filters[0]',
      'filters[1].args.a',
      'filters[2]',
    ]);
  });
});
