/** More that keeps work from running, staged as in `why.test.ts`: bounds of namespaces, pools, judges, agents that stop or are put aside, crashes, losses. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Ledger } from '../../coordinator/ledger/ledger.ts';
import { redisOptions } from '../../coordinator/redis/options.ts';
import type { AssayClient } from '../../shared/client/client.ts';
import type { Reason } from '../../shared/client/why.ts';
import { BareAgent } from '../support/bare-agent.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { mockSpec, sums } from '../support/mock-evaluation.ts';
import { waitFor } from '../support/wait-for.ts';

const SAMPLES = 20;
const PRICE = { inputUsdPerMillion: 1000, outputUsdPerMillion: 1000 };

let fleet: Fleet;
let coordinator: Process & { address: string };
let client: AssayClient;
let redis: Redis;
let runs = 0;
beforeAll(async () => {
  fleet = await Fleet.start();
  const prices = join(fleet.dir, 'prices.json');
  await writeFile(prices, JSON.stringify({ version: 'test', models: [{ match: 'priced/*', ...PRICE }] }));
  coordinator = await fleet.coordinator({
    args: ['--lease-ms', '60000', '--heartbeat-ms', '20000', '--sweep-ms', '100', '--prices', prices],
  });
  client = fleet.client(coordinator.address);
  redis = new Redis(redisOptions(fleet.redis.url));
});
afterAll(async () => {
  redis.disconnect();
  await fleet.stop();
});

interface More extends Record<string, unknown> {
  namespace?: string;
  samples?: number;
}
async function on(model: string, { namespace = 'default', samples = SAMPLES, ...more }: More = {}): Promise<string> {
  const digest = await client.uploadBytes(sums(samples), { namespace });
  const spec = mockSpec(digest, { models: [{ model }], max_task_samples: 2, ...more });
  return (await client.submit({ spec, idempotencyKey: `run ${++runs}`, namespace })).evaluation.evaluationId;
}
const agent = (match: string, more: Partial<Parameters<typeof BareAgent.connect>[1]> = {}): Promise<BareAgent> =>
  BareAgent.connect(coordinator.address, { name: match.replace('/', '-'), models: [{ match, maxConnections: 4, lookAhead: 0 }], ...more });

/** Waits for the first reason, and returns it; whoever is kept from work is told what would change that. */
async function first(subject: string, code: string, before: () => Promise<unknown> = async () => undefined): Promise<Reason> {
  let reasons: Reason[] = [];
  const asked = subject.includes('-') ? { taskId: subject } : { evaluationId: subject };
  const isIt = async (): Promise<boolean> => {
    await before();
    return (reasons = (await client.why(asked)).reasons)[0]!.code === code;
  };
  await waitFor(isIt, { what: code, everyMs: 30, timeoutMs: 20_000, state: () => JSON.stringify(reasons, null, 1) });
  if (reasons[0]!.effect === 'blocks') expect(reasons[0]!.remedy).not.toBe('');
  return reasons[0]!;
}

test.concurrent('a namespace has as many tasks with agents as it may', async () => {
  await client.setNamespace('few', { maxTasks: 1 });
  const one = await agent('few/one');
  const before = await on('few/one', { namespace: 'few', samples: 4 });
  await one.send({ kind: 'credit', samplesTotal: [100] });
  await first(before, 'running');
  const id = await on('few/one', { namespace: 'few' });
  expect(await first(id, 'namespace_bound')).toMatchObject({
    effect: 'blocks',
    text: 'agents hold 1 task of the namespace few, and 1 at once are allowed',
    command: 'assay namespace set few --max-tasks 2',
  });
  await client.setNamespace('few', { maxTasks: 5 });
  await first(id, 'running');
});

test.concurrent('a namespace has cost all that it may this day', async () => {
  await client.setNamespace('dear', { maxCostPerDayMicroUsd: 1_500 });
  const one = await agent('priced/one');
  const id = await on('priced/one', { namespace: 'dear' });
  const [held] = await one.take(2);
  await one.report(held!, 'x');
  const told = await first(id, 'namespace_bound', () => one.send({ kind: 'credit', samplesTotal: [0] }));
  expect(told).toMatchObject({ effect: 'blocks', text: expect.stringMatching(/^the namespace dear has cost \$0\.00\d+ today/) });
  expect(told.command).toMatch(/^assay namespace set dear --max-cost-per-day /);
  expect(told.untilMs % (24 * 3_600_000), 'until midnight').toBe(0);
});

test.concurrent('agents are of other pools', async () => {
  const { secret } = await client.createToken({ name: 'silver', scopes: ['agent'], namespaces: ['default'], pools: ['silver'] });
  await agent('pooled/one', { token: secret, labels: { pool: 'silver' } });
  const id = await on('pooled/one', { route: { labels: { pool: 'gold' } } });
  expect(await first(id, 'no_label')).toMatchObject({
    text: 'no agent that serves pooled/one bears the label pool=gold',
    agents: [{ text: 'label pool=gold is missing (it has pool=silver)' }],
  });
});

test.concurrent('the agent that fits is about to stop; another one was put aside for what it sent', async () => {
  const stops = await agent('stops/one');
  await stops.send({ kind: 'modelStatus', modelIndex: 0, suspended: true, reason: 'draining', retryMs: 0 });
  expect(await first(await on('stops/one'), 'agents_stopping')).toMatchObject({ effect: 'blocks', agents: [{ name: 'stops-one' }] });
  const bad = await agent('bad/one');
  const id = await on('bad/one', { samples: 2 });
  const [held] = await bad.take(2);
  const strange = Array.from({ length: 25 }, (_, i) => ({ ...held!.samples[0]!, unit: 1_000 + i }));
  await bad.report({ ...held!, samples: strange }, 'x');
  expect(await first(id, 'agents_quarantined')).toMatchObject({
    command: 'assay agent undrain bad-one',
    agents: [{ text: expect.stringMatching(/^is quarantined: 25 things/) }],
  });
});

test.concurrent('the room of a model is taken by work on it, not by what the same agent does on another one', async () => {
  const one = await agent('busy/a', {
    models: ['busy/a', 'busy/b'].map((match) => ({ match, maxConnections: 4, lookAhead: 0 })),
  });
  const other = await on('busy/b');
  await one.send({ kind: 'credit', samplesTotal: [0, 2] });
  await first(other, 'running');
  const held = await on('busy/a', { samples: 2 });
  await one.send({ kind: 'credit', samplesTotal: [2, 2] });
  await first(held, 'running');
  const told = await first(await on('busy/a'), 'full');
  expect(told).toMatchObject({ text: 'the agent that fits has no room: busy with samples of other evaluations', evaluationIds: [held] });
  expect(told.agents).toMatchObject([{ text: expect.stringMatching(/; [12] tasks? of others, 0 of this$/) }]);
});

test.concurrent('a judge has nothing to judge: why the answers do not come is said first', async () => {
  const scorers = [{ name: 'model_graded_qa', args: { model: 'jury/one' } }];
  const digest = await client.uploadBytes(sums(SAMPLES));
  const benchmarks = [{ benchmark: 'sums', dataset: { uri: 'file:sums.jsonl', digest, fields: { id: 'id' } }, scorers }];
  await agent('jury/one');
  const isListed = async (): Promise<boolean> => (await client.agents()).items.some(({ name }) => name === 'jury-one');
  await waitFor(isListed, { what: 'the judge in the list of agents' });
  const id = await on('silent/one', { benchmarks });
  expect(await first(id, 'no_model')).toMatchObject({ requirement: expect.stringContaining('silent/one'), samples: SAMPLES });
  const { reasons } = await client.why({ evaluationId: id });
  expect(reasons[1]).toMatchObject({
    code: 'waits_for_answers',
    text: expect.stringContaining('silent/one'),
  });
});

test.concurrent('a task that has crashed an agent three times is given up', async () => {
  const agentId = 'ag_00000000000000ab';
  const id = await on('crash/one', { samples: 2 });
  let taskId = '';
  for (const life of ['first', 'second', 'third']) {
    const one = await agent('crash/one', { agentId, instanceId: life });
    taskId = (await one.take(2))[0]!.taskId;
    one.close();
  }
  const after = await agent('crash/one', { agentId, instanceId: 'fourth' });
  expect(await first(taskId, 'dead')).toMatchObject({ effect: 'over', command: `assay dead-letters show ${taskId}` });
  await first(id, 'failed');
  after.close();
});

test.concurrent('what Redis knows is compared with the store', async () => {
  const id = await on('lost/one');
  await first(id, 'no_model');
  const ledger = new Ledger(redis, 'assay');
  // A sweep ends it: until one was seen before that.
  const mark = (): Promise<unknown> =>
    ledger
      .control({ evaluationId: id } as never, { action: 'recover', reason: 'Redis was restarted', generation: 0 })
      .catch(() => undefined);
  expect(await first(id, 'recovering', mark)).toMatchObject({
    effect: 'blocks',
    text: 'what Redis knows of it is compared with the store: Redis was restarted',
  });
  await first(id, 'no_model');
});

test('Redis is full', async () => {
  const id = await on('last/one');
  await first(id, 'no_model');
  await redis.config('SET', 'maxmemory', '1mb');
  expect(await first(id, 'redis_full')).toMatchObject({ effect: 'blocks', remedy: 'raise maxmemory, or delete evaluations' });
  await redis.config('SET', 'maxmemory', '0');
  await first(id, 'no_model');
});
