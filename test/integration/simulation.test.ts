/** A sample of what `npm run proof` shows at length: the simulation, its honesty, and that its checks see what is wrong. */
import { expect, test } from 'vitest';
import { run as honesty } from '../proof/model-honesty.ts';
import { run as simulation } from '../proof/simulation.ts';

const options = { full: false, seed: 1, log: () => undefined };

test('hundreds of seeds: no invariant is broken, and a seed gives the same course twice', { timeout: 180_000 }, async () => {
  const { figures } = await simulation({ ...options, seeds: 400 });
  expect(figures.violations).toEqual([]);
  expect(figures).toMatchObject({ seeds: 400, violating: 0, twice: 50, equalHashes: 50 });
  // Each kind of fault was among them.
  expect(Object.keys(figures['faults'] as object).length).toBeGreaterThan(15);
});

test('the simulated Redis answers as a real one does', { timeout: 180_000 }, async () => {
  const { figures } = await honesty({ ...options, sequences: 600 });
  expect(figures.violations).toEqual([]);
  expect(figures).toMatchObject({ sequences: 600, commands: 18_000 });
});
