// Original file: proto/assay/v1/evaluation.proto

import type { UnitState as _assay_v1_UnitState, UnitState__Output as _assay_v1_UnitState__Output } from '../../assay/v1/UnitState.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * A judge's call about the answer of a sample.
 */
export interface SampleJudgeCall {
  /**
   * The judge's own unit, whose sample has all of it.
   */
  'unit'?: (number);
  /**
   * The judge.
   */
  'model'?: (string);
  /**
   * The scorer that asked it.
   */
  'scorer'?: (string);
  /**
   * The agent that called it.
   */
  'agentId'?: (string);
  /**
   * How it ended.
   */
  'state'?: (_assay_v1_UnitState);
  /**
   * When it started, ms since the epoch.
   */
  'startedAtMs'?: (number | string | Long);
  /**
   * The call that gave the verdict.
   */
  'modelMs'?: (number | string);
  /**
   * With its retries.
   */
  'totalMs'?: (number | string);
}

/**
 * A judge's call about the answer of a sample.
 */
export interface SampleJudgeCall__Output {
  /**
   * The judge's own unit, whose sample has all of it.
   */
  'unit': (number);
  /**
   * The judge.
   */
  'model': (string);
  /**
   * The scorer that asked it.
   */
  'scorer': (string);
  /**
   * The agent that called it.
   */
  'agentId': (string);
  /**
   * How it ended.
   */
  'state': (_assay_v1_UnitState__Output);
  /**
   * When it started, ms since the epoch.
   */
  'startedAtMs': (string);
  /**
   * The call that gave the verdict.
   */
  'modelMs': (number);
  /**
   * With its retries.
   */
  'totalMs': (number);
}
