// Original file: proto/assay/v1/why.proto

import type { EvaluationState as _assay_v1_EvaluationState, EvaluationState__Output as _assay_v1_EvaluationState__Output } from '../../assay/v1/EvaluationState.ts';
import type { Reason as _assay_v1_Reason, Reason__Output as _assay_v1_Reason__Output } from '../../assay/v1/Reason.ts';
import type { WhyHistory as _assay_v1_WhyHistory, WhyHistory__Output as _assay_v1_WhyHistory__Output } from '../../assay/v1/WhyHistory.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * How it stands, and why. Up to a second old.
 */
export interface WhyPendingResponse {
  /**
   * When it was looked at.
   */
  'timeMs'?: (number | string | Long);
  /**
   * The evaluation, also where a task was asked for.
   */
  'evaluationId'?: (string);
  /**
   * The task that was asked for; empty: it was the evaluation.
   */
  'taskId'?: (string);
  /**
   * Of the evaluation.
   */
  'state'?: (_assay_v1_EvaluationState);
  /**
   * Of the evaluation: samples that are not closed.
   */
  'open'?: (number);
  /**
   * Of these: samples that agents hold.
   */
  'inFlight'?: (number);
  /**
   * The one that matters most comes first: what keeps work from running, then what runs, then what slows it. Never empty.
   */
  'reasons'?: (_assay_v1_Reason)[];
  /**
   * Of the evaluation: samples that were closed a second within the last minute, about; 0: none.
   */
  'rate'?: (number | string);
  /**
   * Of the evaluation, where it was asked for.
   */
  'history'?: (_assay_v1_WhyHistory | null);
}

/**
 * How it stands, and why. Up to a second old.
 */
export interface WhyPendingResponse__Output {
  /**
   * When it was looked at.
   */
  'timeMs': (string);
  /**
   * The evaluation, also where a task was asked for.
   */
  'evaluationId': (string);
  /**
   * The task that was asked for; empty: it was the evaluation.
   */
  'taskId': (string);
  /**
   * Of the evaluation.
   */
  'state': (_assay_v1_EvaluationState__Output);
  /**
   * Of the evaluation: samples that are not closed.
   */
  'open': (number);
  /**
   * Of these: samples that agents hold.
   */
  'inFlight': (number);
  /**
   * The one that matters most comes first: what keeps work from running, then what runs, then what slows it. Never empty.
   */
  'reasons': (_assay_v1_Reason__Output)[];
  /**
   * Of the evaluation: samples that were closed a second within the last minute, about; 0: none.
   */
  'rate': (number);
  /**
   * Of the evaluation, where it was asked for.
   */
  'history': (_assay_v1_WhyHistory__Output | null);
}
