/** Multiple choice, the team's own code as solver, and programs as scorers, through a fleet: what needs leave goes only where there is leave. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AssayClient } from '../../shared/client/client.ts';
import { checkBooks } from '../support/books.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { watchAll } from '../support/mock-evaluation.ts';
import { waitFor } from '../support/wait-for.ts';

const SAMPLES = 30;
const GRADER = `#!/usr/bin/env python3
import json, sys
for line in sys.stdin:
    q = json.loads(line)
    right = q["target"][0] in q["output"]
    print(json.dumps({"id": q["id"], "value": "C" if right else "I", "explanation": "sample %s" % q["sample_id"]}), flush=True)
`;

let fleet: Fleet;
let coordinator: Process & { address: string };
let client: AssayClient;
let team: Server;
let url: string;
const asked: Record<string, unknown>[] = [];

beforeAll(async () => {
  fleet = await Fleet.start();
  coordinator = await fleet.coordinator();
  client = fleet.client(coordinator.address);
  await writeFile(join(fleet.dir, 'grader.py'), GRADER);
  await chmod(join(fleet.dir, 'grader.py'), 0o755);
  team = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as { sample: { input: string } };
      asked.push(body);
      const [number] = /\d+/.exec(body.sample.input)!;
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ completion: String(2 * Number(number)), usage: { input_tokens: 2, output_tokens: 1 } }));
    });
  });
  await new Promise<void>((resolve) => void team.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(team.address() as AddressInfo).port}`;
  // It serves the same models and may do nothing else.
  await fleet.agent('plain', [coordinator.address], { models: [{ match: 'mock/*' }, { match: 'none/*' }] });
});
afterAll(async () => {
  await fleet.stop();
  team.closeAllConnections();
  await new Promise((resolve) => void team.close(resolve));
});

const lines = (lineOf: (i: number) => object): Promise<string> =>
  client.uploadBytes(Buffer.from(Array.from({ length: SAMPLES }, (_, i) => `${JSON.stringify({ id: `s${i}`, ...lineOf(i) })}\n`).join('')));

function specOf(name: string, digest: string, benchmark: object, model: object): Record<string, unknown> {
  const dataset = { uri: 'file:x.jsonl', digest, fields: { id: 'id' } };
  return { name, benchmarks: [{ benchmark: name, dataset, ...benchmark }], models: [model], max_task_samples: 7 };
}

test('multiple choice runs on any agent', async () => {
  const digest = await lines((i) => ({ input: `Which is ${i}?`, choices: [`${i + 1}`, `${i}`, `${i + 2}`], target: 'B' }));
  const text = 'I think so.\nANSWER: {{ answer }}';
  const spec = specOf(
    'choices',
    digest,
    { solver: 'multiple_choice', scorers: ['choice'] },
    { model: 'mock/one', generate_config: { extra_body: { mock: { accuracy: 0.5, text } } } },
  );
  const { evaluation } = await client.submit({ spec, idempotencyKey: 'choices' });
  await watchAll(client, evaluation.evaluationId);
  const report = await checkBooks(client, evaluation.evaluationId);
  expect(report.units).toMatchObject({ scored: SAMPLES, errored: 0 });
  const accuracy = report.results.find((row) => row.scorer === 'choice')!.metrics.accuracy!;
  expect(accuracy).toBeGreaterThan(0.1);
  expect(accuracy).toBeLessThan(0.9);
});

test('a program and the team’s URL wait for the agent that allows them, and run there alone', async () => {
  const digest = await lines((i) => ({ input: `Double ${i}`, target: String(2 * i) }));
  const graded = specOf('graded', digest, { scorers: [{ name: 'command', args: { command: 'grader' } }] }, { model: 'mock/one' });
  const solved = specOf(
    'solved',
    digest,
    { solver: { name: 'http', args: { url: `${url}/solve` } }, scorers: ['exact'] },
    { model: 'none/app' },
  );
  const submitted = await Promise.all([graded, solved].map((spec) => client.submit({ spec, idempotencyKey: spec['name'] as string })));
  const ids = submitted.map(({ evaluation }) => evaluation.evaluationId);
  // The agent that is there serves both models; that nothing runs on it is seen when both are done.
  await waitFor(async () => (await client.get(ids[1]!)).state === 'running', { what: 'the evaluations to be planned' });
  await fleet.agent('allowed', [coordinator.address], {
    models: [{ match: 'mock/*' }],
    commands: { grader: { argv: ['./grader.py'] } },
    urls: [`${url}/*`],
  });
  for (const id of ids) {
    await watchAll(client, id);
    const report = await checkBooks(client, id);
    expect(report.units).toMatchObject({ total: SAMPLES, scored: SAMPLES, errored: 0 });
    expect(report.results[0]!.metrics.accuracy).toBe(1);
    expect(Object.values(report.agents)).toEqual([SAMPLES]);
  }
  expect(asked).toHaveLength(SAMPLES);
  expect(asked[0]).toMatchObject({ model: 'none/app', epoch: 1, evaluation_id: ids[1], messages: [{ role: 'user' }] });
  expect(JSON.stringify(asked)).not.toContain('target');
});

test('a limit ends samples as errored, not as wrong', async () => {
  const digest = await lines((i) => ({ input: `Hang ${i}`, target: 'x' }));
  const spec = {
    ...specOf(
      'limited',
      digest,
      { scorers: ['exact'] },
      { model: 'mock/one', generate_config: { extra_body: { mock: { hang_rate: 1 } } } },
    ),
    limits: { time: 0.3 },
  };
  const { evaluation } = await client.submit({ spec, idempotencyKey: 'limited' });
  await watchAll(client, evaluation.evaluationId);
  const report = await checkBooks(client, evaluation.evaluationId);
  expect(report.units).toMatchObject({ total: SAMPLES, scored: 0, errored: SAMPLES });
});
