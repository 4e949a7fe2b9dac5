/** What a report says where not all was scored, and where what was scored is no answer. */
import { expect, test } from 'vitest';
import type { ClosedUnits } from '../../../../coordinator/evaluations/closed-unit.ts';
import { computeReport } from '../../../../coordinator/evaluations/report.ts';
import type { Report } from '../../../../shared/client/types.ts';
import { groupsOf, type Manifest } from '../../../../shared/domain/manifest.ts';
import type { UnitResult } from '../../../../shared/domain/result.ts';
import { parseSpec } from '../../../../shared/domain/spec.ts';
import { UNIT_STATES, type UnitState } from '../../../../shared/domain/states.ts';
import { systemClock } from '../../../../shared/runtime/clock.ts';
import { manifestOf } from '../../../support/store-fixtures.ts';

const spec = parseSpec({
  name: 'n',
  benchmarks: [{ benchmark: 'b', dataset: { uri: 'file:d.jsonl' }, scorers: ['exact'], metrics: ['accuracy'] }],
  models: [{ model: 'mock/m' }],
});

const resultOf = (unit: number, stopReason: string): UnitResult => ({
  ...{ unit, sampleId: unit, epoch: 1, outcome: 'scored', completion: 'no', stopReason },
  scores: [{ scorer: 'exact', value: 'I', number: 0 }],
  ...{ usage: { inputTokens: 1, outputTokens: 1 }, timing: { startedAt: 1, modelMs: 1, totalMs: 1 }, calls: 1, retries: 0 },
});

/** Of units that ended so: scored with a stop reason, or otherwise. */
function reportOf(ends: readonly ({ stopReason: string } | UnitState)[], wasCancelled = false): Promise<Report> {
  const manifest: Manifest = { ...manifestOf('partial', 0), spec, groups: groupsOf(spec, [ends.length]), units: ends.length };
  const closedUnits: ClosedUnits = async function* () {
    for (const [unit, end] of ends.entries())
      yield typeof end === 'string'
        ? { unit, code: UNIT_STATES.indexOf(end), result: undefined, agentId: '' }
        : { unit, code: UNIT_STATES.indexOf('scored'), result: resultOf(unit, end.stopReason), agentId: 'ag_1' };
  };
  const unread = (): Promise<never> => Promise.reject(new Error('nothing is read'));
  const source = { readContent: unread, contentSize: unread };
  return computeReport({ manifest, closedUnits, source, clock: systemClock, wasCancelled, finishedAtMs: 0 });
}
const stop = { stopReason: 'stop' };

test('a cancelled evaluation and one with dead units are partial, a whole one is not', async () => {
  expect(await reportOf([stop, stop])).not.toHaveProperty('partial');
  expect(await reportOf([stop, 'cancelled'], true)).toMatchObject({ state: 'cancelled', partial: true });
  expect(await reportOf([stop, 'dead'])).toMatchObject({ partial: true });
});

test('refused and filtered answers are scored, and counted', async () => {
  const report = await reportOf([stop, { stopReason: 'refusal' }, { stopReason: 'content_filter' }, { stopReason: 'refusal' }]);
  expect(report).toMatchObject({ units: { scored: 4 }, answers: { refused: 2, filtered: 1 } });
  expect(await reportOf([stop])).not.toHaveProperty('answers');
});
