/**
 * The suites in examples/ as users run them, over made-up data in the form of the published files: each prompt character for character, and
 * each benchmark's score from answers that are known beforehand.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Report } from '../../shared/client/types.ts';
import { checkBooks } from '../support/books.ts';
import { cliHome, type CliHome } from '../support/cli.ts';
import { CompletionsServer, logprobOf } from '../support/completions-server.ts';
import { Fleet } from '../support/fleet.ts';
import { chatAnswer, ModelEndpoint } from '../support/model-endpoint.ts';

const EXAMPLES = join(import.meta.dirname, '../../examples');

let fleet: Fleet;
let cli: CliHome;
let address: string;
let chat: ModelEndpoint;
let echo: CompletionsServer;
/** What the chat model answers to a prompt that holds the key. */
let answers = new Map<string, string>();
/** What stood in front of the prompts. */
const systems = new Set<string | undefined>();

beforeAll(async () => {
  [fleet, cli, chat, echo] = await Promise.all([
    Fleet.start(),
    cliHome(),
    new ModelEndpoint(async ({ model, prompt }, body) => {
      const { messages } = JSON.parse(body.toString()) as { messages: { role: string; content: string }[] };
      systems.add(messages.find(({ role }) => role === 'system')?.content);
      const key = [...answers.keys()]
        .filter((one) => prompt.includes(one))
        .toSorted((a, b) => prompt.lastIndexOf(b) - prompt.lastIndexOf(a));
      return chatAnswer(model, answers.get(key[0] ?? '') ?? 'no answer');
    }).start(),
    new CompletionsServer().start(),
  ]);
  ({ address } = await fleet.coordinator());
  await fleet.agent('one', [address], {
    models: [
      { match: 'openai/*', base_url: chat.url, max_connections: 32 },
      { match: 'vllm/*', provider: 'openai', base_url: echo.url, endpoint: 'completions', max_connections: 32 },
    ],
  });
});
afterAll(async () => {
  await cli.dispose();
  await fleet.stop();
  await Promise.all([chat.stop(), echo.stop()]);
});

/** Puts a suite and its data into a folder of its own and runs it. */
async function run(
  name: string,
  files: Readonly<Record<string, string>>,
  said: readonly (readonly [question: string, answer: string])[] = [],
): Promise<Report> {
  answers = new Map(said);
  chat.calls.length = 0;
  systems.clear();
  const folder = join(cli.dir, name);
  const spec = files[`${name}.yaml`] ?? (await readFile(join(EXAMPLES, `${name}.yaml`), 'utf8'));
  for (const [path, content] of Object.entries({ ...files, [`${name}.yaml`]: spec })) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  const { code, stdout, stderr } = await cli.run(['submit', join(folder, `${name}.yaml`), '--quiet', '--address', address]);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const id = stdout.trim();
  await cli.run(['watch', id, '--address', address]);
  return checkBooks(fleet.client(address), id);
}
const jsonl = (lines: readonly object[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join('');
const suiteNames = async (name: string): Promise<string[]> => {
  const text = await readFile(join(EXAMPLES, `${name}.yaml`), 'utf8');
  return /benchmark: \[([^\]]*)\]/
    .exec(text)![1]!
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean);
};

test('gsm8k-inspect', async () => {
  const lines = [1, 2, 3, 4].map((i) => ({ question: `Ann has ${i} pears and buys one. How many?`, answer: `${i} + 1\n#### ${i + 1}` }));
  // The last is wrong.
  const said = lines.map(({ question }, i) => [question, `So it is.\n\nANSWER: ${i === 3 ? 1_000 : `$${i + 2}.00`}`] as const);
  // As many as the training split has, for the file names ten of them.
  const train = Array.from({ length: 7_473 }, (_, i) => ({ question: `Line ${i + 1}?`, answer: `So ${i}\nplus 1.\n#### ${i + 1}` }));
  const report = await run('gsm8k-inspect', { 'test.jsonl': jsonl(lines), 'train.jsonl': jsonl(train) }, said);
  expect(report.results.map(({ scorer, metrics, counts }) => [scorer, metrics.accuracy, counts.scored])).toEqual([['match', 0.75, 4]]);
  const shots = [3083, 2185, 5898, 2438, 6331, 820, 3813, 5879, 5303, 5877].map(
    (n) => `Line ${n}?\n\nReasoning:\nSo ${n - 1}\nplus 1.\n\nANSWER: ${n}`,
  );
  expect([...systems]).toEqual([shots.join('\n\n')]);
  expect(chat.calls.map(({ prompt }) => prompt).toSorted()[0]).toBe(
    `Solve the following math problem step by step. The last line of your response should be of the form "ANSWER: $ANSWER" (without quotes) where $ANSWER is the answer to the problem.

Ann has 1 pears and buys one. How many?

Remember to put your answer on its own line at the end in the form "ANSWER: $ANSWER" (without quotes) where $ANSWER is the answer to the problem, and you do not need to use a \\boxed command.

Reasoning:`,
  );
});

test('mmlu', async () => {
  const rows = Array.from({ length: 12 }, (_, i) => ({
    question: `Which is number ${i}, if any?`,
    subject: i < 8 ? 'counting' : 'history',
  }));
  const csv = rows.map(({ question, subject }, i) => `${i},"${question}",one,"two, or 2",3,,${'ABCD'[i % 4]},${subject}\n`).join('');
  // Right for all of history and half of counting.
  const said = rows.map(({ question }, i) => [question, `answer: ${'ABCD'[(i % 4) + (i < 4 ? 1 : 0)] ?? 'A'}.`] as const);
  const report = await run('mmlu', { 'mmlu.csv': `,Question,A,B,C,D,Answer,Subject\n${csv}` }, said);
  const [row] = report.results;
  expect(row).toMatchObject({ scorer: 'choice', metrics: { accuracy: 8 / 12 }, counts: { scored: 12 } });
  expect(row!.groups).toMatchObject([{ key: 'Subject', macro: 0.75, weighted: 8 / 12 }]);
  expect(chat.calls.map(({ prompt }) => prompt)).toContain(
    `Answer the following multiple choice question. The entire content of your response should be of the following format: 'ANSWER: $LETTER' (without quotes) where LETTER is one of A,B,C,D.

Which is number 0, if any?

A) one
B) two, or 2
C) 3
D) `,
  );
});

test('mmlu-lm-eval', async () => {
  const subjects = await suiteNames('mmlu-lm-eval');
  expect(subjects).toHaveLength(57);
  // As many questions as the subject's place allows, 1 to 3; the right letter goes round.
  const sizeOf = (at: number): number => 1 + (at % 3);
  const rowOf = (subject: string, i: number, kind: string): string => `"${kind} ${i} of ${subject}? ",w,"x, y",z,0,${'ABCD'[i % 4]}\n`;
  const rowsOf = (subject: string, count: number, kind: string): string =>
    Array.from({ length: count }, (_, i) => rowOf(subject, i, kind)).join('');
  const files = subjects.flatMap((subject, at) => [
    [`mmlu/test/${subject}_test.csv`, rowsOf(subject, sizeOf(at), 'Test')],
    [`mmlu/dev/${subject}_dev.csv`, rowsOf(subject, 6, 'Dev')],
  ]);
  const report = await run('mmlu-lm-eval', Object.fromEntries(files) as Record<string, string>);

  // The endpoint says of a token always the same, so that one letter is the likeliest everywhere.
  const likeliest = [0, 1, 2, 3].toSorted((a, b) => logprobOf(` ${'ABCD'[b]}`) - logprobOf(` ${'ABCD'[a]}`))[0]!;
  const accuracies = subjects.map((_, at) => Array.from({ length: sizeOf(at) }, (__, i) => Number(i % 4 === likeliest)));
  const mean = (some: readonly number[]): number => some.reduce((a, b) => a + b, 0) / some.length;
  expect(report.results.map(({ benchmark, scorer, metrics }) => [benchmark, scorer, metrics.accuracy])).toEqual(
    subjects.map((subject, at) => [subject, 'acc', mean(accuracies[at]!)]),
  );
  expect(report.totals).toHaveLength(1);
  expect(report.totals![0]).toMatchObject({ scorer: 'acc', benchmarks: 57, samples: 114 });
  expect(report.totals![0]!.macro).toBeCloseTo(mean(accuracies.map(mean)), 12);
  expect(report.totals![0]!.weighted).toBeCloseTo(mean(accuracies.flat()), 12);

  const shots = [0, 1, 2, 3, 4].map((i) => `Dev ${i} of virology?\nA. w\nB. x, y\nC. z\nD. 0\nAnswer: ${'ABCD'[i % 4]}\n\n`).join('');
  const asked = `The following are multiple choice questions (with answers) about virology.\n\n${shots}Test 0 of virology?\nA. w\nB. x, y\nC. z\nD. 0\nAnswer:`;
  const prompts = echo.bodies.map(({ prompt }) => prompt);
  expect(prompts.filter((prompt) => prompt.includes('Test 0 of virology?')).toSorted()).toEqual(
    ['A', 'B', 'C', 'D'].map((letter) => `${asked} ${letter}`),
  );
  expect(prompts.some((prompt) => prompt.includes('about high school us history.\n\nDev 0'))).toBe(true);
});

test('bbh', async () => {
  const subtasks = await suiteNames('bbh');
  expect(subtasks).toHaveLength(27);
  const targets = ['True', '(B)', '24', '] ) >', 'apple bay'];
  const targetOf = (at: number): string => targets[at % targets.length]!;
  const questionOf = (subtask: string, i: number): string => `${subtask} ${i}, what is it?`;
  const files = subtasks.flatMap((subtask, at) => [
    [
      `bbh/${subtask}.json`,
      JSON.stringify({ canary: 'none', examples: [0, 1, 2, 3].map((i) => ({ input: questionOf(subtask, i), target: targetOf(at + i) })) }),
    ],
    [
      `bbh/cot/${subtask}.jsonl`,
      jsonl([0, 1, 2].map((i) => ({ input: `Shot ${i} of ${subtask}`, target: `It is so.\nSo the answer is ${i}.` }))),
    ],
  ]);
  // All right but the last one, and in each third subtask but the first as well.
  const said = subtasks.flatMap((subtask, at) =>
    [0, 1, 2, 3].map((i) => {
      const isRight = i !== 3 && (i !== 0 || at % 3 !== 0);
      return [questionOf(subtask, i), `We look.\nSo the answer is ${isRight ? targetOf(at + i) : 'Elsewhere'}.\nThat was it`] as const;
    }),
  );
  const report = await run('bbh', Object.fromEntries(files) as Record<string, string>, said);
  const expected = subtasks.map((_, at) => (at % 3 === 0 ? 0.5 : 0.75));
  expect(report.results.map(({ benchmark, scorer, metrics, counts }) => [benchmark, scorer, metrics.accuracy, counts.scored])).toEqual(
    subtasks.map((subtask, at) => [subtask, 'exact_match,get-answer', expected[at], 4]),
  );
  expect(report.totals).toMatchObject([{ benchmarks: 27, samples: 108, macro: 18 / 27 }]);
  expect(chat.calls.find(({ prompt }) => prompt.includes('snarks 2, what is it?'))!.prompt).toBe(
    `${[0, 1, 2].map((i) => `Q: Shot ${i} of snarks\nA: Let's think step by step.\nIt is so.\nSo the answer is ${i}.\n\n`).join('')}Q: snarks 2, what is it?\nA: Let's think step by step.\n`,
  );
});

test('a table of forty subtasks with four forms of answers, as one suite', async () => {
  const list = (form: string): string => `[${Array.from({ length: 10 }, (_, i) => `${form}_${i}`).join(', ')}]`;
  const spec = `name: table
benchmarks:
  - benchmark: ${list('letters')}
    dataset:
      uri: "file:{{ benchmark }}.csv"
      columns: [q, A, B, C, D, a]
      fields: {input: q, choices: "[{{ A | json }}, {{ B | json }}, {{ C | json }}, {{ D | json }}]", target: a}
    solver: multiple_choice
    scorers: [choice]
  - benchmark: ${list('text')}
    dataset: {uri: "file:{{ benchmark }}.jsonl", fields: {input: doc.q, target: "golds[0].text"}}
    scorers: [exact]
  - benchmark: ${list('numbers')}
    dataset: {uri: "file:{{ benchmark }}.jsonl", fields: {input: q, target: a}, target_template: "{{ target | split: '#### ' | last }}"}
    scorers: [{name: match, args: {numeric: true}}]
  - benchmark: ${list('reasoned')}
    dataset: {uri: "file:{{ benchmark }}.json"}
    scorers: [{name: exact_match, filters: {get-answer: [{name: regex, args: {regex_pattern: 'the answer is (.*).'}}]}}]
models: [{model: openai/m}]
`;
  // Of each form: its file, a line of it, and what is right and what is wrong.
  const forms: Record<string, { file: string; content(questions: string[]): string; right: string; wrong: string }> = {
    letters: {
      file: 'csv',
      content: (all) => all.map((q) => `"${q}",w,x,"y, z",v,C\n`).join(''),
      right: 'Well.\nANSWER: C',
      wrong: 'ANSWER: B',
    },
    text: {
      file: 'jsonl',
      content: (all) => jsonl(all.map((q) => ({ doc: { q }, golds: [{ text: 'The Moon' }] }))),
      right: 'moon.',
      wrong: 'sun',
    },
    numbers: {
      file: 'jsonl',
      content: (all) => jsonl(all.map((q) => ({ q, a: 'so\n#### 1200' }))),
      right: 'It is $1,200.00.',
      wrong: '1,201',
    },
    reasoned: {
      file: 'json',
      content: (all) => JSON.stringify({ canary: 'none', examples: all.map((input) => ({ input, target: '] )' })) }),
      right: 'Hm.\nSo the answer is ] ).',
      wrong: 'the answer is ]).',
    },
  };
  const subtasks = Object.keys(forms).flatMap((form) =>
    Array.from({ length: 10 }, (_, i) => ({ form, name: `${form}_${i}`, size: 3 + (i % 4), right: i % 3 })),
  );
  const said: [string, string][] = [];
  const files = subtasks.map(({ form, name, size, right }) => {
    const questions = Array.from({ length: size }, (_, i) => `Item ${i} of ${name}, what is it?`);
    questions.forEach((question, i) => said.push([question, i < right ? forms[form]!.right : forms[form]!.wrong]));
    return [`${name}.${forms[form]!.file}`, forms[form]!.content(questions)];
  });
  const report = await run('table', { ...(Object.fromEntries(files) as Record<string, string>), 'table.yaml': spec }, said);
  expect(report.results.map(({ benchmark, metrics, counts }) => [benchmark, metrics.accuracy, counts.scored])).toEqual(
    subtasks.map(({ name, size, right }) => [name, right / size, size]),
  );
  const sum = (some: readonly number[]): number => some.reduce((a, b) => a + b, 0);
  const [sizes, rights] = [subtasks.map(({ size }) => size), subtasks.map(({ right }) => right)];
  expect(report.totals!.map(({ scorer, benchmarks }) => [scorer, benchmarks])).toEqual([
    ['choice', 10],
    ['exact', 10],
    ['match', 10],
    ['exact_match,get-answer', 10],
    ['*', 40],
  ]);
  const whole = report.totals!.at(-1)!;
  expect(whole.samples).toBe(sum(sizes));
  expect(whole.macro).toBeCloseTo(sum(rights.map((right, i) => right / sizes[i]!)) / 40, 12);
  expect(whole.weighted).toBeCloseTo(sum(rights) / sum(sizes), 12);
});
