/** Agents that join by a token, and prove their key: in a fleet of two coordinators and real agents. */
import { cp, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { joiningKey, readAgentKey } from '../../agent/keys/key-file.ts';
import { NODE_FLAGS } from '../../cli/embedded/programs.ts';
import { connectRedis } from '../../coordinator/redis/connect.ts';
import type { AssayClient } from '../../shared/client/client.ts';
import { connect } from '../../shared/client/connect.ts';
import { joinBytes, newKeyPair, publicKeyOf, signWith } from '../../shared/domain/agent-key.ts';
import { hashOfToken } from '../../shared/domain/api-token.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { silentLogger } from '../../shared/telemetry/logger.ts';
import { Fleet, Process } from '../support/fleet.ts';
import { mockSpec, sums } from '../support/mock-evaluation.ts';
import { programOf } from '../support/programs.ts';
import { waitFor } from '../support/wait-for.ts';

const ROOT = 'the-root-token-of-this-fleet';
/** What is promised. */
const WITHIN_MS = 5_000;

let fleet: Fleet;
let first: Process & { address: string };
let second: Process & { address: string };
let admin: AssayClient;
let there: AssayClient;
const clients: AssayClient[] = [];
const agents: Process[] = [];

const clientOf = (address: string, token?: string): AssayClient => {
  const client = connect({ addresses: [address], ...(token === undefined ? {} : { token }) });
  clients.push(client);
  return client;
};
const outcomeOf = (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => 'ok',
    (error: unknown) => AppError.from(error).code,
  );

beforeAll(async () => {
  fleet = await Fleet.start();
  const options = { env: { ASSAY_TOKEN: ROOT } };
  [first, second] = await Promise.all([fleet.coordinator(options), fleet.coordinator(options)]);
  [admin, there] = [clientOf(first.address, ROOT), clientOf(second.address, ROOT)];
});
afterAll(async () => {
  for (const agent of agents) await agent.kill9();
  for (const client of clients) client.close();
  await fleet.stop();
});

/** What a host sends that wants to join. */
function presented(secret: string, keys = newKeyPair()): { secret: string; publicKey: Buffer; signature: Buffer; name: string } {
  const { privateKey, publicKey } = keys;
  return { secret, publicKey, signature: signWith(privateKey, joinBytes(hashOfToken(secret), publicKey)), name: 'host' };
}

/** An agent by its settings; with a join token it joins first. */
async function agent(
  name: string,
  {
    secret,
    address = second.address,
    spool = join(fleet.dir, `spool-${name}`),
  }: { secret?: string; address?: string; spool?: string } = {},
) {
  const file = join(fleet.dir, `${name}.yaml`);
  const models = [{ match: 'mock/*', provider: 'mock', max_connections: 2, options: { latency_ms: 50 } }];
  await writeFile(file, stringify({ name, spool, addresses: [address], models, labels: { pool: 'mine', zone: 'mine', own: 'yes' } }));
  const args = [...NODE_FLAGS, programOf('agent'), '--config', file, ...(secret === undefined ? [] : ['--join'])];
  const started = new Process(name, args, /"msg":"connected"/, secret === undefined ? {} : { ASSAY_JOIN_TOKEN: secret });
  agents.push(started);
  await started.start(false);
  return Object.assign(started, { spool });
}

test('invited, joined, at work: what it joined with goes before what it says, and its id works with its key alone', async () => {
  const { secret } = await admin.createJoinToken({ name: 'gpu-7', namespaces: ['team-a'], pool: 'h200', labels: { zone: 'eu' } });
  expect(secret).toMatch(/^evj_[a-z2-7]{59}$/);
  const worker = await agent('calls-itself-so', { secret });
  await worker.ready();
  await waitFor(async () => (await admin.agents()).items.length === 1, { what: 'the agent in the list' });
  expect((await admin.agents()).items[0]).toMatchObject({
    name: 'gpu-7',
    proof: 'key',
    labels: { pool: 'h200', zone: 'eu', own: 'yes' },
    namespaces: ['team-a'],
  });
  expect((await stat(join(worker.spool, 'agent.key'))).mode & 0o777).toBe(0o600);
  const digest = await admin.uploadBytes(sums(6), { namespace: 'team-a' });
  const { evaluation } = await admin.submit({ spec: mockSpec(digest), idempotencyKey: 'first', namespace: 'team-a' });
  await waitFor(async () => (await admin.get(evaluation.evaluationId)).state === 'succeeded', { what: 'the work', timeoutMs: 60_000 });
  expect(worker.output).not.toContain(secret);
});

test('a revoked agent is gone within five seconds, its tasks go elsewhere, and what Redis loses changes nothing', async () => {
  const { secret } = await there.createJoinToken({ name: 'cut', namespaces: ['team-b'] });
  const cut = await agent('cut', { secret });
  await cut.ready();
  const digest = await admin.uploadBytes(sums(60), { namespace: 'team-b' });
  const { evaluation } = await admin.submit({ spec: mockSpec(digest), idempotencyKey: 'cut', namespace: 'team-b' });
  const { evaluationId } = evaluation;
  await waitFor(async () => (await admin.get(evaluationId)).counts.scored > 4, { what: 'the agent to be at work', everyMs: 20 });
  const sinceMs = performance.now();
  // At the coordinator that it is not connected to.
  expect(await admin.revokeAgent('cut')).toMatchObject({ name: 'cut', revokedBy: 'local' });
  await waitFor(() => /does not take this agent/.test(cut.output), {
    what: 'the agent to be turned away',
    state: () => cut.since().slice(-2000),
  });
  expect(performance.now() - sinceMs).toBeLessThan(WITHIN_MS);
  await cut.kill9();
  const redis = await connectRedis(fleet.redis.url, 'test', silentLogger());
  await redis.flushall();
  redis.disconnect();
  expect(await outcomeOf(admin.revokeAgent('nobody'))).toBe('not_found');
  await cut.start(false);
  await waitFor(() => /does not take this agent/.test(cut.since()), { what: 'the agent to be turned away again' });
  const other = await agent('other', { secret: (await admin.createJoinToken({ namespaces: '*' })).secret });
  await other.ready();
  await waitFor(async () => (await admin.get(evaluationId)).state === 'succeeded', { what: 'the rest to be done', timeoutMs: 60_000 });
  expect(await there.verify(evaluationId)).toMatchObject({ balanced: true, counts: { scored: 60 } });
});

test('of two processes with one key the later one works, at whichever coordinator, and it is told', async () => {
  const { secret } = await admin.createJoinToken({ name: 'twin', namespaces: '*' });
  const one = await agent('one', { secret, address: first.address });
  await one.ready();
  // The whole spool is copied after an end in order: both go on as the same instance.
  await one.signal('SIGTERM');
  const spool = join(fleet.dir, 'copied');
  await cp(one.spool, spool, { recursive: true });
  expect(await readFile(join(spool, 'agent.json'), 'utf8')).toMatch(/"endedInstanceId":"/);
  await one.start();
  const two = await agent('two', { spool, address: second.address });
  await two.ready();
  await waitFor(() => /another process with the same key/.test(one.output), {
    what: 'the earlier one to be told',
    state: () => one.since().slice(-2000),
  });
  expect(first.output + second.output).toMatch(/two processes have the same key/);
  await waitFor(async () => (await admin.auditEntries({})).some(({ reason }) => /same key/.test(reason ?? '')), { what: 'the audit' });
  await Promise.all([one.kill9(), two.kill9()]);
});

test('a join whose answer was lost is brought to its end by the agent that comes again with the token; a token that is taken back lets nobody in', async () => {
  const [{ secret }, taken] = await Promise.all([
    admin.createJoinToken({ name: 'lost', namespaces: '*' }),
    admin.createJoinToken({ name: 'taken-back', namespaces: ['team-a'], labels: { zone: 'eu' } }),
  ]);
  const spool = join(fleet.dir, 'spool-lost');
  await mkdir(spool);
  // What the agent has on its disk before it asks, and what it has asked.
  const privateKey = await joiningKey(spool, hashOfToken(secret));
  const asked = presented(secret, { privateKey, publicKey: publicKeyOf(privateKey) });
  const lost = await clientOf(first.address).join(asked);
  expect(await clientOf(second.address).join(asked)).toEqual(lost);
  const worker = await agent('lost', { secret, spool });
  await worker.ready();
  expect(readAgentKey(spool)).toMatchObject({ agentId: lost.agent.agentId, privateKey });
  expect((await readdir(spool)).filter((file) => file.startsWith('agent.key'))).toEqual(['agent.key']);
  expect(await outcomeOf(clientOf(first.address).join(presented(secret)))).toBe('unauthenticated');
  await worker.kill9();

  const listed = await there.joinTokens();
  expect(listed.items).toMatchObject([{ joinTokenId: taken.joinTokenId, name: 'taken-back', labels: { zone: 'eu' }, revokedAtMs: 0 }]);
  expect(await there.revokeJoinToken(taken.joinTokenId)).toMatchObject({ name: 'taken-back', revokedBy: 'local' });
  expect((await admin.joinTokens()).items).toEqual([]);
  expect(await outcomeOf(clientOf(first.address).join(presented(taken.secret)))).toBe('unauthenticated');
  const told = await admin.auditEntries({ method: 'RevokeJoinToken' });
  expect(told).toMatchObject([{ outcome: 'ok', target: `${taken.joinTokenId} taken-back`, namespace: 'team-a' }]);
});

// The last one: no more is taken from this address for a minute.
test('of a hundred that present one token at both coordinators at once exactly one is let in; used, wrong and expired are refused alike', async () => {
  const letIn = async (): Promise<number> =>
    (await admin.auditEntries({ method: 'Join', outcome: 'ok' })).filter(({ who }) => who === 'anonymous').length;
  const before = await letIn();
  const { secret } = await admin.createJoinToken({ namespaces: '*' });
  const clients = [clientOf(first.address), clientOf(second.address)];
  const outcomes = await Promise.all(Array.from({ length: 100 }, (_, i) => outcomeOf(clients[i % 2]!.join(presented(secret)))));
  expect(outcomes.filter((outcome) => outcome === 'ok')).toHaveLength(1);
  expect(new Set(outcomes)).toEqual(new Set(['ok', 'unauthenticated', 'resource_exhausted']));
  // Ten attempts of one address at each coordinator; the one that was let in is not counted.
  expect(outcomes.filter((outcome) => outcome === 'unauthenticated').length).toBeLessThanOrEqual(20);
  await waitFor(async () => (await admin.auditEntries({ method: 'Join' })).some(({ outcome }) => outcome === 'denied'), {
    what: 'the audit',
  });
  expect(await letIn()).toBe(before + 1);
});
