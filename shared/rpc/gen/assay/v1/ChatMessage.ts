// Original file: proto/assay/v1/types.proto

import type { ContentPart as _assay_v1_ContentPart, ContentPart__Output as _assay_v1_ContentPart__Output } from '../../assay/v1/ContentPart.ts';

/**
 * One message of a chat, as it was sent to the model.
 */
export interface ChatMessage {
  /**
   * system, user or assistant.
   */
  'role'?: (string);
  /**
   * In order.
   */
  'parts'?: (_assay_v1_ContentPart)[];
}

/**
 * One message of a chat, as it was sent to the model.
 */
export interface ChatMessage__Output {
  /**
   * system, user or assistant.
   */
  'role': (string);
  /**
   * In order.
   */
  'parts': (_assay_v1_ContentPart__Output)[];
}
