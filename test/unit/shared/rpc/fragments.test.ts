import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Reassembly, Slicer, SLICE_BYTES, type Fragment } from '../../../../shared/rpc/fragments.ts';

const slicesOf = (id: number, bytes: Buffer): Fragment[] => {
  const slicer = new Slicer(id, bytes);
  const all: Fragment[] = [];
  while (!slicer.done) all.push(slicer.next());
  return all;
};

/** Any cut of any content, not only ours. */
const cutContent = fc.tuple(
  fc.uint8Array({ minLength: 1, maxLength: 300 }),
  fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 50 }),
);

describe('reassembly', () => {
  test('gives back messages however they were cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(cutContent, { maxLength: 5 }), async (messages) => {
        const reassembly = new Reassembly();
        for (const [i, [content, cuts]] of messages.entries()) {
          let at = 0;
          let whole: Buffer | undefined;
          for (let k = 0; at < content.length; k++) {
            expect(whole).toBeUndefined();
            const end = Math.min(content.length, at + cuts[k % cuts.length]!);
            const isWhole = reassembly.add({ id: i + 1, data: content.subarray(at, end), last: end === content.length });
            if (isWhole) whole = await reassembly.whole();
            at = end;
          }
          expect(whole).toEqual(Buffer.from(content));
        }
      }),
    );
  });

  test('our own slices: at most half a MiB, exactly one last', async () => {
    const bytes = Buffer.alloc(3 * SLICE_BYTES + 1, 'abc');
    const slices = slicesOf(1, bytes);
    expect(slices.map((s) => [s.data.length, s.last])).toEqual([
      [SLICE_BYTES, false],
      [SLICE_BYTES, false],
      [SLICE_BYTES, false],
      [1, true],
    ]);
    const reassembly = new Reassembly();
    expect(slices.map((s) => reassembly.add(s))).toEqual([false, false, false, true]);
    expect(reassembly.heldBytes).toBe(2 * 1024 * 1024);
    let turns = 0;
    const whole = await reassembly.whole(() => {
      turns++;
      return undefined;
    });
    expect(whole.equals(bytes)).toBe(true);
    expect(turns).toBe(2);
    expect(reassembly.heldBytes).toBe(0);
  });

  test('refuses what is out of turn, empty or too large, and never holds more than the limit', () => {
    const data = Buffer.alloc(10);
    expect(() => new Reassembly().add({ id: 2, data, last: false })).toThrow('id 2 where 1 was expected');
    const one = new Reassembly(25);
    one.add({ id: 1, data, last: false });
    expect(() => one.add({ id: 2, data, last: false })).toThrow('id 2 where 1 was expected');
    expect(() => one.add({ id: 1, data: Buffer.alloc(0), last: true })).toThrow('it is empty');
    one.add({ id: 1, data, last: false });
    expect(() => one.add({ id: 1, data, last: true })).toThrow('larger than 25 bytes');
    expect(() => one.add({ id: 1, data: Buffer.alloc(3), last: true }, 22)).toThrow('larger than 22 bytes');
  });
});
