/** A finished evaluation in the forms of other tools; and compared and gated by its id. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AssayClient } from '../../shared/client/client.ts';
import type { Report, SampleResult } from '../../shared/client/types.ts';
import type { Comparison } from '../../cli/compare/compare.ts';
import type { RescoredRow } from '../../cli/rescore/rescore.ts';
import { cliHome, type CliHome } from '../support/cli.ts';
import { Fleet } from '../support/fleet.ts';
import { hasInspectSchema, inspectSchemaFault } from '../support/inspect-schema.ts';
import { allOf, mockSpec, sums, watchAll } from '../support/mock-evaluation.ts';
import { unzip } from '../support/unzip.ts';

const SAMPLES = 12;
const EPOCHS = 2;

let fleet: Fleet;
let cli: CliHome;
let client: AssayClient;
let at: string[];
let id: string;
let other: string;
let report: Report;
let results: SampleResult[];

beforeAll(async () => {
  [fleet, cli] = await Promise.all([Fleet.start(), cliHome()]);
  const { address } = await fleet.coordinator();
  client = fleet.client(address);
  at = ['--address', address];
  await fleet.agent('one', [address], { models: [{ match: 'mock/*' }] });
  const digest = await client.uploadBytes(sums(SAMPLES, (i) => ({ topic: i % 3 ? 'odd' : 'even', choices: ['1', '<2>'] })));
  const dataset = { uri: 'file:sums.jsonl', digest, fields: { id: 'id', metadata: ['topic'] } };
  const last = { name: 'regex', args: { regex_pattern: '[0-9]+', group_select: -1 } };
  const metrics = ['accuracy', 'stderr', 'ci', { name: 'grouped', args: { group_key: 'topic' } }];
  const scorers = [
    { name: 'match', args: { numeric: true } },
    { name: 'exact_match', filters: { last: [last] } },
  ];
  const prompt = { system_message: 'Be brief.' };
  const benchmarks = ['sums', 'again'].map((benchmark) => ({ benchmark, dataset, scorers, metrics, prompt }));
  const submit = async (key: string, seed: number): Promise<string> => {
    // Some answers are refused by the endpoint: errored samples.
    const mock = { accuracy: 0.6, seed, error_rate: 0.2 };
    const models = ['mock/a', 'mock/b'].map((model) => ({ model, generate_config: { temperature: 0, extra_body: { mock } } }));
    const spec = mockSpec(digest, { benchmarks, models, epochs: EPOCHS, tags: ['t'], retry: { max_retries: 0 } });
    const { evaluation } = await client.submit({ spec, idempotencyKey: key });
    await watchAll(client, evaluation.evaluationId);
    return evaluation.evaluationId;
  };
  [id, other] = [await submit('one', 1), await submit('two', 2)];
  report = await client.report(id);
  results = await allOf(client.results(id));
});
afterAll(async () => {
  await fleet.stop();
  await cli.dispose();
});

const run = (...args: string[]) => cli.inside([...args, ...at]);
const of = (benchmark: string, model: string): SampleResult[] => results.filter((r) => r.benchmark === benchmark && r.model === model);

interface Log {
  status: string;
  results: { total_samples: number; scores: { name: string; metrics: Record<string, { value: number }> }[] };
  samples: { id: string; epoch: number; output: { completion: string }; scores: Record<string, { value: unknown }>; error?: object }[];
}

describe('a log of Inspect', () => {
  test('has every unit with its answer and its scores, and the metrics of the report', async () => {
    const one = ['--format', 'inspect-json', '--benchmark', 'sums', '--model', 'mock/a', '-o', 'one.json'];
    expect(await run('export', id, ...one)).toMatchObject({ code: 0, stderr: expect.stringMatching(/wrote .*one\.json\n$/) });
    const log = JSON.parse(await readFile(join(cli.dir, 'one.json'), 'utf8')) as Log;
    const own = of('sums', 'mock/a');
    expect(log.samples.map((s) => [s.id, s.epoch, s.output.completion])).toEqual(own.map((r) => [r.sampleId, r.epoch, r.completion]));
    expect(log.samples.map((s) => s.scores['match']?.value)).toEqual(own.map((r) => r.scores[0]?.value));
    expect(log.samples.map((s) => s.error !== undefined)).toEqual(own.map((r) => r.state === 'errored'));
    expect(log).toMatchObject({
      status: 'success',
      results: { total_samples: own.length, completed_samples: own.filter((r) => r.state !== 'errored').length },
    });
    const rows = report.results.filter((r) => r.benchmark === 'sums' && r.model === 'mock/a');
    expect(log.results.scores.map((s) => [s.name, s.metrics['accuracy']?.value])).toEqual(rows.map((r) => [r.scorer, r.metrics.accuracy]));
    expect(log.results.scores[0]!.metrics['mean topic=odd']).toMatchObject({ group: 'topic=odd' });
  });

  test('in its zipped form says the same', async () => {
    expect(await run('export', id, '--format', 'inspect-eval', '-o', 'logs/')).toMatchObject({ code: 0 });
    const names = await readdir(join(cli.dir, 'logs'));
    expect(names.toSorted()).toEqual(['again', 'sums'].flatMap((b) => ['a', 'b'].map((m) => `${b}_mock_${m}_${id}.eval`)).toSorted());
    const entries = unzip(await readFile(join(cli.dir, 'logs', `sums_mock_a_${id}.eval`)));
    const document = (name: string): unknown => JSON.parse(entries.get(name)!.toString());
    const log = JSON.parse(await readFile(join(cli.dir, 'one.json'), 'utf8')) as Log;
    const { samples, ...header } = log;
    expect(document('header.json')).toEqual(header);
    for (const sample of samples) expect(document(`samples/${sample.id}_epoch_${sample.epoch}.json`)).toEqual(sample);
    expect(document('_journal/summaries/1.json')).toHaveLength(samples.length);
    expect([...entries.keys()].filter((name) => name.startsWith('samples/'))).toHaveLength(samples.length);
  });

  test('is one benchmark and model', async () => {
    const { code, stderr } = await run('export', id, '--format', 'inspect-json', '-o', 'all.json');
    expect(code).toBe(2);
    expect(stderr).toContain('these are 4 benchmarks and models, and a log of Inspect has one: choose by --benchmark and --model');
    expect(existsSync(join(cli.dir, 'all.json'))).toBe(false);
  });

  test.skipIf(!hasInspectSchema)('is as its schema has it (skipped where ../shared/data/inspect is absent)', async () => {
    const faultOf = inspectSchemaFault();
    expect(faultOf({ version: 2 })).toBeDefined();
    const log = JSON.parse(await readFile(join(cli.dir, 'one.json'), 'utf8')) as Log;
    expect(log.samples.some((s) => s.error)).toBe(true);
    for (const sample of log.samples) expect(faultOf({ ...log, samples: [sample] })).toBeUndefined();
  });
});

test('a log that was exported is imported, compared and scored again to the same', async () => {
  for (const name of ['one.json', `logs/sums_mock_a_${id}.eval`]) {
    const imported = await cli.inside(['import', name]);
    expect(imported.code).toBe(0);
    const lines = imported.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as SampleResult & { output: string });
    const own = of('sums', 'mock/a');
    expect(lines.map((line) => [line.sampleId, line.epoch, line.output, line.state])).toEqual(
      own.map((r) => [r.sampleId, r.epoch, r.completion, r.state]),
    );
    const pairs = (all: SampleResult[]): unknown[] => all.map((r) => r.scores.map(({ scorer, number }) => [scorer, number]));
    expect(pairs(lines)).toEqual(pairs(own));
    const answered = lines.filter((line) => line.state === 'scored');
    const again = await cli.inside(['score', '-', '--scorer', 'match', '--args', '{"numeric":true}'], {
      input: answered.map((line) => JSON.stringify(line)).join('\n'),
    });
    const values = again.stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { value: string }).value);
    expect(values).toEqual(answered.map((line) => line.scores.find((score) => score.scorer === 'match')!.value));
  }
});

test('answers are scored again by the scorers of the evaluation, or by others, and no model is called', async () => {
  const scored = await run('rescore', id, '--json', '-o', 'again.jsonl');
  expect(scored).toMatchObject({ code: 0, stderr: expect.stringMatching(/^wrote .*again\.jsonl\n$/) });
  const { rows } = JSON.parse(scored.stdout) as { rows: RescoredRow[] };
  expect(rows.map(({ benchmark, model, scorer, mean, stderr, samples }) => [benchmark, model, scorer, mean, stderr, samples])).toEqual(
    report.results.map(({ benchmark, model, scorer, metrics, samples }) => [
      benchmark,
      model,
      scorer,
      metrics.accuracy,
      metrics.stderr,
      samples,
    ]),
  );
  for (const { mean, before } of rows) expect(before).toMatchObject({ mean, changed: 0 });
  const lines = (await readFile(join(cli.dir, 'again.jsonl'), 'utf8')).trim().split('\n');
  const numbers = (all: Pick<SampleResult, 'scores'>[]): unknown[] =>
    all.map((r) => r.scores.map(({ scorer, number }) => [scorer, number]));
  expect(numbers(lines.map((line) => JSON.parse(line) as SampleResult))).toEqual(
    numbers(
      results.map((r) =>
        r.scores.length > 0 ? r : { scores: ['match', 'exact_match,last'].map((scorer) => ({ ...r.scores[0]!, scorer, number: null })) },
      ),
    ),
  );
  const one = ['--benchmark', 'sums', '--model', 'mock/a', '--json'];
  const other = await run('rescore', id, '--scorer', 'exact', ...one);
  // Its answers are whole sentences.
  expect((JSON.parse(other.stdout) as { rows: RescoredRow[] }).rows).toEqual([
    expect.objectContaining({ benchmark: 'sums', model: 'mock/a', scorer: 'exact', mean: 0 }),
  ]);
});

test("lm-eval's results and samples", async () => {
  expect(await run('export', id, '--format', 'lm-eval', '-o', 'lm')).toMatchObject({ code: 0 });
  const folder = join(cli.dir, 'lm', 'mock__a');
  const names = await readdir(folder);
  const read = async (start: string): Promise<string> =>
    readFile(
      join(
        folder,
        names.find((name) => name.startsWith(start))!,
      ),
      'utf8',
    );
  const document = JSON.parse(await read('results_')) as { results: Record<string, Record<string, unknown>>; 'n-samples': object };
  for (const { benchmark, scorer, metrics } of report.results.filter((row) => row.model === 'mock/a')) {
    const [metric, filter = 'none'] = scorer.split(',');
    expect(document.results[benchmark]).toMatchObject({
      alias: benchmark,
      [`${metric},${filter}`]: metrics.accuracy,
      [`${metric}_stderr,${filter}`]: metrics.stderr,
    });
  }
  const lines = (await read('samples_sums_'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const scores = of('sums', 'mock/a').flatMap((r) => r.scores.map((score) => ({ r, score })));
  expect(lines).toHaveLength(scores.length);
  for (const [i, { r, score }] of scores.entries()) {
    const [metric, filter = 'none'] = score.scorer.split(',');
    expect(lines[i]).toMatchObject({
      ...{ doc_id: Number(r.sampleId.slice(1)), target: String(2 * Number(r.sampleId.slice(1))), filter, metrics: [metric] },
      ...{ resps: [[r.completion]], filtered_resps: [score.answer || r.completion], [metric!]: score.number },
      ...{ doc_hash: expect.stringMatching(/^[0-9a-f]{64}$/), doc: { topic: expect.any(String) } },
    });
  }
});

test("lm-eval's samples are imported to the scores that they were exported with", async () => {
  const folder = join('lm', 'mock__a');
  const file = (await readdir(join(cli.dir, folder))).find((name) => name.startsWith('samples_sums_'))!;
  const { code, stdout } = await cli.inside(['import', join(folder, file)]);
  expect(code).toBe(0);
  const seen = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as SampleResult & { output: string });
  const flat = ({ benchmark, model, sampleId, epoch, scores }: SampleResult, output: string): unknown[] =>
    scores.map(({ scorer, number }) => [benchmark, model, sampleId, epoch, output, scorer, number]);
  expect(seen.flatMap((r) => flat(r, r.output))).toEqual(of('sums', 'mock/a').flatMap((r) => flat(r, r.completion)));
});

test('JUnit and CSV', async () => {
  expect(await run('export', id, '--format', 'junit', '-o', 'x.xml')).toMatchObject({ code: 0 });
  const xml = await readFile(join(cli.dir, 'x.xml'), 'utf8');
  expect(xml.match(/<testcase /g)).toHaveLength(results.length);
  expect(xml.match(/<error /g)).toHaveLength(report.units.errored);
  const wrong = results.filter((r) => r.state !== 'errored' && r.scores.some((s) => s.number !== 1));
  expect(xml.match(/<failure /g)).toHaveLength(wrong.length);
  expect(await run('export', id, '--format', 'csv', '-o', 'x.csv')).toMatchObject({ code: 0 });
  const { stdout } = await run('results', id, '--format', 'csv');
  const sorted = (text: string): string[] => text.split('\r\n').toSorted();
  expect(sorted(await readFile(join(cli.dir, 'x.csv'), 'utf8'))).toEqual(sorted(stdout));
  expect(await run('export', id, '--format', 'csv', '-o', 'logs')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('is a folder'),
  });
});

test('compared by groups of metadata, each is what its samples say', async () => {
  const { stdout } = await run('compare', id, other, '--by', 'topic', '--json', '--benchmark', 'sums', '--scorer', 'match');
  const { rows } = (JSON.parse(stdout) as { candidates: { rows: Comparison[] }[] }).candidates[0]!;
  expect(rows.map(({ model }) => model)).toEqual(['mock/a', 'mock/b']);
  const labels = new Map<string, string>();
  for (const { unit, sampleId } of of('sums', 'mock/a'))
    if (!labels.has(sampleId)) labels.set(sampleId, String((await client.sample(id, { unit })).metadata['topic']));
  const everyone = await allOf(client.results(other));
  for (const { model, groups, ungrouped, samples } of rows) {
    const scored = (all: SampleResult[], topic: string): Set<string> =>
      new Set(
        all
          .filter((r) => r.benchmark === 'sums' && r.model === model && labels.get(r.sampleId) === topic)
          .flatMap((r) => (r.scores[0]?.number === undefined || r.scores[0].number === null ? [] : [r.sampleId])),
      );
    const pairs = (topic: string): number => {
      const others = scored(everyone, topic);
      return [...scored(results, topic)].filter((sampleId) => others.has(sampleId)).length;
    };
    expect(groups!.map(({ group, samples: own }) => [group, own])).toEqual(['even', 'odd'].map((topic) => [topic, pairs(topic)]));
    expect([ungrouped, groups!.reduce((sum, group) => sum + group.samples, 0)]).toEqual([undefined, samples]);
  }
});

test('compared and gated by id, and by files of its results', async () => {
  const { stdout } = await run('compare', id, other, '--json');
  const { candidates } = JSON.parse(stdout) as { candidates: { rows: { kind: string; samples: number; difference: number }[] }[] };
  expect(candidates[0]!.rows).toHaveLength(8);
  for (const row of candidates[0]!.rows) expect(row.kind).toBe('paired');
  await cli.file('a.jsonl', (await run('results', id)).stdout);
  await cli.file('b.jsonl', (await run('results', other)).stdout);
  const files = JSON.parse((await run('compare', 'a.jsonl', 'b.jsonl', '--json')).stdout) as typeof JSON & {
    candidates: typeof candidates;
  };
  expect(files.candidates[0]!.rows).toEqual(candidates[0]!.rows);

  expect(await run('gate', id, '--min', 'match.accuracy>=0', '--min', 'weighted<=1')).toMatchObject({ code: 0 });
  expect(await run('gate', id, '--min', 'sums/match.accuracy>=1')).toMatchObject({ code: 3, stdout: expect.stringContaining('FAIL') });
  expect(await run('gate', id, '--baseline', id)).toMatchObject({ code: 0 });
  const worst = Math.min(...candidates[0]!.rows.map((row) => row.difference));
  const code = worst < 0 ? 3 : 0;
  expect(await run('gate', other, '--baseline', 'a.jsonl')).toMatchObject({ code });
});
