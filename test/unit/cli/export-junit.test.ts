/** Which samples fail as tests. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommandIn } from '../../support/run-command.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'assay-junit-'));
  const scores = [
    { match: 1, bleu: 35, ter: 0.2, loglikelihood: -3, 'exact_match,last': 1 },
    { match: 1, bleu: 0.9, ter: 0.7, loglikelihood: -90, 'exact_match,last': 1 },
    { match: 0, bleu: 20, ter: 1.4, loglikelihood: -1, 'exact_match,last': 0.5 },
    { match: null, bleu: 20, ter: 0, loglikelihood: -1, 'exact_match,last': 1 },
  ];
  const line = (own: object, i: number): string =>
    JSON.stringify({
      totalMs: 300.00000000000006,
      ...{ benchmark: 'b', model: 'm', sampleId: `s${i}`, output: 'x', target: 'x' },
      scores: Object.entries(own).map(([scorer, number]) => ({ scorer, number: number as number | null, value: String(number) })),
    });
  await writeFile(join(dir, 'r.jsonl'), scores.map(line).join('\n'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const exported = (...args: string[]) => runCommandIn(dir, ['export', 'r.jsonl', '-o', 'r.xml', ...args]);

/** What each sample's test says of its failure. */
async function failures(...pass: string[]): Promise<(string | undefined)[]> {
  expect(await exported('--format', 'junit', ...pass.flatMap((rule) => ['--pass', rule]))).toMatchObject({ code: 0 });
  const xml = await readFile(join(dir, 'r.xml'), 'utf8');
  expect(xml.match(/ time="[^"]*"/g)).toEqual(Array.from({ length: 4 }, () => ' time="0.3"'));
  return xml
    .split('<testcase ')
    .slice(1)
    .map((one) => /<failure message="([^"]*)"/.exec(one)?.[1]);
}

test('scores below 1 fail, but not where less is better, nor log-likelihoods; no verdict fails', async () => {
  expect(await failures()).toEqual([undefined, 'bleu: 0.9', 'match: 0; exact_match,last: 0.5', 'match: null']);
});

test('rules say of a scorer what passes, under all its chains of filters or one of them', async () => {
  expect(await failures('bleu>=30', 'ter<=0.5', 'loglikelihood > -50')).toEqual([
    undefined,
    'bleu: 0.9; ter: 0.7; loglikelihood: -90',
    'match: 0; bleu: 20; ter: 1.4; exact_match,last: 0.5',
    'match: null; bleu: 20',
  ]);
  expect((await failures('exact_match>=0.5', 'bleu>=0', 'match>=0'))[2]).toBeUndefined();
  expect((await failures('exact_match>=0.5', 'exact_match,last>=0.9', 'match>=0'))[2]).toBe('exact_match,last: 0.5');
});

test.each([
  [['--format', 'junit', '--pass', 'bleu', '--pass', 'match>x'], /--pass: 'bleu' is no rule; write SCORER>=NUMBER.*'match>x' is no rule/s],
  [['--format', 'junit', '--pass', 'blue>=30'], /--pass: 'blue' is no scorer of what is exported; it has match, bleu, ter/],
  [['--format', 'csv', '--pass', 'bleu>=30'], /--pass: is for --format junit/],
])('%j is refused', async (args, message) => {
  expect(await exported(...args)).toMatchObject({ code: 2, stderr: expect.stringMatching(message) });
});

test('several logs want a folder: the remedy names the path that was typed', async () => {
  const lines = ['b', 'c'].map((benchmark) =>
    JSON.stringify({
      benchmark,
      model: 'm',
      sampleId: 's',
      output: 'x',
      target: 'x',
      scores: [{ scorer: 'match', number: 1, value: '1' }],
    }),
  );
  await writeFile(join(dir, 'two.jsonl'), lines.join('\n'));
  const { code, stderr } = await runCommandIn(dir, ['export', 'two.jsonl', '--format', 'inspect-json', '-o', 'logs/of today']);
  expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('or name a folder (-o logs/of today/)') });
});
