/** Failovers that sentinels make: what was acknowledged with a replica is on that replica, and an evaluation goes on. */
import { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { redisCheck } from '../../cli/doctor/redis.ts';
import { connect } from '../../shared/client/connect.ts';
import { parseDurability } from '../../shared/domain/durability.ts';
import { Fleet } from '../support/fleet.ts';
import { mockSpec, sums } from '../support/mock-evaluation.ts';
import { DOWN_AFTER_MS, startSentinels, type RedisSentinels } from '../support/redis-sentinel.ts';
import { finished, Victim } from '../support/victim.ts';
import { waitFor } from '../support/wait-for.ts';

let sentinels: RedisSentinels;
beforeEach(async () => {
  sentinels = await startSentinels();
}, 60_000);

const failedOver = (): Promise<unknown> =>
  waitFor(async () => (await sentinels.primaryPort()) === sentinels.replica.port, { what: 'the failover', timeoutMs: 30_000, everyMs: 50 });

test(
  'over a partitioned link: nothing that was acknowledged with a replica is lost, and the rest was not acknowledged',
  { timeout: 120_000 },
  async () => {
    const fleet = await Fleet.on({ ...sentinels.primary, url: sentinels.url, stop: sentinels.stop });
    const coordinator = await fleet.coordinator({ args: ['--lease-ms', '3000', '--heartbeat-ms', '500', '--sweep-ms', '200'] });
    const client = connect({ addresses: [coordinator.address], patienceMs: 500, durability: parseDurability('replicated:1')! });
    const plain = fleet.client(coordinator.address);
    const replica = new Redis({ port: sentinels.replica.port });
    try {
      const spec = mockSpec(await client.uploadBytes(sums(4)));
      const submit = async (key: string): Promise<string> => (await client.submit({ spec, idempotencyKey: key })).evaluation.evaluationId;
      const names = (prefix: string): string[] => Array.from({ length: 30 }, (_, i) => `${prefix}-${i}`);
      const acknowledged = await Promise.all(names('before').map(submit));
      await client.pause({ evaluationId: acknowledged[0]! });

      sentinels.link.stall('down');
      const during = await Promise.allSettled([...names('during').map(submit), client.pause({ evaluationId: acknowledged[1]! })]);
      for (const answer of during)
        expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'unavailable', details: { indeterminate: 'true' } } });
      const unwaited = await Promise.all(names('unwaited').map((key) => plain.submit({ spec, idempotencyKey: key })));
      expect(unwaited.every(({ durability }) => durability?.class === 'buffered')).toBe(true);

      // No coordinator brings anything back before we have looked at what the replica has.
      await coordinator.kill9();
      await sentinels.primary.kill9();
      await failedOver();
      await waitFor(async () => (await replica.role())[0] === 'master', { what: 'the replica to be primary' });
      const metaOf = (evaluationId: string): Promise<Record<string, string>> => replica.hgetall(`assay:{${evaluationId}}:meta`);
      const kept = await Promise.all(acknowledged.map(metaOf));
      const lost = kept.filter(({ state }) => state === undefined).length;
      const lostUnwaited = (await Promise.all(unwaited.map(({ evaluation }) => metaOf(evaluation.evaluationId)))).filter(
        ({ state }) => state === undefined,
      ).length;
      console.log(
        JSON.stringify({ test: 'sentinel, partitioned link', acknowledged: kept.length + 1, lost, refused: during.length, lostUnwaited }),
      );
      expect(lost).toBe(0);
      expect(kept[0]!['state']).toBe('paused');
      expect(kept[1]!['state']).toBe('running');
      // It was a partition: what nobody waited for is gone from Redis …
      expect(lostUnwaited).toBe(unwaited.length);

      // … and the store brings it back, all of it: also what was written and not acknowledged.
      await coordinator.start();
      await waitFor(async () => (await plain.list({}, { size: 1000 })).items.length === 90, { what: 'all evaluations' });
      await waitFor(async () => (await plain.get(acknowledged[1]!)).state === 'paused', {
        what: 'the journaled command',
        timeoutMs: 60_000,
        everyMs: 100,
      });
      expect(await plain.submit({ spec, idempotencyKey: 'during-0' })).toMatchObject({ existed: true });
      const error: unknown = await submit('after').catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        code: 'failed_precondition',
        message: expect.stringContaining('Redis has no replica. Nothing was written'),
      });
    } finally {
      replica.disconnect();
      client.close();
      await fleet.stop();
    }
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
    await failedOver();
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
