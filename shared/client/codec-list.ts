/** Lists of evaluations that are told as they change, between wire and `types.ts`. */
import { AppError } from '../domain/errors.ts';
import type { ListedEvaluation as WireListed, ListedEvaluation__Output } from '../rpc/gen/assay/v1/ListedEvaluation.ts';
import type { WatchEvaluationsResponse, WatchEvaluationsResponse__Output } from '../rpc/gen/assay/v1/WatchEvaluationsResponse.ts';
import { groupFromWire, groupToWire, summaryFromWire, summaryToWire } from './codec-evaluation.ts';
import { int64, toInt64 } from './codec-words.ts';
import type { ListChange, ListedEvaluation } from './types.ts';

const listedToWire = ({ summary, groups, groupCount }: ListedEvaluation): WireListed => ({
  summary: summaryToWire(summary),
  groups: groups.map(groupToWire),
  groupCount,
});

function listedFromWire({ summary, groups, groupCount }: ListedEvaluation__Output): ListedEvaluation {
  if (!summary) throw new AppError('internal', 'the coordinator has told of an evaluation without a summary');
  return { summary: summaryFromWire(summary), groups: groups.map(groupFromWire), groupCount };
}

export const listChangeToWire = ({ timeMs, evaluations, nextToken, ...change }: ListChange): WatchEvaluationsResponse => ({
  ...change,
  timeMs: toInt64(timeMs),
  nextPageToken: nextToken,
  evaluations: evaluations.map(listedToWire),
});

export const listChangeFromWire = (wire: WatchEvaluationsResponse__Output): ListChange => ({
  timeMs: int64(wire.timeMs),
  snapshot: wire.snapshot,
  evaluations: wire.evaluations.map(listedFromWire),
  removedEvaluationIds: wire.removedEvaluationIds,
  nextToken: wire.nextPageToken,
});
