// Original file: proto/assay/v1/identity.proto

import type { JoinToken as _assay_v1_JoinToken, JoinToken__Output as _assay_v1_JoinToken__Output } from '../../assay/v1/JoinToken.ts';

/**
 * One page. It may have fewer entries than were asked for: only an empty token says that it is the last.
 */
export interface ListJoinTokensResponse {
  /**
   * The newest first.
   */
  'joinTokens'?: (_assay_v1_JoinToken)[];
  /**
   * Empty: this is the last page.
   */
  'nextPageToken'?: (string);
}

/**
 * One page. It may have fewer entries than were asked for: only an empty token says that it is the last.
 */
export interface ListJoinTokensResponse__Output {
  /**
   * The newest first.
   */
  'joinTokens': (_assay_v1_JoinToken__Output)[];
  /**
   * Empty: this is the last page.
   */
  'nextPageToken': (string);
}
