import { afterEach, expect, test } from 'vitest';
import { ModelError } from '../../../../agent/models/provider.ts';
import { AppError } from '../../../../shared/domain/errors.ts';
import { newAttemptId } from '../../../../shared/domain/ids.ts';
import { assignmentOf, FakeCoordinator, type FakeBehaviour } from '../../../support/fake-coordinator.ts';
import { TestAgent, type TestAgentOptions } from '../../../support/test-agent.ts';
import { waitFor } from '../../../support/wait-for.ts';

const agents: TestAgent[] = [];
afterEach(async () => {
  for (const agent of agents.splice(0)) {
    agent.provider.open();
    await agent.stop();
  }
});

async function begin(behaviour: Partial<FakeBehaviour> = {}, options: Partial<TestAgentOptions> = {}) {
  const coordinator = new FakeCoordinator(behaviour);
  const agent = await TestAgent.start({ coordinator, ...options });
  agents.push(agent);
  return { coordinator, agent, first: behaviour.refusal ? undefined! : await coordinator.connection(1) };
}

test('the way of a task: credit, accept, results, acknowledgement, credit again', async () => {
  const { agent, first } = await begin();
  await waitFor(() => first.credit() === 4, { what: 'credit' });
  const assignment = assignmentOf({ count: 4 });
  first.assign(assignment);
  await waitFor(() => first.results().length === 4, { what: 'four results' });
  expect(first.all('accept').map((m) => m.attemptIds)).toEqual([[assignment.attemptId]]);
  expect(new Map(first.results().map(({ result }) => [result.unit, result.outcome]))).toEqual(
    new Map([0, 1, 2, 3].map((unit) => [unit, 'scored'])),
  );
  await waitFor(() => first.credit() === 8, { what: 'credit for four more' });
  await waitFor(() => agent.work.heldAttempts().length === 0, { what: 'the attempt to end' });
  expect(agent.spool.usage().records).toBe(0);
  expect(agent.provider.peak).toBeLessThanOrEqual(2);
  expect(first.all('handBack')).toEqual([]);
});

test('a repeated assignment of a held attempt is accepted again and run once', async () => {
  const { agent, first } = await begin();
  agent.provider.hold();
  const assignment = assignmentOf({ count: 2 });
  first.assign(assignment);
  first.assign(assignment);
  await waitFor(() => first.all('accept').length === 2, { what: 'two accepts' });
  agent.provider.open();
  await waitFor(() => agent.work.heldAttempts().length === 0, { what: 'the attempt to end' });
  expect(agent.provider.requests).toHaveLength(2);
});

test('an empty line is the line before; a context is known by its digest', async () => {
  const { agent, first } = await begin();
  const one = assignmentOf({ count: 2 });
  one.samples[1] = { ...one.samples[1]!, epoch: 2, line: Buffer.alloc(0) };
  first.assign(one, assignmentOf({ count: 1, firstUnit: 5, sendContext: false }));
  await waitFor(() => first.results().length === 3, { what: 'three results' });
  expect(agent.provider.requests.map((r) => r.sample)).toEqual(
    expect.arrayContaining([
      { id: 1, epoch: 1, target: ['a1'] },
      { id: 2, epoch: 2, target: ['a1'] },
    ]),
  );
});

test.each([
  ['an unknown context', () => assignmentOf({ count: 1, sendContext: false, model: 'mock/never-sent' }), 'not known here'],
  ['a model that the entry does not serve', () => assignmentOf({ count: 1, model: 'openai/x' }), 'does not serve openai/x'],
  ['an entry that is not there', () => assignmentOf({ count: 1, modelIndex: 7 }), 'does not serve'],
])('declines %s', async (_, make, detail) => {
  const { first, agent } = await begin();
  first.assign(make());
  const [handBack] = await waitFor(() => (first.all('handBack').length > 0 ? first.all('handBack') : undefined), { what: 'a hand-back' });
  expect(handBack).toMatchObject({ reason: 'declined', detail: expect.stringContaining(detail) });
  expect(agent.work.heldAttempts()).toEqual([]);
});

test('a broken stream does not stop the work; the next one carries every unacknowledged result', async () => {
  const { coordinator, agent, first } = await begin({ ackReports: false });
  const assignment = assignmentOf({ count: 3 });
  first.assign(assignment);
  await waitFor(() => first.results().length > 0, { what: 'a first result' });
  first.cut();
  const second = await coordinator.connection(2);
  expect(second.hello().heldAttempts).toEqual([assignment.attemptId]);
  expect(second.hello().agentId).toBe(first.hello().agentId);
  coordinator.behaviour.ackReports = true;
  await waitFor(() => second.results().length === 3, { what: 'all three results again' });
  for (const report of second.all('report')) second.acknowledge(report);
  await waitFor(() => agent.work.heldAttempts().length === 0, { what: 'the attempt to end' });
  expect(agent.provider.requests).toHaveLength(3);
  // Credit begins anew on a stream.
  await waitFor(() => second.credit() === 4, { what: 'credit' });
});

test('what Welcome, a heartbeat, a report or a revoke calls lost is aborted and forgotten', async () => {
  const { coordinator, agent, first } = await begin();
  agent.provider.hold();
  const [byHeartbeat, byRevoke, byWelcome] = [0, 1, 2].map((i) => assignmentOf({ count: 1, firstUnit: i }));
  first.assign(byHeartbeat!, byRevoke!, byWelcome!);
  await waitFor(() => agent.provider.running === 2, { what: 'two calls to run' });
  first.send({ kind: 'heartbeatAck', sequence: 1, lostAttempts: [byHeartbeat!.attemptId] });
  first.send({ kind: 'revoke', attemptIds: [byRevoke!.attemptId], reason: 'cancelled' });
  await waitFor(() => agent.work.heldAttempts().length === 1, { what: 'two attempts to be lost' });
  coordinator.behaviour.lost.add(byWelcome!.attemptId);
  first.cut();
  const second = await coordinator.connection(2);
  await waitFor(() => agent.work.heldAttempts().length === 0, { what: 'the third attempt to be lost' });
  await waitFor(() => agent.provider.running === 0, { what: 'all calls to be aborted' });
  expect([...first.all('handBack'), ...second.all('handBack'), ...second.all('report')]).toEqual([]);
  await waitFor(() => second.credit() === 4, { what: 'the whole room' });
});

test('a coordinator that is silent for a lease is left, without losing the work', async () => {
  const { coordinator, agent, first } = await begin({ leaseMs: 150 });
  agent.provider.hold();
  const assignment = assignmentOf({ count: 1 });
  first.assign(assignment);
  await waitFor(() => agent.work.running === 1, { what: 'the call to run' });
  first.mute();
  const second = await coordinator.connection(2);
  expect(second.hello().heldAttempts).toEqual([assignment.attemptId]);
  agent.provider.open();
  await waitFor(() => second.results().length === 1, { what: 'the result' });
});

test('after a crash the spooled results are sent, then the rest of the attempt is handed back as lost', async () => {
  const { coordinator, agent, first } = await begin({ ackReports: false });
  const assignment = assignmentOf({ count: 3 });
  let calls = 0;
  agent.provider.answer = () => (++calls <= 2 ? 'x' : new Promise<string>(() => undefined));
  first.assign(assignment);
  await waitFor(() => first.results().length === 2, { what: 'two results' });
  agents.splice(0);
  await agent.crash();
  const again = await TestAgent.start({ coordinator, dir: agent.dir });
  agents.push(again);
  const second = await coordinator.connection(2);
  expect(second.hello().heldAttempts).toEqual([assignment.attemptId]);
  await waitFor(() => second.results().length === 2, { what: 'both results again' });
  expect(second.all('handBack')).toEqual([]);
  for (const report of second.all('report')) second.acknowledge(report);
  const [handBack] = await waitFor(() => (second.all('handBack').length > 0 ? second.all('handBack') : undefined), {
    what: 'the hand-back',
  });
  expect(handBack).toMatchObject({ attemptId: assignment.attemptId, taskId: assignment.taskId, reason: 'lost' });
  expect(again.provider.requests).toHaveLength(0);
});

test('quota: unstarted and failed units go back, the entry is suspended, then one sample tries', async () => {
  const { agent, first } = await begin({}, { firstProbeMs: 30 });
  agent.provider.hold();
  agent.provider.answer = () => {
    throw new ModelError('quota', 'insufficient_quota', { httpStatus: 429 });
  };
  first.assign(assignmentOf({ count: 1 }), assignmentOf({ count: 1 }), assignmentOf({ count: 2 }));
  await waitFor(() => agent.provider.running === 2, { what: 'two calls' });
  agent.provider.open();
  await waitFor(() => first.all('handBack').length === 3, { what: 'three hand-backs' });
  expect(new Set(first.all('handBack').map((m) => m.reason))).toEqual(new Set(['quota']));
  expect(first.all('handBack')[0]!.detail).toContain('HTTP 429');
  expect(first.results()).toEqual([]);
  expect(agent.provider.requests).toHaveLength(2);
  await waitFor(() => first.all('modelStatus').length === 2, { what: 'suspended, then not' });
  expect(first.all('modelStatus')).toMatchObject([
    { suspended: true, reason: 'quota', retryMs: expect.any(Number) as number },
    { suspended: false },
  ]);
  agent.provider.answer = () => 'a1';
  first.assign(assignmentOf({ count: 3 }));
  await waitFor(() => first.results().length === 3, { what: 'results again' });
});

test('a probe: room for one; a failure that is no refusal ends it', async () => {
  const { agent, first } = await begin({}, { firstProbeMs: 30 });
  const room = first.credit();
  agent.provider.answer = () => {
    throw new ModelError('quota', 'insufficient_quota', { httpStatus: 429 });
  };
  first.assign(assignmentOf({ count: room }));
  await waitFor(() => first.all('modelStatus').length === 2, { what: 'suspended, then not' });
  await waitFor(() => first.credit() > room, { what: 'room for a probe' });
  expect(first.credit()).toBe(room + 1);
  agent.provider.hold();
  agent.provider.answer = () => {
    throw new ModelError('server_error', 'HTTP 500', { httpStatus: 500 });
  };
  const calls = agent.provider.requests.length;
  first.assign(assignmentOf({ count: 2 }));
  await waitFor(() => agent.provider.running > 0, { what: 'the probe' });
  expect(agent.provider.requests).toHaveLength(calls + 1);
  agent.provider.open();
  agent.provider.hold();
  await waitFor(() => agent.provider.running === 2, { what: 'both samples at once' });
  agent.provider.answer = () => 'a1';
  agent.provider.open();
  await waitFor(() => first.results().length === 2, { what: 'both results' });
});

test('a model that a pattern let in and that is missing is the sample’s error; a named one is the entry’s', async () => {
  const missing = (): never => {
    throw new ModelError('model_not_found', 'no such model', { httpStatus: 404 });
  };
  const pattern = await begin();
  pattern.agent.provider.answer = missing;
  pattern.first.assign(assignmentOf({ count: 1 }));
  await waitFor(() => pattern.first.results().length === 1, { what: 'an errored result' });
  expect(pattern.first.results()[0]!.result).toMatchObject({ outcome: 'errored', error: { class: 'model_not_found' } });
  const named = await begin({}, { entry: { match: 'mock/m' } });
  named.agent.provider.answer = missing;
  named.first.assign(assignmentOf({ count: 1 }));
  await waitFor(() => named.first.all('handBack').length === 1, { what: 'a hand-back' });
  expect(named.first.all('modelStatus')).toMatchObject([{ suspended: true, reason: 'model_not_found' }]);
});

test('drain: unstarted attempts go back at once, running samples finish and are acknowledged', async () => {
  const { agent, first } = await begin();
  agent.provider.hold();
  const [running, waiting] = [assignmentOf({ count: 2 }), assignmentOf({ count: 2, firstUnit: 2 })];
  first.assign(running, waiting);
  await waitFor(() => agent.provider.running === 2, { what: 'two calls' });
  agent.work.drain();
  await waitFor(() => first.all('handBack').length === 1, { what: 'the hand-back' });
  expect(first.all('handBack')[0]).toMatchObject({ attemptId: waiting.attemptId, reason: 'drain' });
  expect(first.all('modelStatus')).toMatchObject([{ suspended: true, reason: 'draining' }]);
  const late = assignmentOf({ count: 1, firstUnit: 9 });
  first.assign(late);
  await waitFor(() => first.all('handBack').length === 2, { what: 'the late one to be handed back' });
  agent.provider.open();
  await waitFor(() => agent.work.heldAttempts().length === 0, { what: 'nothing to be held' });
  expect(first.results().map(({ attemptId }) => attemptId)).toEqual([running.attemptId, running.attemptId]);
  await agent.session.stop();
  await waitFor(() => first.closed, { what: 'the stream to end' });
});

test('abort: interrupted is not failed, the units go back without a result', async () => {
  const { agent, first } = await begin();
  agent.provider.hold();
  first.assign(assignmentOf({ count: 2 }));
  await waitFor(() => agent.provider.running === 2, { what: 'two calls' });
  agent.work.abort();
  await waitFor(() => first.all('handBack').length === 1, { what: 'the hand-back' });
  expect(first.results()).toEqual([]);
  expect(agent.provider.running).toBe(0);
});

test('addresses in turn; a refused token is tried again; a refused version is the end', async () => {
  const { coordinator, agent } = await begin(
    { refusal: new AppError('unauthenticated', 'the token is not valid') },
    { session: { addresses: ['one:1', 'two:2'] } },
  );
  await waitFor(() => coordinator.dialled.length >= 3, { what: 'three tries' });
  expect(coordinator.dialled.slice(0, 3)).toEqual(['one:1', 'two:2', 'one:1']);
  coordinator.behaviour.refusal = undefined;
  await agent.session.ready;
  coordinator.behaviour.refusal = new AppError('failed_precondition', 'wire version 1 is not spoken here');
  for (const connection of coordinator.connections) connection.cut();
  expect(await agent.session.ended).toMatchObject({ code: 'failed_precondition' });
  expect(agent.session.state.kind).toBe('closed');
});

test('a Hello that a coordinator takes for overtaken: the next one has a number above what that has seen', async () => {
  const latest = Date.now() + 86_400_000;
  const { coordinator, agent } = await begin({
    refusal: new AppError('unavailable', 'it has said Hello again', { reason: 'STALE_HELLO', details: { latest: String(latest) } }),
  });
  await waitFor(() => coordinator.connections.length >= 2, { what: 'a second Hello' });
  coordinator.behaviour.refusal = undefined;
  await agent.session.ready;
  const numbers = coordinator.connections.flatMap((c) => c.all('hello').map(({ number }) => number));
  expect(numbers[0]).toBeLessThan(latest);
  expect(numbers[1]).toBe(latest + 1);
  expect(numbers.at(-1)).toBeGreaterThan(latest);
});

test('a coordinator that goes away is left when it has acknowledged what it was sent', async () => {
  const { coordinator, agent, first } = await begin({ ackReports: false });
  const assignment = assignmentOf({ count: 1 });
  first.assign(assignment);
  await waitFor(() => first.results().length === 1, { what: 'the result' });
  first.send({ kind: 'drain', reason: 'deploy' });
  first.acknowledge(first.all('report')[0]!);
  const second = await coordinator.connection(2);
  expect(second.hello().heldAttempts).toEqual([]);
  expect(agent.provider.requests).toHaveLength(1);
});

test('a full spool: the entry is suspended and what waits goes back, until there is room', async () => {
  const { agent, first } = await begin({ ackReports: false }, { spool: { maxRecords: 2 } });
  first.assign(assignmentOf({ count: 2 }));
  await waitFor(() => first.all('modelStatus').length === 1, { what: 'the suspension' });
  expect(first.all('modelStatus')).toMatchObject([{ suspended: true, reason: 'spool_full' }]);
  first.assign(assignmentOf({ count: 1 }));
  await waitFor(() => first.all('handBack').length === 1, { what: 'the hand-back' });
  expect(first.all('handBack')[0]!.reason).toBe('spool_full');
  await waitFor(() => first.results().length === 2, { what: 'both results' });
  for (const report of first.all('report')) first.acknowledge(report);
  await waitFor(() => first.all('modelStatus').length === 2, { what: 'the end of the suspension' });
  expect(agent.spool.full).toBe(false);
});

test('heartbeats name what is held, and nothing else', async () => {
  const { agent, first } = await begin();
  agent.provider.hold();
  const assignment = assignmentOf({ count: 1, attemptId: newAttemptId() });
  first.assign(assignment);
  await waitFor(() => first.all('heartbeat').at(-1)?.heldAttempts.length === 1, { what: 'a heartbeat with the attempt' });
  agent.provider.open();
  await waitFor(() => first.all('heartbeat').at(-1)?.heldAttempts.length === 0, { what: 'a heartbeat without it' });
  const sequences = first.all('heartbeat').map((m) => m.sequence);
  expect(sequences).toEqual(sequences.map((_, i) => i + 1));
});

test('a coordinator that takes lines is told of attempts, in the end of the stream too; an older one is told nothing', async () => {
  const older = await begin();
  const { agent, first } = await begin({ logBytesPerSecond: 10_000 });
  const assignment = assignmentOf({ count: 2 });
  for (const connection of [older.first, first]) connection.assign(assignment);
  const lines = (connection = first) => connection.all('lines').flatMap((message) => message.lines);
  await waitFor(() => lines().length >= 2, { what: 'the lines' });
  expect(lines().map(({ attemptId, level, text }) => [attemptId, level, text.split(':')[0]])).toEqual([
    [assignment.attemptId, 'info', 'taken'],
    [assignment.attemptId, 'info', 'done'],
  ]);
  agent.provider.answer = () => Promise.reject(new ModelError('request', 'too long, and says why'));
  first.assign(assignmentOf({ count: 1, firstUnit: 7 }));
  await waitFor(() => first.results().length === 3, { what: 'its result' });
  await agent.stop();
  expect(lines()).toContainEqual(
    expect.objectContaining({ level: 'error', unit: 7, text: expect.stringContaining('too long, and says why') }),
  );
  expect(lines(older.first)).toEqual([]);
});
