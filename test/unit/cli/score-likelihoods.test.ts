/** `assay score` on recorded log-likelihoods, and what its lines add up to. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseAnswer } from '../../../cli/score-answer.ts';
import { createScorer } from '../../../shared/scoring/registry.ts';
import { runCommandIn } from '../../support/run-command.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'assay-score-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

async function score(lines: readonly (object | string)[], ...args: string[]): Promise<unknown[]> {
  await writeFile(join(dir, 'a.jsonl'), lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''));
  const { code, stdout, stderr } = await runCommandIn(dir, ['score', 'a.jsonl', '--scorer', ...args]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

// Of facts/evaluation.md: argmax, the first of equals; by characters, by bytes; p − one-hot, squared.
const YES = { choices: ['yes', 'absolutely not'], target: 1, loglikelihoods: [-4, -6] };
const TIE = { choices: ['aa', 'bb'], target: 0, loglikelihoods: [-5, -5] };
const UMLAUTS = { choices: ['ü', 'ab'], target: 'ab', loglikelihoods: [-3, -6.5] };

describe('choices', () => {
  test.each([
    ['acc', ['I', 'C', 'I']],
    ['acc_norm', ['C', 'C', 'I']],
    ['acc_bytes', ['C', 'C', 'I']],
  ])('%s', async (scorer, values) => {
    expect(await score([YES, TIE, UMLAUTS], scorer)).toMatchObject(values.map((value) => ({ value })));
  });

  test('brier_score, acc_mutual_info and greedy', async () => {
    const logs = [0.7, 0.2, 0.1].map(Math.log);
    const line = { choices: ['a', 'b', 'c'], target: 'A', loglikelihoods: logs };
    expect(await score([line], 'brier_score')).toEqual([{ value: expect.closeTo(0.3 ** 2 + 0.2 ** 2 + 0.1 ** 2, 12) }]);
    const weighed = { ...YES, unconditional: [-1, -5.5] };
    expect(await score([weighed], 'acc_mutual_info')).toMatchObject([{ value: 'C', answer: 'absolutely not' }]);
    const pairs = {
      ...YES,
      loglikelihoods: [
        [-4, true],
        [-6, false],
      ],
    };
    expect(await score([pairs, { ...pairs, target: 0 }], 'greedy')).toMatchObject([{ value: 'I' }, { value: 'C' }]);
  });

  test('several may be right; a letter, a place or a text says which', () => {
    const right = (target: unknown): unknown =>
      parseAnswer(JSON.stringify({ ...YES, target }), 'x').likelihoods!.map(({ isTarget }) => isTarget);
    for (const target of [1, '1', 'B', 'absolutely not', ['B'], [1]]) expect(right(target)).toEqual([false, true]);
    expect(right([0, 'B'])).toEqual([true, true]);
  });

  test('lines that import writes are read as they are', async () => {
    const likelihoods = [
      { text: 'a', logLikelihood: -2, isGreedy: false, isTarget: true },
      { text: 'b', logLikelihood: -3, isGreedy: false, isTarget: false },
    ];
    expect(await score([{ output: '', target: '0', likelihoods, scores: [] }], 'acc')).toMatchObject([{ value: 'C', answer: 'a' }]);
  });

  test('equal what the scorers say of the same numbers', () => {
    const choices = fc.uniqueArray(fc.string({ minLength: 2, maxLength: 8 }), { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(
        choices,
        fc.array(fc.double({ min: -50, max: 0, noNaN: true }), { minLength: 5, maxLength: 5 }),
        fc.nat(),
        (texts, all, n) => {
          const [target, sums] = [n % texts.length, all.slice(0, texts.length)];
          const { likelihoods } = parseAnswer(JSON.stringify({ choices: texts, target, loglikelihoods: sums }), 'x');
          const best = sums
            .map((sum, i) => sum / Array.from(texts[i]!).length)
            .reduce((at, one, i, weighed) => (one > weighed[at]! ? i : at), 0);
          const { value } = createScorer({ name: 'acc_norm', args: {} })('', [], { likelihoods });
          expect(value).toBe(best === target ? 'C' : 'I');
        },
      ),
    );
  });
});

test("a corpus' BLEU, chrF and TER, which are no means", async () => {
  const lines = [
    { output: 'the cat sat on the mat', target: 'the cat sat on a mat' },
    { output: 'a dog', target: 'a dog barks at night' },
  ];
  // 7/8 words, 4/6 pairs, 2/4, 1/3; 8 words against 11. Edits: 1 of 6 words, 3 of 5.
  const bleu = 100 * Math.exp(1 - 11 / 8) * ((7 / 8) * (4 / 6) * (2 / 4) * (1 / 3)) ** 0.25;
  expect(await score(lines, 'bleu', '--metrics', 'bleu')).toMatchObject([{ metrics: { bleu: expect.closeTo(bleu, 9) }, samples: 2 }]);
  expect(await score(lines, 'ter', '--metrics', 'ter,mean')).toMatchObject([
    { metrics: { ter: expect.closeTo(400 / 11, 9), mean: expect.closeTo(50 * (1 / 6 + 3 / 5), 9) } },
  ]);
  expect(await score(lines, 'ter')).toMatchObject([{ corpus: { metric: 'ter', statistics: [1, 6] } }, { corpus: { statistics: [3, 5] } }]);
});

test('perplexities of texts, and of the documents they were made of', async () => {
  const lines = [
    { loglikelihoods: -12.5, target: 'one two\nthree é' },
    { loglikelihoods: [-3.5, true], target: 'four' },
  ];
  const metrics = 'perplexity,word_perplexity,byte_perplexity,bits_per_byte';
  expect(await score(lines, 'loglikelihood', '--metrics', metrics)).toEqual([
    {
      metrics: {
        perplexity: expect.closeTo(Math.exp(8), 9),
        word_perplexity: expect.closeTo(Math.exp(16 / 5), 9),
        byte_perplexity: expect.closeTo(Math.exp(16 / 20), 9),
        bits_per_byte: expect.closeTo(16 / 20 / Math.LN2, 9),
      },
      samples: 2,
      counts: { scored: 2, unscored: 0 },
    },
  ]);
  expect(await score(lines, 'acc')).toMatchObject([{ value: 'I' }, { value: 'C' }]);
  const of = [{ ...lines[1], input: 'f our !' }];
  expect(await score(of, 'loglikelihood', '--args', '{"count": "input"}')).toEqual([{ value: -3.5, counts: { words: 3, bytes: 7 } }]);
});

test('metrics of all lines, by groups, with what has no verdict counted apart', async () => {
  const line = (subject: string, output: string): object => ({ output, target: '7', metadata: { subject } });
  const lines = [line('a', '7'), line('a', '8'), line('b', '7'), { output: 'none', target: 'GRADE', metadata: { subject: 'b' } }];
  const metrics = JSON.stringify(['accuracy', 'stderr', { name: 'grouped', args: { group_key: 'subject' } }]);
  expect(await score(lines, 'match', '--metrics', metrics)).toMatchObject([
    {
      metrics: { accuracy: 0.5, stderr: expect.closeTo(Math.sqrt(1 / 12), 12) },
      groups: [
        {
          key: 'subject',
          macro: 0.5,
          weighted: 0.5,
          groups: [
            { group: 'a', samples: 2 },
            { group: 'b', samples: 2 },
          ],
        },
      ],
      samples: 4,
      counts: { scored: 4, unscored: 0 },
    },
  ]);
  expect(
    await score(
      [
        { output: 'C', target: '' },
        { output: 'GRADE: C', target: '' },
      ],
      'grade',
      '--metrics',
      'mean, std',
    ),
  ).toEqual([{ metrics: { mean: 1, std: 0 }, samples: 1, counts: { scored: 1, unscored: 1 } }]);
});

describe('faults', () => {
  test.each<[object, ...RegExp[]]>([
    [{ ...YES, loglikelihoods: [-4] }, /loglikelihoods: has 1 of 2 choices; give it one for each/],
    [{ ...YES, loglikelihoods: [-4, '-6'] }, /loglikelihoods\[1\]: is no number; give it the sum of ln p/],
    [
      { ...YES, loglikelihoods: [0.3, 0.7] },
      /loglikelihoods\[0\]: is 0.3, and a log-likelihood is at most 0/,
      /loglikelihoods\[1\]: is 0.7/,
    ],
    [{ ...YES, loglikelihoods: -4 }, /has 1 of 2 choices/],
    [{ ...YES, target: 2 }, /target: is "2", which names no choice by its index; there are 2/],
    [{ ...YES, target: undefined }, /target: is missing; give it the right choice/],
    [
      { choices: ['1', '0'], target: '1', loglikelihoods: [-1, -2] },
      /target: is "1", which names two choices.*give its place from 0, as a number/,
    ],
    [{ ...YES, unconditional: [-4, 'x', -3] }, /unconditional\[1\]: is no number/, /unconditional: has 3 of 2 texts/],
    [{ loglikelihoods: [-1, -2], target: 'x' }, /loglikelihoods: has 2, and there are no choices/],
    [{ ...YES, likelihoods: [] }, /likelihoods: stands beside loglikelihoods/, /likelihoods: is not as assay import writes it/],
    [{ target: 'x', likelihoods: [{ text: 'x' }] }, /likelihoods.0.logLikelihood: is not as assay import writes it/],
  ])('%j', (line, ...messages) => {
    let said = '';
    try {
      parseAnswer(JSON.stringify(line), 'x line 3');
    } catch (error) {
      said = (error as Error).message;
    }
    for (const message of [/^x line 3/, ...messages]) expect(said).toMatch(message);
  });

  test('JSON knows no infinity', () =>
    expect(() => parseAnswer('{"loglikelihoods": [-Infinity, -1], "choices": ["a", "b"], "target": 0}', 'x')).toThrow(
      /is not valid JSON, which knows no Infinity/,
    ));

  test.each([
    [['acc', '--metrics', 'acuracy'], /--metrics: \[0\]: is "acuracy", but there is no such metric; did you mean "accuracy"/],
    [['acc', '--metrics', 'word_perplexity,mean'], /\[0\]: is "word_perplexity", which is made of log-likelihoods; score by loglikelihood/],
    [['acc', '--metrics', '[{"name": "grouped"}]'], /group_key/],
    [['acc', '--metrics', 'bleu'], /\[0\]: is "bleu", which is made of what the scorer bleu without weights counts/],
    [['acc', '--metrics', '[1'], /--metrics: '\[1' is no JSON/],
    [['acc', '--metrics', 'mean,mean'], /name a metric once/],
    [
      ['acc', '--metrics', '[{"name": "grouped", "args": {"group_key": "s"}}]'],
      /a.jsonl line 1: has no text .* as metadata "s", .*give the line a "metadata"/,
    ],
    [['match'], /a.jsonl line 1: has log-likelihoods and no output, which the scorer match reads/],
    [['greedy'], /a.jsonl line 2: output: is missing/],
    [['acc_mutual_info'], /a.jsonl line 1: the scorer cannot judge it: there are no log-likelihoods of the choices without the prompt/],
  ])('%j', async (args, message) => {
    await writeFile(join(dir, 'a.jsonl'), `${JSON.stringify(YES)}\n{"target": "x"}\n`);
    const { code, stderr } = await runCommandIn(dir, ['score', 'a.jsonl', '--scorer', ...args]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(message) });
  });
});
