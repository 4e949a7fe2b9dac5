/** What every Store must do when what nobody refers to is collected. */
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../../coordinator/store/store.ts';
import type { Collection } from '../../shared/client/types.ts';
import { digestOf } from '../../shared/domain/ids.ts';
import { winners } from './store-conformance-results.ts';
import { chunksOf, codeOf, frameOf, manifestOf } from './store-fixtures.ts';

/** See StoreHome. */
interface Home {
  open(coordinatorId: string): Promise<Store>;
  remove(): Promise<void>;
}

const DAY = 24 * 3_600_000;

/** Everything of a kind. */
export const countOf = (collection: Collection, kind: string): number => collection.collected.find((c) => c.kind === kind)?.count ?? 0;

export function storeConformanceOfCollecting(makeHome: () => Promise<Home>): void {
  describe('collecting', () => {
    let home: Home;
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

    const collect = (store: Store, more: { graceMs?: number; dryRun?: boolean; signal?: AbortSignal } = {}): Promise<Collection> =>
      store.collect({
        graceMs: 0,
        dryRun: false,
        signal: new AbortController().signal,
        isAlive: () => false,
        onProgress: () => undefined,
        ...more,
      });
    const put = async (text: string): Promise<string> => {
      await a.putContent(digestOf(text), chunksOf(text), text.length);
      return digestOf(text);
    };
    /** Time stamps of what was written are older than those of what comes now. */
    const pass = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 30));

    test('what an evaluation names stays, with its report; what none names goes, once it is old enough', async () => {
      const [dataset, index, stray, other] = [await put('the dataset'), await put('its index'), await put('a stray'), await put('another')];
      const manifest = { ...manifestOf('named', 5), datasets: [dataset], sampleIndexes: [index] };
      await a.stage(manifest);
      await a.markAccepted(manifest.evaluationId);
      await a.appendResults(manifest.evaluationId, [frameOf(1, { 1: 'one' })]);
      await a.putReport(manifest.evaluationId, Buffer.from('{"a":"report"}'), randomBytes(50));
      await a.markFinished(manifest.evaluationId, digestOf('{"a":"report"}'));
      const staged = { ...manifestOf('staged', 5), datasets: [other] };
      await b.stage(staged);
      await pass();

      const young = await collect(b, { graceMs: DAY });
      expect(young).toMatchObject({ collected: [], contents: 6 });
      const dry = await collect(b, { dryRun: true });
      expect(dry.collected).toEqual([{ kind: 'content', count: 1, bytes: 'a stray'.length }]);
      expect(dry.contents).toBe(5);
      expect(await b.contentSize(stray)).toBe(7);
      await pass();
      expect(await collect(b)).toMatchObject({ collected: dry.collected, contents: 5, contentBytes: dry.contentBytes });
      expect(await a.hasContent(stray)).toBe(false);
      expect(await collect(a)).toMatchObject({ collected: [], contents: 5 });

      expect((await a.readContent(dataset)).toString()).toBe('the dataset');
      expect((await a.report(manifest.evaluationId))!.toString()).toBe('{"a":"report"}');
      expect(await a.unitCodes(manifest.evaluationId)).toHaveLength(50);
      expect(await winners(b, manifest.evaluationId)).toEqual([[1, 'one']]);
      expect(await b.manifest(staged.evaluationId)).toEqual(staged);
    });

    test('of an evaluation that was removed nothing is left but what others name', async () => {
      const shared = await put('shared by two');
      const own = await put('its own');
      const [gone, stays] = ['gone', 'stays'].map((name) => ({ ...manifestOf(name, 5), datasets: [shared] }));
      gone!.sampleIndexes = [own];
      for (const manifest of [gone!, stays!]) {
        await a.stage(manifest);
        await a.markAccepted(manifest.evaluationId);
        await a.appendResults(manifest.evaluationId, [frameOf(1, { 1: 'one' })]);
        await a.putReport(manifest.evaluationId, Buffer.from(manifest.evaluationId));
        await a.markFinished(manifest.evaluationId, digestOf(manifest.evaluationId));
      }
      await b.remove(gone!.evaluationId);
      await pass();
      expect(countOf(await collect(b), 'content')).toBe(2);
      expect(await a.hasContent(shared)).toBe(true);
      expect(await a.manifest(gone!.evaluationId)).toBeUndefined();
      await pass();
      expect((await collect(a)).collected).toEqual([]);
      // The same key again is a new evaluation.
      await b.putContent(own, chunksOf('its own'), 10);
      await b.stage(gone!);
      await b.markAccepted(gone!.evaluationId);
      expect(await b.isAccepted(gone!.evaluationId)).toBe(true);
      expect(await b.controls(gone!.evaluationId)).toEqual([]);
    });

    test('it ends when it is told to, and the next one does the rest', async () => {
      await put('one');
      await put('two');
      await pass();
      const stopped = new AbortController();
      stopped.abort();
      await expect(collect(a, { signal: stopped.signal })).rejects.toThrow();
      expect(countOf(await collect(a), 'content')).toBe(2);
    });

    test('collections at the same time remove each thing once at most, and nothing that is named', async () => {
      const dataset = await put('kept by a name');
      for (let i = 0; i < 20; i++) await put(`stray ${i}`);
      await a.stage({ ...manifestOf('named', 5), datasets: [dataset] });
      await pass();
      const both = await Promise.all([collect(a), collect(b)]);
      expect(Math.max(...both.map((c) => countOf(c, 'content')))).toBeGreaterThan(0);
      expect(await codeOf(a.contentSize(dataset))).toBe('none');
      await pass();
      expect(countOf(await collect(a), 'content')).toBe(0);
    });
  });
}
