/** Benchmarks by log-probabilities through a fleet and an endpoint that echoes: figures worked out by hand, refusals. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RescoredRow } from '../../cli/rescore/rescore.ts';
import type { AssayClient } from '../../shared/client/client.ts';
import { PythonRandom } from '../../shared/scoring/statistics/mt19937.ts';
import { checkBooks } from '../support/books.ts';
import { cliHome, type CliHome } from '../support/cli.ts';
import { CompletionsServer, isLikeliest, logprobOf, tokensOf } from '../support/completions-server.ts';
import { Fleet } from '../support/fleet.ts';
import { hasInspectSchema, inspectSchemaFault } from '../support/inspect-schema.ts';
import { allOf, mockSpec, watchAll } from '../support/mock-evaluation.ts';
import { waitFor } from '../support/wait-for.ts';

const WORDS = ['blue', 'a rose', 'the deep sea', 'two old oaks', 'grass', 'nothing at all', 'été', 'one'];
const SAMPLES = 24;
const LINES = Array.from({ length: SAMPLES }, (_, i) => ({
  id: `s${i}`,
  input: `Question ${i}: which?`,
  choices: [0, 1, 2].map((j) => WORDS[(i * 3 + j * (1 + (i % 2))) % WORDS.length]!),
  target: (i * i) % 3,
}));

let cli: CliHome;
let fleet: Fleet;
let address: string;
let client: AssayClient;
let endpoint: CompletionsServer;
let blind: CompletionsServer;
beforeAll(async () => {
  [fleet, cli, endpoint, blind] = await Promise.all([
    Fleet.start(),
    cliHome(),
    new CompletionsServer({ begin: '<s>', refusesZero: true }).start(),
    new CompletionsServer({ blind: true }).start(),
  ]);
  ({ address } = await fleet.coordinator());
  client = fleet.client(address);
  await fleet.agent('one', [address], { models: [...modelsOf(), { match: 'openai/chat', base_url: 'http://127.0.0.1:9/v1' }] });
});
afterAll(async () => {
  await fleet.stop();
  await cli.dispose();
  await Promise.all([endpoint.stop(), blind.stop()]);
});

const modelsOf = (): Record<string, unknown>[] => [
  { match: 'openai/echo', base_url: endpoint.url, endpoint: 'completions', max_connections: 4 },
  { match: 'openai/blind', base_url: blind.url, endpoint: 'completions', max_connections: 1, look_ahead: 0 },
  { match: 'mock/*' },
];

const jsonl = (lines: readonly object[]): Buffer => Buffer.from(`${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
const uploaded = async (lines: readonly object[]): Promise<{ uri: string; digest: string }> => ({
  uri: 'file:lines.jsonl',
  digest: await client.uploadBytes(jsonl(lines)),
});

async function finished(key: string, benchmark: Record<string, unknown>, model = 'openai/echo', dataset?: object): Promise<string> {
  const own = dataset ?? (await uploaded(LINES));
  const spec = mockSpec('', { benchmarks: [{ benchmark: 'b', dataset: own, ...benchmark }], models: [{ model }], max_task_samples: 4 });
  const { evaluation } = await client.submit({ spec, idempotencyKey: key });
  await watchAll(client, evaluation.evaluationId);
  return evaluation.evaluationId;
}

test('acc_mutual_info asks for each choice behind nothing as well', async () => {
  const before = endpoint.bodies.length;
  const id = await finished('mutual', {
    solver: 'loglikelihood_choice',
    scorers: ['acc_mutual_info'],
    prompt: { template: '{{ input }} the' },
  });
  const report = await checkBooks(client, id);
  // What the endpoint says of a text is the same behind anything, so that all choices tie and the first counts.
  expect(report.results[0]!.metrics.accuracy).toBe(LINES.filter(({ target }) => target === 0).length / SAMPLES);
  const alone = endpoint.bodies.slice(before).filter(({ prompt }) => !prompt.startsWith('Question'));
  expect(new Set(alone.map(({ prompt }) => prompt))).toEqual(new Set(WORDS.map((word) => ` ${word}`)));
  const rated = (await client.sample(id, { unit: 0 })).logprobs as { logprob: number; unconditional: number }[];
  for (const { logprob, unconditional } of rated) expect(unconditional).toBeCloseTo(logprob, 9);
});

const CHOICE = { solver: 'loglikelihood_choice', scorers: ['acc', 'acc_norm', 'acc_bytes', 'greedy', 'brier_score'] };

/** ln p of a continuation, by the endpoint's rule. */
const sumOf = (text: string): number => tokensOf(text).reduce((sum, token) => sum + logprobOf(token), 0);

test('acc and acc_norm of choices are what the tokens say', async () => {
  const id = await finished('choice', CHOICE);
  const report = await checkBooks(client, id);
  expect(report.units).toMatchObject({ total: SAMPLES, scored: SAMPLES });
  const right = (weigh: (text: string) => number): number =>
    LINES.filter(({ choices, target }) => {
      const weighed = choices.map((text) => sumOf(` ${text}`) / weigh(text));
      return weighed.indexOf(Math.max(...weighed)) === target;
    }).length;
  const expected = [right(() => 1), right((text) => Array.from(text).length), right((text) => Buffer.byteLength(text))];
  expect(report.results.slice(0, 3).map(({ scorer, metrics }) => [scorer, metrics.accuracy])).toEqual(
    ['acc', 'acc_norm', 'acc_bytes'].map((scorer, i) => [scorer, expected[i]! / SAMPLES]),
  );
  expect(new Set(expected).size).toBeGreaterThan(1);
  const rated = (await client.sample(id, { unit: 1 })).logprobs as { text: string; logprob: number; is_target: boolean }[];
  expect(rated.map(({ text, is_target }) => [text, is_target])).toEqual(LINES[1]!.choices.map((text, i) => [text, i === 1]));
  for (const { text, logprob } of rated) expect(logprob).toBeCloseTo(sumOf(` ${text}`), 9);
});

test('exported as lm-eval has it, imported and scored again, all scores are the same', async () => {
  const scorers = [...CHOICE.scorers, 'acc_mutual_info'];
  const id = await finished('export', { ...CHOICE, scorers });
  const run = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await cli.inside([...args, '--address', address]);
    expect({ args, code, stderr }).toMatchObject({ code: 0 });
    return stdout;
  };
  const rowsOf = async (name: string): Promise<RescoredRow[]> =>
    (JSON.parse(await run('rescore', name, '--json')) as { rows: RescoredRow[] }).rows;
  const own = await rowsOf(id);
  expect(own.map(({ scorer, before, counts }) => [scorer, before!.changed, counts.scored])).toEqual(scorers.map((s) => [s, 0, SAMPLES]));

  await run('export', id, '--format', 'lm-eval', '-o', 'lm');
  const folder = join(cli.dir, 'lm', 'openai__echo');
  const names = await readdir(folder);
  const lines = (
    await readFile(
      join(
        folder,
        names.find((name) => name.startsWith('samples_'))!,
      ),
      'utf8',
    )
  )
    .trim()
    .split('\n');
  const [, second] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  const pair = (text: string): [string, string] => [String(sumOf(text)), tokensOf(text).every(isLikeliest) ? 'True' : 'False'];
  const pairs = LINES[1]!.choices.map((text) => pair(` ${text}`));
  expect(lines).toHaveLength(SAMPLES);
  expect(second).toMatchObject({ doc_id: 1, target: '1', filter: 'none', metrics: scorers });
  const near = (seen: unknown, at: (one: unknown) => [string, string]): unknown =>
    (seen as unknown[]).slice(0, 3).map((one) => [Number(at(one)[0]).toFixed(9), at(one)[1]]);
  const wanted = pairs.map(([ll, greedy]) => [Number(ll).toFixed(9), greedy]);
  expect(near(second!['resps'], (one) => (one as [[string, string]])[0])).toEqual(wanted);
  expect(near(second!['filtered_resps'], (one) => one as [string, string])).toEqual(wanted);
  expect((second!['resps'] as unknown[]).length).toBe(6);
  expect(second!['arguments']).toMatchObject({ gen_args_2: { arg_1: ` ${LINES[1]!.choices[2]}` }, gen_args_3: { arg_0: '' } });

  const imported = await cli.inside([
    'import',
    join(
      folder,
      names.find((name) => name.startsWith('samples_'))!,
    ),
  ]);
  await cli.file('back.jsonl', imported.stdout);
  const back = await rowsOf('back.jsonl');
  expect(back).toEqual(own);
  if (!hasInspectSchema) return;
  await run('export', 'back.jsonl', '--format', 'inspect-json', '-o', 'back.json');
  expect(inspectSchemaFault()(JSON.parse(await readFile(join(cli.dir, 'back.json'), 'utf8')))).toBeUndefined();
});

test('few-shots are those that lm-eval draws for each sample, out of more than one message holds', async () => {
  const POOL = 1_600;
  const train = Array.from({ length: POOL }, (_, i) => ({
    id: i,
    input: `Q${i} ${'long '.repeat(150)}`,
    choices: ['yes', 'no'],
    target: i % 2,
  }));
  const { digest } = await uploaded(train);
  const before = endpoint.bodies.length;
  await finished('drawn', {
    ...CHOICE,
    prompt: {
      template: '{{ input }}\nAnswer:',
      num_fewshot: 2,
      fewshot: { uri: 'file:train.jsonl', digest, sampler: 'lm_eval' },
    },
  });
  // CPython 3.11: r = random.Random(1234); [r.sample(range(1600), 2) for _ in range(24)]
  const random = new PythonRandom(1234);
  const places = Array.from({ length: POOL }, (_, i) => i);
  const prompts = new Set(endpoint.bodies.slice(before).map(({ prompt }) => prompt));
  for (const { input, choices } of LINES) {
    const shots = random.sample(places, 2).map((i) => `${train[i]!.input}\nAnswer: ${['yes', 'no'][i % 2]}\n\n`);
    for (const choice of choices) expect(prompts).toContain(`${shots.join('')}${input}\nAnswer: ${choice}`);
  }
});

test('perplexities of rolling texts', async () => {
  const pages = ['The sea is blue.', 'A rose is a rose is a rose', ' one  two '];
  const dataset = { ...(await uploaded(pages.map((page) => ({ page })))), fields: { input: 'page', target: 'page' } };
  const id = await finished(
    'rolling',
    { solver: 'loglikelihood_rolling', scorers: ['loglikelihood'], metrics: ['word_perplexity', 'byte_perplexity', 'bits_per_byte'] },
    'openai/echo',
    dataset,
  );
  const report = await checkBooks(client, id);
  const ll = pages.reduce((sum, page) => sum + sumOf(page), 0);
  const bytes = pages.reduce((sum, page) => sum + page.length, 0);
  const words = 4 + 8 + 4;
  const { word_perplexity: word, byte_perplexity: byte, bits_per_byte: bits } = report.results[0]!.metrics;
  expect(word).toBeCloseTo(Math.exp(-ll / words), 9);
  expect(byte).toBeCloseTo(Math.exp(-ll / bytes), 9);
  expect(bits).toBeCloseTo(-ll / bytes / Math.LN2, 9);

  expect(await cli.inside(['export', id, '--format', 'lm-eval', '-o', 'rolling', '--address', address])).toMatchObject({ code: 0 });
  const folder = join(cli.dir, 'rolling', 'openai__echo');
  const [name] = (await readdir(folder)).filter((one) => one.startsWith('samples_'));
  const lines = (await readFile(join(folder, name!), 'utf8')).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject(
    pages.map((page, i) => ({
      metrics: ['word_perplexity', 'byte_perplexity', 'bits_per_byte'],
      word_perplexity: [expect.closeTo(sumOf(page), 9), [4, 8, 4][i]],
      byte_perplexity: [expect.closeTo(sumOf(page), 9), page.length],
      bits_per_byte: [expect.closeTo(sumOf(page), 9), page.length],
    })),
  );
});

test('an endpoint that echoes no log-probabilities is asked once, and each sample says why', async () => {
  const before = blind.bodies.length;
  const id = await finished('blind', CHOICE, 'openai/blind');
  const results = await allOf(client.results(id));
  expect(results).toHaveLength(SAMPLES);
  for (const { state, errorClass, errorMessage } of results) {
    expect([state, errorClass]).toEqual(['errored', 'request']);
    expect(errorMessage).toMatch(/^no log-probabilities of a prompt: /);
  }
  expect(blind.bodies.length - before).toBe(1);
});

test('a chat endpoint gets none of it: validate and the route say why before any call', async () => {
  const spec = mockSpec('', {
    benchmarks: [{ benchmark: 'b', dataset: await uploaded(LINES), ...CHOICE }],
    models: [{ model: 'openai/chat' }],
  });
  const { faults, routesWithoutAgent } = await client.validate({ spec });
  expect(faults).toEqual([]);
  expect(routesWithoutAgent).toMatchObject([{ requirement: expect.stringContaining('loglikelihood:openai/chat') as string }]);
  const { evaluation } = await client.submit({ spec, idempotencyKey: 'chat' });
  const route = await waitFor(async () => (await client.routes({ withoutAgent: true })).items[0], { what: 'its route to be known' });
  expect(route.misfits.join('\n')).toMatch(/no log-probabilities of prompts for openai\/chat: .*endpoint: completions/);
  await client.cancel(evaluation.evaluationId, 'seen');
});
