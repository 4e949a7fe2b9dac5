/**
 * The published evaluation of four models on GSM8K, its recorded answers served by two model servers, over two agents: exact
 * numbers, whatever is killed. Every test prints one line of JSON with what it measured. `npm run chaos`; docs/testing.md.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AssayClient } from '../../shared/client/client.ts';
import { callKey, checkBooks, correctByModel, LedgerReader, repeatsOf, type Blow } from '../support/books.ts';
import { Fleet, GSM8K, gsm8kSpec, hasShared, SHARED, type Process } from '../support/fleet.ts';
import { watchAll } from '../support/mock-evaluation.ts';
import { passingOn, type ModelEndpoint } from '../support/model-endpoint.ts';
import { waitFor } from '../support/wait-for.ts';

if (!hasShared) console.warn('skipped: the recorded answers (data/gsm8k, tools/replay-model.mjs) are not beside the project');

const DATA = join(SHARED, 'data/gsm8k/test.jsonl');
const MODELS = Object.keys(GSM8K.correct);
const UNITS = GSM8K.samples * MODELS.length;
const FAMILIES = ['openai/6b_*', 'openai/175b_*'];
const LATENCY = ['--latency-ms', '20', '--sigma', '0.5'];
const NOTHING_LOST = { total: UNITS, scored: UNITS, unscored: 0, errored: 0, cancelled: 0, dead: 0 };

let fleet: Fleet;
let ledger: LedgerReader;
let startedAt: number;
const endpoints: ModelEndpoint[] = [];
beforeEach(async () => {
  fleet = await Fleet.start();
  ledger = new LedgerReader(fleet.redis.url);
  startedAt = performance.now();
});
afterEach(async () => {
  ledger.disconnect();
  await fleet.stop();
  await Promise.all(endpoints.splice(0).map((endpoint) => endpoint.stop()));
});

/** One agent per family, each at its own endpoint. */
const startAgents = (address: string, urls: readonly string[]): Promise<Process[]> =>
  Promise.all(
    FAMILIES.map((match, i) =>
      fleet.agent(match.includes('175b') ? 'two' : 'one', [address], {
        models: [{ match, provider: 'openai', base_url: urls[i], max_connections: 16 }],
      }),
    ),
  );

async function submit(client: AssayClient): Promise<string> {
  const digest = await client.uploadFile(DATA);
  return (await client.submit({ spec: gsm8kSpec(digest), idempotencyKey: 'gsm8k' })).evaluation.evaluationId;
}

/** Two replay servers behind endpoints that remember every call. */
async function rememberedEndpoints(...args: string[]): Promise<string[]> {
  const servers = await Promise.all(FAMILIES.map(() => fleet.replay(...args)));
  const remembering = await Promise.all(servers.map(({ url }) => passingOn(url).start()));
  endpoints.push(...remembering);
  return remembering.map(({ url }) => url);
}

const calls = () => endpoints.flatMap((endpoint) => endpoint.calls);
const inFlight = () => endpoints.reduce((sum, endpoint) => sum + endpoint.inFlight, 0);

/** Units are numbered model by model, in the order of the data. */
function callOfUnit(): (unit: number) => string {
  const questions = readFileSync(DATA, 'utf8')
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { question: string }).question);
  return (unit) =>
    callKey(MODELS[Math.floor(unit / GSM8K.samples)]!.slice('openai/'.length), `Question: ${questions[unit % GSM8K.samples]}\nAnswer:`);
}

async function finished(client: AssayClient, evaluationId: string) {
  expect((await watchAll(client, evaluationId)).at(-1)).toMatchObject({ kind: 'state', state: 'succeeded' });
  const report = await checkBooks(client, evaluationId);
  expect(correctByModel(report)).toEqual(GSM8K.correct);
  expect(report.units).toEqual(NOTHING_LOST);
  return report;
}

function tell(measured: Record<string, unknown>): void {
  console.log(JSON.stringify({ test: expect.getState().currentTestName, ...measured, totalMs: Math.round(performance.now() - startedAt) }));
}

test.skipIf(!hasShared)('the published numbers come out exactly', async () => {
  const servers = await Promise.all(FAMILIES.map(() => fleet.replay(...LATENCY)));
  const { address } = await fleet.coordinator();
  await startAgents(
    address,
    servers.map(({ url }) => url),
  );
  const client = fleet.client(address);
  const report = await finished(client, await submit(client));
  const stats = await Promise.all(servers.map((server) => server.stats()));
  tell({
    correct: correctByModel(report),
    usage: report.usage,
    durationMs: report.timing.durationMs,
    served: stats.map(({ byModel }) => byModel),
  });
  expect(stats.map(({ byModel }) => byModel)).toEqual([
    { '6b_finetuning': GSM8K.samples, '6b_verification': GSM8K.samples },
    { '175b_finetuning': GSM8K.samples, '175b_verification': GSM8K.samples },
  ]);
  expect(stats.map(({ requests }) => requests)).toEqual([UNITS / 2, UNITS / 2]);
});

test.skipIf(!hasShared)('failing endpoints change no number: 429, 500, hanging calls, garbage', async () => {
  const rates = ['--rate-429', '0.02', '--rate-500', '0.02', '--rate-hang', '0.002', '--rate-garbage', '0.002'];
  const servers = await Promise.all([1, 2].map((seed) => fleet.replay(...LATENCY, ...rates, '--seed', String(seed))));
  const { address } = await fleet.coordinator();
  await startAgents(
    address,
    servers.map(({ url }) => url),
  );
  const client = fleet.client(address);
  const report = await finished(client, await submit(client));
  const stats = await Promise.all(servers.map((server) => server.stats()));
  tell({ correct: correctByModel(report), usage: report.usage, durationMs: report.timing.durationMs, servers: stats });
  expect(report.usage.retries).toBeGreaterThan(UNITS * 0.02);
  expect(stats.reduce((sum, { requests }) => sum + requests, 0)).toBe(report.usage.calls);
  // An answered call is never made again.
  for (const { ok, repeatedKeys } of stats) expect({ ok, repeatedKeys }).toEqual({ ok: UNITS / 2, repeatedKeys: 0 });
});

test.skipIf(!hasShared)('an agent, the coordinator and Redis are killed in turn, for a minute', async () => {
  const urls = await rememberedEndpoints('--latency-ms', '420', '--sigma', '0.5');
  const coordinator = await fleet.coordinator();
  const [one, two] = (await startAgents(coordinator.address, urls)) as [Process, Process];
  const client = fleet.client(coordinator.address);
  const id = await submit(client);
  const again = (process: Process) => async () => {
    await process.kill9();
    await process.start();
  };
  const restartRedis = async () => {
    ledger.disconnect();
    await fleet.redis.kill9();
    await fleet.redis.restart();
  };
  const others: [string, () => Promise<void>][] = [
    ['coordinator', again(coordinator)],
    ['redis', restartRedis],
  ];
  const turns: typeof others = [['agent one', again(one)], ...others, ['agent two', again(two)], ...others];
  const blows: Blow[] = [];
  for (let n = 1; ; n++) {
    const share = Math.min(0.07 * n, 1);
    const closed = await waitFor(
      async () => {
        const units = (await ledger.closedUnits(id)).length;
        return units >= share * UNITS && (inFlight() > 0 || units === UNITS) ? units : undefined;
      },
      { what: `${share} of the units`, timeoutMs: 90_000, everyMs: 100 },
    );
    if (closed > 0.93 * UNITS) break;
    const [what, how] = turns[(n - 1) % turns.length]!;
    blows.push(await ledger.strike(id, what, how));
  }
  const report = await finished(client, id);
  const repeats = repeatsOf(calls(), blows, callOfUnit());
  tell({ correct: correctByModel(report), kills: blows.map(({ what }) => what), ...repeats, durationMs: report.timing.durationMs });
  expect(report.timing.durationMs).toBeGreaterThanOrEqual(60_000);
  expect(blows.length).toBeGreaterThanOrEqual(6);
  expect(repeats).toMatchObject({ ofCounted: 0, unexplained: 0 });
  expect(repeats.repeats).toBeLessThanOrEqual(repeats.bound);
});

test.skipIf(!hasShared)(
  'submitted with no agent there, everything killed, an agent connected; then Redis wiped in the middle',
  async () => {
    const urls = await rememberedEndpoints('--latency-ms', '100', '--sigma', '0.5');
    const coordinator = await fleet.coordinator();
    const client = fleet.client(coordinator.address);
    const id = await submit(client);
    await Promise.all([coordinator.kill9(), fleet.redis.kill9()]);
    await fleet.redis.restart();
    await coordinator.start();
    expect((await client.get(id)).counts).toMatchObject({ total: UNITS, scored: 0 });
    await startAgents(coordinator.address, urls);
    const blows: Blow[] = [];
    for (const share of [0.3, 0.6]) {
      await waitFor(async () => (await ledger.closedUnits(id)).length >= share * UNITS && inFlight() > 0, {
        what: `${share} of the units`,
        timeoutMs: 90_000,
      });
      blows.push(await ledger.strike(id, 'wipe', () => ledger.flushAll()));
      await waitFor(async () => (await client.get(id)).state === 'running', { what: 'the evaluation to be recovered', timeoutMs: 30_000 });
    }
    const report = await finished(client, id);
    const repeats = repeatsOf(calls(), blows, callOfUnit());
    tell({ correct: correctByModel(report), ...repeats, durationMs: report.timing.durationMs });
    expect(repeats.ofCounted).toBe(0);
  },
);
