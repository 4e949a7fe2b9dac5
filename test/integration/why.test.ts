/** Why work does not run: one situation after the other is staged, and the first reason must be the true one. A real coordinator; agents real or in the test's hand. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AssayClient } from '../../shared/client/client.ts';
import { connect } from '../../shared/client/connect.ts';
import type { Reason } from '../../shared/client/why.ts';
import { BareAgent } from '../support/bare-agent.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { mockSpec, sums } from '../support/mock-evaluation.ts';
import { waitFor } from '../support/wait-for.ts';

const SAMPLES = 40;

let fleet: Fleet;
let coordinator: Process & { address: string };
let client: AssayClient;
let digest: string;
let runs = 0;

beforeAll(async () => {
  fleet = await Fleet.start();
  coordinator = await fleet.coordinator({ args: ['--lease-ms', '60000', '--heartbeat-ms', '20000', '--sweep-ms', '100'] });
  client = fleet.client(coordinator.address);
  digest = await client.uploadBytes(sums(SAMPLES));
});
afterAll(() => fleet.stop());

const submit = async (more: Record<string, unknown> = {}): Promise<string> =>
  (await client.submit({ spec: mockSpec(digest, more), idempotencyKey: `run ${++runs}` })).evaluation.evaluationId;
/** The benchmark of `mockSpec`. */
const benchmark = () => (mockSpec(digest)['benchmarks'] as [{ dataset: object }])[0];
const on = (model: string, more: Record<string, unknown> = {}): Promise<string> => submit({ models: [{ model }], ...more });
const why = async (evaluationId: string): Promise<Reason[]> => (await client.why({ evaluationId })).reasons;

/** Waits for the first reason, and returns all; whoever is kept from work is told what would change that. */
async function first(evaluationId: string, code: string, before: () => Promise<void> = async () => undefined): Promise<Reason[]> {
  let reasons: Reason[] = [];
  const isIt = async (): Promise<boolean> => {
    await before();
    return (reasons = await why(evaluationId))[0]!.code === code;
  };
  await waitFor(isIt, {
    what: `the reason ${code}`,
    timeoutMs: 20_000,
    everyMs: 30,
    state: () => JSON.stringify(reasons, null, 1),
  });
  if (reasons[0]!.effect === 'blocks') expect(reasons[0]!.remedy).not.toBe('');
  return reasons;
}
/** An agent in the test's hand that serves one model. */
const agent = (match: string, more: Partial<Parameters<typeof BareAgent.connect>[1]> = {}): Promise<BareAgent> =>
  BareAgent.connect(coordinator.address, { name: match.replace('/', '-'), models: [{ match, maxConnections: 4, lookAhead: 0 }], ...more });

test('no agent at all; then one that serves another model', async () => {
  const id = await on('x/nobody');
  expect((await first(id, 'no_agent'))[0]).toMatchObject({ effect: 'blocks', samples: SAMPLES, requirement: 'model=x/nobody' });
  await agent('x/other');
  expect((await first(id, 'no_model'))[0]).toMatchObject({ agents: [{ name: 'x-other', text: expect.stringContaining('is not served') }] });
});

test.concurrent('a label, a capability, a sandbox, a release that nobody has', async () => {
  const fit = { models: [{ match: 'fit/*', maxConnections: 4, lookAhead: 0 }] };
  await agent('fit', { ...fit, labels: { zone: 'eu' } });
  const scored = (scorer: unknown): Record<string, unknown> => ({ benchmarks: [{ ...benchmark(), scorers: [scorer] }] });
  const [label, command, sandbox] = await Promise.all([
    on('fit/a', { route: { labels: { zone: 'moon' } } }),
    on('fit/a', scored({ name: 'command', args: { command: 'grader' } })),
    on('fit/a', scored({ name: 'code_execution', args: { language: 'python3' } })),
  ]);
  const lacks = { effect: 'blocks', samples: SAMPLES, agents: [{ name: 'fit' }] };
  expect((await first(label, 'no_label'))[0]).toMatchObject({ ...lacks, text: expect.stringContaining('zone=moon') });
  expect((await first(command, 'no_capability'))[0]).toMatchObject({ ...lacks, text: expect.stringContaining('command:grader') });
  expect((await first(sandbox, 'no_sandbox'))[0]).toMatchObject(lacks);
  await agent('old/*', { wireMinor: 0 });
  const tooOld = await on('old/one', { benchmarks: [{ ...benchmark(), scorers: [{ name: 'f1' }] }] });
  expect((await first(tooOld, 'too_old'))[0]).toMatchObject({ agents: [{ name: 'old-*' }] });
});

test.concurrent('agents that fit have suspended the model', async () => {
  const words = Object.entries({
    auth: 'key_rejected',
    quota: 'quota',
    spend_cap: 'spend_cap',
    model_not_found: 'model_not_found',
    spool_full: 'spool_full',
    odd: 'suspended',
  });
  const one = await agent('suspended/*', {
    models: words.map(([word]) => ({ match: `suspended/${word}`, maxConnections: 4, lookAhead: 0 })),
  });
  for (const [modelIndex, [told]] of words.entries())
    await one.send({ kind: 'modelStatus', modelIndex, suspended: true, reason: told, retryMs: 60_000 });
  for (const [told, code] of words) {
    const [reason] = await first(await on(`suspended/${told}`), code);
    expect(reason!.untilMs - reason!.sinceMs).toBe(60_000);
    expect(reason).toMatchObject({ effect: 'blocks', agents: [{ agentId: one.agentId, text: expect.stringContaining(told) }] });
  }
});

test.concurrent('the agent that fits is drained by an operator, then gone', async () => {
  const one = await agent('north/one');
  await waitFor(async () => (await client.agents()).items.some((a) => a.agentId === one.agentId), { what: 'the agent' });
  await client.drainAgent(one.agentId, { undo: false, reason: 'new disks' });
  const id = await on('north/one');
  expect((await first(id, 'agents_drained'))[0]).toMatchObject({ agents: [{ text: 'was drained by an operator: new disks' }] });
  one.close();
  expect((await first(id, 'agents_gone'))[0]).toMatchObject({ agents: [{ name: 'north-one' }] });
});

test.concurrent('the route is paused; the evaluation is paused; it waits for its turn; it is cancelled, and drains', async () => {
  const one = await agent('gated/one');
  await one.send({ kind: 'credit', samplesTotal: [2] });
  const concurrency = { key: 'turn', supersede: false };
  const id = await on('gated/one', { concurrency, max_task_samples: 2 });
  expect((await first(id, 'running'))[0]).toMatchObject({ effect: 'runs', samples: 2 });
  const next = await on('gated/one', { concurrency });
  expect((await first(next, 'waits_for_evaluation'))[0]).toMatchObject({ evaluationIds: [id], command: `assay cancel ${id}` });

  const route = (await client.routes({}, { size: 200, token: '' })).items.find((r) => r.model === 'gated/one')!.route;
  await client.pauseRoute(route, { undo: false, reason: 'budget' });
  expect((await first(id, 'route_paused'))[0]).toMatchObject({
    text: expect.stringContaining('budget'),
    command: `assay routes resume ${route}`,
  });
  await client.pauseRoute(route, { undo: true });
  await client.pause({ evaluationId: id }, 'lunch');
  const paused = await first(id, 'paused');
  expect(paused[0]).toMatchObject({ text: 'it is paused: lunch', command: `assay resume ${id}`, sinceMs: expect.any(Number) });
  expect(paused[0]!.sinceMs).toBeGreaterThan(0);
  expect(paused[1]).toMatchObject({ code: 'running', samples: 2 });
  await client.resume({ evaluationId: id });
  await client.cancelAll({ evaluationId: id }, { mode: 'drain', reason: 'enough' });
  expect((await first(id, 'draining')).map((r) => r.code)).toEqual(['draining', 'running']);
});

test.concurrent('agents of other namespaces are told of only to operators, evaluations only to those who may read them', async () => {
  const tokenOf = async (scope: 'agent' | 'read', namespace: string): Promise<string> =>
    (await client.createToken({ name: scope, scopes: [scope], namespaces: [namespace] })).secret;
  const reader = connect({ addresses: [coordinator.address], token: await tokenOf('read', 'team-a') });
  try {
    const theirs = await agent('teams/one', { name: 'of-team-b', token: await tokenOf('agent', 'team-b') });
    for (const namespace of ['team-a', 'team-b']) await client.uploadBytes(sums(SAMPLES), { namespace });
    const spec = mockSpec(digest, { models: [{ model: 'teams/one' }] });
    const { evaluationId } = (await client.submit({ spec, idempotencyKey: 'team', namespace: 'team-a' })).evaluation;
    expect((await first(evaluationId, 'no_namespace'))[0]).toMatchObject({
      agents: [{ agentId: theirs.agentId, text: 'works for team-b' }],
    });
    const seen = await reader.why({ evaluationId });
    expect(seen.reasons[0]!.code).toMatch(/^no_(agent|model)$/);
    expect(JSON.stringify(seen)).not.toMatch(/team-b/);
    const other = (await client.submit({ spec, idempotencyKey: 'team', namespace: 'team-b' })).evaluation;
    await expect(reader.why({ evaluationId: other.evaluationId })).rejects.toMatchObject({ code: 'not_found' });
    await expect(reader.why({ taskId: `${other.evaluationId}-1` })).rejects.toMatchObject({ code: 'not_found' });
  } finally {
    reader.close();
  }
});

test.concurrent('agents are full: with whose work, and who goes first', async () => {
  const one = await agent('busy/one');
  await one.send({ kind: 'credit', samplesTotal: [2] });
  const before = await on('busy/one', { max_task_samples: 2, priority: 3 });
  await first(before, 'running');
  const id = await on('busy/one');
  const reasons = await first(id, 'full');
  expect(reasons[0]).toMatchObject({ effect: 'blocks', evaluationIds: [before], agents: [{ name: 'busy-one' }] });
  expect(reasons[1]).toMatchObject({ code: 'behind', evaluationIds: [before], command: `assay update ${id} --priority 1` });
  // Of the one that runs it is no more than what keeps it from running faster.
  expect((await why(before)).map(({ code, effect }) => `${code} ${effect}`)).toEqual(['running runs', 'full slows']);
  const bounded = await on('busy/one', { max_samples: 4 });
  expect((await first(bounded, 'full')).map((r) => r.code)).toContain('max_samples');
});

test.concurrent('how much others have with an agent is told only to those who may read it', async () => {
  const tokenOf = async (scope: 'agent' | 'read' | 'admin', namespaces: '*' | string[]): Promise<string> =>
    (await client.createToken({ name: scope, scopes: scope === 'admin' ? ['admin', 'read'] : [scope], namespaces })).secret;
  const readers = await Promise.all(
    [tokenOf('read', ['mine']), tokenOf('read', ['mine', 'theirs']), tokenOf('admin', '*')].map(async (token) =>
      connect({ addresses: [coordinator.address], token: await token }),
    ),
  );
  try {
    const shared = await agent('shared/one', { name: 'of-both', token: await tokenOf('agent', ['mine', 'theirs']) });
    for (const namespace of ['mine', 'theirs']) await client.uploadBytes(sums(SAMPLES), { namespace });
    const spec = mockSpec(digest, { models: [{ model: 'shared/one' }], max_task_samples: 2 });
    const submitIn = async (namespace: string) =>
      (await client.submit({ spec, idempotencyKey: 'shared', namespace })).evaluation.evaluationId;
    const theirs = await submitIn('theirs');
    await shared.send({ kind: 'credit', samplesTotal: [2] });
    await first(theirs, 'running');
    const mine = await submitIn('mine');
    await first(mine, 'full');
    const [ofMine, ofBoth, ofAll] = await Promise.all(
      readers.map(async (reader) => (await reader.why({ evaluationId: mine })).reasons[0]!),
    );
    const busy = 'the agent that fits has no room: busy with samples of other evaluations';
    expect(ofMine).toMatchObject({ code: 'full', text: busy, evaluationIds: [] });
    expect(ofMine!.agents[0]!.text).toMatch(/^no room, \d+ calls at a time$/);
    for (const seen of [ofBoth, ofAll]) {
      expect(seen).toMatchObject({ code: 'full', text: busy, evaluationIds: [theirs] });
      expect(seen!.agents[0]!.text).toMatch(/^\d+ samples in hand, \d+ calls at a time; 1 task of others, 0 of this$/);
    }
  } finally {
    for (const reader of readers) reader.close();
  }
});

test.concurrent('an endpoint that bears fewer calls slows; a task that was handed back waits', async () => {
  const one = await agent('slow/one');
  await one.send({ kind: 'credit', samplesTotal: [4], connections: [1] });
  const id = await on('slow/one', { max_task_samples: 4 });
  await first(id, 'running');
  expect((await why(id)).find((r) => r.code === 'throttled')).toMatchObject({
    effect: 'slows',
    agents: [{ text: '1 of 4 calls at a time' }],
  });

  const back = await agent('back/one');
  const few = await on('back/one', { benchmarks: [{ ...benchmark(), dataset: { ...benchmark().dataset, limit: 1 } }] });
  const { taskId } = (await back.take(1))[0]!;
  expect((await client.why({ taskId })).reasons).toMatchObject([{ code: 'running', samples: 1, tasks: 1 }]);
  // As often as it is given it.
  let returned = 0;
  const handBack = async (reason: 'spool_full' | 'declined', detail: string): Promise<void> => {
    for (const { attemptId, lease } of back
      .all('assign')
      .flatMap(({ assignments }) => assignments)
      .slice(returned)) {
      returned++;
      await back.send({ kind: 'handBack', attemptId, evaluationId: few, taskId, reason, detail, ...(lease && { lease }) });
    }
    await back.send({ kind: 'credit', samplesTotal: [100] });
  };
  const [later] = await first(few, 'retry_at', () => handBack('spool_full', 'no room'));
  expect(later).toMatchObject({ effect: 'blocks', tasks: 1, text: expect.stringMatching(/handed back (once|\d+ times)/) });
  expect(later!.untilMs).toBeGreaterThan(Date.now() - 1_000);
  const detail = '0 of 50 tokens are spent today, and the next call may take 4110';
  const [declined] = await first(few, 'handed_back', () => handBack('declined', detail));
  expect(declined).toMatchObject({
    effect: 'blocks',
    text: `the agent back-one fits and hands it back: ${detail}`,
    command: 'assay agent show back-one',
    agents: [{ name: 'back-one', text: detail }],
  });
  expect((await client.why({ taskId })).reasons[0]).toMatchObject({ code: 'handed_back', samples: 1, tasks: 1 });
});

test.concurrent('what runs tells how fast', async () => {
  const one = await agent('fast/one');
  const id = await on('fast/one', { max_task_samples: 2 });
  const held = await one.take(8);
  for (const assignment of held.slice(0, 3)) {
    const before = (await client.get(id)).counts.scored;
    await one.report(assignment, 'x');
    await waitFor(async () => (await client.get(id)).counts.scored > before, { what: 'the next samples', everyMs: 30 });
  }
  await waitFor(async () => (await client.why({ evaluationId: id })).rate > 0, { what: 'a rate', everyMs: 100 });
  expect((await why(id)).find(({ code }) => code === 'running')!.text).toMatch(/^it runs: agents hold \d samples?, and [\d.]+ a second/);
});

test.concurrent('the agent that holds all of it is gone', async () => {
  const one = await agent('lost/one');
  const id = await on('lost/one', { benchmarks: [{ ...benchmark(), dataset: { ...benchmark().dataset, limit: 1 } }] });
  const [held] = await one.take(1);
  await waitFor(async () => (await client.agents()).items.some((a) => a.agentId === one.agentId && a.samples === 1), { what: 'the agent' });
  one.close();
  expect((await first(id, 'agent_lost'))[0]).toMatchObject({ effect: 'blocks', samples: 1, agents: [{ name: 'lost-one' }] });
  expect((await client.why({ taskId: held!.taskId })).reasons[0]).toMatchObject({ code: 'agent_lost', tasks: 1 });
});

test.concurrent('what is over says so, a task of it too', async () => {
  const id = await on('x/nobody');
  await client.cancel(id, 'a mistake');
  expect((await first(id, 'cancelled'))[0]).toMatchObject({ effect: 'over', text: 'it was cancelled: a mistake' });
  expect((await client.why({ taskId: `${id}-1` })).reasons[0]).toMatchObject({ code: 'task_over' });
  await expect(client.why({ evaluationId: `ev_${'a'.repeat(26)}` })).rejects.toMatchObject({ code: 'not_found' });
});

test('Redis does not answer', async () => {
  const id = await on('x/nobody');
  await first(id, 'no_model');
  const over = await on('x/nobody');
  await client.cancel(over, 'a mistake');
  await first(over, 'cancelled');
  const { secret } = await client.createToken({ name: 'reader', scopes: ['read'], namespaces: ['default'] });
  const reader = connect({ addresses: [coordinator.address], token: secret });
  try {
    await reader.why({ evaluationId: id });
    await fleet.redis.kill9();
    const [told] = await first(id, 'redis_unavailable');
    expect(told).toMatchObject({ effect: 'blocks', samples: SAMPLES });
    expect(told!.text, 'with what Redis says').toMatch(/^the coordinator does not reach Redis: ./);
    const [seen] = (await reader.why({ evaluationId: id })).reasons;
    expect(seen).toMatchObject({ code: 'redis_unavailable', text: 'the coordinator does not reach Redis' });
    // What is over the store knows.
    const ended = await reader.why({ evaluationId: over });
    expect(ended).toMatchObject({ state: 'cancelled', open: 0, reasons: [{ code: 'cancelled', effect: 'over' }] });
    expect(await reader.get(over)).toMatchObject({ state: 'cancelled', counts: { total: SAMPLES } });
  } finally {
    reader.close();
  }
});
