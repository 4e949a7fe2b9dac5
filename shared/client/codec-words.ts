/** Words that all messages share: enum names, int64 strings, counts, JSON documents, pages. */
import { AppError } from '../domain/errors.ts';
import { emptyCounts, EVALUATION_STATES, openOf, type Counts, type EvaluationState, type UnitState } from '../domain/states.ts';
import type { Counts as WireCounts, Counts__Output } from '../rpc/gen/assay/v1/Counts.ts';
import type { EvaluationState as WireState } from '../rpc/gen/assay/v1/EvaluationState.ts';
import type { UnitState as WireUnitState } from '../rpc/gen/assay/v1/UnitState.ts';
import type { JudgeOf__Output } from '../rpc/gen/assay/v1/JudgeOf.ts';
import type { SampleStage as WireStage } from '../rpc/gen/assay/v1/SampleStage.ts';
import type { Usage as WireUsage, Usage__Output } from '../rpc/gen/assay/v1/Usage.ts';
import { SAMPLE_STAGES, type JudgeOf, type Page, type PageRequest, type SampleStage, type UsageTotals } from './types.ts';

export const stateToWire = (state: EvaluationState): WireState => `EVALUATION_STATE_${state.toUpperCase()}` as WireState;

/** undefined: UNSPECIFIED, or a number that has no name here. */
export function knownState(wire: string | number): EvaluationState | undefined {
  const state = String(wire).replace('EVALUATION_STATE_', '').toLowerCase();
  return EVALUATION_STATES.find((known) => known === state);
}

export function stateFromWire(wire: string | number): EvaluationState {
  return knownState(wire) ?? unknownWord('evaluation state', wire);
}

/** Callers know one word for what is not closed yet; `pending` and `generated` are ours. */
export const unitStateToWire = (state: UnitState): WireUnitState =>
  state === 'pending' || state === 'generated' ? 'UNIT_STATE_OPEN' : (`UNIT_STATE_${state.toUpperCase()}` as WireUnitState);

const UNIT_STATE_OF: Record<string, UnitState> = {
  UNIT_STATE_OPEN: 'pending',
  UNIT_STATE_SCORED: 'scored',
  UNIT_STATE_UNSCORED: 'unscored',
  UNIT_STATE_ERRORED: 'errored',
  UNIT_STATE_CANCELLED: 'cancelled',
  UNIT_STATE_DEAD: 'dead',
};

/** undefined: UNSPECIFIED, or a number that has no name here. */
export const knownUnitState = (wire: string | number): UnitState | undefined =>
  Object.hasOwn(UNIT_STATE_OF, wire) ? UNIT_STATE_OF[wire] : undefined;

export const unitStateFromWire = (wire: string | number): UnitState => knownUnitState(wire) ?? unknownWord('unit state', wire);

export const stageToWire = (stage: SampleStage): WireStage => `SAMPLE_STAGE_${stage.toUpperCase()}` as WireStage;

/** undefined: UNSPECIFIED, or a number that has no name here. */
export const knownStage = (wire: string | number): SampleStage | undefined => SAMPLE_STAGES.find((stage) => stageToWire(stage) === wire);

/** As a field, where it is there. */
export const judgeOfField = (wire: JudgeOf__Output | null): { judgeOf?: JudgeOf } =>
  wire ? { judgeOf: { model: wire.model, scorer: wire.scorer } } : {};

/** Throws: a coordinator has sent a word that this client is too old to know. */
export function unknownWord(what: string, value: string | number): never {
  throw new AppError(
    'internal',
    `the coordinator sent the ${what} ${JSON.stringify(value)}, which this client does not know: is it older than the coordinator?`,
  );
}

/** int64 of the wire; beyond 2^53 nothing of ours counts. */
export const int64 = (wire: string | number): number => Number(wire);
export const toInt64 = (value: number): string => String(Math.round(value));

export const countsToWire = (counts: Counts): WireCounts => ({ ...counts, open: Math.max(0, openOf(counts)) });

export function countsFromWire(wire: Counts__Output | null): Counts {
  if (!wire) return emptyCounts();
  const { total, scored, unscored, errored, cancelled, dead } = wire;
  return { total, scored, unscored, errored, cancelled, dead };
}

export const usageToWire = (usage: UsageTotals): WireUsage => ({
  inputTokens: toInt64(usage.inputTokens),
  outputTokens: toInt64(usage.outputTokens),
  calls: toInt64(usage.calls),
  retries: toInt64(usage.retries),
  reasoningTokens: toInt64(usage.reasoningTokens),
});

export const usageFromWire = (wire: Usage__Output | null): UsageTotals => ({
  inputTokens: int64(wire?.inputTokens ?? 0),
  outputTokens: int64(wire?.outputTokens ?? 0),
  calls: int64(wire?.calls ?? 0),
  retries: int64(wire?.retries ?? 0),
  reasoningTokens: int64(wire?.reasoningTokens ?? 0),
});

export const jsonToWire = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

/** A JSON object of the coordinator; empty bytes are {}. */
export function objectFromWire(json: Buffer, what: string): Record<string, unknown> {
  return (json.length === 0 ? {} : jsonFromWire(json, what)) as Record<string, unknown>;
}

export function jsonFromWire(json: Buffer, what: string): unknown {
  try {
    return JSON.parse(json.toString('utf8'));
  } catch (cause) {
    throw new AppError('internal', `the coordinator sent ${what} that is not JSON`, { cause });
  }
}

export const pageToWire = ({ size = 0, token = '' }: PageRequest = {}): { pageSize: number; pageToken: string } => ({
  pageSize: size,
  pageToken: token,
});

export const pageFromWire = <W, T>(items: readonly W[], nextToken: string, read: (wire: W) => T): Page<T> => ({
  items: items.map(read),
  nextToken,
});
