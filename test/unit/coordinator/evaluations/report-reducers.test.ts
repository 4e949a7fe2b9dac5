/** What looks at what was said of the epochs, and not at their numbers alone: reducers, and metrics of a corpus. */
import { expect, test } from 'vitest';
import { computeReport, type ClosedUnits } from '../../../../coordinator/evaluations/report.ts';
import { groupsOf, type Manifest } from '../../../../shared/domain/manifest.ts';
import { outcomeOf, type Score, type UnitResult } from '../../../../shared/domain/result.ts';
import { specSchema } from '../../../../shared/domain/spec.ts';
import { unitCode } from '../../../../shared/domain/states.ts';
import { systemClock } from '../../../../shared/runtime/clock.ts';
import type { MetricKey } from '../../../../shared/scoring/metrics.ts';
import { createScorer } from '../../../../shared/scoring/registry.ts';
import { valueToNumber } from '../../../../shared/scoring/values.ts';
import { manifestOf } from '../../../support/store-fixtures.ts';

type Epoch = Pick<Score, 'value' | 'answer' | 'error' | 'corpus'>;

/** By reducer: a metric, and of how many samples. */
async function reduced(
  reducers: string[],
  samples: readonly (readonly Epoch[])[],
  { scorer, metric }: { scorer: string; metric: MetricKey } = { scorer: 'exact', metric: 'accuracy' },
): Promise<Record<string, unknown>> {
  const epochs = samples[0]!.length;
  const spec = specSchema.parse({
    name: 'epochs',
    benchmarks: [{ benchmark: 'one', dataset: { uri: 'file:d.jsonl' }, scorers: [scorer], metrics: [metric] }],
    models: [{ model: 'mock/one' }],
    epochs: { count: epochs, reducers },
  });
  const units = samples.length * epochs;
  const manifest: Manifest = { ...manifestOf('epochs', 0), spec, groups: groupsOf(spec, [samples.length]), units };
  const closedUnits: ClosedUnits = async function* () {
    for (const [unit, epoch] of samples.flat().entries()) {
      const scores = [{ scorer, number: valueToNumber(epoch.value), ...epoch }];
      const result: UnitResult = {
        ...{ unit, sampleId: Math.floor(unit / epochs), epoch: (unit % epochs) + 1, outcome: outcomeOf('text', scores), scores },
        ...{ usage: { inputTokens: 1, outputTokens: 1 }, timing: { startedAt: 1, modelMs: 1, totalMs: 1 }, calls: 1, retries: 0 },
      };
      yield { unit, code: unitCode(result.outcome), result, agentId: 'ag_1' };
    }
  };
  const source = { readContent: () => Promise.reject(new Error('no metric needs metadata')) } as never;
  const report = await computeReport({ manifest, closedUnits, source, clock: systemClock, wasCancelled: false, finishedAtMs: 0 });
  return Object.fromEntries(report.results.map(({ reducer, metrics, samples: n }) => [reducer, [metrics[metric], n]]));
}

const letters = (text: string): Epoch[] => Array.from(text, (value) => ({ value }));

test('mode counts I and N apart, and the first of a tie wins', async () => {
  expect(await reduced(['mode', 'mean'], [letters('CCIIN')])).toEqual({ mode: [1, 1], mean: [0.4, 1] });
  expect(await reduced(['mode'], [letters('INNCC')])).toEqual({ mode: [0, 1] });
});

test('maj_K counts answers as results have them, and a sample of which too few epochs have a value has none', async () => {
  const epochs = (...answers: [string, 'C' | 'I' | null][]): Epoch[] => answers.map(([answer, value]) => ({ answer, value }));
  const samples = [
    epochs(['7', 'I'], ['5', 'C'], ['5', 'C']),
    epochs(['7', 'I'], ['7', 'I'], ['5', 'C']),
    epochs(['5', 'C'], ['?', null], ['5', 'C']),
  ];
  expect(await reduced(['maj_1', 'maj_2', 'maj_3'], samples)).toEqual({ maj_1: [1 / 3, 3], maj_2: [1 / 3, 3], maj_3: [0.5, 2] });
});

test("a corpus' value is of the answers of all epochs, whatever the reducer", async () => {
  const ter = createScorer({ name: 'ter', args: {} });
  const samples = [
    [ter('a b', ['a b']), ter('x y', ['a b'])],
    [ter('a b c d', ['a b c d']), { value: null }],
  ];
  const expected = [25, 2];
  expect(await reduced(['mean', 'max'], samples, { scorer: 'ter', metric: 'ter' })).toEqual({ mean: expected, max: expected });
});
