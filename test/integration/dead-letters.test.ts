/** A sample that kills every agent becomes a dead letter after three crashes, and nothing else does. Real agents, as processes. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LedgerReader } from '../support/books.ts';
import { cliHome } from '../support/cli.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { allOf, mockSpec, sums } from '../support/mock-evaluation.ts';
import { waitFor } from '../support/wait-for.ts';
import { BUFFERED } from '../../shared/domain/durability.ts';
import type { AssayClient } from '../../shared/client/client.ts';

const SAMPLES = 24;
const POISON = 5;
const NAMES = ['north', 'south'];

/**
 * Scores every answer as right; the poison kills its agent, as long as the file `mended` is not there: as soon as the agent has kept what
 * the program said.
 */
const GRADER = `
const fs = require('node:fs');
const isKept = (words) => ${JSON.stringify(NAMES)}.some((name) => {
  const file = 'spool-' + name + '/life.log';
  return fs.existsSync(file) && fs.readFileSync(file, 'utf8').includes(words);
});
const lines = require('node:readline').createInterface({ input: process.stdin });
lines.on('close', () => process.exit());
lines.on('line', (line) => {
  const q = JSON.parse(line);
  if (q.sample_id === 's${POISON}' && !fs.existsSync('mended')) {
    const words = 'cannot take ' + q.sample_id + ' in process ' + process.pid;
    console.error(words);
    setInterval(() => isKept(words) && process.kill(process.ppid, 'SIGKILL'), 20);
    return;
  }
  // Slow enough that others run when the agent dies.
  setTimeout(() => process.stdout.write(JSON.stringify({ id: q.id, value: 'C' }) + '\\n'), 60);
});
`;

let fleet: Fleet;
let coordinator: Process & { address: string };
let client: AssayClient;
let agents: Process[];
let isOver = false;
let restarts = 0;
let supervised: Promise<void>;

beforeAll(async () => {
  fleet = await Fleet.start();
  // Leases outlast a restart on a busy machine: what is tested is the crash that the next life tells of.
  coordinator = await fleet.coordinator({ args: ['--lease-ms', '30000', '--heartbeat-ms', '300', '--sweep-ms', '200'] });
  client = fleet.client(coordinator.address);
  await writeFile(join(fleet.dir, 'grader.cjs'), GRADER);
  const config = {
    models: [{ match: 'mock/*', provider: 'mock', max_connections: 4, options: { latency_ms: 20 } }],
    commands: { grader: { argv: [process.execPath, join(fleet.dir, 'grader.cjs')], instances: 1, cwd: fleet.dir } },
  };
  agents = [];
  for (const name of NAMES) agents.push(await fleet.agent(name, [coordinator.address], config));
  // As a service manager would.
  supervised = (async () => {
    while (!isOver) {
      for (const agent of agents)
        if (!agent.running && !isOver) {
          restarts++;
          await agent.start(false);
        }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })();
});
afterAll(async () => {
  isOver = true;
  await supervised;
  await fleet.stop();
});

async function submit(key: string): Promise<string> {
  const digest = await client.uploadBytes(sums(SAMPLES));
  const dataset = { uri: 'file:sums.jsonl', digest, fields: { id: 'id' } };
  const scorers = [{ name: 'command', args: { command: 'grader' } }];
  const spec = mockSpec(digest, { benchmarks: [{ benchmark: 'sums', dataset, scorers }], max_task_samples: 4 });
  return (await client.submit({ spec, idempotencyKey: key })).evaluation.evaluationId;
}

async function ended(id: string, state: string): Promise<void> {
  await waitFor(
    async () => {
      const evaluation = await client.get(id);
      return evaluation.state === state && evaluation.finishedAtMs > 0;
    },
    { what: `the evaluation to be ${state}`, timeoutMs: 120_000, everyMs: 100, state: async () => JSON.stringify(await client.get(id)) },
  );
}

test('three crashes and it is a dead letter with its evidence; the others finish; replayed it is scored; a dropped one is listed no more', async () => {
  const id = await submit('poison');
  await ended(id, 'succeeded');
  const evaluation = await client.get(id);
  expect(evaluation.counts).toMatchObject({ total: SAMPLES, scored: SAMPLES - 1, dead: 1, errored: 0 });
  expect(evaluation.setbacks.crashes).toBeGreaterThanOrEqual(3);
  expect(restarts).toBe(3);

  const { items } = await client.deadLetters({ evaluationId: id });
  expect(items).toMatchObject([
    { units: [POISON], unitCount: 1, crashes: 3, losses: 0, benchmark: 'sums', model: 'mock/one', dropped: false },
  ]);
  const [listed] = items;
  const letter = await client.deadLetter(listed!.taskId);
  expect(letter.attempts).toHaveLength(3);
  for (const attempt of letter.attempts) {
    expect(attempt).toMatchObject({ end: 'crash', exit: expect.stringContaining('ended without order') });
    expect(NAMES).toContain(attempt.agent);
    expect(attempt.lastOutput).toContain(`grader: cannot take s${POISON}`);
  }
  expect(await client.verify(id)).toMatchObject({ balanced: true, counts: { dead: 1 } });
  // Those who died cannot say it.
  const told = await allOf(client.logs({ taskId: letter.taskId }, { filter: { text: 'died while it ran this' } }));
  expect(told.flatMap(({ lines }) => lines.map(({ level }) => level)).toSorted()).toEqual(['error', 'warn', 'warn']);

  const cli = await cliHome();
  try {
    const at = ['--address', coordinator.address];
    expect(await cli.inside(['dead-letters', 'list', '--evaluation', id, '-o', 'name', ...at])).toMatchObject({
      code: 0,
      stdout: `${letter.taskId}\n`,
    });
    expect((await cli.inside(['dead-letters', 'list', '-o', 'wide', ...at])).stdout).toContain(letter.attempts[0]!.agent);
    const shown = (await cli.inside(['dead-letters', 'show', letter.taskId, ...at])).stdout;
    expect(shown).toContain(`| `);
    expect(shown).toContain(`grader: cannot take s${POISON}`);
    expect(JSON.parse((await cli.inside(['dead-letters', 'show', letter.taskId, '--json', ...at])).stdout)).toMatchObject({
      crashes: 3,
      units: [POISON],
    });
    expect(await cli.inside(['dead-letters', 'drop', ...at])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('which dead letters?'),
    });
    expect(await cli.inside(['dead-letters', 'replay', '--agent', 'nobody', '--json', ...at])).toMatchObject({
      code: 0,
      stdout: '{"letters":0,"units":0,"evaluations":[],"failed":0}\n',
    });
    expect((await cli.inside(['show', id, ...at])).stdout).toMatch(/setbacks +\d crashes/);
  } finally {
    await cli.dispose();
  }

  // Redis forgets everything; the letter is in the store.
  const redis = new LedgerReader(fleet.redis.url);
  await redis.closedUnits(id); // connects
  await redis.flushAll();
  redis.disconnect();
  expect(await client.deadLetter(listed!.taskId)).toEqual(letter);
  const agent = letter.attempts[0]!.agent;
  for (const filter of [
    { agent },
    { agent: letter.attempts[0]!.agentId },
    { model: 'mock/one' },
    { route: letter.route },
    { toMs: Date.now() + 1 },
  ])
    expect((await client.deadLetters(filter)).items.map((l) => l.taskId)).toEqual([letter.taskId]);
  for (const filter of [{ agent: 'east' }, { benchmark: 'other' }, { toMs: letter.deadAtMs }, { namespace: 'other' }])
    expect((await client.deadLetters(filter)).items).toEqual([]);

  // Its namespace has no room for it: nothing is opened.
  await client.setNamespace('default', { maxQueuedSamples: 0 });
  await expect(client.replayDeadLetters({ evaluationId: id }, 'too much')).rejects.toMatchObject({
    code: 'resource_exhausted',
    reason: 'NAMESPACE_QUOTA',
    details: { quota: 'max-queued-samples', limit: '0', needed: '1' },
  });
  expect(await client.get(id)).toMatchObject({ state: 'succeeded', counts: { dead: 1 } });
  await client.setNamespace('default', {}, ['maxQueuedSamples']);

  // Still poison: replayed it dies again, in another task, with counts of its own.
  expect(await client.replayDeadLetters({ evaluationId: id }, 'once more')).toEqual({
    letters: 1,
    units: 1,
    durability: BUFFERED,
    evaluations: [{ evaluationId: id, letters: 1, units: 1, problem: '', durability: BUFFERED }],
    failed: 0,
  });
  await ended(id, 'succeeded');
  const [again] = (await client.deadLetters({ evaluationId: id })).items;
  expect(again).toMatchObject({ units: [POISON], crashes: 3 });
  expect(again!.taskId).not.toBe(letter.taskId);
  await expect(client.deadLetter(letter.taskId)).rejects.toMatchObject({ code: 'not_found' });

  expect(await client.dropDeadLetters({ taskIds: [again!.taskId] }, 'it is broken')).toMatchObject({
    letters: 1,
    durability: BUFFERED,
    evaluations: [{ evaluationId: id, letters: 1, units: 0, problem: '' }],
    failed: 0,
  });
  expect((await client.deadLetters({ evaluationId: id })).items).toEqual([]);
  expect((await client.deadLetters({ evaluationId: id }, { withDropped: true })).items).toMatchObject([{ dropped: true }]);
  expect((await client.get(id)).counts.dead).toBe(1);

  // Mended, its units may be requeued whatever was dropped.
  await writeFile(join(fleet.dir, 'mended'), '');
  await client.requeue(id, { states: ['dead'] });
  await ended(id, 'succeeded');
  expect((await client.get(id)).counts).toMatchObject({ scored: SAMPLES, dead: 0 });
  expect(await client.verify(id)).toMatchObject({ balanced: true, requeues: 2 });
}, 240_000);
