// Original file: proto/assay/v1/evaluation.proto

import type { SpecFault as _assay_v1_SpecFault, SpecFault__Output as _assay_v1_SpecFault__Output } from '../../assay/v1/SpecFault.ts';
import type { GroupEstimate as _assay_v1_GroupEstimate, GroupEstimate__Output as _assay_v1_GroupEstimate__Output } from '../../assay/v1/GroupEstimate.ts';
import type { Estimate as _assay_v1_Estimate, Estimate__Output as _assay_v1_Estimate__Output } from '../../assay/v1/Estimate.ts';
import type { RouteProgress as _assay_v1_RouteProgress, RouteProgress__Output as _assay_v1_RouteProgress__Output } from '../../assay/v1/RouteProgress.ts';

/**
 * What a submit of this spec would say.
 */
export interface ValidateEvaluationResponse {
  /**
   * Empty: it would be accepted.
   */
  'faults'?: (_assay_v1_SpecFault)[];
  /**
   * What would be accepted, but is likely not what was meant.
   */
  'warnings'?: (_assay_v1_SpecFault)[];
  /**
   * Of what could be read, all zero when the spec itself has faults.
   */
  'groups'?: (_assay_v1_GroupEstimate)[];
  /**
   * All groups together.
   */
  'total'?: (_assay_v1_Estimate | null);
  /**
   * The table of prices that the cost is computed with, named by its date.
   */
  'priceTableVersion'?: (string);
  /**
   * Routes that no connected agent serves now.
   */
  'routesWithoutAgent'?: (_assay_v1_RouteProgress)[];
  /**
   * See Evaluation.spec_digest; empty with faults.
   */
  'specDigest'?: (string);
}

/**
 * What a submit of this spec would say.
 */
export interface ValidateEvaluationResponse__Output {
  /**
   * Empty: it would be accepted.
   */
  'faults': (_assay_v1_SpecFault__Output)[];
  /**
   * What would be accepted, but is likely not what was meant.
   */
  'warnings': (_assay_v1_SpecFault__Output)[];
  /**
   * Of what could be read, all zero when the spec itself has faults.
   */
  'groups': (_assay_v1_GroupEstimate__Output)[];
  /**
   * All groups together.
   */
  'total': (_assay_v1_Estimate__Output | null);
  /**
   * The table of prices that the cost is computed with, named by its date.
   */
  'priceTableVersion': (string);
  /**
   * Routes that no connected agent serves now.
   */
  'routesWithoutAgent': (_assay_v1_RouteProgress__Output)[];
  /**
   * See Evaluation.spec_digest; empty with faults.
   */
  'specDigest': (string);
}
