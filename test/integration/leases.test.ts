/** Signed leases in a fleet: two coordinators, a new key, a Redis that is wiped, an agent that is killed with results in its spool. */
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AssayClient } from '../../shared/client/client.ts';
import type { Assignment, AttemptAck } from '../../shared/rpc/messages.ts';
import { BareAgent } from '../support/bare-agent.ts';
import { checkBooks } from '../support/books.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { mockSpec, sums, watchAll } from '../support/mock-evaluation.ts';
import { chatAnswer, ModelEndpoint } from '../support/model-endpoint.ts';
import { waitFor } from '../support/wait-for.ts';

/** No lease runs out here. */
const TIMES = ['--lease-ms', '60000', '--heartbeat-ms', '500', '--sweep-ms', '200'];

let fleet: Fleet;
let one: Process & { address: string };
let client: AssayClient;
beforeEach(async () => {
  fleet = await Fleet.start();
  one = await fleet.coordinator({ args: TIMES });
  client = fleet.client(one.address);
});
afterEach(() => fleet.stop());

async function submit(samples: number): Promise<string> {
  const spec = mockSpec(await client.uploadBytes(sums(samples)), { models: [{ model: 'openai/one' }], max_task_samples: 1 });
  return (await client.submit({ spec, idempotencyKey: 'k' })).evaluation.evaluationId;
}

/** What an agent is told of an attempt by the next report that it makes of it. */
async function told(agent: BareAgent, report: () => Promise<void>, attemptId: string): Promise<AttemptAck> {
  const acks = (): AttemptAck[] => agent.all('reportAck').flatMap((m) => m.acks.filter((ack) => ack.attemptId === attemptId));
  const before = acks().length;
  await report();
  return waitFor(() => acks()[before], { what: 'an answer' });
}

/** Reports an assignment, with another lease, or none. */
const reported = (agent: BareAgent, assignment: Assignment, lease = assignment.lease): Promise<AttemptAck> => {
  const { lease: _own, ...rest } = assignment;
  return told(agent, () => agent.report(lease ? { ...rest, lease } : rest, '2'), assignment.attemptId);
};

const denied = async (): Promise<string[]> =>
  (await client.auditEntries({ outcome: 'denied' })).filter((e) => e.method.endsWith('AgentService/Connect')).map((e) => e.reason ?? '');

test('wrong leases change nothing, whoever shows them; the right one holds after a new key, at another coordinator, and for its agent only', async () => {
  const id = await submit(2);
  const agent = await BareAgent.connect(one.address);
  const [first, second] = (await agent.take(2)) as [Assignment, Assignment];
  const good = first.lease!;
  const wrong: Buffer[] = [0, 3, 20, good.length >> 1, good.length - 1].map((at) => {
    const changed = Buffer.from(good);
    changed[at]! ^= 1;
    return changed;
  });
  for (const lease of [...wrong, second.lease!]) expect(await reported(agent, first, lease)).toMatchObject({ lost: true });
  const none = await told(agent, () => agent.report({ ...first, lease: Buffer.alloc(0) }, '2'), first.attemptId);
  expect(none).toMatchObject({ lost: true });
  // Another agent has got hold of all that the first one knows.
  const thief = await BareAgent.connect(one.address, { models: [{ match: 'none/such', maxConnections: 1, lookAhead: 0 }] });
  expect(await reported(thief, first)).toMatchObject({ lost: true });
  await waitFor(async () => (await denied()).length >= 8, { what: 'the audit log' });
  const reasons = await denied();
  expect(reasons).toHaveLength(8);
  expect(reasons.filter((why) => why.includes(agent.agentId))).toHaveLength(1);
  expect(await client.get(id)).toMatchObject({ state: 'running' });
  expect(await reported(agent, first)).toMatchObject({ lost: false });

  // Another one comes, with a new key, and the agent, in the name of which somebody speaks an older version to it: for that he gains nothing.
  const key = { secret: randomBytes(32).toString('base64'), createdAtMs: Date.now() - 61_000 };
  await writeFile(join(fleet.store, 'switches/lease-keys', `${'ab'.repeat(8)}.json`), JSON.stringify(key));
  const two = await fleet.coordinator({ args: TIMES });
  const { agentId } = agent;
  const older = await BareAgent.connect(two.address, { agentId, wireMinor: 2, heldAttempts: [second.attemptId] });
  const bare = await told(older, () => older.report({ ...second, lease: Buffer.alloc(0) }, '2'), second.attemptId);
  expect(bare).toMatchObject({ lost: true });
  // The agent itself.
  const again = await BareAgent.connect(two.address, { agentId, heldAttempts: [second.attemptId] });
  expect(await reported(again, second)).toMatchObject({ lost: false });
  expect((await watchAll(client, id)).at(-1)).toMatchObject({ kind: 'state', state: 'succeeded' });
  await checkBooks(client, id);
  for (const a of [agent, thief, older, again]) a.close();
});

test('a Redis that is wiped takes no key with it: what was granted before is over, and what is granted anew holds', async () => {
  const id = await submit(3);
  const agent = await BareAgent.connect(one.address);
  const before = await agent.take(3);
  const counted = before[0]!;
  expect(await reported(agent, counted)).toMatchObject({ lost: false });
  const redis = new Redis(fleet.redis.url);
  await redis.flushall();
  redis.disconnect();
  await one.signal('SIGKILL');
  const two = await fleet.coordinator({ args: TIMES });
  client = fleet.client(two.address);
  const again = await BareAgent.connect(two.address, { agentId: agent.agentId, heldAttempts: before.map((a) => a.attemptId) });
  expect(again.all('welcome')[0]!.lostAttempts.toSorted()).toEqual(before.map((a) => a.attemptId).toSorted());
  expect(await reported(again, before[1]!)).toMatchObject({ lost: true });
  // It was shown in good faith.
  expect(await denied()).toEqual([]);
  for (const assignment of await again.take(2)) expect(await reported(again, assignment)).toMatchObject({ lost: false });
  expect((await watchAll(client, id)).at(-1)).toMatchObject({ kind: 'state', state: 'succeeded' });
  for (const a of [agent, again]) a.close();
});

test('an agent that is killed keeps its leases with its results: they count when it is back, and nothing is run again', async () => {
  const held = Promise.withResolvers<void>();
  const model = await new ModelEndpoint(async ({ model: name }) => {
    await held.promise;
    return chatAnswer(name, 'The answer is 2');
  }).start();
  try {
    const models = [{ match: 'openai/*', provider: 'openai', base_url: model.url, max_connections: 4, look_ahead: 0 }];
    const id = await submit(4);
    const north = await fleet.agent('north', [one.address], { models });
    await waitFor(() => model.inFlight === 4, { what: 'all calls' });
    // Nothing is acknowledged while it stands still.
    process.kill(one.pid, 'SIGSTOP');
    held.resolve();
    await fleet.spooled('north', 4);
    await north.signal('SIGKILL');
    process.kill(one.pid, 'SIGCONT');
    await fleet.agent('north', [one.address], { models });
    expect((await watchAll(client, id)).at(-1)).toMatchObject({ kind: 'state', state: 'succeeded' });
    expect(model.calls).toHaveLength(4);
    expect(await denied()).toEqual([]);
  } finally {
    await model.stop();
  }
});
