/** Redis is wiped: what was acknowledged comes back from the store and is never run again. One that comes back with less: test/release/redis-goes-back.test.ts. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Blow } from '../support/books.ts';
import { finished, Victim } from '../support/victim.ts';
import { waitFor } from '../support/wait-for.ts';

let victim: Victim;
beforeEach(async () => {
  victim = await Victim.start();
});
afterEach(() => victim.stop());

test('Redis is wiped in the middle', async () => {
  await victim.agents('a', 'b');
  const id = await victim.submit();
  const blows: Blow[] = [];
  for (const share of [0.2, 0.6]) {
    await victim.until(id, share);
    blows.push(await victim.ledger.strike(id, 'wipe', () => victim.ledger.flushAll()));
    await waitFor(async () => (await victim.client.get(id)).state === 'running', {
      what: 'the evaluation to be recovered',
      timeoutMs: 30_000,
    });
  }
  expect(await finished(victim, id, blows)).toMatchObject({ ofCounted: 0 });
});
