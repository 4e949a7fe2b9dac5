/** Ids of agents with API tokens, in a fleet of two coordinators: each belongs to the identity that came with it first. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RedisOwnerRecords } from '../../coordinator/identity/agents/owner-records.ts';
import { connectRedis, type RedisClient } from '../../coordinator/redis/connect.ts';
import type { AssayClient } from '../../shared/client/client.ts';
import { connect } from '../../shared/client/connect.ts';
import type { Namespaces } from '../../shared/domain/identity.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { newAgentId } from '../../shared/domain/ids.ts';
import { silentLogger } from '../../shared/telemetry/logger.ts';
import { BareAgent } from '../support/bare-agent.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { mockSpec, sums, watchAll } from '../support/mock-evaluation.ts';
import { waitFor } from '../support/wait-for.ts';

const ROOT = 'the-root-token-of-this-fleet';

let fleet: Fleet;
let first: Process & { address: string };
let second: Process & { address: string };
let admin: AssayClient;
let redis: RedisClient;
const agents: BareAgent[] = [];
beforeAll(async () => {
  fleet = await Fleet.start();
  const options = { env: { ASSAY_TOKEN: ROOT }, args: ['--lease-ms', '60000', '--heartbeat-ms', '500', '--sweep-ms', '200'] };
  [first, second] = await Promise.all([fleet.coordinator(options), fleet.coordinator(options)]);
  admin = connect({ addresses: [first.address], token: ROOT });
  redis = await connectRedis(fleet.redis.url, 'test', silentLogger());
});
afterAll(async () => {
  for (const agent of agents) agent.close();
  redis.disconnect();
  admin.close();
  await fleet.stop();
});

const tokenOf = (name: string, namespaces: Namespaces) => admin.createToken({ name, scopes: ['agent'], namespaces });

async function agent(at: Process & { address: string }, token: string, agentId: string, more = {}): Promise<BareAgent> {
  const made = await BareAgent.connect(at.address, { agentId, token, ...more });
  agents.push(made);
  return made;
}
const outcomeOf = (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => 'ok',
    (error: unknown) => AppError.from(error).code,
  );

test('whoever has another token is refused with the id of an agent, at either coordinator; the agent works on, and the audit log says who it was', async () => {
  const [own, stranger, shared] = await Promise.all([
    tokenOf('hosts-a', ['team-a']),
    tokenOf('hosts-z', ['zzz']),
    tokenOf('hosts-all', ['team-a', 'zzz']),
  ]);
  const agentId = newAgentId();
  const victim = await agent(first, own.secret, agentId);
  const spec = mockSpec(await admin.uploadBytes(sums(5), { namespace: 'team-a' }), { models: [{ model: 'openai/one' }] });
  const { evaluation } = await admin.submit({ spec, idempotencyKey: 'one', namespace: 'team-a' });
  const taken = await victim.take(5);
  for (const at of [first, second])
    for (const { secret } of [stranger, shared]) expect(await outcomeOf(agent(at, secret, agentId))).toBe('permission_denied');
  expect(victim.all('revoke')).toEqual([]);
  for (const assignment of taken) await victim.report(assignment, 'x');
  expect((await watchAll(admin, evaluation.evaluationId)).at(-1)).toMatchObject({ kind: 'state', state: 'succeeded' });
  expect((await admin.verify(evaluation.evaluationId)).balanced).toBe(true);
  for (const { token } of [stranger, shared]) {
    const entries = await waitFor(
      async () => {
        const found = await admin.auditEntries({ who: token.tokenId, outcome: 'denied' });
        return found.length === 2 ? found : undefined;
      },
      { what: 'both refusals in the audit log' },
    );
    for (const entry of entries) expect(entry).toMatchObject({ by: 'token', who: `${token.name} (${token.tokenId})`, target: agentId });
  }
  expect(await admin.auditEntries({ who: own.token.tokenId })).toEqual([]);
});

test('what is refused of an agent stands under its token, whatever it calls itself', async () => {
  const { secret, token } = await tokenOf('liars', ['team-l']);
  const agentId = newAgentId();
  const liar = await agent(first, secret, agentId, { name: 'someone else' });
  const spec = mockSpec(await admin.uploadBytes(sums(5), { namespace: 'team-l' }), { models: [{ model: 'openai/one' }] });
  await admin.submit({ spec, idempotencyKey: 'liar', namespace: 'team-l' });
  const [assignment] = await liar.take(1);
  await liar.report({ ...assignment!, samples: [{ ...assignment!.samples[0]!, unit: 1_000 }] }, 'x');
  const entries = await waitFor(
    async () => {
      const found = await admin.auditEntries({ who: token.tokenId });
      return found.length > 0 ? found : undefined;
    },
    { what: 'the line in the audit log' },
  );
  expect(entries).toMatchObject([{ by: 'token', who: `liars (${token.tokenId})`, reason: expect.stringContaining('unit 1000') as string }]);
  expect(entries[0]!.target).toBe(`${agentId} ${assignment!.taskId} someone else`);
});

test('agents of one token share it, and go on with the next one: of the same name at once, of another once the old one is revoked', async () => {
  const old = await tokenOf('fleet', ['team-f']);
  const ids = [newAgentId(), newAgentId()] as const;
  const before = [await agent(first, old.secret, ids[0]), await agent(second, old.secret, ids[1])];
  // As today: one token, one fleet; an agent comes back wherever it likes.
  before.push(await agent(second, old.secret, ids[0]));
  const [next, renamed] = await Promise.all([tokenOf('fleet', ['team-f']), tokenOf('fleet-2', ['team-f'])]);
  expect(await outcomeOf(agent(first, renamed.secret, ids[1]))).toBe('permission_denied');
  before.push(await agent(first, next.secret, ids[0]));
  await admin.revokeToken(old.token.tokenId);
  await waitFor(async () => (await outcomeOf(agent(first, renamed.secret, ids[1]))) === 'ok', { what: 'the new token to be taken' });
});

test('a token for a pool lets agents claim no other, nor other labels than it binds; the audit log has whoever tried', async () => {
  const { secret, token } = await admin.createToken({
    ...{ name: 'pooled', scopes: ['agent', 'admin'], namespaces: ['team-p'] },
    ...{ pools: ['cheap'], labels: { zone: 'a' } },
  });
  const agentId = newAgentId();
  const other = agent(first, secret, agentId, { labels: { pool: 'expensive' } });
  await expect(other).rejects.toThrow('the agent claims pool="expensive", and is bound to "cheap" ("pooled")');
  expect(await outcomeOf(agent(second, secret, agentId, { labels: { pool: 'cheap', zone: 'b' } }))).toBe('permission_denied');
  const entries = await waitFor(
    async () => {
      const found = await admin.auditEntries({ who: token.tokenId, outcome: 'denied' });
      return found.length === 2 ? found : undefined;
    },
    { what: 'both refusals in the audit log' },
  );
  expect(entries).toMatchObject([{ by: 'token', target: agentId }, { target: agentId }]);
  await agent(first, secret, agentId, { labels: { rack: '7' } });
  const listed = await waitFor(async () => (await admin.agents()).items.find((found) => found.agentId === agentId), {
    what: 'the agent in the list',
  });
  expect(listed.labels).toEqual({ pool: 'cheap', zone: 'a', rack: '7' });
  // Nor does its bearer let in others than it may claim itself.
  const bearer = connect({ addresses: [first.address], token: secret });
  const bound = { namespaces: ['team-p'], labels: { zone: 'a' } };
  expect(await bearer.whoAmI()).toMatchObject({ pools: ['cheap'], labels: { zone: 'a' } });
  expect(await outcomeOf(bearer.createToken({ name: 'free', scopes: ['agent'], namespaces: ['team-p'] }))).toBe('permission_denied');
  expect(await outcomeOf(bearer.createToken({ name: 'free', scopes: ['admin'], namespaces: ['team-p'] }))).toBe('permission_denied');
  expect(await outcomeOf(bearer.createJoinToken({ ...bound, pool: 'expensive' }))).toBe('permission_denied');
  expect(await outcomeOf(bearer.createJoinToken({ ...bound, pool: 'cheap' }))).toBe('ok');
  bearer.close();
});

test("an operator's own token takes any id", async () => {
  const { secret } = await tokenOf('moved', ['team-m']);
  const agentId = newAgentId();
  (await agent(first, secret, agentId)).close();
  await agent(second, ROOT, agentId);
  expect(await outcomeOf(agent(second, secret, agentId))).toBe('permission_denied');
});

test('records go by themselves; of one owner there is a bounded number, and nobody pushes out those of others', async () => {
  const records = new RedisOwnerRecords(redis, 'bounded', 3);
  const put = (owner: string, agentId: string, instead = '') => records.put({ owner, text: owner, agentId, instead, keepMs: 60_000 });
  expect(await put('victim', 'ag_v')).toBeUndefined();
  for (let i = 0; i < 10; i++) expect(await put('flood', `ag_${i}`)).toBeUndefined();
  expect([await put('other', 'ag_v'), await put('other', 'ag_9'), await put('other', 'ag_0')]).toEqual(['victim', 'flood', undefined]);
  expect([await put('other', 'ag_v', 'victim'), await put('victim', 'ag_v')]).toEqual([undefined, 'other']);
  const keys = await redis.keys('bounded:*');
  for (const key of keys) expect(await redis.pttl(key)).toBeGreaterThan(0);
  expect(
    keys
      .filter((key) => key.includes(':of:'))
      .toSorted()
      .map((key) => key.split(':').at(-1)),
  ).toEqual(['ag_0', 'ag_7', 'ag_8', 'ag_9', 'ag_v']);
});
