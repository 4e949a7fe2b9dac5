// Original file: proto/assay/v1/identity.proto


/**
 * One page of tokens.
 */
export interface ListTokensRequest {
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
 * One page of tokens.
 */
export interface ListTokensRequest__Output {
  /**
   * 0 … 1000; 0 means 50.
   */
  'pageSize': (number);
  /**
   * From the page before; empty: the first page.
   */
  'pageToken': (string);
}
