/** The short form of every part of `npm run proof`; the long ones are run by hand. */
import { expect, test } from 'vitest';
import { LONG, partsOf } from './parts.ts';

const parts = (await partsOf()).filter(({ name }) => !LONG.has(name));

test.each(parts)('$name', async ({ run }) => {
  const { ok, figures } = await run({ full: false, sample: true, seed: 1, log: (line) => console.log(line) });
  console.log(JSON.stringify(figures));
  expect(figures.violations).toEqual([]);
  expect(ok).toBe(true);
});
