/** A cancel stops the work itself, within 12 seconds and with the times of production: calls, and programs that score. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AssayClient } from '../../shared/client/client.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { Line } from '../support/half-open.ts';
import { mockSpec, sums } from '../support/mock-evaluation.ts';
import { chatAnswer, ModelEndpoint } from '../support/model-endpoint.ts';
import { waitFor } from '../support/wait-for.ts';

const STOPPED_MS = 12_000;

let fleet: Fleet;
let coordinator: Process & { address: string };
let client: AssayClient;
let endpoint: ModelEndpoint;
let line: Line;
/** Prompts that are never answered. */
let isStuck: (prompt: string) => boolean;
beforeEach(async () => {
  endpoint = await new ModelEndpoint(({ model, prompt }) =>
    isStuck(prompt) ? new Promise(() => undefined) : Promise.resolve(chatAnswer(model, 'The answer is 0')),
  ).start();
  fleet = await Fleet.start();
  coordinator = await fleet.coordinator({ args: [] });
  client = fleet.client(coordinator.address);
  line = await Line.to(coordinator.address);
});
afterEach(async () => {
  line.close();
  await fleet.stop();
  await endpoint.stop();
});

async function submit(spec: Record<string, unknown> = {}): Promise<string> {
  const digest = await client.uploadBytes(sums(4));
  const built = mockSpec(digest, { models: [{ model: 'openai/one' }] });
  const [benchmark] = built['benchmarks'] as object[];
  const { evaluation } = await client.submit({ spec: { ...built, benchmarks: [{ ...benchmark, ...spec }] }, idempotencyKey: 'cancelled' });
  return evaluation.evaluationId;
}

/** Cancels, and says how long the work went on. */
async function stopped(evaluationId: string, hasStopped: () => boolean): Promise<number> {
  const from = performance.now();
  await client.cancel(evaluationId, 'enough');
  expect((await client.get(evaluationId)).counts.cancelled).toBeGreaterThan(0);
  await waitFor(hasStopped, { what: 'the work to stop', timeoutMs: STOPPED_MS });
  return performance.now() - from;
}

const models = (): object[] => [{ match: 'openai/*', provider: 'openai', base_url: endpoint.url, max_connections: 4 }];

test('over a stream of which nothing comes through: the agent leaves it, and is told', async () => {
  isStuck = () => true;
  await fleet.agent('one', [line.address], { models: models() });
  const id = await submit();
  await waitFor(() => endpoint.inFlight === 4, { what: 'the calls' });
  line.die();
  const ms = await stopped(id, () => endpoint.inFlight === 0);
  console.log(JSON.stringify({ test: expect.getState().currentTestName, ms: Math.round(ms) }));
  expect(endpoint.calls).toHaveLength(4);
});

test('programs that score are killed', async () => {
  isStuck = () => false;
  const [path, pids] = [join(fleet.dir, 'grader.cjs'), join(fleet.dir, 'pid')];
  // It reads its questions and answers none; its child belongs to it.
  writeFileSync(
    path,
    `const { spawn } = require('node:child_process');
     const child = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)']);
     require('node:fs').writeFileSync(${JSON.stringify(pids)}, process.pid + ' ' + child.pid + '\\n');
     process.stdin.resume();`,
  );
  await fleet.agent('one', [line.address], { models: models(), commands: { grader: { argv: [process.execPath, path] } } });
  const id = await submit({ scorers: [{ name: 'command', args: { command: 'grader', timeout: 600 } }] });
  // The file is there before its content.
  const written = await waitFor(() => /^(\d+) (\d+)\n/.exec(readFileSync(pids, 'utf8')), { what: 'the program and its child' });
  const running = [Number(written[1]), Number(written[2])];
  expect(running.map(isAlive)).toEqual([true, true]);
  const ms = await stopped(id, () => running.every((pid) => !isAlive(pid)));
  console.log(JSON.stringify({ test: expect.getState().currentTestName, ms: Math.round(ms) }));
});

function isAlive(pid: number): boolean {
  try {
    // One that is dead and not yet waited for does no work.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
