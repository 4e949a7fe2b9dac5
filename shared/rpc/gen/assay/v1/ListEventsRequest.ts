// Original file: proto/assay/v1/operator.proto


/**
 * One page of events. Conditions that are set must all hold.
 */
export interface ListEventsRequest {
  /**
   * Only of this namespace; empty: of all that the caller may see, and of the fleet.
   */
  'namespace'?: (string);
  /**
   * Only of this kind: `agent_lost`.
   */
  'kind'?: (string);
  /**
   * `info`, `warning` or `critical`.
   */
  'severity'?: (string);
  /**
   * Only events of this status: `opened`, `resolved` or `happened`. What goes on is told all the same.
   */
  'status'?: (string);
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
 * One page of events. Conditions that are set must all hold.
 */
export interface ListEventsRequest__Output {
  /**
   * Only of this namespace; empty: of all that the caller may see, and of the fleet.
   */
  'namespace': (string);
  /**
   * Only of this kind: `agent_lost`.
   */
  'kind': (string);
  /**
   * `info`, `warning` or `critical`.
   */
  'severity': (string);
  /**
   * Only events of this status: `opened`, `resolved` or `happened`. What goes on is told all the same.
   */
  'status': (string);
  /**
   * 0 … 1000; 0 means 50.
   */
  'pageSize': (number);
  /**
   * From the page before; empty: the first page.
   */
  'pageToken': (string);
}
