// Original file: proto/assay/v1/evaluation.proto

import type { EvaluationState as _assay_v1_EvaluationState, EvaluationState__Output as _assay_v1_EvaluationState__Output } from '../../assay/v1/EvaluationState.ts';
import type { Counts as _assay_v1_Counts, Counts__Output as _assay_v1_Counts__Output } from '../../assay/v1/Counts.ts';
import type { GroupProgress as _assay_v1_GroupProgress, GroupProgress__Output as _assay_v1_GroupProgress__Output } from '../../assay/v1/GroupProgress.ts';
import type { RouteProgress as _assay_v1_RouteProgress, RouteProgress__Output as _assay_v1_RouteProgress__Output } from '../../assay/v1/RouteProgress.ts';
import type { Long } from '@grpc/proto-loader';

export interface Evaluation {
  'evaluationId'?: (string);
  'name'?: (string);
  'state'?: (_assay_v1_EvaluationState);
  'createdAtMs'?: (number | string | Long);
  'counts'?: (_assay_v1_Counts | null);
  'groups'?: (_assay_v1_GroupProgress)[];
  /**
   * SHA-256 of the canonical spec with its dataset digests.
   */
  'specDigest'?: (string);
  /**
   * Why it is in its state, when that is not obvious.
   */
  'reason'?: (string);
  /**
   * Samples that agents hold at this moment, and the agents that hold or lately held some.
   */
  'inFlight'?: (number);
  'agents'?: (number);
  /**
   * Routes with open units: what an agent must offer to work on them.
   */
  'routes'?: (_assay_v1_RouteProgress)[];
  /**
   * The cursor of the last event that is contained in this picture: watch from here to see what comes after it.
   */
  'cursor'?: (string);
}

export interface Evaluation__Output {
  'evaluationId': (string);
  'name': (string);
  'state': (_assay_v1_EvaluationState__Output);
  'createdAtMs': (string);
  'counts': (_assay_v1_Counts__Output | null);
  'groups': (_assay_v1_GroupProgress__Output)[];
  /**
   * SHA-256 of the canonical spec with its dataset digests.
   */
  'specDigest': (string);
  /**
   * Why it is in its state, when that is not obvious.
   */
  'reason': (string);
  /**
   * Samples that agents hold at this moment, and the agents that hold or lately held some.
   */
  'inFlight': (number);
  'agents': (number);
  /**
   * Routes with open units: what an agent must offer to work on them.
   */
  'routes': (_assay_v1_RouteProgress__Output)[];
  /**
   * The cursor of the last event that is contained in this picture: watch from here to see what comes after it.
   */
  'cursor': (string);
}
