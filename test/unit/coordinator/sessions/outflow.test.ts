import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Outflow } from '../../../../coordinator/sessions/outflow.ts';

const MIB = 1024 * 1024;

/** One assignment of `samples` samples of `bytes` each, fetched and about to be sent. */
function send(outflow: Outflow, samples: number, bytes: number): boolean {
  outflow.charge(samples);
  const sent = outflow.begin(samples, samples * bytes);
  if (!sent) outflow.charge(-samples);
  return sent;
}

describe('what is on its way to an agent', () => {
  test('small samples: the credit is all that counts', () => {
    const outflow = new Outflow();
    expect(outflow.room(500)).toBe(500);
    expect(send(outflow, 50, 1024)).toBe(true);
    expect(outflow.room(450)).toBe(450);
    expect(outflow.taken(50, 50 * 1024)).toBe(false);
  });

  test('large samples: one after the other, and the next when the one before has left', () => {
    const outflow = new Outflow();
    expect(send(outflow, 1, 20 * MIB)).toBe(true);
    expect(outflow.room(15)).toBe(0);
    expect(outflow.taken(1, 20 * MIB)).toBe(true);
    expect(outflow.room(15)).toBe(1);
    // Fetched, but not yet put together.
    outflow.charge(1);
    expect(outflow.room(14)).toBe(0);
    outflow.charge(-1);
    expect(outflow.room(14)).toBe(1);
  });

  test('what was fetched before its size was known is not sent beyond the most, but one alone always is', () => {
    const outflow = new Outflow();
    const sent = Array.from({ length: 20 }, () => send(outflow, 1, 20 * MIB));
    expect(sent).toEqual(Array.from({ length: 20 }, (_, i) => i < 4));
    expect(send(new Outflow(), 1, 200 * MIB)).toBe(true);
  });

  test('a rare large sample is remembered, then forgotten', () => {
    const outflow = new Outflow();
    const pass = (bytes: number): void => {
      expect(send(outflow, 1, bytes)).toBe(true);
      outflow.taken(1, bytes);
    };
    pass(64 * MIB);
    pass(1);
    expect(outflow.room(100)).toBe(1);
    for (let i = 0; i < 200; i++) pass(1);
    expect(outflow.room(100)).toBe(100);
  });

  test('whatever comes: never more than the most, and full room again when all has left', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ samples: fc.integer({ min: 1, max: 50 }), bytes: fc.integer({ min: 0, max: 64 * MIB }), leaves: fc.boolean() }),
          { maxLength: 60 },
        ),
        (steps) => {
          const outflow = new Outflow();
          const onTheWay: [number, number][] = [];
          const leave = (): void => void outflow.taken(...onTheWay.shift()!);
          for (const { samples, bytes, leaves } of steps) {
            if (send(outflow, samples, bytes)) onTheWay.push([samples, samples * bytes]);
            const sum = onTheWay.reduce((total, [, own]) => total + own, 0);
            expect(onTheWay.filter(([, own]) => own > 0).length <= 1 || sum <= 96 * MIB).toBe(true);
            expect(outflow.room(100)).toBeLessThanOrEqual(100);
            if (leaves && onTheWay.length > 0) leave();
          }
          while (onTheWay.length > 0) leave();
          expect(outflow.room(100)).toBeGreaterThanOrEqual(1);
        },
      ),
    );
  });
});
