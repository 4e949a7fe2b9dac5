import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { VoidFrame } from '../../../../coordinator/store/store.ts';
import { Voids } from '../../../../coordinator/store/voids.ts';

const frame = fc.record(
  { attemptId: fc.constantFrom('a', 'b'), units: fc.uniqueArray(fc.nat(5), { minLength: 1 }), generation: fc.integer({ min: 1, max: 5 }) },
  { requiredKeys: ['attemptId', 'units'] },
) as fc.Arbitrary<VoidFrame>;
const seal = fc.record({ generation: fc.integer({ min: 1, max: 5 }), voids: fc.array(frame, { maxLength: 3 }) });

const pairs = (voids: readonly VoidFrame[]): string[] =>
  voids.flatMap(({ attemptId, units }) => units.map((unit) => `${attemptId} ${unit}`));

test('what holds: the highest seal, and what was refused by its generation, a later one, or by one that does not say', () => {
  const property = fc.property(
    fc.array(frame, { maxLength: 8 }),
    fc.uniqueArray(seal, { selector: ({ generation }) => generation, maxLength: 4 }),
    fc.array(fc.nat()),
    (frames, seals, order) => {
      const voids = new Voids();
      const steps = [...frames.map((f) => () => voids.add(f)), ...seals.map((s) => () => voids.seal(s.generation, s.voids))];
      for (const at of order) if (steps.length > 0) steps.splice(at % steps.length, 1)[0]!();
      for (const step of steps) step();
      const highest = seals.toSorted((x, y) => y.generation - x.generation)[0];
      const since = highest?.generation ?? 0;
      const wanted = new Set(pairs([...(highest?.voids ?? []), ...frames.filter(({ generation = Infinity }) => generation >= since)]));
      expect(new Set(pairs(voids.all()))).toEqual(wanted);
      for (const attemptId of ['a', 'b', 'nobody'])
        for (let unit = 0; unit <= 5; unit++) expect(voids.of(attemptId)?.(unit) ?? false).toBe(wanted.has(`${attemptId} ${unit}`));
    },
  );
  fc.assert(property, { numRuns: 500 });
});
