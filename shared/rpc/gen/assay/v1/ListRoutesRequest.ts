// Original file: proto/assay/v1/operator.proto


/**
 * One page of routes.
 */
export interface ListRoutesRequest {
  /**
   * Only those that no connected agent serves.
   */
  'withoutAgent'?: (boolean);
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
 * One page of routes.
 */
export interface ListRoutesRequest__Output {
  /**
   * Only those that no connected agent serves.
   */
  'withoutAgent': (boolean);
  /**
   * 0 … 1000; 0 means 50.
   */
  'pageSize': (number);
  /**
   * From the page before; empty: the first page.
   */
  'pageToken': (string);
}
