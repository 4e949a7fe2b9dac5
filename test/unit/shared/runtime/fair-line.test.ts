import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FairLine } from '../../../../shared/runtime/fair-line.ts';

const owners = fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom(1, 2, 3));
const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('add' as const), owners }),
    fc.record({ kind: fc.constant('next' as const) }),
    fc.record({ kind: fc.constant('delete' as const), nth: fc.nat() }),
  ),
  { maxLength: 200 },
);

test('everybody who came and did not leave is next once, whoever comes and goes meanwhile', () => {
  fc.assert(
    fc.property(steps, (steps) => {
      const line = new FairLine<object>();
      const waiting = new Map<object, readonly unknown[]>();
      for (const step of steps) {
        if (step.kind === 'add') {
          const item = {};
          waiting.set(item, step.owners);
          line.add(step.owners, item);
        } else if (step.kind === 'next') {
          const item = line.next();
          expect(item !== undefined).toBe(waiting.size > 0);
          if (item) expect(waiting.delete(item)).toBe(true);
        } else {
          const [item, of] = [...waiting][step.nth % (waiting.size || 1)] ?? [{}, ['a', 1]];
          expect(line.delete(of, item)).toBe(waiting.delete(item));
        }
        expect(line.size).toBe(waiting.size);
      }
      while (waiting.size > 0) expect(waiting.delete(line.next() as object)).toBe(true);
      expect(line.next()).toBeUndefined();
    }),
  );
});

test('who brings few does not wait for those who bring many', () => {
  const line = new FairLine<{ who: string }>();
  for (let connection = 0; connection < 16; connection++) for (let i = 0; i < 100; i++) line.add(['host', connection], { who: 'many' });
  for (let i = 0; i < 8; i++) line.add(['host', 'other'], { who: 'few' });
  const order = Array.from({ length: 1608 }, () => line.next()!.who);
  expect(order.filter((who) => who === 'few')).toHaveLength(8);
  expect(order.lastIndexOf('few')).toBeLessThan(16);
});

test('who brings many has turns all the same while others come without end', () => {
  const line = new FairLine<{ who: string }>();
  for (let i = 0; i < 1000; i++) line.add(['many'], { who: 'many' });
  const order = Array.from({ length: 1000 }, (_, i) => {
    line.add([i], { who: 'new' });
    return line.next()!.who;
  });
  const turns = order.flatMap((who, i) => (who === 'many' ? [i] : []));
  expect(turns.length).toBeGreaterThan(20);
  expect(turns.at(-1)).toBeGreaterThan(900);
});
