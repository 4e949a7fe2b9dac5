/** One host that kills whatever it runs, and that a service manager starts again: the other one finishes, and no sample is given up. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkBooks } from '../support/books.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { mockSpec, sums, watchAll } from '../support/mock-evaluation.ts';
import { waitFor } from '../support/wait-for.ts';

const SAMPLES = 12;

/** Scores every answer as right, slowly on the good host; on the bad one it takes the agent with it. */
const GRADER = `
const isBad = process.argv[2] === 'bad';
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const { id } = JSON.parse(line);
  if (isBad) process.kill(process.ppid, 'SIGKILL');
  else setTimeout(() => process.stdout.write(JSON.stringify({ id, value: 'C' }) + '\\n'), 400);
});
`;

let fleet: Fleet;
let coordinators: (Process & { address: string })[];
let bad: Process;
let isOver: boolean;
let supervised: Promise<void>;
beforeEach(async () => {
  isOver = false;
  fleet = await Fleet.start();
  const args = ['--lease-ms', '30000', '--heartbeat-ms', '300', '--sweep-ms', '200'];
  coordinators = [await fleet.coordinator({ args }), await fleet.coordinator({ args })];
  await writeFile(join(fleet.dir, 'grader.cjs'), GRADER);
});
afterEach(async () => {
  isOver = true;
  await supervised;
  await fleet.stop();
});

const agentOf = (name: string, connections: number, coordinator: { address: string }): Promise<Process> =>
  fleet.agent(name, [coordinator.address], {
    models: [{ match: 'mock/*', provider: 'mock', max_connections: connections, look_ahead: 0, options: { latency_ms: 5 } }],
    commands: { grader: { argv: [process.execPath, join(fleet.dir, 'grader.cjs'), name], instances: 1, cwd: fleet.dir } },
  });

/** As a service manager would. */
async function supervise(): Promise<void> {
  while (!isOver) {
    if (!bad.running) await bad.start(false);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test.each([
  ['on the same coordinator', 0],
  ['on another one', 1],
])('the good agent is %s', async (_, place) => {
  // The bad one has more room, and is idle after each start.
  bad = await agentOf('bad', 8, coordinators[0]!);
  await agentOf('good', 1, coordinators[place]!);
  supervised = supervise();
  const client = fleet.client(coordinators[0]!.address);
  const digest = await client.uploadBytes(sums(SAMPLES));
  const scorers = [{ name: 'command', args: { command: 'grader' } }];
  const dataset = { uri: 'file:sums.jsonl', digest, fields: { id: 'id' } };
  const spec = mockSpec(digest, { benchmarks: [{ benchmark: 'sums', dataset, scorers }], max_task_samples: 2 });
  const { evaluation } = await client.submit({ spec, idempotencyKey: 'bad' });
  await waitFor(async () => (await client.get(evaluation.evaluationId)).setbacks.crashes > 0, { what: 'a crash', timeoutMs: 60_000 });
  expect((await watchAll(client, evaluation.evaluationId)).at(-1)).toMatchObject({ kind: 'state', state: 'succeeded' });
  const report = await checkBooks(client, evaluation.evaluationId);
  expect(report.units).toMatchObject({ total: SAMPLES, scored: SAMPLES, dead: 0 });
});
