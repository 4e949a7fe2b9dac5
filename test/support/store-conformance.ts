/** What every Store must do, whatever it lies on: a suite that takes a way to open stores. */
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ControlRecord, Store } from '../../coordinator/store/store.ts';
import type { AppError } from '../../shared/domain/errors.ts';
import { digestOf } from '../../shared/domain/ids.ts';
import { storeConformanceOfCollecting } from './store-conformance-collect.ts';
import { storeConformanceOfAudit } from './store-conformance-audit.ts';
import { storeConformanceOfLogs } from './store-conformance-logs.ts';
import { storeConformanceOfClaims } from './store-conformance-claims.ts';
import { storeConformanceOfSwitches } from './store-conformance-switches.ts';
import { storeConformanceOfResults, winners } from './store-conformance-results.ts';
import { chunksOf, codeOf, frameOf, manifestOf, winnersOf } from './store-fixtures.ts';

/** One place for a store, empty at first. */
export interface StoreHome {
  /** Opens the store of this place, as one more coordinator. */
  open(coordinatorId: string): Promise<Store>;
  remove(): Promise<void>;
}

export function storeConformance(name: string, makeHome: () => Promise<StoreHome>, { collects = true }: { collects?: boolean } = {}): void {
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

    test('has one id for all who open it, now and later', async () => {
      expect(a.storeId).toBe(b.storeId);
      const later = await home.open('co_c');
      expect(later.storeId).toBe(a.storeId);
      await later.close();
    });

    test('says how much room there is, where that has bounds', async () => {
      const { freeBytes = 0, totalBytes = 0 } = await a.space();
      expect(freeBytes).toBeGreaterThanOrEqual(0);
      expect(totalBytes).toBeGreaterThanOrEqual(freeBytes);
    });

    describe('content', () => {
      const text = 'some content, é, long enough for ranges';
      const digest = digestOf(text);

      test('goes in by one coordinator and out by the other: whole, in ranges, as a stream', async () => {
        expect(await b.hasContent(digest)).toBe(false);
        await a.putContent(digest, chunksOf('some ', text.slice(5)), 100);
        await b.putContent(digest, chunksOf(text), 100);
        expect(await codeOf(b.putContent(digest, chunksOf('other'), 100)), 'what is there is read whole all the same').toBe('invalid');
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
        await Promise.all(puts);
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

    storeConformanceOfSwitches(() => ({ a, b }));
    storeConformanceOfAudit(() => ({ a, b }));
    storeConformanceOfLogs(() => ({ a, b }));
    storeConformanceOfClaims(() => ({ a, b }), collects);

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
        expect(await a.markFinished(id, digestOf('{"first":1}'))).toBe(false);
        expect(await b.unfinished()).toEqual([id]);
        expect(await a.markFinished(id, digestOf('{"second":2}'))).toBe(true);
        expect(await b.markFinished(id, digestOf('{"second":2}'))).toBe(true);
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

      test('control records of every kind come back as they were, and nonsense is refused', async () => {
        await a.stage(manifest);
        const records: ControlRecord[] = [
          { kind: 'drain', atMs: 1, reason: 'r' },
          { kind: 'fail', atMs: 2, reason: '' },
          {
            kind: 'update',
            atMs: 3,
            reason: '',
            changes: { priority: 2, maxSamples: 0, limits: { time: 1.5 }, tags: [], metadata: { a: [1] } },
          },
          { kind: 'skip', atMs: 4, reason: '', units: [[0, 3]] },
          { kind: 'dead', atMs: 5, reason: '', units: [[4, 5]] },
          {
            kind: 'requeue',
            atMs: 6,
            reason: '',
            units: [
              [0, 3],
              [4, 5],
            ],
            grant: 2 ** 40,
          },
        ];
        for (const record of records) await a.appendControl(id, record);
        expect(await b.controls(id)).toEqual(records);
        await expect(a.appendControl(id, { kind: 'skip', atMs: 1, reason: '', units: [[3, 3]] })).rejects.toThrow();
        await expect(a.appendControl(id, { kind: 'other', atMs: 1, reason: '' } as never)).rejects.toThrow();
        expect(await b.controls(id)).toHaveLength(records.length);
      });

      const finish = async (m: typeof manifest, { isMarked } = { isMarked: true }): Promise<void> => {
        await a.stage(m);
        await a.markAccepted(m.evaluationId);
        await a.putReport(m.evaluationId, Buffer.from('{}'));
        if (isMarked) await a.markFinished(m.evaluationId, digestOf('{}'));
      };

      test('a finished one is reopened: unfinished again, without its report', async () => {
        expect(await codeOf(a.reopen(id))).toBe('not_found');
        await finish(manifest);
        await b.reopen(id);
        await a.reopen(id);
        expect(await a.unfinished()).toEqual([id]);
        expect(await a.isFinished(id)).toBe(false);
        expect(await a.report(id)).toBeUndefined();
        await b.putReport(id, Buffer.from('{"second":2}'));
        await a.markFinished(id, digestOf('{"second":2}'));
        expect(await b.unfinished()).toEqual([]);
      });

      test('a mark that comes after a reopen is that of an end that is over, whatever has happened since', async () => {
        await finish(manifest, { isMarked: false });
        const isUnfinished = async (): Promise<void> => {
          for (const store of [a, b]) {
            expect(await store.markFinished(id, digestOf('{}'))).toBe(false);
            expect(await store.isFinished(id)).toBe(false);
            expect(await store.unfinished()).toEqual([id]);
          }
        };
        await b.reopen(id);
        await isUnfinished();
        expect(await a.report(id)).toBeUndefined();
        await b.putReport(id, Buffer.from('{"second":2}'));
        await isUnfinished();
        expect(await b.markFinished(id, digestOf('{"second":2}'))).toBe(true);
        expect(await a.markFinished(id, digestOf('{}'))).toBe(false);
        expect(await a.isFinished(id)).toBe(true);
        expect((await a.report(id))!.toString()).toBe('{"second":2}');
      });

      test('marks and reopens of one at the same time: it is finished with a report, or unfinished and listed', async () => {
        for (let round = 0; round < 15; round++) {
          const m = manifestOf(`marked ${round}`, 3);
          await finish(m, { isMarked: false });
          const mark = (store: Store): Promise<boolean> => store.markFinished(m.evaluationId, digestOf('{}'));
          await Promise.all([mark(a), b.reopen(m.evaluationId), mark(b), mark(a)]);
          const isOver = await a.isFinished(m.evaluationId);
          expect((await a.report(m.evaluationId)) !== undefined).toBe(isOver);
          expect((await b.unfinished()).includes(m.evaluationId)).toBe(!isOver);
        }
      });

      test('a finished one is removed with all that it has; nothing else is touched', async () => {
        await a.stage(manifest);
        await a.markAccepted(id);
        expect(await codeOf(b.remove(id))).toBe('failed_precondition');
        await finish(manifest);
        const other = manifestOf('other', 3);
        await finish(other);
        await a.appendResults(id, [frameOf(1, { 1: 'one' })]);
        const size = await b.sizeOf(id);
        expect(size).toBeGreaterThan(JSON.stringify(manifest).length);
        await a.appendResults(id, [frameOf(2, { 2: randomBytes(1000).toString('hex') })]);
        expect(await b.sizeOf(id)).toBeGreaterThan(size + 1000);
        const index = await b.openResults(id);
        await Promise.all([a.remove(id), b.remove(id)]);
        await a.remove(id);
        expect(await codeOf(winnersOf(index))).toBe('not_found');
        await index.close();
        expect(await a.manifest(id)).toBeUndefined();
        expect(await b.sizeOf(id)).toBe(0);
        expect(await b.isAccepted(id)).toBe(false);
        expect(await b.report(id)).toBeUndefined();
        expect(await codeOf(a.appendResults(id, [frameOf(1, { 1: 'late' })]))).toBe('not_found');
        expect(await a.manifest(other.evaluationId)).toEqual(other);
        // The same key again is a new evaluation.
        await a.stage(manifest);
        expect(await b.controls(id)).toEqual([]);
        expect(await winners(b, id)).toEqual([]);
      });

      test('removes and reopens of one at the same time: it is gone, or there as a whole', async () => {
        for (let round = 0; round < 10; round++) {
          const m = manifestOf(`gone ${round}`, 3);
          await finish(m);
          const [removed, reopened] = await Promise.all([codeOf(a.remove(m.evaluationId)), codeOf(b.reopen(m.evaluationId))]);
          expect(['none', 'failed_precondition']).toContain(removed);
          expect(['none', 'not_found']).toContain(reopened);
          const there = await a.isAccepted(m.evaluationId);
          expect(there).toBe(removed !== 'none');
          if (there) expect(await b.unfinished()).toContain(m.evaluationId);
        }
      });

      test('all that are there are listed', async () => {
        const all = Array.from({ length: 30 }, (_, i) => manifestOf(`e ${i}`, 1));
        for (const m of all) await a.stage(m);
        await finish(all[3]!);
        const ids: string[] = [];
        for await (const found of b.evaluations()) ids.push(found);
        expect(ids.toSorted()).toEqual(all.map((m) => m.evaluationId).toSorted());
      });

      test('names that are no ids, and evaluations that are not there, are not found', async () => {
        expect(await codeOf(a.manifest('../../x'))).toBe('not_found');
        expect(await codeOf(a.openResults(id))).toBe('not_found');
        expect(await codeOf(a.appendResults(id, [frameOf(1, { 0: 'x' })]))).toBe('not_found');
        expect(await codeOf(a.appendControl(id, { kind: 'cancel', atMs: 1, reason: '' }))).toBe('not_found');
      });
    });

    storeConformanceOfResults(() => ({ a, b, reopen: async () => (a = await home.open('co_a')) }));
    if (collects) storeConformanceOfCollecting(makeHome);
  });
}
