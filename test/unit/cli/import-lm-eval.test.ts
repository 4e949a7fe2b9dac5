/** `samples_*.jsonl` of lm-evaluation-harness, as it writes them and as `assay export` does. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ImportedResult } from '../../../cli/import/inspect-log.ts';
import { runCommandIn } from '../../support/run-command.ts';

const DATE = '2026-01-02T03-04-05.123456';
let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'assay-import-'));
  await mkdir(join(dir, 'openai__gpt-x'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const imported = async (lines: readonly string[], task = 'gsm8k'): Promise<ImportedResult[]> => {
  const file = `openai__gpt-x/samples_${task}_${DATE}.jsonl`;
  await writeFile(join(dir, file), `${lines.join('\n')}\n`);
  const { code, stdout, stderr } = await runCommandIn(dir, ['import', file]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as ImportedResult);
};

test('a line for each sample and filter', async () => {
  const doc = { question: 'q', answer: 'so #### 18' };
  const line = (filter: string, answer: string, score: string): string =>
    JSON.stringify({
      doc_id: 0,
      doc,
      target: doc.answer,
      resps: [['It is 18. NaN']],
      filtered_resps: [answer],
      filter,
      metrics: ['exact_match'],
    })
      .slice(0, -1)
      .concat(`,"exact_match":${score}}`);
  const common = { benchmark: 'gsm8k', model: 'openai/gpt-x', sampleId: '1', epoch: 1, state: 'scored', errorMessage: '' };
  const of = (scorer: string, number: number | null, answer: string): object => ({
    ...common,
    ...{ output: 'It is 18. NaN', target: doc.answer },
    scores: [{ scorer, value: number === null ? '' : String(number), number, answer, error: '' }],
  });
  const lines = [line('strict-match', '[invalid]', '0.0'), line('flexible-extract', '18', '1.0'), line('none', '18', 'NaN')];
  expect(await imported(lines)).toEqual([
    of('exact_match,strict-match', 0, '[invalid]'),
    of('exact_match,flexible-extract', 1, '18'),
    of('exact_match', null, '18'),
  ]);
});

test('log-probabilities have scores and no text; documents with ids keep them', async () => {
  const line = {
    ...{ doc_id: 3, doc: { id: 'Mercury_7' }, target: 1, filter: 'none', metrics: ['acc', 'acc_norm', 'word_perplexity'] },
    ...{
      resps: [[['-4.5', 'False']], [['-1.5', 'True']]],
      filtered_resps: [
        ['-4.5', 'False'],
        ['-1.5', 'True'],
      ],
    },
    ...{ acc: true, acc_norm: 0, word_perplexity: [-6, 9] },
  };
  const score = (scorer: string, number: number | null): object => ({
    scorer,
    value: number === null ? '' : String(number),
    number,
    answer: '',
    error: '',
  });
  expect(await imported([JSON.stringify(line)], 'arc_easy')).toEqual([
    {
      ...{ benchmark: 'arc_easy', model: 'openai/gpt-x', sampleId: 'Mercury_7', epoch: 1, state: 'scored', output: '', target: '1' },
      scores: [score('acc', 1), score('acc_norm', 0), score('word_perplexity', null)],
      errorMessage: '',
    },
  ]);
});

test('task and model are those of the results beside it', async () => {
  await writeFile(
    join(dir, `openai__gpt-x/results_${DATE}.json`),
    JSON.stringify({ model_name: 'openai/gpt/x', results: { 'a/law': {} } }),
  );
  const [result] = await imported([JSON.stringify({ doc_id: 0, doc: {}, target: ['x', 2] })], 'a_law');
  expect(result).toMatchObject({ benchmark: 'a/law', model: 'openai/gpt/x', target: ['x', '2'], scores: [] });
});

test('what is no such log is refused with its line', async () => {
  await writeFile(join(dir, 'x.jsonl'), '{"doc_id": 0, "doc": {}, "target": ""}\n\n{"output": "x"}\n');
  expect(await runCommandIn(dir, ['import', 'x.jsonl'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('x.jsonl line 3: is not as in a log of lm-eval (doc_id is missing or of another form); name one'),
  });
  expect(await runCommandIn(dir, ['import', 'none.jsonl'])).toMatchObject({ code: 2, stderr: expect.stringContaining('none.jsonl') });
});
