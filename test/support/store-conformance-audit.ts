/** What every Store must do with the audit log. */
import { expect, test } from 'vitest';
import type { Store } from '../../coordinator/store/store.ts';
import { codeOf } from './store-fixtures.ts';

const piecesOf = async (store: Store, chain: string): Promise<string[]> => {
  const numbers = await store.audit.pieces(chain);
  return Promise.all(numbers.map(async (first) => String(await store.audit.read(chain, first))));
};

export function storeConformanceOfAudit(stores: () => { a: Store; b: Store }): void {
  test('pieces of the audit log are written once, and read in the order of their numbers', async () => {
    const { a, b } = stores();
    expect(await b.audit.chains()).toEqual([]);
    expect(await a.audit.put('one', 1, Buffer.from('1\n'))).toBe('written');
    expect(await a.audit.put('one', 10, Buffer.from('10\n'))).toBe('written');
    expect(await a.audit.put('one', 2, Buffer.from('2\n'))).toBe('written');
    expect(await b.audit.put('one', 2, Buffer.from('another\n'), true)).toBe('taken');
    expect(await b.audit.put('two', 1, Buffer.from('é\n'))).toBe('written');
    expect(await a.audit.chains()).toEqual(['one', 'two']);
    expect(await piecesOf(b, 'one')).toEqual(['1\n', '2\n', '10\n']);
    expect(await piecesOf(a, 'two')).toEqual(['é\n']);
    expect(await piecesOf(a, 'none')).toEqual([]);
    expect(await a.audit.read('one', 3)).toBeUndefined();
    expect(await a.audit.read('none', 1)).toBeUndefined();
    expect(await codeOf((async () => a.audit.put('../x', 1, Buffer.from('')))())).toBe('invalid');
    expect(await codeOf((async () => a.audit.pieces('../x'))())).toBe('invalid');
    expect(await b.audit.chains('one')).toEqual(['two']);
    expect(await b.audit.pieces('one', 2)).toEqual([10]);
    expect(await b.audit.pieces('one', 10)).toEqual([]);
    await a.audit.reserve();
    await a.audit.remove('one');
    await b.audit.remove('one');
    expect(await b.audit.chains()).toEqual(['two']);
    expect(await piecesOf(a, 'one')).toEqual([]);
    expect(await codeOf((async () => a.audit.remove('../x'))())).toBe('invalid');
  });
}
