/**
 * The seeded shuffle of choices through a fleet: what models are asked, what is stored and what is scored are what the library makes of
 * the dataset's lines, and the scores those of `assay score`, whichever task, epoch or agent a sample came by.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AssayClient } from '../../shared/client/client.ts';
import { compileBenchmark } from '../../shared/domain/sample.ts';
import { parseSpec } from '../../shared/domain/spec.ts';
import { checkBooks } from '../support/books.ts';
import { cliHome, type CliHome } from '../support/cli.ts';
import { Fleet } from '../support/fleet.ts';
import { allOf, watchAll } from '../support/mock-evaluation.ts';
import { chatAnswer, ModelEndpoint } from '../support/model-endpoint.ts';

const SAMPLES = 30;
const EPOCHS = 3;
const TASK = 4;
const MODELS = ['openai/one', 'openai/two'];
const LETTERS = 'ABCD';
/** Of CPython: `random.Random(42)`, then `shuffle([0, 1, 2, 3])` for each sample. */
const FIRST_ORDERS = [
  [2, 1, 3, 0],
  [3, 2, 0, 1],
  [1, 3, 2, 0],
  [1, 2, 0, 3],
];

/** The choices of a sample; which of them is right is another one each time. */
const choicesOf = (i: number): string[] => Array.from('wxyz', (name, place) => `${place === i % 4 ? 'right' : 'wrong'} ${name}${i}`);
const LINES = Array.from({ length: SAMPLES }, (_, i) =>
  JSON.stringify({ id: `q${i}`, input: `Question ${i}?`, choices: choicesOf(i), target: LETTERS[i % 4] }),
);

let fleet: Fleet;
let endpoint: ModelEndpoint;
let address: string;
let client: AssayClient;
let cli: CliHome;
beforeAll(async () => {
  // Finds the right one by its text, in whatever order; says it of every third sample, and another one of the others.
  endpoint = await new ModelEndpoint(async ({ model, prompt }) => {
    const { number, options } = askedIn(prompt);
    const right = options.findIndex((text) => text.startsWith('right'));
    return chatAnswer(model, `ANSWER: ${LETTERS[number % 3 === 0 ? right : (right + 1) % 4]}`);
  }).start();
  [fleet, cli] = await Promise.all([Fleet.start(), cliHome()]);
  ({ address } = await fleet.coordinator());
  client = fleet.client(address);
  const entry = { match: 'openai/*', provider: 'openai', base_url: endpoint.url, max_connections: 2 };
  for (const name of ['a', 'b']) await fleet.agent(name, [address], { models: [entry] });
});
afterAll(async () => {
  await fleet.stop();
  await endpoint.stop();
  await cli.dispose();
});

/** What a prompt asks: of which sample, and the choices in their order. */
function askedIn(prompt: string): { number: number; options: string[] } {
  const options = [...prompt.matchAll(/^([A-D])\) (.*)$/gm)].map(([, , text]) => text!);
  return { number: Number(/Question (\d+)\?/.exec(prompt)![1]), options };
}

test('orders and targets are those of the library, in every task and epoch, and so are scores', async () => {
  const digest = await client.uploadBytes(Buffer.from(`${LINES.join('\n')}\n`));
  const spec = {
    name: 'shuffled',
    benchmarks: [
      {
        benchmark: 'letters',
        dataset: { uri: 'file:letters.jsonl', digest, fields: { id: 'id' } },
        solver: { name: 'multiple_choice', args: { shuffle: 42 } },
        scorers: ['choice'],
        metrics: ['accuracy'],
      },
    ],
    models: MODELS.map((model) => ({ model })),
    epochs: EPOCHS,
    max_task_samples: TASK,
  };
  const { evaluation } = await client.submit({ spec, idempotencyKey: 'shuffled' });
  const id = evaluation.evaluationId;
  await watchAll(client, id);

  const { map } = compileBenchmark(parseSpec(spec).benchmarks[0]!);
  const expected = LINES.map((line, i) => map(line, i + 1));
  expect(expected.slice(0, 4).map(({ metadata }) => metadata['choice_order'])).toEqual(FIRST_ORDERS);
  expect(new Set(expected.map(({ metadata }) => JSON.stringify(metadata['choice_order']))).size).toBeGreaterThan(10);

  // What models were asked: each sample once an epoch, always in its own order.
  expect(endpoint.calls).toHaveLength(SAMPLES * EPOCHS * MODELS.length);
  for (const { prompt } of endpoint.calls) {
    const { number, options } = askedIn(prompt);
    expect(options, `sample ${number}`).toEqual(expected[number]!.choices);
  }

  const report = await checkBooks(client, id);
  for (const { metrics } of report.results) expect(metrics.accuracy).toBeCloseTo(1 / 3, 12);
  const results = await allOf(client.results(id));
  expect(results).toHaveLength(SAMPLES * EPOCHS * MODELS.length);
  const samples = await Promise.all(results.map(({ unit }) => client.sample(id, { unit })));
  for (const { result, target, choices, metadata } of samples) {
    const own = expected[Number(result.sampleId.slice(1))]!;
    expect({ target, choices, order: metadata['choice_order'] }).toEqual({
      ...{ target: own.target, choices: own.choices, order: own.metadata['choice_order'] },
    });
    expect(choices[LETTERS.indexOf(target[0]!)]).toMatch(/^right /);
  }

  // The same answers with the same remapped targets, scored without a fleet.
  const file = join(fleet.dir, 'answers.jsonl');
  const answers = samples.map(({ result, target, choices }) => JSON.stringify({ output: result.completion, target, choices }));
  await writeFile(file, answers.join('\n'));
  const { code, stdout } = await cli.inside(['score', file, '--scorer', 'choice']);
  expect(code).toBe(0);
  const scored = stdout
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { value: string }).value);
  expect(results.map(({ scores }) => scores[0]!.value)).toEqual(scored);
  const byEpoch = Map.groupBy(results, ({ sampleId, model }) => `${model} ${sampleId}`);
  for (const same of byEpoch.values()) expect(new Set(same.map(({ completion }) => completion)).size).toBe(1);
});
