// Original file: proto/assay/v1/identity.proto

import type { Token as _assay_v1_Token, Token__Output as _assay_v1_Token__Output } from '../../assay/v1/Token.ts';

/**
 * One page. It may have fewer entries than were asked for: only an empty token says that it is the last.
 */
export interface ListTokensResponse {
  /**
   * The newest first.
   */
  'tokens'?: (_assay_v1_Token)[];
  /**
   * Empty: this is the last page.
   */
  'nextPageToken'?: (string);
}

/**
 * One page. It may have fewer entries than were asked for: only an empty token says that it is the last.
 */
export interface ListTokensResponse__Output {
  /**
   * The newest first.
   */
  'tokens': (_assay_v1_Token__Output)[];
  /**
   * Empty: this is the last page.
   */
  'nextPageToken': (string);
}
