/** One unit as its results are listed and streamed. */
import type { SampleResult } from '../../../shared/client/types.ts';
import { groupOfUnit, judgeOfField, placeOf, type Manifest } from '../../../shared/domain/manifest.ts';
import type { UnitResult } from '../../../shared/domain/result.ts';
import { UNIT_STATES } from '../../../shared/domain/states.ts';

/** A unit with its result. `code`: as the ledger counts it. */
export function sampleResultOf(manifest: Manifest, result: UnitResult, agentId: string): SampleResult {
  const group = groupOfUnit(manifest.groups, result.unit);
  return {
    unit: result.unit,
    benchmark: group.benchmark,
    model: group.model,
    sampleId: String(result.sampleId),
    epoch: result.epoch,
    state: result.outcome,
    completion: result.completion ?? '',
    reasoning: result.reasoning ?? '',
    scores: result.scores.map((s) => ({
      scorer: s.scorer,
      value: s.value === null ? '' : String(s.value),
      number: s.number,
      answer: s.answer ?? '',
      explanation: s.explanation ?? '',
      error: s.error ?? '',
    })),
    errorClass: result.error?.class ?? '',
    errorMessage: result.error?.message ?? '',
    usage: {
      inputTokens: result.usage.inputTokens,
      outputTokens: result.usage.outputTokens,
      calls: result.calls,
      retries: result.retries,
      reasoningTokens: result.usage.reasoningTokens ?? 0,
    },
    stopReason: result.stopReason ?? '',
    modelMs: result.timing.modelMs,
    totalMs: result.timing.totalMs,
    agentId,
    ...(result.provenance ? { provenance: result.provenance } : {}),
    ...judgeOfField(manifest.groups, group),
  };
}

/** A unit without a result: open, cancelled, skipped or given up. */
export function bareResultOf(manifest: Manifest, unit: number, code: number, sampleId: string): SampleResult {
  const group = groupOfUnit(manifest.groups, unit);
  return {
    unit,
    benchmark: group.benchmark,
    model: group.model,
    sampleId,
    epoch: placeOf(group, unit).epoch,
    state: UNIT_STATES[code] ?? 'pending',
    completion: '',
    reasoning: '',
    scores: [],
    errorClass: '',
    errorMessage: '',
    usage: { inputTokens: 0, outputTokens: 0, calls: 0, retries: 0, reasoningTokens: 0 },
    stopReason: '',
    modelMs: 0,
    totalMs: 0,
    agentId: '',
    ...judgeOfField(manifest.groups, group),
  };
}
