/** Gates over files: rules, baselines, exit codes, JUnit. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Faults } from '../../../../cli/flags.ts';
import { parseRule } from '../../../../cli/gate/rules.ts';
import { junitCase } from '../../../../cli/render/junit.ts';
import { runCommandIn, type Ending } from '../../../support/run-command.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'assay-gate-'));
  const counts = { total: 4, scored: 4, unscored: 0, errored: 0, cancelled: 0, dead: 0 };
  const row = { benchmark: 'gsm8k', model: 'mock/a', scorer: 'match', reducer: 'mean', counts, samples: 4 };
  const results = [
    { ...row, metrics: { accuracy: 0.8, stderr: 0.1 } },
    { ...row, scorer: 'exact_match,strict-match', metrics: { mean: 0.5, stderr: 0.1 } },
    { ...row, benchmark: 'mmlu/law', metrics: { accuracy: 0.6 } },
  ];
  const total = { model: 'mock/a', scorer: 'match', reducer: 'mean', benchmarks: 2, samples: 8 };
  const report = { results, totals: [{ ...total, macro: 0.7, weighted: 0.75, pooledStderr: 0.1 }], state: 'succeeded' };
  await writeFile(join(dir, 'report.json'), JSON.stringify(report, null, 2));
  await writeFile(join(dir, 'failed.json'), JSON.stringify({ ...report, state: 'failed' }));
  await writeFile(join(dir, 'empty.json'), JSON.stringify({ ...report, results: [{ ...row, metrics: {} }], totals: [] }));
  for (const [name, values] of Object.entries({ 'main.jsonl': [1, 1, 1, 1, 0], 'branch.jsonl': [1, 1, 1, 0, 0] }))
    await writeFile(
      join(dir, name),
      values
        .map((number, i) => JSON.stringify({ benchmark: 'b', model: 'mock/a', sampleId: i, scores: [{ scorer: 'match', number }] }))
        .join('\n'),
    );
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const gate = (...args: string[]): Promise<Ending> => runCommandIn(dir, ['gate', ...args]);
const min = (file: string, ...rules: string[]): Promise<Ending> => gate(file, ...rules.flatMap((rule) => ['--min', rule]));

describe('a rule', () => {
  test.each([
    ['accuracy>=0.8', { benchmark: undefined, scorer: undefined, metric: 'accuracy', operator: '>=', bound: 0.8 }],
    ['*.mean < .5', { scorer: undefined, metric: 'mean', operator: '<', bound: 0.5 }],
    ['match.ci_lower>-1e-3', { scorer: 'match', metric: 'ci_lower', operator: '>', bound: -0.001 }],
    ['a/b/exact_match,x.y.mean<=1', { benchmark: 'a/b', scorer: 'exact_match,x.y', metric: 'mean', operator: '<=' }],
    ['my.bench/accuracy>=1', { benchmark: 'my.bench', scorer: undefined, metric: 'accuracy' }],
  ])('%s', (text, wanted) => {
    const faults = new Faults();
    expect(parseRule(text, faults)).toMatchObject(wanted);
    faults.throwIfAny();
  });

  test.each(['', 'accuracy', 'accuracy>=', 'accuracy=1', 'accuracy>=high', 'match.acuracy>=1', '>=1'])('%j is none', (text) => {
    const faults = new Faults();
    expect(parseRule(text, faults)).toBeUndefined();
    expect(() => faults.throwIfAny()).toThrow(/--min: .*\[BENCHMARK\/\]\[SCORER\.\]METRIC>=NUMBER/);
  });
});

describe('bounds', () => {
  test('that hold pass', async () => {
    const { code, stdout, stderr } = await min(
      'report.json',
      'gsm8k/match.accuracy>=0.8',
      'exact_match,strict-match.mean>0.4',
      'macro>=0.7',
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n')).toEqual([
      'pass  gsm8k · mock/a · match: accuracy >= 0.8 (accuracy 0.8)',
      'pass  gsm8k · mock/a · exact_match,strict-match: mean > 0.4 (mean 0.5)',
      'pass  all benchmarks · mock/a · match: macro >= 0.7 (macro 0.7)',
      '',
    ]);
  });

  test('that do not hold for one row end with 3', async () => {
    const { code, stdout } = await min('report.json', 'match.accuracy>=0.7');
    expect(code).toBe(3);
    expect(stdout).toMatch(/^pass {2}gsm8k .*\nFAIL {2}mmlu\/law · mock\/a · match: accuracy >= 0\.7 \(accuracy 0\.6\)\n$/);
  });

  test('are not reached by what was not scored', async () => {
    expect(await min('empty.json', 'accuracy>=0')).toMatchObject({ code: 3, stdout: expect.stringContaining('(has no accuracy)') });
  });

  test('about what is not there are refused, all at once', async () => {
    const { code, stderr } = await min('report.json', 'none.accuracy>=0', 'match.var>=0');
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /2 faults[^]*'none\.accuracy>=0' is about no row[^]*it has gsm8k\/match\.accuracy[^]*'match\.var>=0' is about rows/,
    );
  });

  test('of an evaluation that failed do not pass it', async () => {
    expect(await min('failed.json', 'accuracy>=0')).toMatchObject({ code: 1, stderr: expect.stringContaining('failed.json is failed') });
  });
});

describe('a baseline', () => {
  test('may be missed by --max-drop', async () => {
    expect(await gate('branch.jsonl', '--baseline', 'main.jsonl', '--max-drop', '0.2')).toMatchObject({ code: 0 });
    const { code, stdout } = await gate('branch.jsonl', '--baseline', 'main.jsonl', '--max-drop', '0.1');
    expect(code).toBe(3);
    expect(stdout).toBe('FAIL  b · mock/a · match: drops by 0.1 at most (0.6 after 0.8, difference -0.2 ± 0.2000)\n');
  });

  test('may always be exceeded, and by default not be missed', async () => {
    expect(await gate('main.jsonl', '--baseline', 'branch.jsonl')).toMatchObject({ code: 0 });
    expect(await gate('main.jsonl', '--baseline', 'main.jsonl')).toMatchObject({ code: 0 });
    expect(await gate('branch.jsonl', '--baseline', 'main.jsonl')).toMatchObject({ code: 3 });
  });

  test('is missed by more where less is better', async () => {
    const line = (number: number, scorer: string): string =>
      JSON.stringify({ benchmark: 'b', model: 'mock/a', sampleId: 1, scores: [{ scorer, number }] });
    for (const scorer of ['ter', 'ter,last', 'brier_score#2']) {
      await writeFile(join(dir, 'few.jsonl'), line(0.25, scorer));
      await writeFile(join(dir, 'many.jsonl'), line(0.5, scorer));
      expect(await gate('few.jsonl', '--baseline', 'many.jsonl')).toMatchObject({ code: 0 });
      expect(await gate('many.jsonl', '--baseline', 'few.jsonl', '--max-drop', '0.2')).toMatchObject({ code: 3 });
      expect(await gate('many.jsonl', '--baseline', 'few.jsonl', '--max-drop', '0.25')).toMatchObject({ code: 0 });
    }
  });

  test('has what must not vanish', async () => {
    const { code, stdout } = await gate('branch.jsonl', '--baseline', 'report.json');
    expect(code).toBe(3);
    expect(stdout).toContain('FAIL  gsm8k · mock/a · match: drops by 0 at most (has no score here, but one in the baseline)');
  });

  test('a report can be compared with a report', async () => {
    expect(await gate('report.json', '--baseline', 'report.json', '--json')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\{"passed":true,"checks":\[\{"rule":"drops by 0 at most","where":"gsm8k · mock\/a · match",/),
    });
  });
});

test.each<[string, string[], RegExp]>([
  ['nothing to hold', [], /--min: is missing, and --baseline as well/],
  ['a drop without a baseline', ['--max-drop', '0.1', '--min', 'accuracy>=0'], /--max-drop: says nothing without --baseline/],
  ['a drop that is none', ['--max-drop', '-1', '--baseline', 'main.jsonl'], /--max-drop: '-1' is no number from 0/],
  ['a JUnit file in no folder', ['--baseline', 'report.json', '--junit', 'no/x.xml'], /--junit: .*cannot be written/],
])('%s is refused', async (_what, args, message) => {
  expect(await gate('report.json', ...args)).toMatchObject({ code: 2, stderr: expect.stringMatching(message) });
});

test('the checks as JUnit XML', async () => {
  await gate('branch.jsonl', '--baseline', 'main.jsonl', '--junit', 'gate.xml');
  expect(await readFile(join(dir, 'gate.xml'), 'utf8')).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="1" failures="1" errors="0">
<testsuite name="assay gate branch.jsonl" tests="1" failures="1" errors="0">
<testcase classname="b · mock/a · match" name="drops by 0 at most"><failure message="0.6 after 0.8, difference -0.2 ± 0.2000"/></testcase>
</testsuite>
</testsuites>
`);
  expect(junitCase({ classname: 'a<"&', name: '\u0000\ud800\n' })).toBe(
    '<testcase classname="a&lt;&quot;&amp;" name="\ufffd\ufffd&#10;"/>\n',
  );
});
