/**
 * An evaluation on a Redis Cluster whose shard is struck three times: its replica takes over by command, its slot moves to another primary, and that
 * one is killed. Tests and the proof hold it against what is promised.
 */
import type { Blow, Repeats } from './books.ts';
import { RedisCluster, slotOf } from './redis-cluster.ts';
import { exact, Victim } from './victim.ts';
import { waitFor } from './wait-for.ts';

export interface ClusterFacts extends Repeats {
  evaluationId: string;
  /** Keys of its slot that are left where it was. */
  leftBehind: number;
  /** From the kill of its primary until another one is, and until results are counted again. */
  promotedMs: number;
  goesOnMs: number;
}

/** A cluster, and an evaluation's surroundings on it; the victim stops both. */
export async function victimOnCluster(): Promise<{ cluster: RedisCluster; victim: Victim }> {
  const cluster = await RedisCluster.start();
  const { server } = cluster.nodes[0]!;
  const victim = await Victim.start({ redis: { ...server, url: cluster.url, stop: () => cluster.stop() } });
  return { cluster, victim };
}

/** Throws where it does not end exactly. */
export async function strikeShard(cluster: RedisCluster, victim: Victim): Promise<ClusterFacts> {
  await victim.agents('a', 'b');
  const id = await victim.submit();
  const key = `assay:{${id}}:meta`;
  const blows: Blow[] = [];

  await victim.until(id, 0.15);
  const before = await cluster.shardOf(key);
  blows.push(await victim.ledger.strike(id, 'failover', () => before.replica!.redis.call('CLUSTER', 'FAILOVER')));
  await waitFor(async () => (await cluster.shardOf(key)).primary === before.replica, {
    what: 'the replica to take over',
    timeoutMs: 20_000,
  });

  await victim.until(id, 0.35);
  const source = (await cluster.shardOf(key)).primary;
  blows.push(await victim.ledger.strike(id, 'migration', () => cluster.migrate(key)));
  if ((await cluster.shardOf(key)).primary === source) throw new Error('the slot has not moved');
  const leftBehind = Number(await source.redis.call('CLUSTER', 'COUNTKEYSINSLOT', slotOf(key)));

  await victim.until(id, 0.55);
  await cluster.healthy();
  const dying = (await cluster.shardOf(key)).primary;
  blows.push(await victim.ledger.strike(id, 'kill -9 of its primary', () => dying.server.kill9()));
  victim.release();
  const killedAt = performance.now();
  await waitFor(async () => (await cluster.shardOf(key)).primary !== dying, { what: 'another primary', timeoutMs: 30_000 });
  const promotedMs = Math.round(performance.now() - killedAt);
  const counted = blows.at(-1)!.counted.size;
  await waitFor(async () => (await victim.ledger.closedUnits(id)).length > counted + 5, {
    what: 'results to be counted',
    timeoutMs: 30_000,
  });
  const goesOnMs = Math.round(performance.now() - killedAt);
  return { evaluationId: id, leftBehind, promotedMs, goesOnMs, ...(await exact(victim, id, blows)) };
}
