/** The order of tables: what an address says, what a press makes of it, and that rows are the same ones in another order. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnName, isWhole, ofPage, orderText, pressed, readOrder, sorted, type Place } from '../../../dashboard/src/sorted.ts';

const columns = fc.stringMatching(/^[a-z0-9]{1,5}(-[a-z0-9]{1,5}){0,2}$/);

describe('an order', () => {
  it('is read from an address as it was written', () => {
    fc.assert(
      fc.property(columns, fc.boolean(), (by, isDown) => {
        expect(readOrder(orderText({ by, isDown }))).toEqual({ by, isDown });
      }),
    );
    for (const text of [null, '', '--', 'a b', 'A', '<b>']) expect([text, readOrder(text)]).toEqual([text, undefined]);
    expect(columnName('Won, lost')).toBe('won-lost');
  });

  it('has its first direction, the other one, then none; another column begins anew', () => {
    for (const isNumber of [true, false]) {
      const first = pressed(undefined, 'a', isNumber);
      const second = pressed(first, 'a', isNumber);
      expect([first, second, pressed(second, 'a', isNumber)]).toEqual([
        { by: 'a', isDown: isNumber },
        { by: 'a', isDown: !isNumber },
        undefined,
      ]);
      expect(pressed(second, 'b', isNumber)).toEqual(first && { ...first, by: 'b' });
    }
  });

  it('is of lists that have neither a page before nor one behind', () => {
    expect(isWhole({ nextToken: '' }, new URLSearchParams('sort=name'))).toBe(true);
    expect(isWhole({ nextToken: '' }, new URLSearchParams('page=t'))).toBe(false);
    expect(isWhole({ nextToken: 't' }, new URLSearchParams())).toBe(false);
    expect(isWhole(undefined, new URLSearchParams())).toBe(false);
    expect(ofPage({ nextToken: '' }, new URLSearchParams('sort=name'))).toBe('');
    expect(ofPage({ nextToken: 't' }, new URLSearchParams())).toBe(' on this page');
  });
});

describe('rows', () => {
  it('are all there, alike ones as they came, and those without a place last either way', () => {
    const places = fc.option(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constant(Number.NaN)), { nil: undefined });
    fc.assert(
      fc.property(fc.array(places), fc.boolean(), (values, isDown) => {
        const rows = values.map((place, i) => ({ place, i }));
        const got = sorted(rows, ({ place }) => place, isDown);
        expect(got.map(({ i }) => i).toSorted((a, b) => a - b)).toEqual(rows.map(({ i }) => i));
        for (const [a, b] of got.slice(1).map((b, i) => [got[i]!, b] as const)) {
          const [x, y] = [a.place, b.place].map((place) =>
            place === undefined || Number.isNaN(place) ? Infinity : isDown ? -place : place,
          );
          expect(x! < y! || (x === y && a.i < b.i)).toBe(true);
        }
      }),
    );
  });

  it('are sorted by words as people count: gpu-2 before gpu-10', () => {
    const names: Place[] = ['gpu-10', '', 'gpu-2', 'Gpu-1'];
    expect(sorted(names, (name) => name, false)).toEqual(['Gpu-1', 'gpu-2', 'gpu-10', '']);
    expect(sorted(names, (name) => name, true)).toEqual(['gpu-10', 'gpu-2', 'Gpu-1', '']);
  });
});
