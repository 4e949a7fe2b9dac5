/** What every Store must do with claims: which namespaces hold which content. */
import { describe, expect, test } from 'vitest';
import { holdsContent } from '../../coordinator/store/claims.ts';
import type { Store } from '../../coordinator/store/store.ts';
import { digestOf } from '../../shared/domain/ids.ts';
import { allOf } from './mock-evaluation.ts';
import { chunksOf, codeOf, manifestOf } from './store-fixtures.ts';

export function storeConformanceOfClaims(stores: () => { a: Store; b: Store }, collects: boolean): void {
  describe('claims', () => {
    const digest = digestOf('a dataset');
    const put = async (store: Store): Promise<void> => store.putContent(digest, chunksOf('a dataset'), 100);
    const of = async (store: Store, namespace: string): Promise<string[]> =>
      (await allOf(store.claims.of(namespace))).map(({ digest: held }) => held).toSorted();

    test('hold in their namespace, at every coordinator, and need the content', async () => {
      const { a, b } = stores();
      await a.claims.put('team-a', digest);
      expect(await holdsContent(b, 'team-a', digest), 'the content is not there yet').toBe(false);
      await put(a);
      await a.claims.put('team-a', digest);
      expect(await holdsContent(b, 'team-a', digest)).toBe(true);
      for (const other of ['team-b', 'team', 'default', '..', '.', 'of-team-a']) expect(await b.claims.has(other, digest)).toBe(false);
      await b.claims.put('..', digest);
      expect([await of(a, 'team-a'), await of(a, '..'), await of(a, 'team-b')]).toEqual([[digest], [digest], []]);
      await a.claims.put('team-a', digestOf('is not there'));
      const held = async (): Promise<unknown[]> => (await allOf(b.claims.of('team-a'))).toSorted((x, y) => x.sizeBytes - y.sizeBytes);
      const both = [
        { digest: digestOf('is not there'), sizeBytes: 0 },
        { digest, sizeBytes: 9 },
      ];
      expect([await held(), await held()], 'the same again').toEqual([both, both]);
      for (const bad of ['', 'a/b', 'x'.repeat(65), 'ä']) expect(await codeOf(b.claims.has(bad, digest))).toBe('invalid');
      expect(await codeOf(b.claims.put('team-a', 'sha256:../x'))).toBe('invalid');
    });

    test.runIf(collects)('lapse by what their own namespace does, whoever else goes on with the content', async () => {
      const { a, b } = stores();
      await put(a);
      for (const namespace of ['team-a', 'team-b']) await a.claims.put(namespace, digest);
      const manifest = { ...manifestOf('k', 5), namespace: 'team-b', datasets: [digest] };
      await a.stage(manifest);
      await a.markAccepted(manifest.evaluationId);
      await new Promise((resolve) => setTimeout(resolve, 30));
      const collect = (graceMs: number) =>
        b.collect({ graceMs, dryRun: false, signal: new AbortController().signal, isAlive: () => false, onProgress: () => undefined });
      await collect(3_600_000);
      expect(await of(b, 'team-a')).toEqual([digest]);
      await collect(0);
      expect([await of(b, 'team-a'), await of(b, 'team-b')]).toEqual([[], [digest]]);
      expect(await holdsContent(a, 'team-b', digest)).toBe(true);
    });
  });
}
