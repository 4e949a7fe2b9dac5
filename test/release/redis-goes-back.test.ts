/** Redis comes back with less than it had: what was acknowledged comes back from the store and is never run again. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { finished, Victim } from '../support/victim.ts';
import { waitFor } from '../support/wait-for.ts';

let victim: Victim;
beforeEach(async () => {
  victim = await Victim.start();
});
afterEach(() => victim.stop());

test.each(['a new coordinator', 'the coordinator that it left'])('Redis comes back as it was some seconds ago, to %s', async (to) => {
  await victim.agent('a');
  const id = await victim.submit();
  await victim.until(id, 0.2);
  // The worst that a lost tail of the append-only file, or a failover to a replica that lags, can do.
  await victim.fleet.redis.keepFile('before');
  await victim.until(id, 0.5);
  const blow = await victim.ledger.strike(id, 'all', async () => {
    victim.ledger.disconnect();
    await Promise.all([victim.fleet.redis.kill9(), to === 'a new coordinator' && victim.coordinator.kill9()]);
  });
  await victim.fleet.redis.restoreFile('before');
  await victim.fleet.redis.restart();
  if (!victim.coordinator.running) await victim.coordinator.start();
  expect(await finished(victim, id, [blow])).toMatchObject({ ofCounted: 0 });
});

test('Redis comes back as it was before the end of an evaluation: it stays over, and nothing of it is run again', async () => {
  await victim.agent('a');
  const id = await victim.submit();
  await victim.until(id, 0.5);
  await victim.fleet.redis.keepFile('before');
  expect(await finished(victim, id, [])).toMatchObject({ repeats: 0 });
  const { units } = await victim.client.report(id);
  const { length: calls } = victim.endpoint.calls;
  victim.ledger.disconnect();
  await victim.fleet.redis.kill9();
  await victim.fleet.redis.restoreFile('before');
  await victim.fleet.redis.restart();
  // Another one on the same routes, without which nobody would look into their queues.
  const next = await victim.submit('next');
  await waitFor(async () => (await victim.client.get(next)).state === 'succeeded', { what: 'the next one to end', timeoutMs: 40_000 });
  expect(victim.endpoint.calls).toHaveLength(2 * calls);
  expect(await victim.client.get(id)).toMatchObject({ state: 'succeeded', counts: units });
});
