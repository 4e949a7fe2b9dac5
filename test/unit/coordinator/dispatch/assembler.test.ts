import { expect, test } from 'vitest';
import type { Catalog } from '../../../../coordinator/evaluations/catalog.ts';
import { Assembler, FOREIGN } from '../../../../coordinator/dispatch/assembler.ts';
import type { SampleReader } from '../../../../coordinator/evaluations/sample-reader.ts';
import type { HeldAttempt } from '../../../../coordinator/sessions/session.ts';
import type { Namespaces } from '../../../../shared/domain/identity.ts';
import type { Manifest } from '../../../../shared/domain/manifest.ts';
import { manifestOf } from '../../../support/store-fixtures.ts';

const LINE = Buffer.from('{"input":"1 + 1","target":"2"}');

/** Of these evaluations. */
function assemblerOf(manifests: Map<string, Manifest>): Assembler {
  const catalog = {
    find: async (id: string) => ({ manifest: manifests.get(id)!, routes: [], ordinals: [], changes: {}, updates: 0 }),
  } as unknown as Catalog;
  const reader = {
    sizes: async (_index: unknown, _first: number, count: number) => Array.from({ length: count }, () => LINE.length),
    lines: async (_index: unknown, _dataset: string, first: number, count: number) =>
      Array.from({ length: count }, (_, i) => ({ ordinal: first + i + 1, line: LINE })),
  } as unknown as SampleReader;
  return new Assembler(catalog, reader, { of: async () => ({ lines: [], ended: [] }) });
}

/** The context of one task, as it is handed out. */
async function contextOf(assembler: Assembler, evaluationId: string): Promise<Uint8Array> {
  const held = { attemptId: 'at', evaluationId, taskId: 'ta', modelIndex: 0 } as HeldAttempt;
  const prepared = await assembler.prepare(evaluationId, [0], '*');
  return (await prepared.assemble({ held, traceparent: '', isSuspect: false })).contextJson;
}

/** One whose context is this long, or longer. */
function long(name: string, chars: number): Manifest {
  const manifest = manifestOf(name, 1);
  const [benchmark] = manifest.spec.benchmarks;
  return {
    ...manifest,
    spec: { ...manifest.spec, benchmarks: [{ ...benchmark!, prompt: { ...benchmark!.prompt, system_message: 'x'.repeat(chars) } }] },
  };
}

test('a context is made once, in memory of its own', async () => {
  const manifest = manifestOf('own', 1);
  const assembler = assemblerOf(new Map([[manifest.evaluationId, manifest]]));
  const context = await contextOf(assembler, manifest.evaluationId);
  expect(context.buffer.byteLength).toBe(context.length);
  expect(JSON.parse(Buffer.from(context).toString('utf8'))).toHaveProperty('benchmark');
  expect(await contextOf(assembler, manifest.evaluationId)).toBe(context);
});

test('contexts are kept up to a sum of bytes, those that were used last', async () => {
  const all = Array.from({ length: 6 }, (_, i) => long(`long ${i}`, 8 * 1024 * 1024));
  const assembler = assemblerOf(new Map(all.map((manifest) => [manifest.evaluationId, manifest])));
  const ids = all.map(({ evaluationId }) => evaluationId);
  const first = await contextOf(assembler, ids[0]!);
  const second = await contextOf(assembler, ids[1]!);
  for (const id of ids.slice(2)) {
    await contextOf(assembler, id);
    // Used again and again: it stays.
    expect((await contextOf(assembler, ids[0]!)) === first).toBe(true);
  }
  expect((await contextOf(assembler, ids[1]!)) === second).toBe(false);
});

test('nothing is read for an agent that is not of the namespace, however it came to the task', async () => {
  const manifest = { ...manifestOf('foreign', 1), namespace: 'team-a' };
  const assembler = assemblerOf(new Map([[manifest.evaluationId, manifest]]));
  const prepare = (namespaces: Namespaces) => assembler.prepare(manifest.evaluationId, [0], namespaces);
  for (const foreign of [[], ['default'], ['team-b', 'team']]) await expect(prepare(foreign)).rejects.toMatchObject({ reason: FOREIGN });
  for (const own of ['*' as const, ['team-a'], ['team-b', 'team-a']]) expect((await prepare(own)).units).toEqual([0]);
});
