// Original file: proto/assay/v1/operator.proto

import type { Long } from '@grpc/proto-loader';

/**
 * What goes on. Names in it come from others.
 */
export interface OngoingIncident {
  /**
   * Names it, from its beginning to its end; empty while it waits.
   */
  'incident'?: (string);
  /**
   * It holds for long enough, and was told; otherwise it waits, and is forgotten when it ends before.
   */
  'open'?: (boolean);
  /**
   * What it is, by the words of docs/alerts.md. Others may come: take those by their summary.
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
   * Since when it holds.
   */
  'sinceMs'?: (number | string | Long);
  /**
   * It was not seen any more since then, and ends if it does not come back; 0: it holds.
   */
  'absentMs'?: (number | string | Long);
}

/**
 * What goes on. Names in it come from others.
 */
export interface OngoingIncident__Output {
  /**
   * Names it, from its beginning to its end; empty while it waits.
   */
  'incident': (string);
  /**
   * It holds for long enough, and was told; otherwise it waits, and is forgotten when it ends before.
   */
  'open': (boolean);
  /**
   * What it is, by the words of docs/alerts.md. Others may come: take those by their summary.
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
   * Since when it holds.
   */
  'sinceMs': (string);
  /**
   * It was not seen any more since then, and ends if it does not come back; 0: it holds.
   */
  'absentMs': (string);
}
