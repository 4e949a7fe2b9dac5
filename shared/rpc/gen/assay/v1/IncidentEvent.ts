// Original file: proto/assay/v1/operator.proto

import type { Long } from '@grpc/proto-loader';

/**
 * A beginning, an end, or what has none.
 */
export interface IncidentEvent {
  /**
   * Names the event.
   */
  'id'?: (string);
  /**
   * The incident: that of its beginning and its end is the same.
   */
  'incident'?: (string);
  /**
   * `opened`, `resolved` or `happened`.
   */
  'status'?: (string);
  /**
   * As of an ongoing one.
   */
  'kind'?: (string);
  /**
   * `info`, `warning` or `critical`.
   */
  'severity'?: (string);
  /**
   * Whose it is; empty: of the fleet.
   */
  'namespace'?: (string);
  /**
   * One line for people, at most 500 characters.
   */
  'summary'?: (string);
  /**
   * Ids, names and numbers, at most 20, of 300 characters each.
   */
  'facts'?: ({[key: string]: string});
  /**
   * When it was seen to begin.
   */
  'startedMs'?: (number | string | Long);
  /**
   * When this was noted.
   */
  'atMs'?: (number | string | Long);
}

/**
 * A beginning, an end, or what has none.
 */
export interface IncidentEvent__Output {
  /**
   * Names the event.
   */
  'id': (string);
  /**
   * The incident: that of its beginning and its end is the same.
   */
  'incident': (string);
  /**
   * `opened`, `resolved` or `happened`.
   */
  'status': (string);
  /**
   * As of an ongoing one.
   */
  'kind': (string);
  /**
   * `info`, `warning` or `critical`.
   */
  'severity': (string);
  /**
   * Whose it is; empty: of the fleet.
   */
  'namespace': (string);
  /**
   * One line for people, at most 500 characters.
   */
  'summary': (string);
  /**
   * Ids, names and numbers, at most 20, of 300 characters each.
   */
  'facts': ({[key: string]: string});
  /**
   * When it was seen to begin.
   */
  'startedMs': (string);
  /**
   * When this was noted.
   */
  'atMs': (string);
}
