// Original file: proto/assay/v1/types.proto

import type { UnitState as _assay_v1_UnitState, UnitState__Output as _assay_v1_UnitState__Output } from '../../assay/v1/UnitState.ts';
import type { SampleScore as _assay_v1_SampleScore, SampleScore__Output as _assay_v1_SampleScore__Output } from '../../assay/v1/SampleScore.ts';
import type { Usage as _assay_v1_Usage, Usage__Output as _assay_v1_Usage__Output } from '../../assay/v1/Usage.ts';
import type { Provenance as _assay_v1_Provenance, Provenance__Output as _assay_v1_Provenance__Output } from '../../assay/v1/Provenance.ts';
import type { JudgeOf as _assay_v1_JudgeOf, JudgeOf__Output as _assay_v1_JudgeOf__Output } from '../../assay/v1/JudgeOf.ts';

/**
 * The result of one unit: one sample of one benchmark, answered once by one model.
 */
export interface SampleResult {
  /**
   * The unit's number in its evaluation, 0 … N−1.
   */
  'unit'?: (number);
  /**
   * Its name.
   */
  'benchmark'?: (string);
  /**
   * Its name.
   */
  'model'?: (string);
  /**
   * From the dataset; its place there, from 1, if the dataset has no ids.
   */
  'sampleId'?: (string);
  /**
   * 1 … epochs.
   */
  'epoch'?: (number);
  /**
   * Its outcome.
   */
  'state'?: (_assay_v1_UnitState);
  /**
   * What the model answered, without its reasoning. See StreamResultsResponse.more for long ones.
   */
  'completion'?: (string);
  /**
   * One for each scorer, in the order of the spec.
   */
  'scores'?: (_assay_v1_SampleScore)[];
  /**
   * Why it errored: a class (rate_limit, server_error, …) and the endpoint's or scorer's own words.
   */
  'errorClass'?: (string);
  /**
   * The endpoint's or scorer's own words.
   */
  'errorMessage'?: (string);
  /**
   * Of the model calls of this unit.
   */
  'usage'?: (_assay_v1_Usage | null);
  /**
   * Why the model stopped: stop, length, content_filter, …
   */
  'stopReason'?: (string);
  /**
   * Wall time of the model call that gave the answer, and of the whole unit with its retries.
   */
  'modelMs'?: (number | string);
  /**
   * Wall time of the whole unit with its retries.
   */
  'totalMs'?: (number | string);
  /**
   * The agent that ran it.
   */
  'agentId'?: (string);
  /**
   * What the endpoint gave as the model's reasoning; empty if it gave none. No scorer sees it. Long ones are continued as
   * completions are.
   */
  'reasoning'?: (string);
  /**
   * What was sent, and who answered. Absent: nothing was sent, or by an agent of an earlier release.
   */
  'provenance'?: (_assay_v1_Provenance | null);
  /**
   * Of a judge's call: `completion` is what the judge said, and its unit is about the answer of the same sample and epoch.
   */
  'judgeOf'?: (_assay_v1_JudgeOf | null);
}

/**
 * The result of one unit: one sample of one benchmark, answered once by one model.
 */
export interface SampleResult__Output {
  /**
   * The unit's number in its evaluation, 0 … N−1.
   */
  'unit': (number);
  /**
   * Its name.
   */
  'benchmark': (string);
  /**
   * Its name.
   */
  'model': (string);
  /**
   * From the dataset; its place there, from 1, if the dataset has no ids.
   */
  'sampleId': (string);
  /**
   * 1 … epochs.
   */
  'epoch': (number);
  /**
   * Its outcome.
   */
  'state': (_assay_v1_UnitState__Output);
  /**
   * What the model answered, without its reasoning. See StreamResultsResponse.more for long ones.
   */
  'completion': (string);
  /**
   * One for each scorer, in the order of the spec.
   */
  'scores': (_assay_v1_SampleScore__Output)[];
  /**
   * Why it errored: a class (rate_limit, server_error, …) and the endpoint's or scorer's own words.
   */
  'errorClass': (string);
  /**
   * The endpoint's or scorer's own words.
   */
  'errorMessage': (string);
  /**
   * Of the model calls of this unit.
   */
  'usage': (_assay_v1_Usage__Output | null);
  /**
   * Why the model stopped: stop, length, content_filter, …
   */
  'stopReason': (string);
  /**
   * Wall time of the model call that gave the answer, and of the whole unit with its retries.
   */
  'modelMs': (number);
  /**
   * Wall time of the whole unit with its retries.
   */
  'totalMs': (number);
  /**
   * The agent that ran it.
   */
  'agentId': (string);
  /**
   * What the endpoint gave as the model's reasoning; empty if it gave none. No scorer sees it. Long ones are continued as
   * completions are.
   */
  'reasoning': (string);
  /**
   * What was sent, and who answered. Absent: nothing was sent, or by an agent of an earlier release.
   */
  'provenance': (_assay_v1_Provenance__Output | null);
  /**
   * Of a judge's call: `completion` is what the judge said, and its unit is about the answer of the same sample and epoch.
   */
  'judgeOf': (_assay_v1_JudgeOf__Output | null);
}
