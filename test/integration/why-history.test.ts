/** What kept work from running, afterwards: noted by two coordinators together, of evaluations and of routes; and why a route does not run now. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AssayClient } from '../../shared/client/client.ts';
import type { ReasonPeriod, WhyHistory, WhyRoute } from '../../shared/client/why.ts';
import { Redis } from 'ioredis';
import { redisOptions } from '../../coordinator/redis/options.ts';
import { BareAgent } from '../support/bare-agent.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { mockSpec, sums } from '../support/mock-evaluation.ts';
import { waitFor } from '../support/wait-for.ts';

const SAMPLES = 20;
const SWEEP_MS = 60;

let fleet: Fleet;
let coordinators: (Process & { address: string })[];
let client: AssayClient;
let digest: string;
let redis: Redis;
beforeAll(async () => {
  fleet = await Fleet.start();
  const args = ['--lease-ms', '60000', '--heartbeat-ms', '20000', '--sweep-ms', String(SWEEP_MS)];
  coordinators = await Promise.all([fleet.coordinator({ args }), fleet.coordinator({ args })]);
  client = fleet.client(...coordinators.map(({ address }) => address));
  redis = new Redis(redisOptions(fleet.redis.url));
  digest = await client.uploadBytes(sums(SAMPLES));
});
afterAll(async () => {
  redis.disconnect();
  await fleet.stop();
});

const submit = async (key: string, more: Record<string, unknown>): Promise<string> =>
  (await client.submit({ spec: mockSpec(digest, { max_task_samples: 2, ...more }), idempotencyKey: key })).evaluation.evaluationId;
const agent = (match: string, more: object = {}): Promise<BareAgent> =>
  BareAgent.connect(coordinators[0]!.address, {
    name: match.replace('/', '-'),
    models: [{ match, maxConnections: 4, lookAhead: 0 }],
    ...more,
  });

/** Waits for what goes on now. */
async function until(what: string, read: () => Promise<WhyHistory | undefined>, is: (now: ReasonPeriod) => boolean): Promise<WhyHistory> {
  let history: WhyHistory | undefined;
  await waitFor(async () => ((history = await read()), history?.periods[0] !== undefined && is(history.periods[0])), {
    what,
    everyMs: 30,
    state: () => JSON.stringify(history, null, 1),
  });
  return history!;
}
const codes = ({ periods }: WhyHistory): string[] => periods.map(({ code }) => code).toReversed();

test('why it did not run last night: an evaluation, after the fact', async () => {
  const id = await submit('night', { models: [{ model: 'night/one' }] });
  const read = async (): Promise<WhyHistory | undefined> => (await client.why({ evaluationId: id }, { history: true })).history;
  const isCode = (code: string) => (now: ReasonPeriod) => now.code === code;
  await until('nobody', read, (now) => now.looks >= 3 && now.code === 'no_agent');
  const one = await agent('night/one');
  await until('room', read, isCode('full'));
  await one.send({ kind: 'credit', samplesTotal: [2] });
  await until('work', read, isCode('running'));
  await client.pause({ evaluationId: id }, 'lunch');
  await until('the pause', read, isCode('paused'));
  await client.cancel(id, 'enough');
  await waitFor(async () => (await client.get(id)).state === 'cancelled', { what: 'the end' });

  const history = (await read())!;
  // What it was between two looks nobody has seen: it may have been told twice that it has no room.
  expect(codes(history).filter((code, i, all) => code !== all[i - 1])).toEqual(
    expect.arrayContaining(['no_agent', 'full', 'running', 'paused']),
  );
  expect(codes(history)[0]).toBe('no_agent');
  // That its report is made may have been seen as well.
  const paused = history.periods.find(({ code }) => code === 'paused');
  expect(paused).toMatchObject({ text: 'it is paused: lunch', effect: 'blocks' });
  const full = history.periods.find(({ code }) => code === 'full')!;
  expect(full).toMatchObject({ requirement: 'model=night/one', samples: SAMPLES, agents: [{ name: 'night-one' }], agentCount: 1 });
  for (const [i, { sinceMs, untilMs }] of history.periods.entries()) {
    expect(untilMs).toBeGreaterThanOrEqual(sinceMs);
    if (i > 0) expect(untilMs).toBe(history.periods[i - 1]!.sinceMs);
  }
  // However many coordinators there are, each look is one's.
  const [last, first] = [history.periods[0]!.untilMs, history.periods.at(-1)!.sinceMs];
  const looks = history.periods.reduce((sum, { looks: n }) => sum + n, 0);
  expect(looks).toBeLessThanOrEqual(2 + (last - first) / (0.9 * 5 * SWEEP_MS));
  expect(history.totals.reduce((sum, { totalMs }) => sum + totalMs, 0)).toBe(last - first);
  expect(history.sinceMs).toBe(first);
  expect((await client.why({ evaluationId: id })).history, 'only where it is asked for').toBeUndefined();
  expect((await client.why({ taskId: `${id}-1` }, { history: true })).history).toMatchObject({ sinceMs: first });

  await client.delete({ evaluationId: id });
  await waitFor(async () => (await redis.keys(`*{${id}}*`)).length === 0, { what: 'nothing of it to be left in Redis' });
});

test('why a route does not run: every agent, how long tasks wait, and what it was before', async () => {
  await Promise.all([agent('far/one', { name: 'other-model' }), agent('day/*', { name: 'other-zone', labels: { zone: 'us' } })]);
  const gone = await agent('day/*', { name: 'gone', labels: { zone: 'eu' } });
  await waitFor(async () => (await client.agents()).items.length >= 3, { what: 'the agents' });
  gone.close();
  await waitFor(async () => (await client.agents()).items.some((a) => a.name === 'gone' && a.state === 'gone'), { what: 'one to be gone' });
  const wish = { models: [{ model: 'day/one' }], route: { labels: { zone: 'eu' } } };
  const [a, b] = [await submit('day', wish), await submit('next', wish)];
  const requirement = 'zone=eu model=day/one';
  const read = (): Promise<WhyRoute> => client.whyRoute(requirement, { history: true });
  const isTold = async (code: string): Promise<WhyRoute> => {
    let why: WhyRoute | undefined;
    await waitFor(async () => (why = await read()).reasons[0]!.code === code, {
      what: code,
      everyMs: 30,
      state: () => JSON.stringify(why, null, 1),
    });
    return why!;
  };

  const nobody = await isTold('agents_gone');
  expect(nobody.reasons[0]).toMatchObject({ effect: 'blocks', samples: 2 * SAMPLES, agents: [{ name: 'gone' }] });
  expect(nobody.route).toMatchObject({ requirement: 'model=day/one zone=eu', open: 2 * SAMPLES, evaluationIds: [a, b].toSorted() });
  const why = new Map(nobody.agents.map(({ name, fits, text }) => [name, `${fits}: ${text}`]));
  expect(why.get('other-zone')).toBe('false: label zone=eu is missing (it has zone=us)');
  expect(why.get('other-model')).toMatch(/^false: label zone=eu is missing; model day\/one is not served/);
  expect(why.get('gone')).toBe('false: is not connected');
  // The one by the ledger, the other one by the queue: until all is planned.
  const isWhole = ({ waiting: { tasks, p50Ms, maxMs }, route }: WhyRoute): boolean =>
    tasks > 0 && tasks === route.waitingTasks && maxMs >= p50Ms;
  await waitFor(async () => isWhole(await read()), { what: 'the tasks that wait', everyMs: 30 });
  await until(
    'the look',
    async () => (await read()).history,
    (now) => now.code === 'agents_gone',
  );

  // One of them waits for a person, the other one for an agent.
  await client.pause({ evaluationId: a }, 'lunch');
  const held = await isTold('agents_gone');
  expect(held.reasons.map(({ code, samples, evaluationIds }) => [code, samples, evaluationIds])).toEqual([
    ['agents_gone', SAMPLES, []],
    ['paused', SAMPLES, [a]],
  ]);
  const one = await agent('day/*', { name: 'near', labels: { zone: 'eu' } });
  const full = await isTold('full');
  expect(full.agents[0]).toMatchObject({ name: 'near', fits: true, room: 0, text: 'no room, 4 calls at a time' });
  await client.resume({ evaluationId: a });
  await one.take(2);
  const runs = await isTold('running');
  expect(runs.reasons.find(({ code }) => code === 'full')).toMatchObject({
    effect: 'slows',
    text: 'the agent that fits has no room: busy with samples of evaluations',
    evaluationIds: expect.arrayContaining([expect.stringMatching(/^ev_/)]),
  });
  await waitFor(async () => (await read()).waited.tasks >= 1, { what: 'the wait of the task that was given', everyMs: 30 });
  expect((await read()).waited.p50Ms).toBeGreaterThan(0);
  await client.pauseRoute(runs.route.route, { undo: false, reason: 'budget' });
  expect((await isTold('route_paused')).reasons[0]).toMatchObject({ command: `assay routes resume ${runs.route.route}` });
  const history = await until(
    'the pause',
    async () => (await read()).history,
    (now) => now.code === 'route_paused',
  );
  expect(codes(history)).toEqual(expect.arrayContaining(['agents_gone', 'running', 'route_paused']));
  await expect(client.whyRoute('model=nobody/asked')).rejects.toMatchObject({ code: 'not_found' });
  expect((await client.whyRoute(runs.route.route)).history).toBeUndefined();
});

test('a coordinator that is killed leaves no hole', async () => {
  const id = await submit('hole', { models: [{ model: 'hole/one' }] });
  const read = async (): Promise<WhyHistory | undefined> => (await client.why({ evaluationId: id }, { history: true })).history;
  const before = await until('a look', read, (now) => now.looks >= 2);
  await coordinators[1]!.kill9();
  const after = await until('more looks', read, (now) => now.looks >= before.periods[0]!.looks + 3);
  expect(after.periods).toHaveLength(1);
});
