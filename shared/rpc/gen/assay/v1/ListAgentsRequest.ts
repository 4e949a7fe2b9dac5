// Original file: proto/assay/v1/operator.proto

import type { AgentState as _assay_v1_AgentState, AgentState__Output as _assay_v1_AgentState__Output } from '../../assay/v1/AgentState.ts';

/**
 * One page of agents. Conditions that are set must all hold.
 */
export interface ListAgentsRequest {
  /**
   * Only in these states; empty: all.
   */
  'states'?: (_assay_v1_AgentState)[];
  /**
   * Only those that could serve this model.
   */
  'model'?: (string);
  /**
   * Only those that bear all these labels.
   */
  'labels'?: ({[key: string]: string});
  /**
   * 0 … 1000; 0 means 50.
   */
  'pageSize'?: (number);
  /**
   * From the page before; empty: the first page.
   */
  'pageToken'?: (string);
}

/**
 * One page of agents. Conditions that are set must all hold.
 */
export interface ListAgentsRequest__Output {
  /**
   * Only in these states; empty: all.
   */
  'states': (_assay_v1_AgentState__Output)[];
  /**
   * Only those that could serve this model.
   */
  'model': (string);
  /**
   * Only those that bear all these labels.
   */
  'labels': ({[key: string]: string});
  /**
   * 0 … 1000; 0 means 50.
   */
  'pageSize': (number);
  /**
   * From the page before; empty: the first page.
   */
  'pageToken': (string);
}
