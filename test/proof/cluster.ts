/** On a Redis Cluster of three primaries a replica takes over by command, a slot moves, and a primary is killed: evaluations end exactly. */
import { strikeShard, victimOnCluster } from '../support/cluster-blows.ts';
import { claim, expectAll, type Claim, type ClaimOptions } from './claim.ts';

const ROUNDS = { short: 1, full: 5 };

export function run({ full, log }: ClaimOptions): Promise<Claim> {
  return claim('Redis Cluster', async (violations) => {
    const rounds = full ? ROUNDS.full : ROUNDS.short;
    const sums = { exact: 0, failovers: 0, migrations: 0, kills: 0, repeats: 0 };
    const times: { promotedMs: number[]; goesOnMs: number[] } = { promotedMs: [], goesOnMs: [] };
    for (let round = 1; round <= rounds; round++) {
      const { cluster, victim } = await victimOnCluster();
      try {
        const facts = await strikeShard(cluster, victim);
        log(`round ${round} of ${rounds}: ${JSON.stringify(facts)}`);
        expectAll(violations, { 'keys left behind': [facts.leftBehind, 0], 'calls of counted samples': [facts.ofCounted, 0] });
        for (const name of ['exact', 'failovers', 'migrations', 'kills'] as const) sums[name]++;
        sums.repeats += facts.repeats;
        times.promotedMs.push(facts.promotedMs);
        times.goesOnMs.push(facts.goesOnMs);
      } finally {
        await victim.stop();
      }
    }
    return { evaluations: rounds, ...sums, ...times };
  });
}
