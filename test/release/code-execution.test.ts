/** Programs of models through a fleet: they run only where there is a sandbox, a sample is right if its tests pass, and all ends with the agent. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { AssayClient } from '../../shared/client/client.ts';
import { checkBooks } from '../support/books.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { allOf, watchAll } from '../support/mock-evaluation.ts';
import { openSandbox, PATH } from '../support/sandbox.ts';
import { waitFor } from '../support/wait-for.ts';

const EXAMPLES = join(import.meta.dirname, '../../examples');
const LINES = readFileSync(join(EXAMPLES, 'humaneval-sample.jsonl'));
const SAMPLES = LINES.toString().trim().split('\n').length;

const EPOCHS = 4;

const probe = await openSandbox();
await probe?.close();

let fleet: Fleet;
let coordinator: Process & { address: string };
let client: AssayClient;
let digest: string;
let boxed: Process;
beforeAll(async () => {
  fleet = await Fleet.start();
  coordinator = await fleet.coordinator();
  client = fleet.client(coordinator.address);
  digest = await client.uploadBytes(LINES);
  // It serves the same models, and has no sandbox.
  await fleet.agent('plain', [coordinator.address], { models: [{ match: 'mock/*' }] });
});
afterAll(() => fleet.stop());

/** The example, with what the test says of the model. */
function specOf(name: string, mock: object, more: object = {}): Record<string, unknown> {
  const spec = parse(readFileSync(join(EXAMPLES, 'humaneval.yaml'), 'utf8')) as { benchmarks: { dataset: object }[] };
  Object.assign(spec.benchmarks[0]!.dataset, { digest });
  return { ...spec, name, models: [{ model: 'mock/coder', generate_config: { extra_body: { mock } } }], ...more };
}

test('without a sandbox no model is called, and the routes say why', async () => {
  const { evaluation } = await client.submit({ spec: specOf('waiting', { text: '{{ target }}' }), idempotencyKey: 'waiting' });
  await waitFor(async () => (await client.get(evaluation.evaluationId)).state === 'running', { what: 'the evaluation to be planned' });
  const waiting = async (): Promise<string> => JSON.stringify((await client.routes({ withoutAgent: true })).items);
  await waitFor(async () => (await waiting()).includes('capability sandbox:python3 is missing'), { what: 'the reason to be told' });
  expect((await client.get(evaluation.evaluationId)).counts).toMatchObject({ scored: 0, errored: 0 });
  await client.cancel(evaluation.evaluationId);
});

test.skipIf(!probe)('reference solutions pass, others do not, and pass@k counts them', async () => {
  boxed = await fleet.agent(
    'boxed',
    [coordinator.address],
    { models: [{ match: 'mock/*' }], sandbox: { kind: 'bubblewrap' } },
    { env: { PATH } },
  );
  const right = await client.submit({ spec: specOf('right', { text: '{{ target }}' }, { epochs: 1 }), idempotencyKey: 'right' });
  const epochs = { count: EPOCHS, reducers: ['pass_at_1', 'pass_at_2'] };
  const half = await client.submit({ spec: specOf('half', { accuracy: 0.5, text: '{{ answer }}' }, { epochs }), idempotencyKey: 'half' });
  for (const { evaluation } of [right, half]) await watchAll(client, evaluation.evaluationId);

  const best = await checkBooks(client, right.evaluation.evaluationId);
  expect(best.units).toMatchObject({ total: SAMPLES, scored: SAMPLES, errored: 0 });
  expect(Object.values(best.agents)).toEqual([SAMPLES]);
  for (const row of best.results) expect(row.metrics.accuracy).toBe(1);

  const report = await client.report(half.evaluation.evaluationId);
  const results = await allOf(client.results(half.evaluation.evaluationId));
  const correct = new Map<string, number>();
  for (const { sampleId, scores } of results) correct.set(sampleId, (correct.get(sampleId) ?? 0) + scores[0]!.number!);
  // Chen et al. 2021: 1 - C(n - c, k) / C(n, k), as a product.
  const passAt = (c: number, k: number): number => {
    let none = 1;
    for (let i = EPOCHS - c + 1; i <= EPOCHS; i++) none *= 1 - k / i;
    return EPOCHS - c < k ? 1 : 1 - none;
  };
  const mean = (k: number): number => [...correct.values()].reduce((sum, c) => sum + passAt(c, k), 0) / SAMPLES;
  expect(report.results.map(({ reducer, metrics }) => [reducer, metrics.accuracy])).toEqual([
    ['pass_at_1', expect.closeTo(mean(1), 12) as number],
    ['pass_at_2', expect.closeTo(mean(2), 12) as number],
  ]);
  expect(report.results[0]!.metrics.accuracy).toBeGreaterThan(0.1);
  expect(report.results[0]!.metrics.accuracy).toBeLessThan(0.9);
});

test.skipIf(!probe)('nothing of it is left when its agent is killed', async () => {
  const line = { id: 1, input: '', target: 'x', test: 'f()', mark: 'x' };
  const content = await client.uploadBytes(Buffer.from(`${JSON.stringify(line)}\n`));
  const spec = {
    name: 'endless',
    benchmarks: [
      {
        benchmark: 'endless',
        dataset: { uri: 'file:x.jsonl', digest: content, fields: { id: 'id', metadata: ['test'] } },
        scorers: [{ name: 'code_execution', args: { timeout: 60 } }],
      },
    ],
    models: [{ model: 'mock/a', generate_config: { extra_body: { mock: { text: 'def f():\n    while True: pass\n' } } } }],
  };
  await client.submit({ spec, idempotencyKey: 'endless' });
  await waitFor(() => boxesOf(boxed.pid).length >= 2, { what: 'the program to run' });
  const boxes = boxesOf(boxed.pid);
  await boxed.kill9();
  expect(boxed.running).toBe(false);
  await waitFor(() => boxes.every((pid) => !lives(pid)), { what: 'the sandboxes to be gone' });
});

const lives = (pid: number): boolean => {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};
const childrenOf = (pid: number): number[] => {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
};
/** The guests' processes, below two of bubblewrap each. */
const boxesOf = (agent: number): number[] => childrenOf(agent).flatMap(childrenOf).flatMap(childrenOf);
