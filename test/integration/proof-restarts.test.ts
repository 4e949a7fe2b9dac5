/** The short forms of what `npm run proof` shows of restarts: of all coordinators, and of a Redis that comes back empty. */
import { expect, test } from 'vitest';
import { run as flushall } from '../proof/flushall.ts';
import { run as rollingRestarts } from '../proof/rolling-restarts.ts';

const form = { full: false, seed: 1, log: console.log };

test('rolling restarts of all coordinators: every sample is executed once, and watchers miss nothing', async () => {
  const shown = await rollingRestarts(form);
  console.log(JSON.stringify(shown));
  expect(shown.figures.violations).toEqual([]);
  expect(shown.ok).toBe(true);
}, 180_000);

test('FLUSHALL in mid-run, on both stores', async () => {
  const shown = await flushall(form);
  console.log(JSON.stringify(shown));
  expect(shown.figures.violations).toEqual([]);
  expect(shown.ok).toBe(true);
}, 180_000);
