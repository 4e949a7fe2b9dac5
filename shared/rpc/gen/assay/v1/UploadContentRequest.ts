// Original file: proto/assay/v1/evaluation.proto

import type { ContentHeader as _assay_v1_ContentHeader, ContentHeader__Output as _assay_v1_ContentHeader__Output } from '../../assay/v1/ContentHeader.ts';

export interface UploadContentRequest {
  'header'?: (_assay_v1_ContentHeader | null);
  'data'?: (Buffer | Uint8Array | string);
  'message'?: "header"|"data";
}

export interface UploadContentRequest__Output {
  'header'?: (_assay_v1_ContentHeader__Output | null);
  'data'?: (Buffer);
  'message'?: "header"|"data";
}
