// Original file: proto/assay/v1/operator.proto

import type { Agent as _assay_v1_Agent, Agent__Output as _assay_v1_Agent__Output } from '../../assay/v1/Agent.ts';

/**
 * One page. It may have fewer entries than were asked for: only an empty token says that it is the last.
 */
export interface ListAgentsResponse {
  /**
   * By name, then by id.
   */
  'agents'?: (_assay_v1_Agent)[];
  /**
   * Empty: this is the last page.
   */
  'nextPageToken'?: (string);
}

/**
 * One page. It may have fewer entries than were asked for: only an empty token says that it is the last.
 */
export interface ListAgentsResponse__Output {
  /**
   * By name, then by id.
   */
  'agents': (_assay_v1_Agent__Output)[];
  /**
   * Empty: this is the last page.
   */
  'nextPageToken': (string);
}
