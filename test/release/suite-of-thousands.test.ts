/**
 * A table of forty subtasks with 250 recorded completions each, four forms of answers, from one spec: each score and each sum is what an
 * independent count of the recordings gives, to the last bit of the quotient.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PythonRandom } from '../../shared/scoring/statistics/mt19937.ts';
import { checkBooks } from '../support/books.ts';
import { cliHome, type CliHome } from '../support/cli.ts';
import { Fleet } from '../support/fleet.ts';
import { chatAnswer, ModelEndpoint } from '../support/model-endpoint.ts';

const SUBTASKS = 40;
const SAMPLES = 250;

/** Of each form: what a spec says of it, and completions that are right and wrong for a target. */
const FORMS = [
  {
    spec: '{solver: multiple_choice, scorers: [choice]}',
    line: (input: string, n: number) => ({ input, choices: ['w', 'x', 'y', 'z'], target: 'ABCD'[n % 4]! }),
    right: (target: string) => [`Hm.\nANSWER: ${target}`, `answer: ${target}.`],
    wrong: (target: string) => [
      `ANSWER: ${target === 'A' ? 'B' : 'A'}`,
      `It is ${target}`,
      `ANSWER: ${target}, ${target === 'A' ? 'B' : 'A'}`,
    ],
  },
  {
    spec: '{scorers: [{name: match, args: {numeric: true}}]}',
    line: (input: string, n: number) => ({ input, target: String(1000 + n) }),
    right: (target: string) => [`So it is $${target}.00.`, `1,${target.slice(1)}`, `not 7 but ${target}`],
    wrong: (target: string) => [`${target} less 1`, 'none', `${target}5`],
  },
  {
    spec: `{scorers: [{name: exact_match, args: {ignore_case: true}, filters: {get: [{name: regex, args: {regex_pattern: 'the answer is (.*)\\.'}}]}}]}`,
    line: (input: string, n: number) => ({ input, target: `(${'ABC'[n % 3]})` }),
    right: (target: string) => [`We look.\nSo the answer is ${target}.`, `the answer is ${target.toLowerCase()}.\nThen: the answer is 5.`],
    wrong: (target: string) => [`The answer: ${target}.`, 'So the answer is (D).', ''],
  },
  {
    spec: '{scorers: [f1], metrics: [mean, stderr]}',
    line: (input: string) => ({ input, target: 'deep blue sea' }),
    right: () => ['The deep-blue sea', 'sea, blue, deep'],
    wrong: () => ['green', 'nothing at all'],
  },
];

let fleet: Fleet;
let cli: CliHome;
let endpoint: ModelEndpoint;
const recorded = new Map<string, string>();
beforeAll(async () => {
  endpoint = await new ModelEndpoint(async ({ model, prompt }) => {
    endpoint.calls.length = 0;
    return chatAnswer(model, recorded.get(/Item \d+-\d+/.exec(prompt)![0])!);
  }).start();
  [fleet, cli] = await Promise.all([Fleet.start(), cliHome()]);
});
afterAll(async () => {
  await cli.dispose();
  await fleet.stop();
  await endpoint.stop();
});

test('ten thousand recorded completions', { timeout: 600_000 }, async () => {
  const random = new PythonRandom(20_260_101);
  const one = <T>(of: readonly T[]): T => of[Math.floor(random.random() * of.length)]!;
  const right: number[] = [];
  for (let task = 0; task < SUBTASKS; task++) {
    const form = FORMS[task % FORMS.length]!;
    const share = random.random();
    right.push(0);
    const lines = Array.from({ length: SAMPLES }, (_, n) => {
      const isRight = random.random() < share;
      const line = form.line(`Item ${task}-${n}, what is it?`, n);
      recorded.set(`Item ${task}-${n}`, one((isRight ? form.right : form.wrong)(line.target)));
      right[task]! += Number(isRight);
      return `${JSON.stringify(line)}\n`;
    });
    await writeFile(join(cli.dir, `t${task}.jsonl`), lines.join(''));
  }
  const benchmarks = FORMS.map(({ spec }, form) => {
    const names = Array.from({ length: SUBTASKS / FORMS.length }, (_, i) => `t${form + i * FORMS.length}`);
    return `  - {benchmark: [${names.join(', ')}], dataset: {uri: "file:{{ benchmark }}.jsonl"}, ${spec.slice(1)}\n`;
  });
  await writeFile(join(cli.dir, 'suite.yaml'), `name: suite\nbenchmarks:\n${benchmarks.join('')}models: [{model: openai/m}]\n`);
  const { address } = await fleet.coordinator();
  for (const name of ['one', 'two'])
    await fleet.agent(name, [address], { models: [{ match: 'openai/*', base_url: endpoint.url, max_connections: 16 }] });
  const { code, stdout, stderr } = await cli.run(['submit', join(cli.dir, 'suite.yaml'), '--quiet', '--address', address]);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  await cli.run(['watch', stdout.trim(), '--address', address]);
  const report = await checkBooks(fleet.client(address), stdout.trim());

  expect(report.units).toMatchObject({ total: SUBTASKS * SAMPLES, scored: SUBTASKS * SAMPLES });
  const seen = Object.fromEntries(report.results.map(({ benchmark, metrics }) => [benchmark, metrics.accuracy ?? metrics.mean]));
  expect(seen).toEqual(Object.fromEntries(right.map((count, task) => [`t${task}`, count / SAMPLES])));
  const whole = report.totals!.at(-1)!;
  const sum = right.reduce((a, b) => a + b, 0);
  expect(whole).toMatchObject({ scorer: '*', benchmarks: SUBTASKS, samples: SUBTASKS * SAMPLES });
  expect(whole.weighted).toBeCloseTo(sum / (SUBTASKS * SAMPLES), 12);
  expect(whole.macro).toBeCloseTo(sum / SAMPLES / SUBTASKS, 12);
});
