/** Agents whose tokens are for some namespaces, in a fleet of two coordinators: who is given what, and who never is. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TaskQueue } from '../../coordinator/queue/task-queue.ts';
import { connectRedis } from '../../coordinator/redis/connect.ts';
import type { AssayClient } from '../../shared/client/client.ts';
import { connect } from '../../shared/client/connect.ts';
import type { Namespaces } from '../../shared/domain/identity.ts';
import { digestOf, newAttemptId } from '../../shared/domain/ids.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import type { Assignment } from '../../shared/rpc/messages.ts';
import { silentLogger } from '../../shared/telemetry/logger.ts';
import { BareAgent } from '../support/bare-agent.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { allOf, mockSpec, sums } from '../support/mock-evaluation.ts';
import { waitFor } from '../support/wait-for.ts';

const ROOT = 'the-root-token-of-this-fleet';
const SAMPLES = 40;

let fleet: Fleet;
let first: Process & { address: string };
let second: Process & { address: string };
let client: AssayClient;
const bare: BareAgent[] = [];
beforeAll(async () => {
  fleet = await Fleet.start();
  const options = { env: { ASSAY_TOKEN: ROOT }, args: ['--lease-ms', '60000', '--heartbeat-ms', '500', '--sweep-ms', '200'] };
  [first, second] = await Promise.all([fleet.coordinator(options), fleet.coordinator(options)]);
  client = connect({ addresses: [first.address], token: ROOT });
});
afterAll(async () => {
  for (const agent of bare) agent.close();
  client.close();
  await fleet.stop();
});

async function tokenOf(namespaces: Namespaces): Promise<string> {
  return (await client.createToken({ name: 'agent', scopes: ['agent'], namespaces })).secret;
}

async function agent(name: string, namespaces: Namespaces, at: { address: string }): Promise<void> {
  const token_file = join(fleet.dir, `token-${name}`);
  await writeFile(token_file, await tokenOf(namespaces), { mode: 0o600 });
  const models = [{ match: 'mock/*', provider: 'mock', max_connections: 2, options: { latency_ms: 30 } }];
  await fleet.agent(name, [at.address], { token_file, models });
}

async function bareAgent(namespaces: Namespaces, more: Parameters<typeof BareAgent.connect>[1] = {}): Promise<BareAgent> {
  const models = [{ match: 'mock/*', maxConnections: 1, lookAhead: 0 }];
  const made = await BareAgent.connect(first.address, { models, ...more, token: await tokenOf(namespaces) });
  bare.push(made);
  return made;
}

async function submit(namespace: string, samples = SAMPLES): Promise<string> {
  const spec = mockSpec(await client.uploadBytes(sums(samples), { namespace }));
  return (await client.submit({ spec, idempotencyKey: `of ${namespace}`, namespace })).evaluation.evaluationId;
}

const ended = (evaluationId: string): Promise<unknown> =>
  waitFor(async () => (await client.get(evaluationId)).state === 'succeeded', { what: 'the end of it', timeoutMs: 60_000 });

/** Whose results count: agents by their ids, or by name. */
const runBy = async (evaluationId: string): Promise<string[]> => [
  ...new Set((await allOf(client.results(evaluationId))).map(({ agentId }) => agentId)),
];
async function namesOf(evaluationId: string): Promise<string[]> {
  const ids = await runBy(evaluationId);
  return waitFor(
    async () => {
      const { items } = await client.agents({}, { size: 100, token: '' });
      const names = ids.flatMap((id) => items.find(({ agentId }) => agentId === id)?.name ?? []);
      return names.length === ids.length ? names : undefined;
    },
    { what: 'the list of agents to be up to date' },
  );
}

const attemptsOf = (assignments: readonly Assignment[]): string[] => assignments.map(({ attemptId }) => attemptId).toSorted();
const assignedTo = (taker: BareAgent): Assignment[] => taker.all('assign').flatMap(({ assignments }) => assignments);
const evaluationsOf = (taker: BareAgent): string[] => [...new Set(assignedTo(taker).map(({ evaluationId }) => evaluationId))];

test('each runs what is of its namespaces, at any coordinator, also when Redis loses all', async () => {
  await Promise.all([agent('a', ['team-a'], first), agent('b', ['team-b'], second), agent('both', ['team-a', 'team-b'], second)]);
  const [ofA, ofB, ofDefault] = await Promise.all([submit('team-a'), submit('team-b'), submit('default')]);
  await waitFor(async () => (await client.get(ofA)).counts.scored > 5, { what: 'the agents to be at work', everyMs: 20 });
  const redis = await connectRedis(fleet.redis.url, 'test', silentLogger());
  await redis.flushall();
  redis.disconnect();
  await Promise.all([ended(ofA), ended(ofB)]);
  await waitFor(async () => (await client.agents({}, { size: 50, token: '' })).items.length === 3, { what: 'all to be listed again' });
  const [a, b] = [await namesOf(ofA), await namesOf(ofB)];
  expect({ a: new Set([...a, 'a', 'both']), b: new Set([...b, 'b', 'both']) }).toEqual({
    a: new Set(['a', 'both']),
    b: new Set(['b', 'both']),
  });
  expect(await client.verify(ofA)).toMatchObject({ balanced: true, differences: [], counts: { scored: SAMPLES } });

  // Nobody is there for the third one, and whoever asks why hears nothing of the others' agents.
  const openRoutes = async () => (await client.routes({}, { size: 50, token: '' })).items;
  await waitFor(async () => (await openRoutes()).length === 1, { what: 'the others to be over' });
  expect(await openRoutes()).toMatchObject([
    { namespace: 'default', open: SAMPLES, inFlight: 0, agents: 0, misfits: ['no agent of the namespace default is connected'] },
  ]);
  for (const namespace of ['team-a', 'default', 'nobodys']) await client.uploadBytes(sums(SAMPLES), { namespace });
  const spec = mockSpec(digestOf(sums(SAMPLES)));
  expect((await client.validate({ spec, namespace: 'team-a' })).routesWithoutAgent).toEqual([]);
  expect((await client.validate({ spec })).routesWithoutAgent).toMatchObject([{ open: SAMPLES }]);
  expect((await client.validate({ spec, namespace: 'nobodys' })).routesWithoutAgent).toMatchObject([
    { open: SAMPLES, requirement: expect.stringMatching(/ namespace:nobodys$/) as string },
  ]);
  const { items: agents } = await client.agents({}, { size: 50, token: '' });
  expect(agents.map(({ name, namespaces }) => [name, namespaces])).toEqual([
    ['a', ['team-a']],
    ['b', ['team-b']],
    ['both', ['team-a', 'team-b']],
  ]);
  await agent('plain', ['default'], second);
  await ended(ofDefault);
  expect(await namesOf(ofDefault)).toEqual(['plain']);
});

test('whoever loses a namespace gives back what it held there; what waits is spared only to agents of its own', async () => {
  const [c, d] = ['team-c', 'team-d'] as const;
  const [ofC, ofD] = await Promise.all([submit(c, 10), submit(d, 10)]);
  const life = { agentId: 'ag_00000000000000cd', instanceId: 'one' };
  const holder = await bareAgent([c, d], life);
  const held = await holder.take(20);
  expect(evaluationsOf(holder).toSorted()).toEqual([ofC, ofD].toSorted());
  const [heldC, heldD] = [ofC, ofD].map((id) => held.filter(({ evaluationId }) => evaluationId === id)) as [Assignment[], Assignment[]];
  const [idsC, idsD] = [attemptsOf(heldC), attemptsOf(heldD)];

  // One of the second namespace idles: only what is of its own is asked for.
  const idle = await bareAgent([d]);
  await idle.send({ kind: 'credit', samplesTotal: [5] });
  await waitFor(() => holder.all('spare').length > 0, { what: 'to be asked for what waits' });
  expect(idsD).toEqual(expect.arrayContaining(holder.all('spare').map(({ attemptId }) => attemptId)));
  holder.close();

  // Until its first stream is over, whoever comes with less is taken for a stranger.
  const come = (): Promise<BareAgent | undefined> => bareAgent([d], { ...life, heldAttempts: [...idsC, ...idsD] }).catch(() => undefined);
  const again = await waitFor(come, { what: 'to be let in again' });
  const { resumedAttempts, lostAttempts } = again.all('welcome')[0]!;
  expect({ resumed: resumedAttempts.toSorted(), lost: lostAttempts.toSorted() }).toEqual({ resumed: idsD, lost: idsC });
  const other = await bareAgent([c]);
  expect((await other.take(10)).map(({ taskId }) => taskId).toSorted()).toEqual(heldC.map(({ taskId }) => taskId).toSorted());
  for (const assignment of held) await again.report(assignment, '0');
  const acks = (lost: boolean): string[] =>
    again
      .all('reportAck')
      .flatMap((message) => message.acks.filter((ack) => ack.lost === lost).map(({ attemptId }) => attemptId))
      .toSorted();
  await waitFor(() => acks(true).length + acks(false).length >= held.length, { what: 'all to be answered' });
  expect({ lost: acks(true), counted: acks(false) }).toEqual({ lost: idsC, counted: idsD });

  // What is run again goes the same way.
  await client.cancel(ofC);
  await waitFor(async () => (await client.get(ofC)).state === 'cancelled', { what: 'the end of it' });
  await client.requeue(ofC, { states: ['cancelled'] });
  await other.send({ kind: 'credit', samplesTotal: [20] });
  const anew = (): Assignment[] => assignedTo(other).slice(heldC.length);
  await waitFor(() => anew().flatMap(({ samples }) => samples).length >= 10, { what: 'the samples to come again' });
  for (const assignment of anew()) await other.report(assignment, '0');
  await Promise.all([ended(ofC), ended(ofD)]);
  expect([await runBy(ofC), await runBy(ofD)]).toEqual([[other.agentId], [again.agentId]]);
  expect(evaluationsOf(idle)).toEqual([]);
  expect(await client.verify(ofC)).toMatchObject({ balanced: true, differences: [] });
});

test('a job in the queue of before, which all namespaces shared, runs where it belongs', async () => {
  const redis = await connectRedis(fleet.redis.url, 'test', silentLogger());
  const queue = new TaskQueue({ redis, prefix: 'assay', logger: silentLogger(), clock: systemClock });
  try {
    const ofE = await submit('team-e', 10);
    await submit('team-f', 10);
    const routes = (await client.routes({}, { size: 50, token: '' })).items;
    const [routeE, routeF] = ['team-e', 'team-f'].map((name) => routes.find(({ namespace }) => namespace === name)!.route) as [
      string,
      string,
    ];
    const [attemptId, job] = await waitFor(
      async () => {
        const attempt = newAttemptId();
        const found = await queue.fetch(routeE, attempt);
        return found && ([attempt, found] as const);
      },
      { what: 'the job' },
    );
    await queue.complete(routeE, job.jobId, attemptId);
    await queue.add(routeF, [job], { priority: 1 });
    const stranger = await bareAgent(['team-f']);
    await stranger.take(10);
    await stranger.send({ kind: 'credit', samplesTotal: [30] });
    await waitFor(async () => (await queue.whereabouts(routeE, [job.jobId]))[0] === 'waiting', { what: 'the job where it belongs' });
    const own = await bareAgent(['team-e']);
    for (const assignment of await own.take(10)) await own.report(assignment, '0');
    await ended(ofE);
    expect(evaluationsOf(stranger)).not.toContain(ofE);
  } finally {
    await queue.close();
    redis.disconnect();
  }
});
