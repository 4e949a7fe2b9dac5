// Original file: proto/assay/v1/logs.proto

import type { LogLevel as _assay_v1_LogLevel, LogLevel__Output as _assay_v1_LogLevel__Output } from '../../assay/v1/LogLevel.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * One line. It comes from an agent, and may quote what endpoints, scorers and models have said: show it as text, never as anything else.
 */
export interface LogLine {
  /**
   * By the clock of whoever said it.
   */
  'timeMs'?: (number | string | Long);
  /**
   * How much it matters.
   */
  'level'?: (_assay_v1_LogLevel);
  /**
   * At most 2000 characters, without secrets of the agent; it may hold any of them, line ends included.
   */
  'text'?: (string);
  /**
   * Who said it; empty: a coordinator.
   */
  'agentId'?: (string);
  /**
   * Its name then.
   */
  'agent'?: (string);
  /**
   * The task that it is about; empty: none.
   */
  'taskId'?: (string);
  /**
   * The attempt at it.
   */
  'attemptId'?: (string);
  /**
   * The sample that it is about.
   */
  'unit'?: (number);
  '_unit'?: "unit";
}

/**
 * One line. It comes from an agent, and may quote what endpoints, scorers and models have said: show it as text, never as anything else.
 */
export interface LogLine__Output {
  /**
   * By the clock of whoever said it.
   */
  'timeMs': (string);
  /**
   * How much it matters.
   */
  'level': (_assay_v1_LogLevel__Output);
  /**
   * At most 2000 characters, without secrets of the agent; it may hold any of them, line ends included.
   */
  'text': (string);
  /**
   * Who said it; empty: a coordinator.
   */
  'agentId': (string);
  /**
   * Its name then.
   */
  'agent': (string);
  /**
   * The task that it is about; empty: none.
   */
  'taskId': (string);
  /**
   * The attempt at it.
   */
  'attemptId': (string);
  /**
   * The sample that it is about.
   */
  'unit'?: (number);
  '_unit'?: "unit";
}
