// Original file: proto/assay/v1/evaluation.proto


export interface UploadContentResponse {
  'digest'?: (string);
  /**
   * It was there before.
   */
  'existed'?: (boolean);
}

export interface UploadContentResponse__Output {
  'digest': (string);
  /**
   * It was there before.
   */
  'existed': (boolean);
}
