/** Attempts at a sample, and its judges' calls, between wire and `sample-attempts.ts`. */
import type { SampleAttempt as WireAttempt, SampleAttempt__Output } from '../rpc/gen/assay/v1/SampleAttempt.ts';
import type { SampleAttemptResult as WireResult } from '../rpc/gen/assay/v1/SampleAttemptResult.ts';
import type { SampleJudgeCall as WireCall, SampleJudgeCall__Output } from '../rpc/gen/assay/v1/SampleJudgeCall.ts';
import { attemptStateFromWire, attemptStateToWire } from './codec-course.ts';
import { int64, toInt64, unitStateFromWire, unitStateToWire } from './codec-words.ts';
import { SAMPLE_ATTEMPT_RESULTS, type SampleAttempt, type SampleJudgeCall } from './sample-attempts.ts';

const resultToWire = (result: SampleAttempt['result']): WireResult => `SAMPLE_ATTEMPT_RESULT_${result.toUpperCase()}` as WireResult;

export const sampleAttemptToWire = ({ waitedMs, fromMs, toMs, state, result, ...attempt }: SampleAttempt): WireAttempt => ({
  ...attempt,
  ...(waitedMs !== undefined && { waitedMs }),
  fromMs: toInt64(fromMs),
  toMs: toInt64(toMs),
  state: attemptStateToWire(state),
  result: resultToWire(result),
});

export const sampleAttemptFromWire = (wire: SampleAttempt__Output): SampleAttempt => ({
  ...{ attemptId: wire.attemptId, taskId: wire.taskId, agentId: wire.agentId, agent: wire.agent },
  ...(wire._waitedMs !== undefined && { waitedMs: wire.waitedMs! }),
  fromMs: int64(wire.fromMs),
  toMs: int64(wire.toMs),
  state: attemptStateFromWire(wire.state),
  samples: wire.samples,
  result: SAMPLE_ATTEMPT_RESULTS.find((result) => resultToWire(result) === wire.result) ?? 'none',
});

export const judgeCallToWire = ({ state, startedAtMs, ...call }: SampleJudgeCall): WireCall => ({
  ...call,
  state: unitStateToWire(state),
  startedAtMs: toInt64(startedAtMs),
});

export const judgeCallFromWire = ({ state, startedAtMs, ...call }: SampleJudgeCall__Output): SampleJudgeCall => ({
  ...call,
  state: unitStateFromWire(state),
  startedAtMs: int64(startedAtMs),
});
