/** Answers of files, scored once more. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RescoredRow } from '../../../cli/rescore/rescore.ts';
import { runCommandIn } from '../../support/run-command.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'assay-rescore-'));
  const answer = (sampleId: string, epoch: number, output: string, number: number | null, rest: object = {}): string =>
    JSON.stringify({
      ...{ benchmark: 'b', model: 'm', sampleId, epoch, output, target: '4' },
      scores: number === null ? [] : [{ scorer: 'match', value: number === 1 ? 'C' : 'I', number }],
      ...rest,
    });
  const lines = [
    answer('1', 1, 'It is 4', 1),
    answer('1', 2, 'It is 5', 0),
    answer('2', 1, '4, I think', 0),
    answer('2', 2, '4, I think', 0),
    '',
    answer('3', 1, '', null, { state: 'errored' }),
    answer('1', 1, 'B', 0, { benchmark: 'other', target: ['B'], choices: ['x', 'y'] }),
  ];
  await writeFile(join(dir, 'answers.jsonl'), lines.join('\n'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const run = (...args: string[]) => runCommandIn(dir, ['rescore', ...args]);
const rowsOf = async (...args: string[]): Promise<RescoredRow[]> => {
  const { code, stdout, stderr } = await run(...args, '--json');
  expect([code, stderr]).toEqual([0, '']);
  return (JSON.parse(stdout) as { rows: RescoredRow[] }).rows;
};

test('the means of samples, beside those of the scorer of the same name', async () => {
  const args = ['answers.jsonl', '--scorer', 'match', '--args', '{"location": "any"}', '--benchmark', 'b'];
  // Sample 1: one epoch of two, as before; sample 2: both now, none before; sample 3 has no answer.
  expect(await rowsOf(...args)).toEqual([
    {
      ...{ benchmark: 'b', model: 'm', scorer: 'match', mean: 0.75, stderr: 0.25, samples: 2 },
      counts: { scored: 4, unscored: 0, errored: 1 },
      before: { mean: 0.25, stderr: 0.25, changed: 2 },
    },
  ]);
  const { stdout } = await run(...args);
  expect(stdout).toMatch(
    /mean\s+± stderr\s+before\s+changed\s+samples\s+errored\n[^\n]*\n\s*b\s+m\s+match\s+0\.7500\s+0\.2500\s+0\.2500\s+2\s+2\s+1\n/,
  );
});

test('with filters, and by a scorer that there was not', async () => {
  const filters = JSON.stringify([{ name: 'regex', args: { regex_pattern: '([0-9])' } }]);
  const [b, other] = await rowsOf('answers.jsonl', '--scorer', 'exact_match', '--filters', filters);
  expect(b).toMatchObject({ scorer: 'exact_match', mean: 0.75, counts: { scored: 4, errored: 1 } });
  expect(b).not.toHaveProperty('before');
  expect(other).toMatchObject({ benchmark: 'other', mean: 0, samples: 1 });
});

test('its lines are read by compare, score and rescore', async () => {
  const wrote = await run('answers.jsonl', '--scorer', 'match', '--args', '{"location": "any"}', '--benchmark', 'b', '-o', 'new.jsonl');
  expect(wrote).toMatchObject({ code: 0, stderr: `wrote ${join(dir, 'new.jsonl')}\n` });
  const lines = (await readFile(join(dir, 'new.jsonl'), 'utf8')).trim().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { state: string }).state)).toEqual(['scored', 'scored', 'scored', 'scored', 'errored']);
  const compared = await runCommandIn(dir, ['compare', 'answers.jsonl', 'new.jsonl', '--json']);
  const { candidates } = JSON.parse(compared.stdout) as { candidates: { rows: { difference: number; flippedTotal: number }[] }[] };
  expect(candidates[0]!.rows[0]).toMatchObject({ difference: 0.5, flippedTotal: 1 });
  expect((await runCommandIn(dir, ['score', 'new.jsonl', '--scorer', 'includes'])).stdout.trim().split('\n')).toHaveLength(5);
  const again = await rowsOf('new.jsonl', '--scorer', 'match', '--args', '{"location": "any"}');
  expect(again[0]).toMatchObject({ mean: 0.75, before: { mean: 0.75, changed: 0 } });
});

test('a scorer that fails on an answer takes that one with it', async () => {
  await writeFile(join(dir, 'words.jsonl'), '{"benchmark":"b","model":"m","sampleId":"1","output":"4","target":"four"}\n');
  const [row] = await rowsOf('words.jsonl', '--scorer', 'numeric_diff');
  expect(row).toMatchObject({ samples: 0, counts: { scored: 0, errored: 1 } });
  const { stdout } = await run('words.jsonl', '--scorer', 'numeric_diff');
  expect(stdout).toContain('–');
});

test.each([
  [['answers.jsonl'], 'answers.jsonl line 1: the file does not say by what it is scored; name a scorer with --scorer'],
  [['answers.jsonl', '--args', '{}'], '--args belongs to --scorer'],
  [['answers.jsonl', '--filters', '[]'], '--filters belongs to --scorer'],
  [['answers.jsonl', '--scorer', 'mach', '--filters', '{'], 'did you mean match?'],
  [['answers.jsonl', '--scorer', 'mach', '--filters', '{'], '--filters:'],
  [['answers.jsonl', '--scorer', 'match', '--model', 'none'], 'answers.jsonl has no answer of that benchmark and model'],
  [['nothing.jsonl', '--scorer', 'match'], "'nothing.jsonl' is no evaluation id, and there is no such file"],
  [
    ['bad.jsonl', '--scorer', 'match'],
    /bad\.jsonl line 2: .*target.*; name an evaluation, or a file that assay import or assay rescore wrote/,
  ],
  [['answers.jsonl', '--scorer', 'match', '-o', 'none/../answers.jsonl/x'], 'cannot be written'],
])('%j is refused', async (args, message) => {
  await writeFile(
    join(dir, 'bad.jsonl'),
    '{"benchmark":"b","model":"m","sampleId":"1","output":"x","target":"x"}\n{"benchmark":"b","model":"m","sampleId":"1","output":"x"}\n',
  );
  const { code, stdout, stderr } = await run(...args);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(message);
});
