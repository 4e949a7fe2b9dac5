/** What every Store must do with switches, and so with API tokens. */
import { expect, test } from 'vitest';
import type { Store } from '../../coordinator/store/store.ts';
import { codeOf } from './store-fixtures.ts';

export function storeConformanceOfSwitches(stores: () => { a: Store; b: Store }): void {
  test('switches are set, replaced and removed by any coordinator', async () => {
    const { a, b } = stores();
    expect(await a.switches('agent')).toEqual(new Map());
    await a.removeSwitch('agent', 'none');
    await a.putSwitch('agent', 'ag_1', { drained: true });
    await b.putSwitch('agent', 'ag_1', { drained: true, reason: 'é' });
    await b.putSwitch('agent', 'a.b-c_D', null);
    await a.putSwitch('route', 'r_1', 1);
    expect(await a.switches('agent')).toEqual(
      new Map<string, unknown>([
        ['a.b-c_D', null],
        ['ag_1', { drained: true, reason: 'é' }],
      ]),
    );
    expect(await b.switchOf('agent', 'ag_1')).toEqual({ drained: true, reason: 'é' });
    expect(await b.switchOf('agent', 'a.b-c_D')).toBeNull();
    expect(await b.switchOf('agent', 'ag_2')).toBeUndefined();
    expect(await b.switchOf('none', 'ag_1')).toBeUndefined();
    expect(await codeOf(b.switchOf('agent', '../n'))).toBe('invalid');
    await a.removeSwitch('agent', 'ag_1');
    expect(await b.switchOf('agent', 'ag_1')).toBeUndefined();
    expect([...(await b.switches('agent')).keys()]).toEqual(['a.b-c_D']);
    const creates = Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? a : b).createSwitch('claim', 'c', { i }));
    expect((await Promise.all(creates)).filter(Boolean)).toHaveLength(1);
    expect(await a.createSwitch('agent', 'a.b-c_D', 5)).toBe(false);
    expect(await b.switchOf('agent', 'a.b-c_D')).toBeNull();
    expect(await codeOf(a.createSwitch('agent', '../n', 1))).toBe('invalid');
    expect(await codeOf(a.putSwitch('../x', 'n', 1))).toBe('invalid');
    expect(await codeOf(a.putSwitch('agent', '../n', 1))).toBe('invalid');
    expect(await codeOf(a.putSwitch('agent', 'n', 'x'.repeat(100_000)))).toBe('invalid');
  });
}
