// Original file: proto/assay/v1/agent.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Room for samples, as totals since the stream began: for each entry of Hello.models, in its order, how many samples the
 * agent has allowed in all. The room left is this total less the samples sent. Totals never shrink. A task may overdraw
 * the room by its size less one; the next comes when the room is positive again.
 */
export interface Credit {
  /**
   * One total for each entry of Hello.models.
   */
  'samplesTotal'?: (number | string | Long)[];
  /**
   * Calls at the same time for each entry, as it is now, where the agent learns what an endpoint bears: at most max_connections of the entry.
   * Empty: all stand as Hello has them. It is for people to see; nothing is decided by it.
   */
  'connections'?: (number)[];
}

/**
 * Room for samples, as totals since the stream began: for each entry of Hello.models, in its order, how many samples the
 * agent has allowed in all. The room left is this total less the samples sent. Totals never shrink. A task may overdraw
 * the room by its size less one; the next comes when the room is positive again.
 */
export interface Credit__Output {
  /**
   * One total for each entry of Hello.models.
   */
  'samplesTotal': (string)[];
  /**
   * Calls at the same time for each entry, as it is now, where the agent learns what an endpoint bears: at most max_connections of the entry.
   * Empty: all stand as Hello has them. It is for people to see; nothing is decided by it.
   */
  'connections': (number)[];
}
