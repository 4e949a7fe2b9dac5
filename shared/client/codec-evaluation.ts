/** Evaluations and their events between wire and `types.ts`. */
import { AppError } from '../domain/errors.ts';
import type { EvaluationSpec } from '../domain/spec.ts';
import type { Evaluation as WireEvaluation, Evaluation__Output } from '../rpc/gen/assay/v1/Evaluation.ts';
import type { EvaluationSummary as WireSummary, EvaluationSummary__Output } from '../rpc/gen/assay/v1/EvaluationSummary.ts';
import type { GroupProgress as WireGroup, GroupProgress__Output } from '../rpc/gen/assay/v1/GroupProgress.ts';
import type { RouteProgress__Output } from '../rpc/gen/assay/v1/RouteProgress.ts';
import type { SampleLimits as WireLimits, SampleLimits__Output } from '../rpc/gen/assay/v1/SampleLimits.ts';
import type { WatchEvaluationResponse, WatchEvaluationResponse__Output } from '../rpc/gen/assay/v1/WatchEvaluationResponse.ts';
import { costField, costFieldToWire } from './codec-cost.ts';
import { rowFromWire, rowToWire } from './codec-report.ts';
import {
  countsFromWire,
  countsToWire,
  int64,
  judgeOfField,
  jsonFromWire,
  jsonToWire,
  objectFromWire,
  stateFromWire,
  stateToWire,
  toInt64,
} from './codec-words.ts';
import type { Evaluation, EvaluationSummary, GroupProgress, SampleLimits, WatchEvent } from './types.ts';

export const groupToWire = ({ inputTokens, outputTokens, ...group }: GroupProgress): WireGroup => ({
  ...group,
  counts: countsToWire(group.counts),
  ...(inputTokens === undefined ? {} : { inputTokens: toInt64(inputTokens) }),
  ...(outputTokens === undefined ? {} : { outputTokens: toInt64(outputTokens) }),
});

export const groupFromWire = (wire: GroupProgress__Output): GroupProgress => ({
  benchmark: wire.benchmark,
  model: wire.model,
  counts: countsFromWire(wire.counts),
  scorers: wire.scorers.map(({ scorer, n, sum, sumOfSquares }) => ({ scorer, n, sum, sumOfSquares })),
  retries: wire.retries,
  ...judgeOfField(wire.judgeOf),
  ...(wire._inputTokens === undefined ? {} : { inputTokens: int64(wire.inputTokens!) }),
  ...(wire._outputTokens === undefined ? {} : { outputTokens: int64(wire.outputTokens!) }),
});

export const limitsToWire = ({ time, working, tokens }: SampleLimits): WireLimits => ({
  ...(time === undefined ? {} : { time }),
  ...(working === undefined ? {} : { working }),
  ...(tokens === undefined ? {} : { tokens: toInt64(tokens) }),
});

/** Only what is there. */
export const limitsFromWire = (wire: SampleLimits__Output | null): SampleLimits => ({
  ...(wire?._time === undefined ? {} : { time: wire.time! }),
  ...(wire?._working === undefined ? {} : { working: wire.working! }),
  ...(wire?._tokens === undefined ? {} : { tokens: int64(wire.tokens!) }),
});

export const routeProgressFromWire = ({ route, requirement, open }: RouteProgress__Output): Evaluation['routes'][number] => ({
  route,
  requirement,
  open,
});

export const evaluationToWire = ({ spec, metadata, limits, cost, ...evaluation }: Evaluation): WireEvaluation => ({
  ...evaluation,
  state: stateToWire(evaluation.state),
  createdAtMs: toInt64(evaluation.createdAtMs),
  finishedAtMs: toInt64(evaluation.finishedAtMs),
  counts: countsToWire(evaluation.counts),
  groups: evaluation.groups.map(groupToWire),
  metadataJson: jsonToWire(metadata),
  limits: limitsToWire(limits),
  ...costFieldToWire(cost),
  ...(spec === undefined ? {} : { specJson: jsonToWire(spec) }),
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
    routes: wire.routes.map(routeProgressFromWire),
    cursor: wire.cursor,
    namespace: wire.namespace,
    owner: wire.owner,
    tags: wire.tags,
    metadata: objectFromWire(wire.metadataJson, 'metadata'),
    priority: wire.priority,
    finishedAtMs: int64(wire.finishedAtMs),
    maxSamples: wire.maxSamples,
    limits: limitsFromWire(wire.limits),
    keep: wire.keep,
    setbacks: {
      crashes: wire.setbacks?.crashes ?? 0,
      losses: wire.setbacks?.losses ?? 0,
      returns: wire.setbacks?.returns ?? 0,
    },
    ...costField(wire.cost),
    ...(wire.specJson.length === 0 ? {} : { spec: jsonFromWire(wire.specJson, 'a spec') as EvaluationSpec }),
  };
}

export const summaryToWire = ({ metadata, cost, ...summary }: EvaluationSummary): WireSummary => ({
  ...summary,
  state: stateToWire(summary.state),
  createdAtMs: toInt64(summary.createdAtMs),
  finishedAtMs: toInt64(summary.finishedAtMs),
  counts: countsToWire(summary.counts),
  metadataJson: jsonToWire(metadata),
  storedBytes: toInt64(summary.storedBytes),
  results: summary.results.map(rowToWire),
  ...costFieldToWire(cost),
});

export const summaryFromWire = (wire: EvaluationSummary__Output): EvaluationSummary => ({
  evaluationId: wire.evaluationId,
  name: wire.name,
  state: stateFromWire(wire.state),
  createdAtMs: int64(wire.createdAtMs),
  finishedAtMs: int64(wire.finishedAtMs),
  counts: countsFromWire(wire.counts),
  namespace: wire.namespace,
  owner: wire.owner,
  tags: wire.tags,
  metadata: objectFromWire(wire.metadataJson, 'metadata'),
  benchmarks: wire.benchmarks,
  models: wire.models,
  priority: wire.priority,
  reason: wire.reason,
  results: wire.results.map(rowFromWire),
  keep: wire.keep,
  storedBytes: int64(wire.storedBytes),
  ...costField(wire.cost),
});

export function eventToWire(event: WatchEvent): WatchEvaluationResponse {
  const head = { cursor: event.cursor, timeMs: toInt64(event.timeMs) };
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
