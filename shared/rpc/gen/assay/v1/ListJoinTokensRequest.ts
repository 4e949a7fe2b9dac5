// Original file: proto/assay/v1/identity.proto


/**
 * One page of join tokens.
 */
export interface ListJoinTokensRequest {
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
 * One page of join tokens.
 */
export interface ListJoinTokensRequest__Output {
  /**
   * 0 … 1000; 0 means 50.
   */
  'pageSize': (number);
  /**
   * From the page before; empty: the first page.
   */
  'pageToken': (string);
}
