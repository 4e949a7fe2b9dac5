/** What is computed anew from imported and rescored answers: metrics, and Inspect's `choice`. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RescoredRow } from '../../../cli/rescore/rescore.ts';
import { runCommandIn } from '../../support/run-command.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'assay-export-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** What a command prints; it must succeed. */
async function run(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runCommandIn(dir, args);
  expect({ args, code, stderr }).toMatchObject({ code: 0 });
  return stdout;
}

interface Log {
  results: { scores: { metrics: Record<string, { value: number }> }[] };
}

test('metrics of a corpus and perplexities are computed anew from what rescore writes', async () => {
  const texts = ['the cat sat on the mat', 'a dog', 'it rained all day long'];
  const targets = ['the cat sat on a mat', 'the dog barked', 'it rained all the day'];
  const answers = texts.map((output, i) => ({
    ...{ benchmark: 'b', model: 'm', sampleId: String(i), output, target: targets[i], scores: [] },
    ...{ likelihoods: [{ text: targets[i], logLikelihood: -3 - i, isGreedy: false, isTarget: true }] },
  }));
  await writeFile(join(dir, 'answers.jsonl'), answers.map((line) => JSON.stringify(line)).join('\n'));
  await writeFile(join(dir, 'plain.jsonl'), answers.map((line) => JSON.stringify({ ...line, likelihoods: undefined })).join('\n'));
  for (const [scorer, metrics] of [
    ['bleu', ['bleu']],
    ['chrf', ['chrf']],
    ['ter', ['ter']],
    ['loglikelihood', ['perplexity', 'word_perplexity', 'byte_perplexity', 'bits_per_byte']],
  ] as const) {
    const source = scorer === 'loglikelihood' ? 'answers.jsonl' : 'plain.jsonl';
    const summed = JSON.parse(await run('score', source, '--scorer', scorer, '--metrics', metrics.join(','))) as { metrics: object };
    await run('rescore', source, '--scorer', scorer, '-o', 'new.jsonl');
    await run('export', 'new.jsonl', '--format', 'inspect-json', '-o', 'new.json');
    const [made] = (JSON.parse(await readFile(join(dir, 'new.json'), 'utf8')) as Log).results.scores;
    expect(Object.fromEntries(metrics.map((name) => [name, made!.metrics[name]!.value]))).toEqual(summed.metrics);
    expect(made!.metrics).toHaveProperty('stderr');
    await rm(join(dir, 'new-lm'), { recursive: true, force: true });
    await run('export', 'new.jsonl', '--format', 'lm-eval', '-o', 'new-lm');
    const [folder] = await readdir(join(dir, 'new-lm'));
    const [file] = (await readdir(join(dir, 'new-lm', folder!))).filter((name) => name.startsWith('results_'));
    const { results } = JSON.parse(await readFile(join(dir, 'new-lm', folder!, file!), 'utf8')) as { results: { b: object } };
    expect(results.b).toMatchObject(Object.fromEntries(Object.entries(summed.metrics).map(([name, value]) => [`${name},none`, value])));
  }
});

test('a metric that cannot be computed anew is named', async () => {
  const samples = [{ id: 1, epoch: 1, target: 'a b', output: { completion: 'a b' }, scores: { bleu: { value: 100 } } }];
  const results = { scores: [{ name: 'bleu', metrics: { mean: {}, bleu: {} } }] };
  await writeFile(join(dir, 'bleu.json'), JSON.stringify({ eval: { task: 't', model: 'm' }, results, samples }));
  await writeFile(join(dir, 'bleu.jsonl'), await run('import', 'bleu.json'));
  const { stderr } = await runCommandIn(dir, ['export', 'bleu.jsonl', '--format', 'inspect-json', '-o', 'bleu-out.json']);
  expect(stderr).toContain(
    't · m · bleu: bleu is left out; it is made of what the scorer counts in each answer, which bleu.jsonl does not have',
  );
  await run('rescore', 'bleu.jsonl', '-o', 'bleu-new.jsonl');
  const again = await runCommandIn(dir, ['export', 'bleu-new.jsonl', '--format', 'inspect-json', '-o', 'bleu-out.json']);
  expect(again.stderr).toMatch(/^wrote [^\n]*\n$/);
  const { results: made } = JSON.parse(await readFile(join(dir, 'bleu-out.json'), 'utf8')) as Log;
  expect(made.scores[0]!.metrics).toHaveProperty('bleu');
});

test('what some answers have and others have not is no value of all', async () => {
  const line = { benchmark: 'b', model: 'm', output: 'a dog', target: 'a dog' };
  const row = { scorer: 'bleu', value: '100', number: 100 };
  await writeFile(join(dir, 'one.jsonl'), JSON.stringify({ ...line, sampleId: '1', scores: [] }));
  await run('rescore', 'one.jsonl', '--scorer', 'bleu', '-o', 'part.jsonl');
  const known = await readFile(join(dir, 'part.jsonl'), 'utf8');
  await writeFile(join(dir, 'part.jsonl'), `${known}${JSON.stringify({ ...line, sampleId: '2', scores: [row] })}\n`);
  const { stderr } = await runCommandIn(dir, ['export', 'part.jsonl', '--format', 'inspect-json', '-o', 'part.json']);
  expect(stderr).toContain('b · m · bleu: bleu is left out');
  const [made] = (JSON.parse(await readFile(join(dir, 'part.json'), 'utf8')) as Log).results.scores;
  expect(made!.metrics['accuracy']!.value).toBeGreaterThan(0);
  expect(made!.metrics).not.toHaveProperty('bleu');
});

test('filters of a log in another form leave its scorer out, by a name without control characters', async () => {
  const scorers = [null, ['strip'], [{ name: 'strip' }]].map((filters, i) => ({
    name: i === 0 ? 'match\x1b[31m' : `m${i}`,
    metadata: { filters: filters ?? [null] },
  }));
  const scores = scorers.map(({ name }) => ({ name, scorer: 'match', metrics: {} }));
  const samples = [
    {
      id: 1,
      epoch: 1,
      target: 'a',
      output: { completion: ' a ' },
      scores: Object.fromEntries(scorers.map(({ name }) => [name, { value: 'C' }])),
    },
  ];
  await writeFile(join(dir, 'forms.json'), JSON.stringify({ eval: { task: 't', model: 'm', scorers }, results: { scores }, samples }));
  const { code, stdout, stderr } = await runCommandIn(dir, ['import', 'forms.json']);
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: 'forms.json: rescore leaves out match: its filters are no list of names, or of {name, args}\n',
  });
  expect((JSON.parse(stdout) as { log: { scorers: unknown[] } }).log.scorers).toHaveLength(2);
});

test("Inspect's choice is scored again with as many letters as its solver asked for", async () => {
  const rescored = async (params: object, target: string, completion: string): Promise<unknown> => {
    const samples = [{ id: 1, epoch: 1, target, choices: ['x', 'y', 'z'], output: { completion }, scores: { choice: { value: 'I' } } }];
    const log = {
      eval: { task: 't', model: 'm', scorers: [{ name: 'choice', options: {} }] },
      plan: { steps: [{ solver: 'inspect_ai/multiple_choice', params }] },
      results: { scores: [{ name: 'choice', scorer: 'choice', params: {}, metrics: {} }] },
      samples,
    };
    await writeFile(join(dir, 'choice.json'), JSON.stringify(log));
    await writeFile(join(dir, 'choice.jsonl'), await run('import', 'choice.json'));
    const { rows } = JSON.parse(await run('rescore', 'choice.jsonl', '--json')) as { rows: RescoredRow[] };
    return rows[0]!.mean;
  };
  expect(await rescored({ multiple_correct: true }, 'A', 'ANSWER: A, A')).toBe(1);
  expect(await rescored({ multiple_correct: true }, 'AC', 'ANSWER: A,C')).toBe(1);
  expect(await rescored({ multiple_correct: false }, 'A', 'ANSWER: A, A')).toBe(0);
  // Without a word it asked for one.
  expect(await rescored({}, 'AC', 'ANSWER: A,C')).toBe(0);
  expect(await rescored({}, 'B', 'ANSWER: B')).toBe(1);
});
