/** What every Store must do, whatever it lies on: a suite that takes a way to open stores. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../../coordinator/store/store.ts';
import type { AppError } from '../../shared/domain/errors.ts';
import { digestOf } from '../../shared/domain/ids.ts';
import { chunksOf, codeOf, frameOf, manifestOf, winnersOf } from './store-fixtures.ts';

/** One place for a store, empty at first. */
export interface StoreHome {
  /** Opens the store of this place, as one more coordinator. */
  open(coordinatorId: string): Promise<Store>;
  remove(): Promise<void>;
}

export function storeConformance(name: string, makeHome: () => Promise<StoreHome>): void {
  describe(`${name} as a store`, () => {
    let home: StoreHome;
    let a: Store;
    let b: Store;
    beforeEach(async () => {
      home = await makeHome();
      [a, b] = await Promise.all([home.open('co_a'), home.open('co_b')]);
    });
    afterEach(async () => {
      await Promise.all([a.close(), b.close()]);
      await home.remove();
    });

    const winners = async (store: Store, evaluationId: string): Promise<[number, string][]> => {
      const index = await store.openResults(evaluationId);
      try {
        const found = await winnersOf(index);
        expect(index.count).toBe(found.length);
        return found;
      } finally {
        await index.close();
      }
    };

    test('has one id for all who open it, now and later', async () => {
      expect(a.storeId).toBe(b.storeId);
      const later = await home.open('co_c');
      expect(later.storeId).toBe(a.storeId);
      await later.close();
    });

    describe('content', () => {
      const text = 'some content, é, long enough for ranges';
      const digest = digestOf(text);

      test('goes in by one coordinator and out by the other: whole, in ranges, as a stream', async () => {
        expect(await b.hasContent(digest)).toBe(false);
        expect(await a.putContent(digest, chunksOf('some ', text.slice(5)), 100)).toEqual({ existed: false });
        expect(await b.putContent(digest, chunksOf(text), 100)).toEqual({ existed: true });
        expect(await b.hasContent(digest)).toBe(true);
        expect(await b.contentSize(digest)).toBe(Buffer.byteLength(text));
        expect((await b.readContent(digest)).toString()).toBe(text);
        expect((await b.readContent(digest, { offset: 5, length: 7 })).toString()).toBe('content');
        expect(Buffer.concat(await b.streamContent(digest).toArray()).toString()).toBe(text);
      });

      test('is refused when it does not match its digest or is too large, and leaves nothing', async () => {
        expect(await codeOf(a.putContent(digest, chunksOf('other'), 100))).toBe('invalid');
        expect(await codeOf(a.putContent(digest, chunksOf(text), 10))).toBe('invalid');
        expect(await a.hasContent(digest)).toBe(false);
        expect(await codeOf(a.readContent(digest))).toBe('not_found');
        expect(await codeOf(a.contentSize(digest))).toBe('not_found');
        expect(await codeOf(a.streamContent(digest).toArray())).toBe('not_found');
        expect(await codeOf(a.hasContent('sha256:../../etc/passwd'))).toBe('invalid');
      });

      test('may be put by many at once; a range outside of it is refused; the empty one is content too', async () => {
        const puts = Array.from({ length: 20 }, (_, i) => (i % 2 ? a : b).putContent(digest, chunksOf(text), 100));
        expect((await Promise.all(puts)).some((p) => !p.existed)).toBe(true);
        expect((await a.readContent(digest)).toString()).toBe(text);
        expect(await codeOf(a.readContent(digest, { offset: 30, length: 1000 }))).toBe('invalid');
        await a.putContent(digestOf(''), chunksOf(), 0);
        expect(await b.readContent(digestOf(''))).toEqual(Buffer.alloc(0));
      });

      test('a source that fails leaves nothing', async () => {
        const failing = async function* (): AsyncGenerator<Buffer> {
          yield Buffer.from('some');
          throw new Error('the client went away');
        };
        await expect(a.putContent(digest, failing(), 100)).rejects.toThrow('the client went away');
        expect(await a.hasContent(digest)).toBe(false);
      });
    });

    describe('evaluations', () => {
      const manifest = manifestOf('k', 10);
      const id = manifest.evaluationId;

      test('staged, accepted, finished', async () => {
        expect(await b.manifest(id)).toBeUndefined();
        expect(await codeOf(a.markAccepted(id))).toBe('not_found');
        expect(await b.unfinished()).toEqual([]);
        expect(await a.stage(manifest)).toEqual(manifest);
        expect(await b.manifest(id)).toEqual(manifest);
        expect(await b.unfinished()).toEqual([id]);
        expect(await b.isAccepted(id)).toBe(false);
        await a.markAccepted(id);
        await b.markAccepted(id);
        expect(await b.isAccepted(id)).toBe(true);
        expect(await b.report(id)).toBeUndefined();
        await a.putReport(id, Buffer.from('{"first":1}'));
        await b.putReport(id, Buffer.from('{"second":2}'));
        expect((await a.report(id))!.toString()).toBe('{"second":2}');
        await a.stage(manifest);
        expect(await b.unfinished()).toEqual([id]);
        await a.markFinished(id);
        await b.markFinished(id);
        expect(await a.unfinished()).toEqual([]);
        await b.stage(manifest);
        expect(await a.unfinished()).toEqual([]);
      });

      test('the first manifest stays, also when many stage at once', async () => {
        const others = Array.from({ length: 10 }, (_, i) => ({ ...manifest, createdAtMs: i }));
        const staged = await Promise.all(others.map((m, i) => (i % 2 ? a : b).stage(m)));
        expect(new Set(staged.map((m) => m.createdAtMs)).size).toBe(1);
      });

      test('a staged one can be forgotten, an accepted one cannot', async () => {
        await a.stage(manifest);
        await b.dropStaged(id);
        expect(await a.manifest(id)).toBeUndefined();
        expect(await a.unfinished()).toEqual([]);
        await b.dropStaged(id);
        await a.stage(manifest);
        await a.markAccepted(id);
        expect(await codeOf(b.dropStaged(id))).toBe('failed_precondition');
        expect(await b.isAccepted(id)).toBe(true);
        expect(await b.unfinished()).toEqual([id]);
      });

      test('submits and drops of one id at the same time: what was accepted is there and listed', async () => {
        for (let round = 0; round < 15; round++) {
          const m = manifestOf(`race ${round}`, 3);
          const submit = async (store: Store): Promise<boolean> => {
            try {
              await store.stage(m);
              await store.markAccepted(m.evaluationId);
              return true;
            } catch (error) {
              expect(['not_found', 'unavailable']).toContain((error as AppError).code);
              return false;
            }
          };
          const drop = (store: Store): Promise<unknown> => codeOf(store.dropStaged(m.evaluationId));
          const [first, second] = await Promise.all([submit(a), submit(b), drop(a), drop(b)]);
          if (!first && !second) continue;
          expect(await a.isAccepted(m.evaluationId)).toBe(true);
          expect(await a.manifest(m.evaluationId)).toEqual(m);
          expect(await a.unfinished()).toContain(m.evaluationId);
        }
      });

      test('a generation is claimed by one', async () => {
        await a.stage(manifest);
        expect(await a.generation(id)).toBe(1);
        expect(await a.claimGeneration(id, 1)).toBe(false);
        const claims = await Promise.all([a.claimGeneration(id, 2), b.claimGeneration(id, 2), a.claimGeneration(id, 2)]);
        expect(claims.filter(Boolean)).toHaveLength(1);
        expect(await b.generation(id)).toBe(2);
        expect(await b.claimGeneration(id, 12)).toBe(true);
        expect(await a.claimGeneration(id, 3)).toBe(false);
        expect(await a.generation(id)).toBe(12);
      });

      test('control records come back in the order of their writing, from several coordinators', async () => {
        await a.stage(manifest);
        expect(await a.controls(id)).toEqual([]);
        for (let i = 0; i < 12; i++)
          await (i % 3 ? a : b).appendControl(id, { kind: i % 2 ? 'pause' : 'resume', atMs: 1000 - i, reason: `${i}` });
        expect((await b.controls(id)).map((c) => c.reason)).toEqual(Array.from({ length: 12 }, (_, i) => `${i}`));
        await Promise.all(Array.from({ length: 8 }, (_, i) => (i % 2 ? a : b).appendControl(id, { kind: 'cancel', atMs: i, reason: '' })));
        expect(await a.controls(id)).toHaveLength(20);
      });

      test('names that are no ids, and evaluations that are not there, are not found', async () => {
        expect(await codeOf(a.manifest('../../x'))).toBe('not_found');
        expect(await codeOf(a.openResults(id))).toBe('not_found');
        expect(await codeOf(a.appendResults(id, [frameOf(1, { 0: 'x' })]))).toBe('not_found');
        expect(await codeOf(a.appendControl(id, { kind: 'cancel', atMs: 1, reason: '' }))).toBe('not_found');
      });
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
        a = await home.open('co_a');
        await a.appendResults(id, [frameOf(2, { 2: 'two' })]);
        expect(await winners(a, id)).toEqual([
          [1, 'one'],
          [2, 'two'],
        ]);
      });
    });
  });
}
