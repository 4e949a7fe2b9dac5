/** What every Store must do with the lines about evaluations. */
import { expect, test } from 'vitest';
import type { Store } from '../../coordinator/store/store.ts';
import { digestOf } from '../../shared/domain/ids.ts';
import { codeOf, manifestOf } from './store-fixtures.ts';

export function storeConformanceOfLogs(stores: () => { a: Store; b: Store }): void {
  test('pieces of lines are written once under their numbers, and go with their evaluation', async () => {
    const { a, b } = stores();
    const manifest = manifestOf('lines', 3);
    const id = manifest.evaluationId;
    const numbers = async (after?: number): Promise<number[]> => (await b.logs.pieces(id, after)).map(({ number }) => number);
    expect(await numbers()).toEqual([]);
    expect(await codeOf(a.logs.put(id, 1, Buffer.from('too early\n')))).toBe('not_found');
    expect(await codeOf(a.logs.put('../x', 1, Buffer.from('')))).toBe('not_found');
    await a.stage(manifest);
    await a.markAccepted(id);
    const before = await a.sizeOf(id);
    expect(await a.logs.put(id, 1, Buffer.from('one\n'))).toBe(true);
    expect(await b.logs.put(id, 1, Buffer.from('another\n'))).toBe(false);
    expect(await b.logs.put(id, 2, Buffer.from('two, é\n'))).toBe(true);
    expect(await a.logs.put(id, 10, Buffer.from('ten\n'))).toBe(true);
    expect(await b.logs.pieces(id)).toEqual([
      { number: 1, bytes: 4 },
      { number: 2, bytes: 8 },
      { number: 10, bytes: 4 },
    ]);
    expect(await a.sizeOf(id)).toBe(before + 16);
    expect(await numbers(2)).toEqual([10]);
    expect(await numbers(10)).toEqual([]);
    expect(String(await a.logs.read(id, 2))).toBe('two, é\n');
    expect(await a.logs.read(id, 3)).toBeUndefined();
    await b.logs.remove(id, [2, 3]);
    expect(await numbers()).toEqual([1, 10]);
    expect(await a.logs.read(id, 2)).toBeUndefined();

    await a.putReport(id, Buffer.from('{}'));
    expect(await a.markFinished(id, digestOf('{}'))).toBe(true);
    await a.remove(id);
    expect(await numbers()).toEqual([]);
    expect(await codeOf(b.logs.put(id, 11, Buffer.from('too late\n')))).toBe('not_found');
  });
}
