/** Agents that lie, flood and stall, beside one that works: what they were not given they cannot touch, and who goes on with it is put aside. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AssayClient } from '../../shared/client/client.ts';
import type { Agent } from '../../shared/client/types.ts';
import { BareAgent } from '../support/bare-agent.ts';
import { checkBooks } from '../support/books.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { HOSTILE_KINDS, HostileAgent } from '../support/hostile-agent.ts';
import { mockSpec, sums, watchAll } from '../support/mock-evaluation.ts';
import { waitFor } from '../support/wait-for.ts';

/** What it may grow by: what reports of all sessions may have waiting, and a message of each. */
const MAX_GROWTH_BYTES = 700 * 1024 * 1024;
const TIMES = ['--lease-ms', '60000', '--heartbeat-ms', '500', '--sweep-ms', '200'];

let fleet: Fleet;
let one: Process & { address: string };
let two: Process & { address: string };
let client: AssayClient;
beforeAll(async () => {
  fleet = await Fleet.start();
  [one, two] = await Promise.all([fleet.coordinator({ args: TIMES }), fleet.coordinator({ args: TIMES })]);
  client = fleet.client(one.address);
});
afterAll(() => fleet.stop());

async function submit(key: string, samples: number, more: object): Promise<string> {
  const spec = mockSpec(await client.uploadBytes(sums(samples)), { max_task_samples: 5, ...more });
  return (await client.submit({ spec, idempotencyKey: key })).evaluation.evaluationId;
}

const agentNamed = async (on: AssayClient, agentId: string): Promise<Agent | undefined> =>
  (await on.agents({}, { size: 1000 })).items.find((agent) => agent.agentId === agentId);

test('an agent that goes on with it is put aside everywhere, what it holds is run by others, and an operator lets it back', async () => {
  const id = await submit('aside', 10, { models: [{ model: 'openai/one' }] });
  const bad = await BareAgent.connect(one.address);
  // The largest one it does not finish.
  const taken = (await bad.take(10)).toSorted((a, b) => b.samples.length - a.samples.length);
  const second = taken.shift()!;
  const left = second.samples.length - 1;
  expect(left).toBeGreaterThan(0);
  for (const assignment of taken) await bad.report(assignment, 'x');
  const strange = Array.from({ length: 25 }, (_, i) => ({ ...second.samples[0]!, unit: 1_000 + i }));
  await bad.report({ ...second, samples: [...strange, second.samples[0]!] }, 'x');
  const aside = await waitFor(
    async () => {
      const agent = await agentNamed(client, bad.agentId);
      // What was counted is shown a moment after the quarantine, which is told at once.
      return agent?.quarantined && agent.refused > 0 ? agent : undefined;
    },
    {
      what: 'the quarantine',
      state: () => one.output.slice(-3_000),
    },
  );
  expect(aside).toMatchObject({ state: 'draining', drainedByOperator: false, refused: 25 });
  expect(aside.reason).toMatch(
    /^25 things were refused of it within \d+ s, the last: a result of unit 1000, which is not one of its task$/,
  );
  const elsewhere = fleet.client(two.address);
  await waitFor(async () => (await agentNamed(elsewhere, bad.agentId))?.quarantined, { what: 'the other coordinator to hear of it' });
  // What it had said before counts, and so does the unit of its own that was in the same report; the rest is run by another one.
  await waitFor(() => bad.all('revoke').some((m) => m.attemptIds.includes(second.attemptId)), { what: 'its attempts to be taken' });
  const good = await BareAgent.connect(two.address);
  for (const assignment of await good.take(left)) await good.report(assignment, 'x');
  expect((await watchAll(client, id)).at(-1)).toMatchObject({ kind: 'state', state: 'succeeded' });
  expect((await checkBooks(client, id)).agents).toEqual({ [bad.agentId]: 10 - left, [good.agentId]: left });
  good.close();
  // It gets nothing, here or there, on a new stream either; until somebody says so.
  bad.close();
  const again = await BareAgent.connect(two.address, { agentId: bad.agentId });
  const next = await submit('back', 5, { models: [{ model: 'openai/one' }] });
  await again.send({ kind: 'credit', samplesTotal: [5] });
  const misfits = async (): Promise<string> =>
    (await elsewhere.routes({}, { size: 10 })).items.flatMap((r) => (r.evaluationIds.includes(next) ? r.misfits : [])).join();
  await waitFor(async () => (await misfits()).includes('is quarantined'), { what: 'why it waits', state: misfits });
  expect(again.all('assign')).toEqual([]);
  expect(await elsewhere.drainAgent(bad.agentId, { undo: true })).toMatchObject({ quarantined: false });
  for (const assignment of await again.take(5)) await again.report(assignment, 'x');
  expect((await watchAll(client, next)).at(-1)).toMatchObject({ kind: 'state', state: 'succeeded' });
  again.close();
  // By who was verified; the agent's id and name, which it says itself, are what it is about.
  const entries = (await client.auditEntries({ outcome: 'denied' })).filter(({ target }) => target.startsWith(`${bad.agentId} `));
  expect(entries.map(({ who, by }) => [who, by])).toEqual(Array.from({ length: 2 }, () => ['local', 'local']));
  expect(entries.map(({ reason }) => reason)).toEqual([
    'a result of unit 1000, which is not one of its task',
    expect.stringMatching(/^quarantined: 25 things/) as string,
  ]);
});

test('of all kinds at once: the coordinator lives in bounded memory, work that is not theirs is done, and nothing of what they say is counted', async () => {
  const labels = { trusted: 'yes' };
  await fleet.agent('honest', [one.address], { labels, models: [{ match: 'mock/*', provider: 'mock', max_connections: 4 }] });
  const bait = await submit('bait', 2_000, { models: [{ model: 'openai/bait' }] });
  const before = await rssOf(one.pid);
  const hostile = HOSTILE_KINDS.map((kind) => new HostileAgent(kind, one.address));
  let most = 0;
  const looking = setInterval(() => void rssOf(one.pid).then((bytes) => (most = Math.max(most, bytes))), 100);
  const own = await submit('own', 200, { models: [{ model: 'mock/own' }], route: { labels } });
  expect((await watchAll(client, own)).at(-1)).toMatchObject({ kind: 'state', state: 'succeeded' });
  await waitFor(async () => (await client.agents({}, { size: 1000 })).items.some((agent) => agent.quarantined), { what: 'a quarantine' });
  clearInterval(looking);
  await Promise.all(hostile.map((agent) => agent.stop()));
  expect(await checkBooks(client, own)).toMatchObject({ units: { total: 200, scored: 200 } });
  expect(most - before).toBeLessThan(MAX_GROWTH_BYTES);
  expect(one.running).toBe(true);
  await client.cancel(bait);
  expect((await client.get(bait)).counts.scored).toBe(0);
});

const rssOf = async (pid: number): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)![1]) * 1024;
};
