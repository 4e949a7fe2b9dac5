// Original file: proto/assay/v1/logs.proto

import type { LogFilter as _assay_v1_LogFilter, LogFilter__Output as _assay_v1_LogFilter__Output } from '../../assay/v1/LogFilter.ts';

/**
 * The lines of an agent that are about no task.
 */
export interface StreamAgentLogsRequest {
  /**
   * Its id or its name.
   */
  'agent'?: (string);
  /**
   * Only these; `agent` is not to be set.
   */
  'filter'?: (_assay_v1_LogFilter | null);
  /**
   * The last ones, at most 1000; 0: all that are kept.
   */
  'tail'?: (number);
  /**
   * Go on with those that come, until the agent leaves this coordinator.
   */
  'follow'?: (boolean);
}

/**
 * The lines of an agent that are about no task.
 */
export interface StreamAgentLogsRequest__Output {
  /**
   * Its id or its name.
   */
  'agent': (string);
  /**
   * Only these; `agent` is not to be set.
   */
  'filter': (_assay_v1_LogFilter__Output | null);
  /**
   * The last ones, at most 1000; 0: all that are kept.
   */
  'tail': (number);
  /**
   * Go on with those that come, until the agent leaves this coordinator.
   */
  'follow': (boolean);
}
