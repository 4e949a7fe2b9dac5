/** Reports over random scores, metadata and orders of arrival: the same bytes always, and the numbers of a slow reference. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { indexDataset } from '../../../../coordinator/evaluations/intake/dataset.ts';
import { computeReport, joinUnits } from '../../../../coordinator/evaluations/report.ts';
import { openDirectoryStore } from '../../../../coordinator/store/directory-store.ts';
import type { Store } from '../../../../coordinator/store/store.ts';
import type { Report } from '../../../../shared/client/types.ts';
import { groupsOf, type Manifest } from '../../../../shared/domain/manifest.ts';
import { outcomeOf, type UnitResult } from '../../../../shared/domain/result.ts';
import { specSchema } from '../../../../shared/domain/spec.ts';
import { unitCode } from '../../../../shared/domain/states.ts';
import { systemClock } from '../../../../shared/runtime/clock.ts';
import { clusteredStderr } from '../../../../shared/scoring/statistics/clustered-stderr.ts';
import { groupMean } from '../../../../shared/scoring/statistics/group-mean.ts';
import { mean } from '../../../../shared/scoring/statistics/moments.ts';
import { pooledStderr } from '../../../../shared/scoring/statistics/pooled-stderr.ts';
import { stderr } from '../../../../shared/scoring/statistics/stderr.ts';
import { chunksOf, manifestOf } from '../../../support/store-fixtures.ts';

const EPOCHS = 2;
const METRICS = [
  'mean',
  'std',
  'var',
  { name: 'stderr', args: { cluster: 'passage' } },
  { name: 'ci', args: { method: 'bootstrap', num_samples: 20, cluster: 'passage' } },
  { name: 'grouped', args: { group_key: 'topic' } },
];

let dir: string;
let store: Store;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'assay-report-'));
  store = await openDirectoryStore({ path: dir, coordinatorId: 'co_1', clock: systemClock, logger: { warn: () => undefined } });
});
afterAll(async () => {
  await store.close();
  await rm(dir, { recursive: true, force: true });
});

interface Line {
  topic: string;
  passage: number;
  /** Of each benchmark, for each epoch. */
  scores: (number | null)[][];
}

const line: fc.Arbitrary<Line> = fc.record({
  topic: fc.constantFrom('a', 'b', 'c'),
  passage: fc.integer({ min: 1, max: 4 }),
  scores: fc.array(fc.array(fc.option(fc.constantFrom(0, 1, 0.3, 0.1)), { minLength: EPOCHS, maxLength: EPOCHS }), {
    minLength: 2,
    maxLength: 2,
  }),
});

let made = 0;

async function accepted(lines: readonly Line[]): Promise<Manifest> {
  const text = lines.map(({ topic, passage }, i) => JSON.stringify({ id: `s${i}`, input: 'x', target: 'y', topic, passage })).join('\n');
  const { digest } = await store.addContent(chunksOf(text), 1 << 20);
  const spec = specSchema.parse({
    name: 'random',
    benchmarks: ['one', 'two'].map((benchmark) => ({
      benchmark,
      dataset: { uri: 'file:d.jsonl', digest, fields: { metadata: ['topic', 'passage'] } },
      scorers: ['exact'],
      metrics: METRICS,
    })),
    models: [{ model: 'mock/one' }],
    epochs: EPOCHS,
  });
  const { index } = await indexDataset({ stream: chunksOf(text), benchmark: spec.benchmarks[0]!, maxFaults: 1 });
  const { digest: indexDigest } = await store.addContent(chunksOf(index), 1 << 20);
  const manifest: Manifest = {
    ...manifestOf(`random ${++made}`, 0),
    spec,
    sampleIndexes: [indexDigest, indexDigest],
    groups: groupsOf(spec, [lines.length, lines.length]),
    units: 2 * lines.length * EPOCHS,
  };
  await store.stage(manifest);
  await store.markAccepted(manifest.evaluationId);
  return manifest;
}

function resultOf(unit: number, lines: readonly Line[]): UnitResult {
  const place = unit % (lines.length * EPOCHS);
  const [sample, epoch] = [Math.floor(place / EPOCHS), (place % EPOCHS) + 1];
  const number = lines[sample]!.scores[unit === place ? 0 : 1]![epoch - 1]!;
  const scores = [{ scorer: 'exact', value: number, number }];
  return {
    ...{ unit, sampleId: `s${sample}`, epoch, outcome: outcomeOf('text', scores), completion: 'text', scores },
    ...{ usage: { inputTokens: 1, outputTokens: 1 }, timing: { startedAt: 1, modelMs: 1, totalMs: 1 }, calls: 1, retries: 0 },
  };
}

/** Its report, if results arrive in this order, in frames of this many. */
async function reportOf(lines: readonly Line[], order: readonly number[], frame: number): Promise<Report> {
  const manifest = await accepted(lines);
  const id = manifest.evaluationId;
  for (let at = 0; at < order.length; at += frame) {
    const results = order.slice(at, at + frame).map((unit) => ({ unit, content: Buffer.from(JSON.stringify(resultOf(unit, lines))) }));
    await store.appendResults(id, [{ taskId: `t${at}`, attemptId: `a${at}`, agentId: `ag_${at % 3}`, grant: at + 1, results }]);
  }
  const codes = Uint8Array.from({ length: manifest.units }, (_, unit) => unitCode(resultOf(unit, lines).outcome));
  const index = await store.openResults(id, { voided: 'last' });
  try {
    const closedUnits = joinUnits({
      manifest,
      codes: async (first, count) => codes.subarray(first, first + count),
      results: (from) => index.results(from),
    });
    return await computeReport({ manifest, closedUnits, source: store, clock: systemClock, wasCancelled: false, finishedAtMs: 0 });
  } finally {
    await index.close();
  }
}

test('random scores and groupings, in any order of arrival', async () => {
  const cases = fc.array(line, { minLength: 1, maxLength: 8 }).chain((lines) => {
    const units = Array.from({ length: 2 * lines.length * EPOCHS }, (_, unit) => unit);
    const order = fc.shuffledSubarray(units, { minLength: units.length });
    return fc.tuple(fc.constant(lines), order, order, fc.integer({ min: 1, max: 7 }));
  });
  await fc.assert(
    fc.asyncProperty(cases, async ([lines, order, other, frame]) => {
      const { results, totals } = await reportOf(lines, order, frame);
      const again = await reportOf(lines, other, 8 - frame);
      expect(JSON.stringify([again.results, again.totals])).toBe(JSON.stringify([results, totals]));

      const reference = [0, 1].map((benchmark) => {
        const kept = lines.flatMap(({ topic, passage, scores }) => {
          const value = mean(scores[benchmark]!.filter((score) => score !== null));
          return value === null ? [] : [{ topic, passage, value }];
        });
        return { kept, values: kept.map(({ value }) => value) };
      });
      for (const [i, { kept, values }] of reference.entries()) {
        const { metrics, samples, groups } = results[i]!;
        expect(samples).toBe(values.length);
        if (values.length === 0) {
          expect([metrics, groups]).toEqual([{}, undefined]);
          continue;
        }
        expect(metrics.mean).toBeCloseTo(mean(values)!, 9);
        expect(metrics.stderr).toBeCloseTo(
          clusteredStderr(
            values,
            kept.map(({ passage }) => passage),
          )!,
          9,
        );
        expect(groups![0]!.groups.map(({ group }) => group)).toEqual([...new Set(kept.map(({ topic }) => topic))]);
        for (const { group, metrics: own } of groups![0]!.groups)
          expect(own['mean']).toBeCloseTo(mean(kept.filter(({ topic }) => topic === group).map(({ value }) => value))!, 9);
      }
      const scored = reference.map(({ values }) => values).filter((values) => values.length > 0);
      if (scored.length === 0) {
        expect(totals).toBeUndefined();
        return;
      }
      const [means, errors, sizes] = [scored.map((v) => mean(v)!), scored.map((v) => stderr(v)!), scored.map((v) => v.length)];
      expect(totals).toMatchObject([{ benchmarks: scored.length, samples: scored.flat().length }]);
      expect(totals![0]!.macro).toBeCloseTo(groupMean(means, sizes, false)!, 9);
      expect(totals![0]!.weighted).toBeCloseTo(mean(scored.flat())!, 9);
      expect(totals![0]!.pooledStderr).toBeCloseTo(pooledStderr(errors, sizes)!, 9);
    }),
    { numRuns: 25 },
  );
});
