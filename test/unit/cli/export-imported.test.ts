/** Logs of others that are imported, scored again and exported: as Inspect's schema has them, and with the scores that they hold. */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ImportedResult } from '../../../cli/import/inspect-log.ts';
import type { RescoredRow } from '../../../cli/rescore/rescore.ts';
import { hasInspectSchema, inspectSchemaFault } from '../../support/inspect-schema.ts';
import { runCommandIn } from '../../support/run-command.ts';
import { unzip } from '../../support/unzip.ts';

const LOGS = new URL('../../../../shared/data/inspect/', import.meta.url);

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'assay-export-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const faultOf = hasInspectSchema ? inspectSchemaFault() : () => undefined;

/** What a command prints; it must succeed. */
async function run(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runCommandIn(dir, args);
  expect({ args, code, stderr }).toMatchObject({ code: 0 });
  return stdout;
}

const linesOf = (text: string): ImportedResult[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as ImportedResult);

interface Log {
  status: string;
  eval: Record<string, unknown>;
  plan: { steps: { solver: string }[] };
  results: { total_samples: number; scores: { name: string; reducer: string; metrics: Record<string, { value: number }> }[] };
  stats: object;
  samples: Record<string, unknown>[];
}

const modelOf = ({ output }: Record<string, unknown>): string => (output as { model: string }).model;

/** What matters of a line: whose it is, what was said, and the scores that it has. */
const matter = ({ benchmark, model, sampleId, epoch, state, output, target, choices, scores }: ImportedResult): object => ({
  ...{ benchmark, model, sampleId, epoch, state, output, target: [target].flat(), choices: choices ?? [] },
  scores: scores.filter(({ number }) => number !== null).map(({ scorer, number }) => [scorer, number]),
});

/** Imports a log, exports it in both forms of Inspect, and imports those: each is as the schema has it, and says the same. */
async function roundTrip(path: string): Promise<{ lines: ImportedResult[]; log: Log }> {
  const imported = await run('import', path);
  await writeFile(join(dir, 'imported.jsonl'), imported);
  const lines = linesOf(imported);
  for (const [format, name] of [
    ['inspect-json', 'out.json'],
    ['inspect-eval', 'out.eval'],
  ] as const) {
    await run('export', 'imported.jsonl', '--format', format, '-o', name);
    expect(linesOf(await run('import', name)).map(matter)).toEqual(lines.map(matter));
  }
  await throughLmEval(lines);
  const log = JSON.parse(await readFile(join(dir, 'out.json'), 'utf8')) as Log;
  const { samples, ...header } = log;
  const entries = unzip(await readFile(join(dir, 'out.eval')));
  expect(JSON.parse(entries.get('header.json')!.toString())).toEqual(header);
  expect(entries.size).toBe(samples.length + 2 + Math.ceil(samples.length / 1000));
  expect(faultOf(log)).toBeUndefined();
  return { lines, log };
}

/** As lm-eval's samples, which have a line for each filter and none for a sample without a score. */
async function throughLmEval(lines: readonly ImportedResult[]): Promise<void> {
  await rm(join(dir, 'lm'), { recursive: true, force: true });
  const { stderr } = await runCommandIn(dir, ['export', 'imported.jsonl', '--format', 'lm-eval', '-o', 'lm']);
  const [, file] = /^wrote (.*\/samples_.*)$/m.exec(stderr)!;
  const scoresOf = (all: readonly ImportedResult[]): unknown[] =>
    all.flatMap((one) =>
      one.scores.map(({ scorer, number }) => [one.benchmark, one.model, one.sampleId, one.epoch, one.output, scorer, number]),
    );
  expect(scoresOf(linesOf(await run('import', file!)))).toEqual(scoresOf(lines));
}

describe.skipIf(!existsSync(LOGS))('real logs (skipped where ../shared/data/inspect is absent)', () => {
  test.each([
    '2025-05-12T20-28-13-04-00_popularity.json',
    '2025-02-11T15-18-04-05-00_popularity_mj7khqpMM4GBCfVQozKgzB.eval',
    'log_formats.json',
    'log_formats.eval',
    'mmlu-summary-choices.eval',
  ])('%s', async (name) => {
    const path = fileURLToPath(new URL(name, LOGS));
    const { log } = await roundTrip(path);
    const bytes = await readFile(path);
    const own = JSON.parse(String(name.endsWith('.eval') ? unzip(bytes).get('header.json') : bytes)) as Log;
    const metricsOf = ({ results }: Log): unknown =>
      results.scores.map((score) => [score.name, Object.entries(score.metrics).map(([metric, { value }]) => [metric, value])]);
    expect(metricsOf(log)).toEqual(metricsOf(own));
    const { run_id, created, task, model, revision, packages } = own.eval;
    expect(log).toMatchObject({ status: own.status, eval: { run_id, created, task, model, revision, packages } });
    if (own.samples) expect(log.samples.map(modelOf)).toEqual(own.samples.map(modelOf));
    expect(log.plan.steps.map(({ solver }) => solver)).toEqual(own.plan.steps.map(({ solver }) => solver));

    // By the scorers that the log names, and exported once more.
    const { rows } = JSON.parse(await run('rescore', 'imported.jsonl', '--json', '-o', 'again.jsonl')) as { rows: RescoredRow[] };
    expect(rows.map(({ before }) => before!.changed)).toEqual([0]);
    await run('export', 'again.jsonl', '--format', 'inspect-json', '-o', 'again.json');
    const again = JSON.parse(await readFile(join(dir, 'again.json'), 'utf8')) as Log;
    expect(metricsOf(again)).toEqual(metricsOf(own));
    expect(faultOf(again)).toBeUndefined();
  });
});

const anything = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('', 'é 😀 中文', 'NaN', '"\\', 'attachment://t', 'ANSWER: A'));
const oneValue = fc.oneof(
  fc.constantFrom('C', 'I', 'P', 'N', 'yes', true, false),
  fc.double({ min: -5, max: 5, noNaN: true }),
  fc.constant('<NaN>'),
);
const value = fc.oneof(
  oneValue,
  fc.dictionary(fc.constantFrom('f1', 'em', 'é'), oneValue, { maxKeys: 2 }),
  fc.array(oneValue, { maxLength: 2 }),
);
const content = fc.oneof(
  anything,
  fc.array(
    fc.oneof(
      anything.map((text) => ({ type: 'text', text })),
      fc.record({ type: fc.constant('reasoning'), reasoning: anything }),
      fc.constant({ type: 'image', image: 'data:image/png;base64,AA' }),
      fc.constant({ type: 'video', video: 'x', format: 'mp4' }),
      fc.constant({ type: 'tool_use', id: 1 }),
    ),
    { maxLength: 3 },
  ),
);
/** A field that some logs lack, have as null, or in another form. */
const perhaps = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 4, arbitrary: of }, fc.constantFrom(undefined, null), fc.constant(undefined));
const odd = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 5, arbitrary: perhaps(of) }, fc.constantFrom(7, 'x', [], {}));

const message = fc.record({ role: fc.constantFrom('system', 'user', 'assistant', 'tool', 'developer'), content });
const sample = fc.record({
  target: fc.oneof(anything, fc.array(anything, { minLength: 1, maxLength: 3 })),
  choices: perhaps(fc.array(anything, { minLength: 1, maxLength: 4 })),
  input: odd(fc.oneof(anything, fc.array(message, { maxLength: 2 }))),
  messages: odd(fc.array(message, { maxLength: 3 })),
  metadata: odd(fc.dictionary(fc.string(), anything, { maxKeys: 2 })),
  output: perhaps(
    fc.record({
      model: fc.constant('m'),
      choices: fc.array(
        fc.record({ message: fc.record({ role: fc.constant('assistant'), content }), stop_reason: odd(fc.constant('stop')) }),
        {
          maxLength: 2,
        },
      ),
      usage: odd(fc.record({ input_tokens: odd(fc.nat()), output_tokens: fc.nat(), total_tokens: fc.nat() })),
      time: odd(fc.double({ min: 0, max: 9, noNaN: true })),
    }),
  ),
  scores: perhaps(
    fc.dictionary(fc.constantFrom('match', 'f1', 'own/é'), fc.record({ value, answer: perhaps(anything), explanation: odd(anything) }), {
      maxKeys: 3,
    }),
  ),
  error: perhaps(fc.record({ message: anything })),
  attachments: fc.constant({ t: 'whole' }),
  ...{ started_at: odd(fc.constant('2025-05-12T20:28:15-04:00')), total_time: odd(fc.nat(9)), working_time: odd(fc.nat(9)) },
});
const log = fc.record({
  version: fc.constantFrom(1, 2, 3),
  status: odd(fc.constantFrom('success', 'error', 'started', 'cancelled')),
  eval: fc.record({
    ...{
      task: anything.filter(Boolean),
      model: anything.filter(Boolean),
      run_id: odd(fc.uuid()),
      created: odd(fc.constant('2025-05-12T20:28:13-04:00')),
    },
    ...{
      dataset: odd(fc.record({ name: odd(anything), samples: odd(fc.nat()), shuffled: odd(fc.boolean()) })),
      task_version: odd(fc.nat()),
    },
    ...{
      config: odd(fc.record({ epochs: fc.nat(3), epochs_reducer: odd(fc.constantFrom(['mean'], ['mode', 'at_least_2'], ['own'])) })),
      tags: odd(fc.array(anything)),
    },
    ...{ revision: odd(fc.constant({ type: 'git', origin: 'o', commit: 'c' })), packages: odd(fc.dictionary(fc.string(), fc.string())) },
    ...{
      model_args: odd(fc.constant({ a: 1 })),
      model_generate_config: odd(fc.record({ temperature: odd(fc.nat(2)), max_tokens: odd(fc.nat()) })),
    },
    scorers: odd(fc.constant([{ name: 'match', options: { location: 'any' }, metrics: [{ name: 'inspect_ai/mean' }] }, { name: 3 }])),
  }),
  plan: odd(
    fc.record({ steps: odd(fc.constant([{ solver: 'generate', params: {} }, { solver: 'x' }])), config: odd(fc.constant({ seed: 'x' })) }),
  ),
  stats: odd(
    fc.record({ started_at: odd(fc.constant('')), model_usage: odd(fc.constant({ m: { input_tokens: 1, output_tokens: 'x' } })) }),
  ),
  results: odd(fc.constant({ scores: [{ name: 'match', scorer: 'inspect_ai/match', params: { numeric: true }, metrics: { std: {} } }] })),
  error: odd(fc.constant({ message: 'it broke' })),
});

test.skipIf(!hasInspectSchema)('logs of all kinds, with fields that are missing or of other forms', async () => {
  const ids = fc.uniqueArray(fc.oneof(fc.nat(50), anything.filter(Boolean)), { minLength: 1, maxLength: 3, selector: String });
  await fc.assert(
    fc.asyncProperty(
      log,
      ids,
      fc.array(sample, { minLength: 6, maxLength: 6 }),
      fc.integer({ min: 1, max: 2 }),
      async (head, names, of, epochs) => {
        // All of an epoch, then the next, as Inspect writes them.
        const samples = Array.from({ length: epochs }, (_, e) =>
          names.map((id, i) => ({ id, epoch: e + 1, ...of[(e * 3 + i) % 6] })),
        ).flat();
        await writeFile(join(dir, 'x.json'), JSON.stringify({ ...head, samples }).replaceAll('"<NaN>"', 'NaN'));
        const { lines, log: made } = await roundTrip('x.json');
        expect(made.samples).toHaveLength(lines.length);
      },
    ),
    { numRuns: 80 },
  );
});

test('epochs and reducers, of which the metrics are computed anew', async () => {
  const of = (id: string, epoch: number, letter: string) => ({
    id,
    epoch,
    target: '',
    output: { completion: 'x' },
    scores: { match: { value: letter } },
  });
  const samples = [of('a', 1, 'C'), of('b', 1, 'I'), of('a', 2, 'C'), of('b', 2, 'C'), of('a', 3, 'I'), of('b', 3, 'I')];
  const config = { epochs: 3, epochs_reducer: ['mean', 'max', 'pass_at_2'] };
  await writeFile(join(dir, 'epochs.json'), JSON.stringify({ eval: { task: 't', model: 'm', config }, samples }));
  const { log: made } = await roundTrip('epochs.json');
  expect(made.results.scores.map(({ name, reducer, metrics }) => [name, reducer, metrics['accuracy']!.value])).toEqual([
    ['match', 'mean', 0.5],
    ['match', 'max', 1],
    ['match', 'pass_at_2', (1 + 2 / 3) / 2],
  ]);
  expect(made).toMatchObject({
    results: { total_samples: 6, completed_samples: 6 },
    eval: { config: { epochs: 3, epochs_reducer: ['mean', 'max', 'pass_at_2'] } },
  });
});

test('a sample that failed with an answer stays failed, and is scored, as in Inspect', async () => {
  const of = (id: number, completion: string, more: object = {}) => ({
    id,
    epoch: 1,
    target: '4',
    output: { completion },
    scores: {},
    ...more,
  });
  const samples = [of(1, '4'), of(2, '4', { error: { message: 'boom', traceback: '', traceback_ansi: '' } }), of(3, '5')];
  const scorers = [{ name: 'match', options: { numeric: true } }];
  await writeFile(join(dir, 'failed.json'), JSON.stringify({ eval: { task: 't', model: 'm', scorers }, samples }));
  await writeFile(join(dir, 'failed.jsonl'), await run('import', 'failed.json'));
  await run('rescore', 'failed.jsonl', '-o', 'scored.jsonl');
  await run('export', 'scored.jsonl', '--format', 'inspect-json', '-o', 'scored.json');
  const log = JSON.parse(await readFile(join(dir, 'scored.json'), 'utf8')) as Log;
  expect(log).toMatchObject({
    results: { total_samples: 3, completed_samples: 2, scores: [{ metrics: { accuracy: { value: 2 / 3 } } }] },
    samples: [{ scores: { match: { value: 'C' } } }, { scores: { match: { value: 'C' } }, error: { message: 'boom' } }, { id: '3' }],
  });
  expect(faultOf(log)).toBeUndefined();
});

test('the reducer mode counts letters, as Inspect does, and not their numbers', async () => {
  const samples = Array.from('CCIIN', (value, i) => ({
    ...{ id: 1, epoch: i + 1, target: '', output: { completion: 'x' } },
    scores: { match: { value } },
  }));
  const config = { epochs: 5, epochs_reducer: ['mode', 'mean'] };
  await writeFile(join(dir, 'mode.json'), JSON.stringify({ eval: { task: 't', model: 'm', config }, samples }));
  const { log: made } = await roundTrip('mode.json');
  expect(made.results.scores.map(({ reducer, metrics }) => [reducer, metrics['accuracy']!.value])).toEqual([
    ['mode', 1],
    ['mean', 0.4],
  ]);
});

test('the reducer maj_K counts answers, long ones too', async () => {
  const long = 'because '.repeat(20);
  const answers = ['7', `${long}5`, `${long}5`, `${long}6`];
  const samples = answers.map((answer, i) => ({
    ...{ id: 1, epoch: i + 1, target: '5', output: { completion: answer } },
    scores: { match: { value: answer.endsWith('5') ? 'C' : 'I', answer } },
  }));
  const config = { epochs: 4, epochs_reducer: ['maj_1', 'maj_4'] };
  await writeFile(join(dir, 'maj.json'), JSON.stringify({ eval: { task: 't', model: 'm', config }, samples }));
  const { log: made } = await roundTrip('maj.json');
  expect(made.results.scores.map(({ reducer, metrics }) => [reducer, metrics['accuracy']!.value])).toEqual([
    ['maj_1', 0],
    ['maj_4', 1],
  ]);
});

test('what cannot be told apart is refused, and what is no file of results', async () => {
  const line = JSON.stringify({
    benchmark: 'b',
    model: 'm',
    sampleId: '1',
    output: 'x',
    target: 'x',
    scores: [{ scorer: 's', number: 1 }],
  });
  await writeFile(join(dir, 'twice.jsonl'), `${line}\n${line}\n`);
  const exported = (name: string) => runCommandIn(dir, ['export', name, '--format', 'csv', '-o', 'x.csv']);
  expect(await exported('twice.jsonl')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('twice.jsonl line 2: has a score by s that sample 1 of b and m has already; write each log into'),
  });
  await writeFile(join(dir, 'bad.jsonl'), `${line}\n{"sampleId": 1, "epoch": 0}\n`);
  const { code, stderr } = await exported('bad.jsonl');
  expect(code).toBe(2);
  expect(stderr).toMatch(
    /bad\.jsonl line 2: benchmark .*model .*epoch .*output .*target .*; name an evaluation, or a file that assay import/s,
  );
  await writeFile(join(dir, 'one.jsonl'), line);
  expect(await runCommandIn(dir, ['export', 'one.jsonl', '--format', 'csv', '-o', 'x.csv', '--model', 'other'])).toMatchObject({
    stderr: expect.stringContaining('one.jsonl has no such benchmark and model; it has b and m'),
  });
});
