/** The part of the conformance suite that is about results: what comes back, and which one wins. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../../coordinator/store/store.ts';
import { codeOf, frameOf, manifestOf, winnersOf } from './store-fixtures.ts';

/** Unit and content of all winners. */
export const winners = async (store: Store, evaluationId: string): Promise<[number, string][]> => {
  const index = await store.openResults(evaluationId);
  try {
    const found = await winnersOf(index);
    expect(index.count).toBe(found.length);
    return found;
  } finally {
    await index.close();
  }
};

/** `stores`: two coordinators' views of one store; `reopen` opens the first one's again. */
export function storeConformanceOfResults(stores: () => { a: Store; b: Store; reopen: () => Promise<Store> }): void {
  let a: Store;
  let b: Store;
  beforeEach(() => {
    ({ a, b } = stores());
  });

  describe('results', () => {
    const manifest = manifestOf('r', 1000);
    const id = manifest.evaluationId;
    beforeEach(async () => {
      await a.stage(manifest);
    });

    test('come back in unit order with their origin, from both coordinators, from any unit', async () => {
      expect(await winners(a, id)).toEqual([]);
      await a.appendResults(id, [frameOf(3, { 7: 'seven', 2: 'two' }, 'att'), frameOf(4, { 5: '' })]);
      await b.appendResults(id, [frameOf(2 ** 32 * 5 + 9, { 0: 'zero', 999: 'last' })]);
      expect(await winners(b, id)).toEqual([
        [0, 'zero'],
        [2, 'two'],
        [5, ''],
        [7, 'seven'],
        [999, 'last'],
      ]);
      const index = await b.openResults(id);
      expect(index.highestGrant).toBe(2 ** 32 * 5 + 9);
      expect(await winnersOf(index, 6)).toEqual([
        [7, 'seven'],
        [999, 'last'],
      ]);
      for await (const { agentId, attemptId, grant } of index.results(7)) {
        expect({ agentId, attemptId, grant }).toEqual({ agentId: 'ag_3', attemptId: 'att', grant: 3 });
        break;
      }
      await index.close();
    });

    test('the highest grant wins, of equal ones the earlier frame, for every reader', async () => {
      await a.appendResults(id, [frameOf(1, { 1: 'old', 2: 'only' }), frameOf(5, { 1: 'new' }), frameOf(5, { 1: 'late twin' })]);
      await a.closeSegment(id);
      await a.appendResults(id, [frameOf(4, { 1: 'older, written later' }), frameOf(5, { 1: 'twin in a later segment' })]);
      expect(await winners(a, id)).toEqual([
        [1, 'new'],
        [2, 'only'],
      ]);
      expect(await winners(b, id)).toEqual([
        [1, 'new'],
        [2, 'only'],
      ]);
    });

    test('what was voided never wins, whether it was voided before or after, anywhere', async () => {
      const refused = frameOf(9, { 1: 'refused', 2: 'kept' });
      await b.appendVoids(id, [{ attemptId: 'early', units: [4] }]);
      await a.appendResults(id, [frameOf(1, { 1: 'good' }), refused, frameOf(7, { 4: 'voided before' }, 'early')]);
      await a.appendVoids(id, [{ attemptId: refused.attemptId, units: [1, 3] }]);
      await b.appendVoids(id, []);
      expect(await winners(b, id)).toEqual([
        [1, 'good'],
        [2, 'kept'],
      ]);
    });

    test('a refusal of before a seal holds if the seal has it; one that comes later does not, unless a later ledger says it', async () => {
      const frames = ['known', 'late', 'later', 'again'].map((attempt, i) => frameOf(9, { [i]: attempt }, attempt));
      await a.appendResults(id, frames);
      await b.appendVoids(id, [{ attemptId: 'known', units: [0], generation: 1 }]);
      await a.sealVoids(id, 2);
      await b.appendVoids(id, [
        { attemptId: 'late', units: [1], generation: 1 },
        { attemptId: 'later', units: [2], generation: 2 },
      ]);
      for (const store of [a, b])
        expect(await winners(store, id)).toEqual([
          [1, 'late'],
          [3, 'again'],
        ]);
      await b.sealVoids(id, 3);
      await a.appendVoids(id, [{ attemptId: 'again', units: [3], generation: 2 }]);
      for (const store of [a, b])
        expect(await winners(store, id)).toEqual([
          [1, 'late'],
          [3, 'again'],
        ]);
    });

    test('a seal lifts refusals of units that the ledger counts all the same', async () => {
      await a.appendResults(id, [frameOf(9, { 0: 'kept', 1: 'lifted' }, 'one')]);
      await a.appendVoids(id, [{ attemptId: 'one', units: [0, 1], generation: 1 }]);
      await a.sealVoids(id, 2, new Set([1]));
      for (const store of [a, b]) {
        expect(await winners(store, id)).toEqual([[1, 'lifted']]);
        const index = await store.openResults(id);
        expect([0, 1].map((unit) => index.isVoid('one', unit))).toEqual([true, false]);
        await index.close();
      }
    });

    test('what a requeue has set aside never wins; what was granted after it does', async () => {
      await a.appendResults(id, [frameOf(3, { 1: 'old', 2: 'old', 3: 'old' })]);
      await a.appendControl(id, { kind: 'requeue', atMs: 1, reason: '', units: [[1, 3]], grant: 4 });
      expect(await winners(b, id)).toEqual([[3, 'old']]);
      await b.appendResults(id, [frameOf(4, { 1: 'late' }), frameOf(5, { 1: 'new', 3: 'newer' })]);
      expect(await winners(a, id)).toEqual([
        [1, 'new'],
        [3, 'newer'],
      ]);
      await b.appendControl(id, { kind: 'requeue', atMs: 1, reason: '', units: [[1, 2]], grant: 9 });
      await b.appendControl(id, { kind: 'requeue', atMs: 1, reason: '', units: [[0, 4]], grant: 4 });
      expect(await winners(a, id)).toEqual([[3, 'newer']]);
    });

    test('many appends at once, by both coordinators, on several evaluations: all are kept', async () => {
      const other = manifestOf('other', 1000);
      await a.stage(other);
      await Promise.all(
        Array.from({ length: 1000 }, (_, unit) =>
          (unit % 2 ? a : b).appendResults(unit % 3 ? id : other.evaluationId, [frameOf(unit, { [unit]: `#${unit}` })]),
        ),
      );
      const [here, there] = await Promise.all([winners(a, id), winners(b, other.evaluationId)]);
      expect([...here, ...there].toSorted(([x], [y]) => x - y)).toEqual(Array.from({ length: 1000 }, (_, unit) => [unit, `#${unit}`]));
    });

    test('contents of all sizes, compressible or not, are the same bytes', async () => {
      const random = (bytes: number): Buffer => Buffer.from(Array.from({ length: bytes }, (_, i) => (i * 2654435761) >>> ((i * 7) % 24)));
      const contents = [
        Buffer.alloc(0),
        Buffer.alloc(3000, 'a'),
        random(5000),
        Buffer.alloc(200_000, 'b'),
        random(300_000),
        Buffer.alloc(21 * 1024 * 1024, 'xyz'),
      ];
      await a.appendResults(id, [
        { taskId: 't', attemptId: 'x', agentId: 'g', grant: 1, results: contents.map((content, unit) => ({ unit, content })) },
      ]);
      const index = await b.openResults(id);
      let unit = 0;
      for await (const result of index.results()) {
        expect(result.unit).toBe(unit);
        expect(result.content.equals(contents[unit++]!)).toBe(true);
      }
      expect(unit).toBe(contents.length);
      await index.close();
    });

    test('an index shows what was there when it was opened; a later one shows more', async () => {
      await a.appendResults(id, [frameOf(1, { 1: 'one' })]);
      const early = await b.openResults(id);
      await a.appendResults(id, [frameOf(2, { 1: 'newer', 2: 'two' })]);
      expect(await winnersOf(early)).toEqual([[1, 'one']]);
      await early.close();
      expect(await winners(b, id)).toEqual([
        [1, 'newer'],
        [2, 'two'],
      ]);
    });

    test('outlive their writer', async () => {
      await a.appendResults(id, [frameOf(1, { 1: 'one' })]);
      await a.close();
      expect(await codeOf(a.appendResults(id, [frameOf(1, { 2: 'two' })]))).toBe('unavailable');
      a = await stores().reopen();
      await a.appendResults(id, [frameOf(2, { 2: 'two' })]);
      expect(await winners(a, id)).toEqual([
        [1, 'one'],
        [2, 'two'],
      ]);
    });
  });
}
