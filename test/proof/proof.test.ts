/** A sample of every part of `npm run proof` that no other test shows; the long ones are run by hand. */
import { expect, test } from 'vitest';
import { LONG, partsOf, SHOWN_BY_TESTS } from './parts.ts';

const parts = (await partsOf()).filter(({ name }) => !LONG.has(name) && !SHOWN_BY_TESTS.has(name));

test.each(parts)('$name', async ({ run }) => {
  const { ok, figures } = await run({ full: false, sample: true, seed: 1, log: (line) => console.log(line) });
  console.log(JSON.stringify(figures));
  expect(figures.violations).toEqual([]);
  expect(ok).toBe(true);
});
