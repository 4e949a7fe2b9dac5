/** The simulated Redis gives the answers of a real one: the ledger's scripts and leases under random sequences of commands. */
import { checkHonesty } from '../simulation/honesty/honesty.ts';
import { startRedis } from '../support/redis.ts';
import { claim, type Claim, type ClaimOptions } from './claim.ts';

const SEQUENCES = { sample: 300, short: 5_000, full: 100_000 };

export function run({ full, sample, seed }: ClaimOptions): Promise<Claim> {
  return claim('model honesty', async (violations) => {
    const sequences = SEQUENCES[sample ? 'sample' : full ? 'full' : 'short'];
    const redis = await startRedis();
    const startedAt = performance.now();
    try {
      const { differences, commands, steps } = await checkHonesty({ sequences, seed, redisUrl: redis.url });
      violations.push(...differences);
      return { sequences, commands, seconds: Math.round((performance.now() - startedAt) / 1000), steps };
    } finally {
      await redis.stop();
    }
  });
}
