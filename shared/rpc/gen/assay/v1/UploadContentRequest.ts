// Original file: proto/assay/v1/evaluation.proto

import type { ContentHeader as _assay_v1_ContentHeader, ContentHeader__Output as _assay_v1_ContentHeader__Output } from '../../assay/v1/ContentHeader.ts';

/**
 * One message of an upload.
 */
export interface UploadContentRequest {
  /**
   * What will come.
   */
  'header'?: (_assay_v1_ContentHeader | null);
  /**
   * The next bytes, at most 1 MiB.
   */
  'data'?: (Buffer | Uint8Array | string);
  /**
   * The first is the header, all others are data.
   */
  'message'?: "header"|"data";
}

/**
 * One message of an upload.
 */
export interface UploadContentRequest__Output {
  /**
   * What will come.
   */
  'header'?: (_assay_v1_ContentHeader__Output | null);
  /**
   * The next bytes, at most 1 MiB.
   */
  'data'?: (Buffer);
  /**
   * The first is the header, all others are data.
   */
  'message'?: "header"|"data";
}
