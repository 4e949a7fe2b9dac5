/**
 * Sentinels make a replica primary that has got nothing for a while: nothing that was acknowledged with a replica is lost, what was not is
 * answered as not known, and the store brings back the rest.
 */
import { startSentinels } from '../support/redis-sentinel.ts';
import { failOverPartitioned, WANTED, type PartitionFacts } from '../support/sentinel-partition.ts';
import { claim, expectAll, type Claim, type ClaimOptions } from './claim.ts';

const ROUNDS = { short: 1, full: 5 };
const COUNTED = ['acknowledged', 'lost', 'asked', 'refused', 'unwaited', 'lostUnwaited', 'broughtBack'] as const;

export function run({ full, log }: ClaimOptions): Promise<Claim> {
  return claim('Sentinel failover over a partitioned link', async (violations) => {
    const rounds = full ? ROUNDS.full : ROUNDS.short;
    const sums = Object.fromEntries(COUNTED.map((name) => [name, 0])) as Record<(typeof COUNTED)[number], number>;
    for (let round = 1; round <= rounds; round++) {
      const facts = await partitioned();
      log(`round ${round} of ${rounds}: ${JSON.stringify(facts)}`);
      expectAll(
        violations,
        Object.fromEntries(Object.entries(WANTED).map(([name, wanted]) => [name, [facts[name as keyof typeof WANTED], wanted]])),
      );
      expectAll(violations, { 'a demand without a replica': [facts.without?.code, 'failed_precondition'] });
      for (const name of COUNTED) sums[name] += facts[name];
    }
    return { rounds, ...sums };
  });
}

async function partitioned(): Promise<PartitionFacts> {
  const sentinels = await startSentinels();
  try {
    return await failOverPartitioned(sentinels);
  } finally {
    await sentinels.stop();
  }
}
