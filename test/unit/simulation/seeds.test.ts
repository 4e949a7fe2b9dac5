/** Worlds of the simulation in which a promise was broken once. */
import { expect, test } from 'vitest';
import { runSeed } from '../../simulation/run.ts';

test.each([[87_217, 'a ledger that was lost and made anew while a report was written of it']])('%i: %s', async (seed) => {
  expect((await runSeed(seed)).violations).toEqual([]);
});
