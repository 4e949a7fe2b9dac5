// Original file: proto/assay/v1/evaluation.proto

import type { GroupProgress as _assay_v1_GroupProgress, GroupProgress__Output as _assay_v1_GroupProgress__Output } from '../../assay/v1/GroupProgress.ts';
import type { Counts as _assay_v1_Counts, Counts__Output as _assay_v1_Counts__Output } from '../../assay/v1/Counts.ts';

/**
 * What has changed; all numbers are absolute.
 */
export interface Progress {
  /**
   * Only the groups that have changed.
   */
  'groups'?: (_assay_v1_GroupProgress)[];
  /**
   * Of all units.
   */
  'counts'?: (_assay_v1_Counts | null);
  /**
   * Samples that agents hold.
   */
  'inFlight'?: (number);
  /**
   * Agents that hold or lately held some.
   */
  'agents'?: (number);
}

/**
 * What has changed; all numbers are absolute.
 */
export interface Progress__Output {
  /**
   * Only the groups that have changed.
   */
  'groups': (_assay_v1_GroupProgress__Output)[];
  /**
   * Of all units.
   */
  'counts': (_assay_v1_Counts__Output | null);
  /**
   * Samples that agents hold.
   */
  'inFlight': (number);
  /**
   * Agents that hold or lately held some.
   */
  'agents': (number);
}
