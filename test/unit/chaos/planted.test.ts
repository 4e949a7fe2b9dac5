/** Bugs that are planted change a place that is there: one that has moved would be found only by the long runs. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { BUGS } from '../../chaos/planted/bugs.ts';
import { MUTANTS } from '../../simulation/mutants.ts';

const places = [...BUGS, ...MUTANTS].flatMap(({ name, changes }) => changes.map((change) => [name, change] as const));

test.each(places)('%s', (_, { file, from }) => {
  const text = readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');
  expect(text.split(from)).toHaveLength(2);
});
