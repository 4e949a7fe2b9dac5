// Original file: proto/assay/v1/agent.proto

import type { Line as _assay_v1_Line, Line__Output as _assay_v1_Line__Output } from '../../assay/v1/Line.ts';

/**
 * Lines for people: what the agent has logged, about attempts and about itself. At most two such messages a second. Nothing depends on them:
 * they are not acknowledged, what was under way when a stream broke is gone, and what is more than the coordinator takes is left out, by
 * either side. Secrets of the agent are in none.
 */
export interface Lines {
  /**
   * In the order in which they were said; at most 1000.
   */
  'lines'?: (_assay_v1_Line)[];
}

/**
 * Lines for people: what the agent has logged, about attempts and about itself. At most two such messages a second. Nothing depends on them:
 * they are not acknowledged, what was under way when a stream broke is gone, and what is more than the coordinator takes is left out, by
 * either side. Secrets of the agent are in none.
 */
export interface Lines__Output {
  /**
   * In the order in which they were said; at most 1000.
   */
  'lines': (_assay_v1_Line__Output)[];
}
