// Original file: proto/assay/v1/audit.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Which entries. What is absent fits all.
 */
export interface ListAuditRequest {
  /**
   * From this time on, in ms since the epoch.
   */
  'sinceMs'?: (number | string | Long);
  /**
   * Before this time; 0: until now.
   */
  'untilMs'?: (number | string | Long);
  /**
   * Exactly this caller, or a part of its name with its id.
   */
  'who'?: (string);
  /**
   * A part of the method's full path: `CreateToken`.
   */
  'method'?: (string);
  /**
   * Exactly this namespace.
   */
  'namespace'?: (string);
  /**
   * `ok` or `denied`.
   */
  'outcome'?: (string);
  /**
   * 1 … 10000; 0: 100.
   */
  'limit'?: (number);
}

/**
 * Which entries. What is absent fits all.
 */
export interface ListAuditRequest__Output {
  /**
   * From this time on, in ms since the epoch.
   */
  'sinceMs': (string);
  /**
   * Before this time; 0: until now.
   */
  'untilMs': (string);
  /**
   * Exactly this caller, or a part of its name with its id.
   */
  'who': (string);
  /**
   * A part of the method's full path: `CreateToken`.
   */
  'method': (string);
  /**
   * Exactly this namespace.
   */
  'namespace': (string);
  /**
   * `ok` or `denied`.
   */
  'outcome': (string);
  /**
   * 1 … 10000; 0: 100.
   */
  'limit': (number);
}
