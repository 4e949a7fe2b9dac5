// Original file: proto/assay/v1/books.proto

import type { DeadLetter as _assay_v1_DeadLetter, DeadLetter__Output as _assay_v1_DeadLetter__Output } from '../../assay/v1/DeadLetter.ts';

/**
 * One page. It may have fewer entries than were asked for, even none: only an empty token says that it is the last.
 */
export interface ListDeadLettersResponse {
  /**
   * By evaluation, the newest first, then in the order of their deaths. Without last outputs: GetDeadLetter has them.
   */
  'letters'?: (_assay_v1_DeadLetter)[];
  /**
   * Empty: this is the last page.
   */
  'nextPageToken'?: (string);
}

/**
 * One page. It may have fewer entries than were asked for, even none: only an empty token says that it is the last.
 */
export interface ListDeadLettersResponse__Output {
  /**
   * By evaluation, the newest first, then in the order of their deaths. Without last outputs: GetDeadLetter has them.
   */
  'letters': (_assay_v1_DeadLetter__Output)[];
  /**
   * Empty: this is the last page.
   */
  'nextPageToken': (string);
}
