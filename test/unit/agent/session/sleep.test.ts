import { expect, test } from 'vitest';
import { SleepWatch } from '../../../../agent/session/sleep-watch.ts';
import { systemClock } from '../../../../shared/runtime/clock.ts';
import { assignmentOf, FakeCoordinator } from '../../../support/fake-coordinator.ts';
import { TestAgent } from '../../../support/test-agent.ts';
import { waitFor } from '../../../support/wait-for.ts';

test('the longer of the two clocks counts, from look to look', () => {
  const [time, boot] = [{ ms: 5 }, { ms: 900 }];
  const watch = new SleepWatch({ monotonic: () => time.ms }, () => boot.ms);
  expect(watch.look()).toBe(0);
  time.ms += 40;
  boot.ms += 40;
  expect(watch.look()).toBe(40);
  // Suspended: the monotonic clock stood still.
  boot.ms += 60_000;
  expect(watch.look()).toBe(60_000);
  // Stopped: both went on.
  time.ms += 70;
  boot.ms += 60;
  expect(watch.look()).toBe(70);
  expect(watch.look()).toBe(0);
});

test('a host that was suspended past the leases: calls are aborted, nothing else starts, results that are there are offered on a fresh session', async () => {
  let suspendedMs = 0;
  const coordinator = new FakeCoordinator({ ackReports: false, leaseMs: 400 });
  const agent = await TestAgent.start({
    coordinator,
    session: { sinceBootMs: () => systemClock.monotonic() + suspendedMs },
  });
  try {
    const first = await coordinator.connection(1);
    const assignment = assignmentOf({ count: 5 });
    agent.provider.answer = () => {
      agent.provider.hold();
      return 'a1';
    };
    first.assign(assignment);
    await waitFor(() => first.results().length === 2 && agent.provider.running === 2, { what: 'two results and two calls' });
    suspendedMs = 60_000;
    const second = await coordinator.connection(2);
    expect(agent.provider.running).toBe(0);
    expect(second.hello().heldAttempts).toEqual([assignment.attemptId]);
    await waitFor(() => second.results().length === 2, { what: 'the results' });
    for (const report of second.all('report')) second.acknowledge(report);
    const [handBack] = await waitFor(() => (second.all('handBack').length > 0 ? second.all('handBack') : undefined), { what: 'the rest' });
    // No crash of its, and no fault of the samples.
    expect(handBack).toMatchObject({ attemptId: assignment.attemptId, reason: 'drain' });
    expect(agent.provider.requests).toHaveLength(4);
    const next = assignmentOf({ count: 1, firstUnit: 9 });
    agent.provider.answer = () => 'a1';
    agent.provider.open();
    second.assign(next);
    await waitFor(() => second.results().some(({ attemptId }) => attemptId === next.attemptId), { what: 'new work' });
  } finally {
    await agent.stop();
  }
});

test('a sleep that is shorter than the leases changes nothing', async () => {
  let suspendedMs = 0;
  const coordinator = new FakeCoordinator({ leaseMs: 60_000 });
  const agent = await TestAgent.start({ coordinator, session: { sinceBootMs: () => systemClock.monotonic() + suspendedMs } });
  try {
    const first = await coordinator.connection(1);
    agent.provider.hold();
    first.assign(assignmentOf({ count: 1 }));
    await waitFor(() => agent.provider.running === 1, { what: 'the call' });
    suspendedMs = 50_000;
    const beats = first.all('heartbeat').length;
    await waitFor(() => first.all('heartbeat').length > beats + 3, { what: 'heartbeats' });
    agent.provider.open();
    await waitFor(() => first.results().length === 1, { what: 'the result' });
    expect(coordinator.connections).toHaveLength(1);
  } finally {
    await agent.stop();
  }
});
