/** Results as they come from agents and from the store: checked, and reduced to what the ledger counts. */
import { groupOfUnit, placeOf, type Manifest } from '../../shared/domain/manifest.ts';
import { MAX_RESULT_BYTES, outcomeOf, unitResultSchema, type UnitResult } from '../../shared/domain/result.ts';
import { unitCode } from '../../shared/domain/states.ts';
import type { Logger } from '../../shared/telemetry/logger.ts';
import type { RestoredUnit } from '../ledger/types.ts';

export interface CheckedResult {
  counted: RestoredUnit;
  /** What goes into the store: the agent's bytes, or an error in their place when they make no sense. */
  content: Buffer;
  outcome: UnitResult['outcome'];
  totalMs: number;
  modelMs: number;
  errorClass: string | undefined;
  completion: string | undefined;
  usage: UnitResult['usage'];
  /** Why an error stands in its place. */
  refused?: { kind: 'malformed' | 'too_large'; why: string };
}

/** Results of one report that were refused, of one kind. */
export interface RefusedResults {
  kind: 'malformed' | 'too_large';
  count: number;
  /** Of the first of them. */
  why: string;
}

export const refusedOf = (checked: readonly CheckedResult[]): RefusedResults[] =>
  [
    ...Map.groupBy(
      checked.flatMap((c) => c.refused ?? []),
      ({ kind }) => kind,
    ),
  ].map(([kind, all]) => ({
    ...{ kind, count: all.length, why: all[0]!.why },
  }));

/** Reads a unit's result and checks it against its evaluation; undefined if it makes no sense. */
export function readResult(manifest: Manifest, unit: number, content: Buffer): UnitResult | undefined {
  let value: unknown;
  try {
    value = JSON.parse(content.toString('utf8'));
  } catch {
    return undefined;
  }
  const parsed = unitResultSchema.safeParse(value);
  if (!parsed.success || parsed.data.unit !== unit || unit >= manifest.units) return undefined;
  const { scorers } = groupOfUnit(manifest.groups, unit);
  const result = parsed.data;
  const fits = result.scores.length === scorers.length && result.scores.every((s, i) => s.scorer === scorers[i]);
  if (result.completion === undefined ? result.scores.length > 0 : !fits) return undefined;
  return outcomeOf(result.completion, result.scores) === result.outcome ? result : undefined;
}

/** A result as the ledger counts it. A value is null where there is no verdict of that scorer. */
export function countedOf(manifest: Manifest, result: UnitResult): RestoredUnit {
  const group = groupOfUnit(manifest.groups, result.unit);
  const values = result.scores.map((s) => (s.error === undefined ? s.number : null));
  const { inputTokens, outputTokens } = result.usage;
  return {
    ...{ unit: result.unit, code: unitCode(result.outcome), group: group.index, retries: result.retries, values },
    tokens: [inputTokens, outputTokens],
  };
}

/** Checks a reported result. One that makes no sense is the agent's fault, not the model's: the unit is errored, not wrong. */
export function countable(manifest: Manifest, reported: { unit: number; content: Buffer }, logger: Logger): CheckedResult {
  const tooLarge = reported.content.length > MAX_RESULT_BYTES;
  const result = tooLarge ? undefined : readResult(manifest, reported.unit, reported.content);
  if (result)
    return {
      counted: countedOf(manifest, result),
      content: reported.content,
      outcome: result.outcome,
      totalMs: result.timing.totalMs,
      modelMs: result.timing.modelMs,
      errorClass: result.error?.class,
      completion: result.completion,
      usage: result.usage,
    };
  const problem = tooLarge
    ? `the result has ${reported.content.length} bytes; at most ${MAX_RESULT_BYTES} are kept`
    : 'the agent sent a result that makes no sense';
  logger.error({ evaluationId: manifest.evaluationId, unit: reported.unit, problem }, 'the unit is errored');
  const group = groupOfUnit(manifest.groups, reported.unit);
  const place = placeOf(group, reported.unit);
  const replaced: UnitResult = {
    unit: reported.unit,
    sampleId: place.sample + 1,
    epoch: place.epoch,
    outcome: 'errored',
    scores: [],
    usage: { inputTokens: 0, outputTokens: 0 },
    error: { class: tooLarge ? 'too_large' : 'bad_response', message: problem },
    timing: { startedAt: 0, modelMs: 0, totalMs: 0 },
    calls: 0,
    retries: 0,
  };
  return {
    counted: countedOf(manifest, replaced),
    content: Buffer.from(JSON.stringify(replaced)),
    outcome: 'errored',
    totalMs: 0,
    modelMs: 0,
    errorClass: replaced.error?.class,
    completion: undefined,
    usage: replaced.usage,
    refused: { kind: tooLarge ? 'too_large' : 'malformed', why: problem },
  };
}
