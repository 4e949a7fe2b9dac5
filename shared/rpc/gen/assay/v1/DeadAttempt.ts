// Original file: proto/assay/v1/books.proto

import type { Long } from '@grpc/proto-loader';

/**
 * One attempt that ended badly.
 */
export interface DeadAttempt {
  /**
   * 32 hex digits.
   */
  'attemptId'?: (string);
  /**
   * Which agent.
   */
  'agentId'?: (string);
  /**
   * Its name; empty where nobody knows it any more.
   */
  'agent'?: (string);
  /**
   * Which life of the agent.
   */
  'instanceId'?: (string);
  /**
   * "crash": the agent died, or "loss": the lease ran out.
   */
  'end'?: (string);
  /**
   * When that was found.
   */
  'atMs'?: (number | string | Long);
  /**
   * How the agent's life ended, as it said afterwards; empty where it said nothing.
   */
  'exit'?: (string);
  /**
   * The last of what it and its programs had said, without secrets; at most 4096 bytes.
   */
  'lastOutput'?: (string);
}

/**
 * One attempt that ended badly.
 */
export interface DeadAttempt__Output {
  /**
   * 32 hex digits.
   */
  'attemptId': (string);
  /**
   * Which agent.
   */
  'agentId': (string);
  /**
   * Its name; empty where nobody knows it any more.
   */
  'agent': (string);
  /**
   * Which life of the agent.
   */
  'instanceId': (string);
  /**
   * "crash": the agent died, or "loss": the lease ran out.
   */
  'end': (string);
  /**
   * When that was found.
   */
  'atMs': (string);
  /**
   * How the agent's life ended, as it said afterwards; empty where it said nothing.
   */
  'exit': (string);
  /**
   * The last of what it and its programs had said, without secrets; at most 4096 bytes.
   */
  'lastOutput': (string);
}
