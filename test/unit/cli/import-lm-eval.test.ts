/** `samples_*.jsonl` of lm-evaluation-harness, as it writes them and as `assay export` does. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
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
  const common = {
    benchmark: 'gsm8k',
    model: 'openai/gpt-x',
    sampleId: '1',
    epoch: 1,
    state: 'scored',
    errorMessage: '',
    doc,
    docId: 0,
  } as const;
  const of = (scorer: string, number: number | null, answer: string): object => ({
    ...common,
    filter: scorer.split(',')[1] ?? 'none',
    ...{ output: 'It is 18. NaN', target: doc.answer },
    scores: [{ scorer, value: number === null ? '' : String(number), number, answer, error: '' }],
  });
  const lines = [line('strict-match', '[invalid]', '0.0'), line('flexible-extract', '18', '1.0'), line('none', '18', 'NaN')];
  const [{ log, ...first }, ...rest] = (await imported(lines)) as [ImportedResult, ...ImportedResult[]];
  expect(log).toMatchObject({ eval: { created: '2026-01-02T03:04:05.123456' } });
  expect([first, ...rest]).toEqual([
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
  expect(await imported([JSON.stringify(line)], 'arc_easy')).toMatchObject([
    {
      ...{ benchmark: 'arc_easy', model: 'openai/gpt-x', sampleId: 'Mercury_7', epoch: 1, state: 'scored', output: '', target: '1' },
      scores: [score('acc', 1), score('acc_norm', 0), { ...score('loglikelihood', -6), counts: { words: 9, bytes: 0 } }],
      errorMessage: '',
    },
  ]);
});

test('task and model are those of the results beside it', async () => {
  await writeFile(
    join(dir, `openai__gpt-x/results_${DATE}.json`),
    JSON.stringify({ model_name: 'openai/gpt/x', results: { 'a/law': {}, 'größe-hard': {} } }),
  );
  const line = JSON.stringify({ doc_id: 0, doc: {}, target: ['x', 2] });
  // As Python names it, where letters beyond ASCII are letters.
  expect(await imported([line], 'größe_hard')).toMatchObject([{ benchmark: 'größe-hard' }]);
  const [result] = await imported([line], 'a_law');
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

test('the filters and metrics of its results score again to the same, and become one sample each where they are exported', async () => {
  const answers = ['It is 18.\n#### 18', 'So 7 or 18', '#### 1,800.', 'none'];
  const metric = {
    metric: 'exact_match',
    aggregation: 'mean',
    higher_is_better: true,
    ignore_case: true,
    regexes_to_ignore: [',', '(?s).*#### ', '\\.$'],
  };
  const strict = {
    name: 'strict-match',
    filter: [{ function: 'regex', regex_pattern: '#### (\\-?[0-9\\.\\,]+)' }, { function: 'take_first' }],
  };
  const last = { function: 'regex', group_select: -1, regex_pattern: '(-?[$0-9.,]{2,})|(-?[0-9]+)' };
  const config = {
    output_type: 'generate_until',
    num_fewshot: 5,
    metric_list: [metric],
    filter_list: [strict, { name: 'flexible-extract', filter: [last, { function: 'take_first' }] }],
  };
  const results = { gsm8k: { 'exact_match,strict-match': 0.5, 'exact_match,flexible-extract': 0.75 } };
  await writeFile(
    join(dir, `openai__gpt-x/results_${DATE}.json`),
    JSON.stringify({ model_name: 'm/x', results, configs: { gsm8k: config } }),
  );
  const scores = { 'strict-match': [1, 0, 0, 0], 'flexible-extract': [1, 1, 0, 0] };
  const lines = Object.entries(scores).flatMap(([filter, own]) =>
    answers.map((answer, i) => ({
      ...{ doc_id: i, doc: { q: i }, target: '#### 18', resps: [[answer]], filtered_resps: ['?'] },
      filter,
      metrics: ['exact_match'],
      exact_match: own[i],
    })),
  );
  const all = await imported(lines.map((line) => JSON.stringify(line)));
  await writeFile(join(dir, 'lm.jsonl'), all.map((line) => JSON.stringify(line)).join('\n'));
  const { stdout, stderr } = await runCommandIn(dir, ['rescore', 'lm.jsonl', '--json', '-o', 'again.jsonl']);
  expect(stderr).toMatch(/^wrote /);
  expect((JSON.parse(stdout) as { rows: object[] }).rows).toMatchObject([
    { scorer: 'exact_match,strict-match', mean: 0.25, samples: 4, counts: { scored: 4 }, before: { changed: 0 } },
    { scorer: 'exact_match,flexible-extract', mean: 0.5, samples: 4, counts: { scored: 4 }, before: { changed: 0 } },
  ]);
  await runCommandIn(dir, ['export', 'again.jsonl', '--format', 'inspect-json', '-o', 'again.json']);
  const log = JSON.parse(await readFile(join(dir, 'again.json'), 'utf8')) as { samples: { id: string; input: string; scores: object }[] };
  expect(log.samples.map(({ id, scores: own }) => [id, own])).toMatchObject(
    [0, 1, 2, 3].map((i) => [
      String(i + 1),
      { 'exact_match,strict-match': { value: Number(i === 0) }, 'exact_match,flexible-extract': { value: Number(i < 2) } },
    ]),
  );
});

test('each scorer that cannot score again is named with the reason, and the others go on', async () => {
  const chain = (name: string, ...filter: object[]): object => ({ name, filter: [...filter, { function: 'take_first' }] });
  const regex = { function: 'regex', regex_pattern: '([0-9]+)' };
  const filter_list = [
    chain('plain', regex),
    chain('not-five', { ...regex, regex_pattern: '([0-9]+)(?!5)' }),
    chain('maj@8', { function: 'take_first_k', k: 8 }, regex, { function: 'majority_vote' }),
    chain('upper', { function: 'uppercase' }),
  ];
  const metric_list = [{ metric: 'exact_match' }, { metric: 'own_metric' }, { metric: 'bleu', smooth: true }];
  const results = Object.fromEntries(
    metric_list.flatMap(({ metric }) => filter_list.map((one) => [`${metric},${(one as { name: string }).name}`, 1])),
  );
  const config = { output_type: 'generate_until', repeats: 8, metric_list, filter_list };
  await writeFile(join(dir, `openai__gpt-x/results_${DATE}.json`), JSON.stringify({ results: { t: results }, configs: { t: config } }));
  const lines = filter_list.map((one) => ({
    ...{ doc_id: 0, doc: {}, target: '5', resps: [['5', '6']], filtered_resps: ['5'], filter: (one as { name: string }).name },
    ...{ metrics: ['exact_match'], exact_match: 1 },
  }));
  const file = `openai__gpt-x/samples_t_${DATE}.jsonl`;
  // The first line is of a chain that is not here.
  await writeFile(
    join(dir, file),
    lines
      .toReversed()
      .map((line) => JSON.stringify(line))
      .join('\n'),
  );
  const all = await runCommandIn(dir, ['import', file]);
  expect(all.stderr.trim().split('\n')).toHaveLength(11);
  await writeFile(join(dir, 'left.jsonl'), all.stdout);

  const { code, stdout, stderr } = await runCommandIn(dir, ['rescore', 'left.jsonl', '--json', '-o', 'again.jsonl']);
  expect(code).toBe(0);
  expect((JSON.parse(stdout) as { rows: object[] }).rows).toMatchObject([{ scorer: 'exact_match,plain', mean: 1, samples: 1 }]);
  expect(stderr).toContain('left out t · openai/gpt-x · exact_match,not-five: filter regex: regex_pattern: has a negative look-ahead');
  expect(stderr).toContain('left out t · openai/gpt-x · exact_match,maj@8: its filter take_first_k chooses among the responses');
  expect(stderr).toContain('· exact_match,upper: no filter is named "uppercase"; there are');
  expect(stderr).toContain('· own_metric,plain: there is no scorer own_metric here; name a scorer with --scorer to score by it');
  expect(stderr).toContain('· bleu,plain: bleu does not take its arguments here (Unrecognized key: "smooth")');
  const [again] = (await readFile(join(dir, 'again.jsonl'), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as ImportedResult);
  expect(again).toMatchObject({ filter: 'plain', log: { scorers: [{ id: 'exact_match,plain' }] } });

  // Without any that is here it says so, once.
  await writeFile(join(dir, 'none-left.jsonl'), all.stdout.split('\n')[0]!.replaceAll('exact_match,plain', 'own_metric'));
  const none = await runCommandIn(dir, ['rescore', 'none-left.jsonl']);
  expect(none).toMatchObject({ code: 2, stdout: '' });
  expect(none.stderr).toMatch(/none-left\.jsonl: none of its scorers scores again here \(t · .*own_metric.*\); name one with --scorer/s);
});

test('a rolling text keeps its log-likelihood with its words and bytes, and they are exported as lm-eval writes them', async () => {
  const texts = ['one two\nthree', 'é '];
  const rolling = texts.map((text, i) => ({
    ...{ doc_id: i, doc: { page: text }, target: text, filter: 'none', arguments: { gen_args_0: { arg_0: text } } },
    ...{ resps: [[String(-10.5 - i)]], filtered_resps: [String(-10.5 - i)] },
    metrics: ['word_perplexity', 'byte_perplexity', 'bits_per_byte'],
    word_perplexity: [-10.5 - i, i === 0 ? 3 : 2],
    byte_perplexity: [-10.5 - i, i === 0 ? 13 : 3],
    bits_per_byte: [-10.5 - i, i === 0 ? 13 : 3],
  }));
  const metric_list = ['word_perplexity', 'byte_perplexity', 'bits_per_byte'].map((metric) => ({ metric }));
  const own = { 'word_perplexity,none': 81, 'byte_perplexity,none': 4, 'bits_per_byte,none': 2 };
  await writeFile(
    join(dir, `openai__gpt-x/results_${DATE}.json`),
    JSON.stringify({
      model_name: 'm/x',
      results: { wikitext: own },
      configs: { wikitext: { output_type: 'loglikelihood_rolling', metric_list } },
    }),
  );
  const all = await imported(
    rolling.map((line) => JSON.stringify(line)),
    'wikitext',
  );
  expect(all).toMatchObject(
    texts.map((text, i) => ({
      output: '',
      likelihoods: [{ text, logLikelihood: -10.5 - i }],
      scores: [{ scorer: 'loglikelihood', number: -10.5 - i, counts: { words: 3 - i, bytes: i === 0 ? 13 : 3 } }],
    })),
  );
  await writeFile(join(dir, 'rolling.jsonl'), all.map((line) => JSON.stringify(line)).join('\n'));
  const { stdout, stderr } = await runCommandIn(dir, ['rescore', 'rolling.jsonl', '--json', '-o', 'rolling-again.jsonl']);
  expect(stderr).toMatch(/^wrote /);
  expect((JSON.parse(stdout) as { rows: object[] }).rows).toMatchObject([{ scorer: 'loglikelihood', before: { changed: 0 } }]);
  for (const [file, folder] of [
    ['rolling.jsonl', 'out'],
    ['rolling-again.jsonl', 'again'],
  ] as const) {
    expect(await runCommandIn(dir, ['export', file, '--format', 'lm-eval', '-o', folder])).toMatchObject({ code: 0 });
    const at = join(dir, folder, 'm__x');
    const written = (await readdir(at)).toSorted();
    const lines = (await readFile(join(at, written[1]!), 'utf8')).trim().split('\n');
    const keys = ['arguments', 'resps', 'filtered_resps', 'metrics', 'word_perplexity', 'byte_perplexity', 'bits_per_byte'] as const;
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject(
      rolling.map((line) => Object.fromEntries(keys.map((key) => [key, line[key]]))),
    );
    const { results, configs } = JSON.parse(await readFile(join(at, written[0]!), 'utf8')) as Record<string, Record<string, object>>;
    expect(results!['wikitext']).toMatchObject({
      'word_perplexity,none': expect.closeTo(Math.exp(22 / 5), 10),
      'bits_per_byte,none': expect.closeTo(22 / 16 / Math.LN2, 10),
    });
    expect(configs!['wikitext']).toMatchObject({
      output_type: 'loglikelihood_rolling',
      metric_list: [
        { metric: 'word_perplexity', aggregation: 'weighted_perplexity', higher_is_better: false },
        { metric: 'byte_perplexity', aggregation: 'weighted_perplexity' },
        { metric: 'bits_per_byte', aggregation: 'bits_per_byte' },
      ],
    });
  }
});

test('benchmarks and models whose names make the same file have one each, and come back under their names', async () => {
  const names = ['a/law', 'a law', 'a_Law', 'größe-1', 'hard--math', `${'x'.repeat(100)}1`, `${'x'.repeat(100)}2`, 'plain'];
  const models = ['m/x', 'm//x'];
  const lines = models.flatMap((model) =>
    names.map((benchmark) => ({
      benchmark,
      model,
      sampleId: '1',
      output: benchmark,
      target: 'x',
      scores: [{ scorer: 'match', number: 0 }],
    })),
  );
  await writeFile(join(dir, 'alike.jsonl'), lines.map((line) => JSON.stringify(line)).join('\n'));
  expect(await runCommandIn(dir, ['export', 'alike.jsonl', '--format', 'lm-eval', '-o', 'alike'])).toMatchObject({ code: 0 });
  const folders = await readdir(join(dir, 'alike'));
  expect(folders).toHaveLength(2);
  for (const folder of folders) {
    const files = (await readdir(join(dir, 'alike', folder))).filter((name) => name.startsWith('samples_'));
    expect(files.filter((name) => name.startsWith('samples_plain_'))).toHaveLength(1);
    const found: string[] = [];
    for (const file of files) {
      const { stdout } = await runCommandIn(dir, ['import', `alike/${folder}/${file}`]);
      const { benchmark, output, model } = JSON.parse(stdout) as ImportedResult;
      expect([benchmark, models.includes(model)]).toEqual([output, true]);
      found.push(benchmark);
    }
    expect(found.toSorted()).toEqual(names.toSorted());
  }
  expect(await runCommandIn(dir, ['export', 'alike.jsonl', '--format', 'inspect-json', '-o', 'inspect/'])).toMatchObject({ code: 0 });
  expect(await readdir(join(dir, 'inspect'))).toHaveLength(lines.length);
});
