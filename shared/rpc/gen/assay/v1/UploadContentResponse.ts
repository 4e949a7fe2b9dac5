// Original file: proto/assay/v1/evaluation.proto


/**
 * The namespace holds the content.
 */
export interface UploadContentResponse {
  /**
   * That of the header.
   */
  'digest'?: (string);
  /**
   * The namespace held it before. Whether others do is told to nobody.
   */
  'existed'?: (boolean);
}

/**
 * The namespace holds the content.
 */
export interface UploadContentResponse__Output {
  /**
   * That of the header.
   */
  'digest': (string);
  /**
   * The namespace held it before. Whether others do is told to nobody.
   */
  'existed': (boolean);
}
