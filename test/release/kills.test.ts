/**
 * Processes are killed while an evaluation runs: every unit is counted once, with the right answer; what was counted is never
 * called again; and only samples that had started and were not counted at a kill are.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Blow } from '../support/books.ts';
import { finished, Victim } from '../support/victim.ts';

let victim: Victim;
beforeEach(async () => {
  victim = await Victim.start();
});
afterEach(() => victim.stop());

test('an agent, the coordinator and Redis are killed in turn', async () => {
  const agents = await victim.agents('a', 'b');
  const id = await victim.submit();
  const blows: Blow[] = [];
  await victim.until(id, 0.15);
  blows.push(await victim.ledger.strike(id, 'agent', () => agents[0]!.kill9()));
  await agents[0]!.start();
  await victim.until(id, 0.4);
  blows.push(await victim.ledger.strike(id, 'coordinator', () => victim.coordinator.kill9()));
  await victim.coordinator.start();
  await victim.until(id, 0.65);
  blows.push(
    await victim.ledger.strike(id, 'redis', async () => {
      victim.ledger.disconnect();
      await victim.fleet.redis.kill9();
    }),
  );
  await victim.fleet.redis.restart();
  const { repeats, bound, unexplained } = await finished(victim, id, blows);
  expect(repeats).toBeLessThanOrEqual(bound);
  expect(unexplained).toBe(0);
});

test('the death of coordinators alone repeats no call', async () => {
  await victim.agent('a');
  const id = await victim.submit();
  const blows: Blow[] = [];
  for (const share of [0.15, 0.55]) {
    await victim.until(id, share);
    blows.push(await victim.ledger.strike(id, 'coordinator', () => victim.coordinator.kill9()));
    await victim.coordinator.start();
  }
  // An assignment that died on its way is granted again, but none of its samples had been called.
  expect((await finished(victim, id, blows)).repeats).toBe(0);
});

test('two coordinators share the work; one is told to stop, the other takes its agents over', async () => {
  const other = await victim.anotherCoordinator();
  await Promise.all([
    victim.agent('a', [victim.coordinator.address, other.address]),
    victim.agent('b', [other.address, victim.coordinator.address]),
  ]);
  const id = await victim.submit();
  const blows: Blow[] = [];
  victim.client = victim.fleet.client(other.address);
  await victim.until(id, 0.2);
  expect(await victim.coordinator.signal('SIGTERM')).toBe(0);
  await victim.until(id, 0.5);
  await victim.coordinator.start();
  blows.push(await victim.ledger.strike(id, 'coordinator', () => other.kill9()));
  victim.client = victim.fleet.client(victim.coordinator.address);
  expect((await finished(victim, id, blows)).repeats).toBe(0);
});

test('an agent that is told to stop finishes what runs: nothing is repeated', async () => {
  const agents = await victim.agents('a', 'b');
  const id = await victim.submit();
  await victim.until(id, 0.3);
  victim.release();
  expect(await agents[0]!.signal('SIGTERM')).toBe(0);
  expect((await finished(victim, id, [])).repeats).toBe(0);
});
