/**
 * EvaluationService's messages between their wire form and the types of `types.ts`. Together with
 * `rpc/codec-agent.ts` the only place that knows int64 strings, enum names and oneofs.
 */
import type { Counts as WireCounts, Counts__Output } from '../rpc/gen/assay/v1/Counts.ts';
import type { Evaluation as WireEvaluation, Evaluation__Output } from '../rpc/gen/assay/v1/Evaluation.ts';
import type { GetReportResponse } from '../rpc/gen/assay/v1/GetReportResponse.ts';
import type { GroupProgress as WireGroup, GroupProgress__Output } from '../rpc/gen/assay/v1/GroupProgress.ts';
import type { SampleResult as WireResult, SampleResult__Output } from '../rpc/gen/assay/v1/SampleResult.ts';
import type { StreamResultsResponse, StreamResultsResponse__Output } from '../rpc/gen/assay/v1/StreamResultsResponse.ts';
import type { WatchEvaluationResponse, WatchEvaluationResponse__Output } from '../rpc/gen/assay/v1/WatchEvaluationResponse.ts';
import type { EvaluationState as WireState } from '../rpc/gen/assay/v1/EvaluationState.ts';
import type { UnitState as WireUnitState } from '../rpc/gen/assay/v1/UnitState.ts';
import type { Evaluation, GroupProgress, Report, SampleResult, WatchEvent } from './types.ts';
import { AppError } from '../domain/errors.ts';
import { emptyCounts, EVALUATION_STATES, openOf, type Counts, type EvaluationState, type UnitState } from '../domain/states.ts';

// -- words ------------------------------------------------------------------------------------------------------------

export const stateToWire = (state: EvaluationState): WireState => `EVALUATION_STATE_${state.toUpperCase()}` as WireState;

export function stateFromWire(wire: string): EvaluationState {
  const state = wire.replace('EVALUATION_STATE_', '').toLowerCase();
  if (!(EVALUATION_STATES as readonly string[]).includes(state)) throw unknownWord('evaluation state', wire);
  return state as EvaluationState;
}

/** Callers know one word for what is not closed yet; `pending` and `generated` are ours. */
const unitStateToWire = (state: UnitState): WireUnitState =>
  state === 'pending' || state === 'generated' ? 'UNIT_STATE_OPEN' : (`UNIT_STATE_${state.toUpperCase()}` as WireUnitState);

const UNIT_STATE_OF: Record<string, UnitState> = {
  UNIT_STATE_OPEN: 'pending',
  UNIT_STATE_SCORED: 'scored',
  UNIT_STATE_UNSCORED: 'unscored',
  UNIT_STATE_ERRORED: 'errored',
  UNIT_STATE_CANCELLED: 'cancelled',
  UNIT_STATE_DEAD: 'dead',
};

function unitStateFromWire(wire: string): UnitState {
  const state = UNIT_STATE_OF[wire];
  if (!state) throw unknownWord('unit state', wire);
  return state;
}

const unknownWord = (what: string, value: string): AppError =>
  new AppError(
    'internal',
    `the coordinator sent the ${what} ${JSON.stringify(value)}, which this client does not know: is it older than the coordinator?`,
  );

/** int64 of the wire; beyond 2^53 nothing of ours counts. */
const int64 = (wire: string | number): number => Number(wire);

export const countsToWire = (counts: Counts): WireCounts => ({ ...counts, open: Math.max(0, openOf(counts)) });

export function countsFromWire(wire: Counts__Output | null): Counts {
  if (!wire) return emptyCounts();
  const { total, scored, unscored, errored, cancelled, dead } = wire;
  return { total, scored, unscored, errored, cancelled, dead };
}

// -- evaluations and their events -------------------------------------------------------------------------------------

const groupToWire = (group: GroupProgress): WireGroup => ({ ...group, counts: countsToWire(group.counts) });

const groupFromWire = (wire: GroupProgress__Output): GroupProgress => ({
  benchmark: wire.benchmark,
  model: wire.model,
  counts: countsFromWire(wire.counts),
  scorers: wire.scorers.map(({ scorer, n, sum, sumOfSquares }) => ({ scorer, n, sum, sumOfSquares })),
  retries: wire.retries,
});

export const evaluationToWire = (evaluation: Evaluation): WireEvaluation => ({
  ...evaluation,
  state: stateToWire(evaluation.state),
  createdAtMs: String(Math.round(evaluation.createdAtMs)),
  counts: countsToWire(evaluation.counts),
  groups: evaluation.groups.map(groupToWire),
});

export function evaluationFromWire(wire: Evaluation__Output | null): Evaluation {
  if (!wire) throw new AppError('internal', 'the coordinator answered without an evaluation');
  return {
    evaluationId: wire.evaluationId,
    name: wire.name,
    state: stateFromWire(wire.state),
    createdAtMs: int64(wire.createdAtMs),
    counts: countsFromWire(wire.counts),
    groups: wire.groups.map(groupFromWire),
    specDigest: wire.specDigest,
    reason: wire.reason,
    inFlight: wire.inFlight,
    agents: wire.agents,
    routes: wire.routes.map(({ route, requirement, open }) => ({ route, requirement, open })),
    cursor: wire.cursor,
  };
}

export function eventToWire(event: WatchEvent): WatchEvaluationResponse {
  const head = { cursor: event.cursor, timeMs: String(Math.round(event.timeMs)) };
  switch (event.kind) {
    case 'snapshot':
      return { ...head, snapshot: { evaluation: evaluationToWire(event.evaluation), resync: event.resync } };
    case 'progress':
      return {
        ...head,
        progress: {
          groups: event.groups.map(groupToWire),
          counts: countsToWire(event.counts),
          inFlight: event.inFlight,
          agents: event.agents,
        },
      };
    case 'state':
      return { ...head, stateChange: { state: stateToWire(event.state), reason: event.reason } };
  }
}

/** Undefined for a kind of event that this client is too old to know: it is passed over. */
export function eventFromWire(wire: WatchEvaluationResponse__Output): WatchEvent | undefined {
  const head = { cursor: wire.cursor, timeMs: int64(wire.timeMs) };
  if (wire.snapshot)
    return { ...head, kind: 'snapshot', evaluation: evaluationFromWire(wire.snapshot.evaluation), resync: wire.snapshot.resync };
  if (wire.progress) {
    const { groups, counts, inFlight, agents } = wire.progress;
    return { ...head, kind: 'progress', groups: groups.map(groupFromWire), counts: countsFromWire(counts), inFlight, agents };
  }
  if (wire.stateChange) return { ...head, kind: 'state', state: stateFromWire(wire.stateChange.state), reason: wire.stateChange.reason };
  return undefined;
}

// -- results ----------------------------------------------------------------------------------------------------------

/** A part of a completion or of the reasoning, in UTF-16 units: at most 3 bytes each, so a message stays below 1 MiB. */
const PART_LENGTH = 300_000;
/** Texts beside the completion; longer ones are cut in the stream and whole in the store. */
const MAX_TEXT_LENGTH = 100_000;
/** Scores of one unit share one message, which must stay below 4 MiB. */
const MAX_SCORES_LENGTH = 600_000;

/** One result as one or several messages: long texts are continued, cut between code points. */
export function* resultToWire(result: SampleResult): Generator<StreamResultsResponse> {
  const parts = [...partsOf(result)];
  for (const [i, texts] of parts.entries()) {
    const more = i < parts.length - 1;
    yield { result: i > 0 ? { unit: result.unit, ...texts } : { ...firstOf(result), ...texts }, more };
  }
}

function firstOf(result: SampleResult): WireResult {
  const { usage } = result;
  const perText = Math.min(MAX_TEXT_LENGTH, Math.floor(MAX_SCORES_LENGTH / (4 * Math.max(1, result.scores.length))));
  return {
    ...result,
    state: unitStateToWire(result.state),
    scores: result.scores.map(({ scorer, value, number, answer, explanation, error }) => ({
      scorer,
      value: cut(value, perText),
      answer: cut(answer, perText),
      explanation: cut(explanation, perText),
      error: cut(error, perText),
      ...(number === null ? {} : { number }),
    })),
    errorMessage: cut(result.errorMessage, MAX_TEXT_LENGTH),
    usage: {
      inputTokens: String(usage.inputTokens),
      outputTokens: String(usage.outputTokens),
      calls: String(usage.calls),
      retries: String(usage.retries),
    },
  };
}

/** The two long texts in parts of bounded size: the completion, then the reasoning; both at once where they fit. */
function* partsOf({ completion, reasoning }: SampleResult): Generator<{ completion: string; reasoning: string }> {
  if (completion.length + reasoning.length <= PART_LENGTH) return yield { completion, reasoning };
  for (const part of piecesOf(completion)) yield { completion: part, reasoning: '' };
  if (reasoning !== '') for (const part of piecesOf(reasoning)) yield { completion: '', reasoning: part };
}

function* piecesOf(text: string): Generator<string> {
  let at = 0;
  do {
    const end = endOfPart(text, at, PART_LENGTH);
    yield text.slice(at, end);
    at = end;
  } while (at < text.length);
}

const cut = (text: string, length: number): string => (text.length <= length ? text : `${text.slice(0, endOfPart(text, 0, length))}…`);

/** Never between the two halves of a surrogate pair. */
function endOfPart(text: string, from: number, length: number): number {
  const end = Math.min(from + length, text.length);
  const splitsPair = end < text.length && /[\uD800-\uDBFF]/.test(text[end - 1]!) && /[\uDC00-\uDFFF]/.test(text[end]!);
  return splitsPair ? end - 1 : end;
}

/** Joins continued results. Throws `internal` when a continuation does not fit what came before. */
export async function* resultsFromWire(messages: AsyncIterable<StreamResultsResponse__Output>): AsyncGenerator<SampleResult> {
  let open: { first: SampleResult; completion: string[]; reasoning: string[] } | undefined;
  for await (const { result, more } of messages) {
    if (!result) continue;
    if (open && result.unit !== open.first.unit)
      throw new AppError('internal', `unit ${open.first.unit} was not continued, but ${result.unit} came`);
    open ??= { first: resultFromWire(result), completion: [], reasoning: [] };
    open.completion.push(result.completion);
    open.reasoning.push(result.reasoning);
    if (more) continue;
    yield { ...open.first, completion: open.completion.join(''), reasoning: open.reasoning.join('') };
    open = undefined;
  }
  if (open) throw new AppError('unavailable', `the results ended in the middle of unit ${open.first.unit}`);
}

function resultFromWire(wire: SampleResult__Output): SampleResult {
  const {
    unit,
    benchmark,
    model,
    sampleId,
    epoch,
    completion,
    reasoning,
    errorClass,
    errorMessage,
    stopReason,
    modelMs,
    totalMs,
    agentId,
    usage,
  } = wire;
  return {
    unit,
    benchmark,
    model,
    sampleId,
    epoch,
    completion,
    reasoning,
    errorClass,
    errorMessage,
    stopReason,
    modelMs,
    totalMs,
    agentId,
    state: unitStateFromWire(wire.state),
    scores: wire.scores.map(({ scorer, value, number, answer, explanation, error, _number }) => ({
      scorer,
      value,
      number: _number === undefined ? null : (number ?? 0),
      answer,
      explanation,
      error,
    })),
    usage: {
      inputTokens: int64(usage?.inputTokens ?? 0),
      outputTokens: int64(usage?.outputTokens ?? 0),
      calls: int64(usage?.calls ?? 0),
      retries: int64(usage?.retries ?? 0),
    },
  };
}

// -- reports ----------------------------------------------------------------------------------------------------------

export function reportToWire(report: Report, json: Buffer): GetReportResponse {
  const { usage } = report;
  return {
    evaluationId: report.evaluationId,
    state: stateToWire(report.state),
    results: report.results.map((row) => ({ ...row, metrics: row.metrics as Record<string, number>, counts: countsToWire(row.counts) })),
    units: countsToWire(report.units),
    usage: {
      inputTokens: String(usage.inputTokens),
      outputTokens: String(usage.outputTokens),
      calls: String(usage.calls),
      retries: String(usage.retries),
    },
    reportJson: json,
  };
}

/** The report's document; its other fields on the wire say the same for those who do not read JSON. */
export function reportFromJson(json: Buffer): Report {
  try {
    return JSON.parse(json.toString('utf8')) as Report;
  } catch (cause) {
    throw new AppError('internal', 'the coordinator sent a report that is not JSON', { cause });
  }
}
