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
import type { Report, ReportRow } from '../../../../shared/client/types.ts';
import { groupsOf, type Manifest } from '../../../../shared/domain/manifest.ts';
import { outcomeOf, type UnitResult } from '../../../../shared/domain/result.ts';
import { specSchema } from '../../../../shared/domain/spec.ts';
import { unitCode } from '../../../../shared/domain/states.ts';
import { systemClock } from '../../../../shared/runtime/clock.ts';
import { reducerOf } from '../../../../shared/scoring/reducers.ts';
import { createScorer } from '../../../../shared/scoring/registry.ts';
import { clusteredStderr } from '../../../../shared/scoring/statistics/clustered-stderr.ts';
import { groupMean } from '../../../../shared/scoring/statistics/group-mean.ts';
import { mean, variance } from '../../../../shared/scoring/statistics/moments.ts';
import { pooledStderr } from '../../../../shared/scoring/statistics/pooled-stderr.ts';
import { bitsPerByte, unitPerplexity } from '../../../../shared/scoring/statistics/perplexity.ts';
import { stderr } from '../../../../shared/scoring/statistics/stderr.ts';
import { bleuCorpus } from '../../../../shared/scoring/text/bleu.ts';
import { corpusValue } from '../../../../shared/scoring/text/corpus.ts';
import { chunksOf, manifestOf } from '../../../support/store-fixtures.ts';

const EPOCHS = 2;
const METRICS = [
  'mean',
  'std',
  'var',
  { name: 'stderr', args: { cluster: 'passage' } },
  { name: 'ci', args: { method: 'bootstrap', num_samples: 20, cluster: 'passage' } },
  { name: 'grouped', args: { group_key: 'topic' } },
  { name: 'bootstrap_stderr', args: { num_samples: 20 } },
  ...['bleu', 'chrf', 'ter'],
  ...['perplexity', 'word_perplexity', 'byte_perplexity', 'bits_per_byte'],
];
const CORPUS = ['bleu', 'chrf', 'ter'];
const SCORERS = ['exact', ...CORPUS, 'loglikelihood'];
const REDUCERS = ['mean', 'median', 'mode', 'max', 'maj_2', 'at_least_1', 'pass_at_2', 'pass_k_2', 'g_pass_2_50', 'pass_at_1_from_0.3'];
const TARGET = 'the cat sat on the mat';

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
  /** What was answered in each epoch, and how likely the target was. */
  texts: string[];
  loglikelihood: number;
}

const line: fc.Arbitrary<Line> = fc.record({
  topic: fc.constantFrom('a', 'b', 'c'),
  passage: fc.integer({ min: 1, max: 4 }),
  scores: fc.array(fc.array(fc.option(fc.constantFrom(0, 1, 0.3, 0.1)), { minLength: EPOCHS, maxLength: EPOCHS }), {
    minLength: 2,
    maxLength: 2,
  }),
  texts: fc.array(fc.constantFrom(TARGET, 'the cat', 'a mat sat on', 'dog'), { minLength: EPOCHS, maxLength: EPOCHS }),
  loglikelihood: fc.constantFrom(-0.1, -0.2, -7, -1 / 3),
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
      scorers: SCORERS,
      metrics: METRICS,
    })),
    models: [{ model: 'mock/one' }],
    epochs: { count: EPOCHS, reducers: REDUCERS },
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

/** Of a text that is rated. */
const countsOf = (text: string) => ({ words: text.split(' ').length, bytes: text.length });

function resultOf(unit: number, lines: readonly Line[]): UnitResult {
  const place = unit % (lines.length * EPOCHS);
  const [sample, epoch] = [Math.floor(place / EPOCHS), (place % EPOCHS) + 1];
  const number = lines[sample]!.scores[unit === place ? 0 : 1]![epoch - 1]!;
  const { texts, loglikelihood } = lines[sample]!;
  const answer = texts[epoch - 1]!;
  const scores = [
    { scorer: 'exact', value: number, number, answer },
    ...CORPUS.map((scorer) => {
      const verdict = createScorer({ name: scorer, args: {} })(answer, [TARGET]);
      return { scorer, ...verdict, number: verdict.value as number };
    }),
    { scorer: 'loglikelihood', value: loglikelihood, number: loglikelihood, counts: countsOf(answer) },
  ];
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

const rowOf = (rows: readonly ReportRow[], benchmark: number, scorer: string, reducer: string): ReportRow =>
  rows.find((row) => row.benchmark === ['one', 'two'][benchmark] && row.scorer === scorer && row.reducer === reducer)!;

/** Each reducer's mean is that of what it makes of each sample's epochs. */
function checkReducers(rows: readonly ReportRow[], lines: readonly Line[]): void {
  for (const benchmark of [0, 1])
    for (const reducer of REDUCERS) {
      const reduced = lines.flatMap(({ scores, texts }) => {
        const epochs = scores[benchmark]!.flatMap((number, e) => (number === null ? [] : [{ number, value: number, answer: texts[e]! }]));
        const value =
          epochs.length === 0
            ? null
            : reducerOf(reducer)!(
                epochs.map(({ number }) => number),
                epochs,
              );
        return value === null ? [] : [value];
      });
      const { metrics, samples } = rowOf(rows, benchmark, 'exact', reducer);
      expect([reducer, samples]).toEqual([reducer, reduced.length]);
      if (reduced.length > 0) expect(metrics.mean).toBeCloseTo(mean(reduced)!, 9);
    }
}

/** Metrics that are no means of samples, from all that was answered. */
function checkSums(rows: readonly ReportRow[], lines: readonly Line[]): void {
  const outputs = lines.flatMap(({ texts }) => texts.map((output) => ({ output, targets: [TARGET] })));
  const bleu = corpusValue(bleuCorpus(), outputs)!;
  // A sample's words and bytes are those of its last epoch: as a rule all are of one text.
  const by = (unit: 'words' | 'bytes') => lines.map((one) => [one.loglikelihood, countsOf(one.texts.at(-1)!)[unit]] as const);
  for (const reducer of REDUCERS.slice(0, 4)) {
    expect(rowOf(rows, 0, 'bleu', reducer).metrics.bleu).toBeCloseTo(bleu, 9);
    const { metrics } = rowOf(rows, 1, 'loglikelihood', reducer);
    expect(metrics.word_perplexity! / unitPerplexity(by('words'))!).toBeCloseTo(1, 9);
    expect(metrics.byte_perplexity! / unitPerplexity(by('bytes'))!).toBeCloseTo(1, 9);
    expect(metrics.bits_per_byte).toBeCloseTo(bitsPerByte(by('bytes'))!, 9);
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
        const { metrics, samples, groups } = rowOf(results, i, 'exact', 'mean');
        expect(samples).toBe(values.length);
        if (values.length === 0) {
          expect([metrics, groups]).toEqual([{}, undefined]);
          continue;
        }
        expect(metrics.mean).toBeCloseTo(mean(values)!, 9);
        expect(metrics.var).toBeCloseTo(variance(values)!, 9);
        expect(metrics.std).toBeCloseTo(Math.sqrt(variance(values)!), 9);
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
      checkReducers(results, lines);
      checkSums(results, lines);
      const scored = reference.map(({ values }) => values).filter((values) => values.length > 0);
      if (scored.length === 0) {
        expect(totals?.filter(({ scorer }) => scorer === 'exact') ?? []).toEqual([]);
        return;
      }
      const [means, errors, sizes] = [scored.map((v) => mean(v)!), scored.map((v) => stderr(v)!), scored.map((v) => v.length)];
      const total = totals!.find(({ scorer, reducer }) => scorer === 'exact' && reducer === 'mean')!;
      expect(total).toMatchObject({ benchmarks: scored.length, samples: scored.flat().length });
      expect(total.macro).toBeCloseTo(groupMean(means, sizes, false)!, 9);
      expect(total.weighted).toBeCloseTo(mean(scored.flat())!, 9);
      expect(total.pooledStderr).toBeCloseTo(pooledStderr(errors, sizes)!, 9);
    }),
    { numRuns: 20 },
  );
});
