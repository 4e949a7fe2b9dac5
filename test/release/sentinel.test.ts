/** Failovers that sentinels make: what was acknowledged with a replica is on that replica, and an evaluation goes on. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { redisCheck } from '../../cli/doctor/redis.ts';
import { DOWN_AFTER_MS, startSentinels, type RedisSentinels } from '../support/redis-sentinel.ts';
import { failedOver, failOverPartitioned, WANTED } from '../support/sentinel-partition.ts';
import { finished, Victim } from '../support/victim.ts';
import { waitFor } from '../support/wait-for.ts';

let sentinels: RedisSentinels;
beforeEach(async () => {
  sentinels = await startSentinels();
}, 60_000);

test(
  'over a partitioned link: nothing that was acknowledged with a replica is lost, and the rest was not acknowledged',
  { timeout: 120_000 },
  async () => {
    const { without, ...facts } = await failOverPartitioned(sentinels);
    console.log(JSON.stringify({ test: 'sentinel, partitioned link', ...facts }));
    expect(facts).toEqual(WANTED);
    expect(without).toMatchObject({
      code: 'failed_precondition',
      message: expect.stringContaining('Redis has no replica. Nothing was written'),
    });
  },
);

test('the primary is killed: the evaluation goes on soon, and ends exactly', { timeout: 120_000 }, async () => {
  const victim = await Victim.start({ redis: { ...sentinels.primary, url: sentinels.url, stop: sentinels.stop } });
  try {
    await victim.agents('a', 'b');
    const id = await victim.submit();
    await victim.until(id, 0.3);
    const blow = await victim.ledger.strike(id, 'kill -9 of the primary', () => sentinels.primary.kill9());
    victim.release();
    const counted = blow.counted.size;
    const killedAt = performance.now();
    await failedOver(sentinels);
    const failedOverAt = performance.now();
    // Not all sentinels know of it at once.
    await waitFor(async () => (await redisCheck(sentinels.url, Date.now).run()).every(({ level }) => level !== 'fault'), {
      what: 'the doctor to find the new primary',
    });
    await waitFor(async () => (await victim.ledger.closedUnits(id)).length > counted + 5, {
      what: 'results to be counted',
      timeoutMs: 30_000,
    });
    const recoveredMs = performance.now() - killedAt;
    console.log(
      JSON.stringify({
        test: 'sentinel, kill -9 of the primary',
        failoverMs: Math.round(failedOverAt - killedAt),
        recoveredMs: Math.round(recoveredMs),
        downAfterMs: DOWN_AFTER_MS,
      }),
    );
    expect(await finished(victim, id, [blow])).toMatchObject({ ofCounted: 0 });
    // What sentinels take to agree is theirs.
    expect(recoveredMs - (failedOverAt - killedAt)).toBeLessThan(5_000);
  } finally {
    await victim.stop();
  }
});

afterEach(() => sentinels?.stop());
