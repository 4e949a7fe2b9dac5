/** `assay score` on several answers of one sample. */
import { describe, expect, test } from 'vitest';
import { runCommandIn } from '../../support/run-command.ts';

const REGEX = JSON.stringify([{ name: 'regex', args: { regex_pattern: 'answer is (-?[0-9.,]*[0-9])' } }]);

async function score(lines: readonly object[], ...args: string[]): Promise<unknown[]> {
  const input = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  const { code, stdout, stderr } = await runCommandIn('.', ['score', '-', ...args], { input });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

const refused = async (line: object, ...args: string[]): Promise<string> => {
  const { code, stderr } = await runCommandIn('.', ['score', '-', ...args], { input: JSON.stringify(line) });
  expect(code).toBe(2);
  return stderr;
};

// Of lighteval's own tests of maj@k.
const PARIS = { output: ['Paris', 'Paris', 'London'], target: 'Paris' };
const LONDON = { output: ['London', 'London', 'London'], target: 'Paris' };

describe('epochs', () => {
  test('become one value, and each stands beside it', async () => {
    expect(await score([PARIS], '--scorer', 'exact_match')).toEqual([
      {
        ...{ value: 2 / 3, reducer: 'mean' },
        epochs: [
          { value: 1, answer: 'Paris' },
          { value: 1, answer: 'Paris' },
          { value: 0, answer: 'London' },
        ],
      },
    ]);
    for (const scorer of ['exact_match', 'exact', 'match'])
      expect(await score([PARIS, LONDON], '--scorer', scorer, '--reducer', 'maj_3')).toMatchObject([{ value: 1 }, { value: 0 }]);
  });

  test.each([
    ['mean', 0.4],
    ['mode', 0],
    ['median', 0],
    ['max', 1],
    ['at_least_2', 1],
    ['pass_at_2', 0.7],
    ['pass_k_2', 0.1],
    ['g_pass_2_50', 0.7],
    ['maj_4', 1],
    ['maj_5', 1],
  ])('%s', async (reducer, value) => {
    const line = { output: ['a', 'b', 'c', 'a', 'd'], target: 'a' };
    expect(await score([line], '--scorer', 'exact', '--reducer', reducer)).toMatchObject([{ value: expect.closeTo(value, 12), reducer }]);
    const args = ['--scorer', 'exact', '--reducer', reducer, '--metrics', 'mean'];
    expect(await score([line, line], ...args)).toEqual([
      { metrics: { mean: expect.closeTo(value, 12) }, samples: 2, counts: { scored: 10, unscored: 0 } },
    ]);
  });

  test("lm-eval's self-consistency: filters first, then the vote, then the metric", async () => {
    const line = {
      output: ['The answer is 1,000.', 'The answer is 1000.', 'The answer is 7.', 'The answer is 7', 'no'],
      target: '#### 1000',
    };
    const args = ['--scorer', 'exact_match', '--args', JSON.stringify({ regexes_to_ignore: [',', '(?s).*#### '] }), '--filters', REGEX];
    expect(await score([line], ...args, '--reducer', 'maj_1')).toMatchObject([{ value: 1 }]);
    // 1,000 and 1000 are two answers until the metric ignores commas.
    expect(await score([line], ...args, '--reducer', 'maj_5')).toMatchObject([{ value: 0, epochs: { 4: { filtered: '[invalid]' } } }]);
  });

  test('one answer is one epoch; a sample without a verdict has no value', async () => {
    expect(await score([{ output: 'a', target: 'a' }], '--scorer', 'exact', '--reducer', 'max')).toMatchObject([
      { value: 1, epochs: [{}] },
    ]);
    expect(await score([{ output: ['?', '?'], target: '' }], '--scorer', 'grade')).toMatchObject([{ value: null, reducer: 'mean' }]);
    expect(await score([{ output: ['GRADE: C', '?'], target: '' }], '--scorer', 'grade', '--reducer', 'pass_at_2')).toMatchObject([
      { value: null },
    ]);
  });

  test('what is wrong is told with the remedy', async () => {
    expect(await refused(PARIS, '--scorer', 'exact', '--reducer', 'maj_4')).toMatch(
      /standard input line 1: has 3 answers, and maj_4 needs 4; give it more in output, or lower 4/,
    );
    expect(await refused(PARIS, '--scorer', 'exact', '--reducer', 'avg')).toMatch(/--reducer: 'avg' is no reducer; there are mean/);
    expect(await refused(PARIS, '--scorer', 'bleu', '--reducer', 'maj_3')).toMatch(/'maj_3' is a vote among answers, and "bleu" takes/);
    expect(await refused({ output: [], target: 'a' }, '--scorer', 'exact')).toMatch(/output: is a list of 0; give it 1 to 1000 texts/);
    expect(await refused({ output: ['a', 1], target: 'a' }, '--scorer', 'exact')).toMatch(/output: is not a list of texts/);
    expect(await refused(PARIS, '--scorer', 'exact', '--filters', '["majority_vote"]')).toMatch(/maj_K is that vote/);
  });
});
