// Original file: proto/assay/v1/evaluation.proto


/**
 * The store holds the content.
 */
export interface UploadContentResponse {
  /**
   * That of the header.
   */
  'digest'?: (string);
  /**
   * It was there before.
   */
  'existed'?: (boolean);
}

/**
 * The store holds the content.
 */
export interface UploadContentResponse__Output {
  /**
   * That of the header.
   */
  'digest': (string);
  /**
   * It was there before.
   */
  'existed': (boolean);
}
