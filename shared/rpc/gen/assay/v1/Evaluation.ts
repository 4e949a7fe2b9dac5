// Original file: proto/assay/v1/evaluation.proto

import type { EvaluationState as _assay_v1_EvaluationState, EvaluationState__Output as _assay_v1_EvaluationState__Output } from '../../assay/v1/EvaluationState.ts';
import type { Counts as _assay_v1_Counts, Counts__Output as _assay_v1_Counts__Output } from '../../assay/v1/Counts.ts';
import type { GroupProgress as _assay_v1_GroupProgress, GroupProgress__Output as _assay_v1_GroupProgress__Output } from '../../assay/v1/GroupProgress.ts';
import type { RouteProgress as _assay_v1_RouteProgress, RouteProgress__Output as _assay_v1_RouteProgress__Output } from '../../assay/v1/RouteProgress.ts';
import type { SampleLimits as _assay_v1_SampleLimits, SampleLimits__Output as _assay_v1_SampleLimits__Output } from '../../assay/v1/SampleLimits.ts';
import type { Setbacks as _assay_v1_Setbacks, Setbacks__Output as _assay_v1_Setbacks__Output } from '../../assay/v1/Setbacks.ts';
import type { Cost as _assay_v1_Cost, Cost__Output as _assay_v1_Cost__Output } from '../../assay/v1/Cost.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * An evaluation as it stands.
 */
export interface Evaluation {
  /**
   * `ev_` and 26 characters a–z, 2–7.
   */
  'evaluationId'?: (string);
  /**
   * From the spec; need not be unique.
   */
  'name'?: (string);
  /**
   * Where it is in its life.
   */
  'state'?: (_assay_v1_EvaluationState);
  /**
   * When it was submitted.
   */
  'createdAtMs'?: (number | string | Long);
  /**
   * Of all units.
   */
  'counts'?: (_assay_v1_Counts | null);
  /**
   * The same for each (benchmark, model), with running scores.
   */
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
   * Samples that agents hold at this moment.
   */
  'inFlight'?: (number);
  /**
   * Agents that hold or lately held some.
   */
  'agents'?: (number);
  /**
   * Routes with open units: what an agent must offer to work on them.
   */
  'routes'?: (_assay_v1_RouteProgress)[];
  /**
   * The cursor of the last event that is contained in this picture: watch from here to see what comes after it.
   */
  'cursor'?: (string);
  /**
   * From SubmitEvaluationRequest, like the owner.
   */
  'namespace'?: (string);
  /**
   * Who is to be asked about it.
   */
  'owner'?: (string);
  /**
   * From the spec, or from the last update.
   */
  'tags'?: (string)[];
  /**
   * The spec's metadata: one JSON object in UTF-8.
   */
  'metadataJson'?: (Buffer | Uint8Array | string);
  /**
   * 1 is handed out first, 10 last.
   */
  'priority'?: (number);
  /**
   * 0 while it is not final.
   */
  'finishedAtMs'?: (number | string | Long);
  /**
   * Samples in flight at the same time, at most; 0: no bound of its own.
   */
  'maxSamples'?: (number);
  /**
   * Of each sample.
   */
  'limits'?: (_assay_v1_SampleLimits | null);
  /**
   * The spec as one JSON document in UTF-8, in the form in which it was accepted. Only in GetEvaluation's answer.
   */
  'specJson'?: (Buffer | Uint8Array | string);
  /**
   * It is kept for ever: see UpdateEvaluationRequest.keep.
   */
  'keep'?: (boolean);
  /**
   * What befell its tasks, as far as Redis remembers.
   */
  'setbacks'?: (_assay_v1_Setbacks | null);
  /**
   * What it has taken and cost so far. Absent: nobody knows, for it is being recovered, or began under an earlier release.
   */
  'cost'?: (_assay_v1_Cost | null);
}

/**
 * An evaluation as it stands.
 */
export interface Evaluation__Output {
  /**
   * `ev_` and 26 characters a–z, 2–7.
   */
  'evaluationId': (string);
  /**
   * From the spec; need not be unique.
   */
  'name': (string);
  /**
   * Where it is in its life.
   */
  'state': (_assay_v1_EvaluationState__Output);
  /**
   * When it was submitted.
   */
  'createdAtMs': (string);
  /**
   * Of all units.
   */
  'counts': (_assay_v1_Counts__Output | null);
  /**
   * The same for each (benchmark, model), with running scores.
   */
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
   * Samples that agents hold at this moment.
   */
  'inFlight': (number);
  /**
   * Agents that hold or lately held some.
   */
  'agents': (number);
  /**
   * Routes with open units: what an agent must offer to work on them.
   */
  'routes': (_assay_v1_RouteProgress__Output)[];
  /**
   * The cursor of the last event that is contained in this picture: watch from here to see what comes after it.
   */
  'cursor': (string);
  /**
   * From SubmitEvaluationRequest, like the owner.
   */
  'namespace': (string);
  /**
   * Who is to be asked about it.
   */
  'owner': (string);
  /**
   * From the spec, or from the last update.
   */
  'tags': (string)[];
  /**
   * The spec's metadata: one JSON object in UTF-8.
   */
  'metadataJson': (Buffer);
  /**
   * 1 is handed out first, 10 last.
   */
  'priority': (number);
  /**
   * 0 while it is not final.
   */
  'finishedAtMs': (string);
  /**
   * Samples in flight at the same time, at most; 0: no bound of its own.
   */
  'maxSamples': (number);
  /**
   * Of each sample.
   */
  'limits': (_assay_v1_SampleLimits__Output | null);
  /**
   * The spec as one JSON document in UTF-8, in the form in which it was accepted. Only in GetEvaluation's answer.
   */
  'specJson': (Buffer);
  /**
   * It is kept for ever: see UpdateEvaluationRequest.keep.
   */
  'keep': (boolean);
  /**
   * What befell its tasks, as far as Redis remembers.
   */
  'setbacks': (_assay_v1_Setbacks__Output | null);
  /**
   * What it has taken and cost so far. Absent: nobody knows, for it is being recovered, or began under an earlier release.
   */
  'cost': (_assay_v1_Cost__Output | null);
}
