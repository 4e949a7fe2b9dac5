// Original file: proto/assay/v1/operator.proto

import type { Durability as _assay_v1_Durability, Durability__Output as _assay_v1_Durability__Output } from '../../assay/v1/Durability.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * A coordinator that was heard of within the last 15 seconds.
 */
export interface Coordinator {
  /**
   * Another one after each start.
   */
  'coordinatorId'?: (string);
  /**
   * Its software's version.
   */
  'version'?: (string);
  /**
   * Where it listens.
   */
  'address'?: (string);
  /**
   * Since when it runs.
   */
  'startedAtMs'?: (number | string | Long);
  /**
   * When it was last heard of.
   */
  'seenAtMs'?: (number | string | Long);
  /**
   * Agents that are connected to it.
   */
  'agents'?: (number);
  /**
   * Samples that they hold.
   */
  'inFlight'?: (number);
  /**
   * The store that it works on; all of one cluster have the same.
   */
  'storeId'?: (string);
  /**
   * What its acknowledgements are worth when the client demands nothing.
   */
  'durability'?: (_assay_v1_Durability | null);
  /**
   * What bounds its callers and its work, by name: its settings (`max_content_bytes`), and some that cannot be set (`message_bytes`). `_bytes`,
   * `_ms` and `_percent` in a name say the unit; without one it is a number of things. 0: no bound. Empty: it does not say.
   */
  'limits'?: ({[key: string]: number | string | Long});
  /**
   * `development`, or `production`: it accepts nothing while Redis may lose it. Empty: it does not say.
   */
  'profile'?: (string);
}

/**
 * A coordinator that was heard of within the last 15 seconds.
 */
export interface Coordinator__Output {
  /**
   * Another one after each start.
   */
  'coordinatorId': (string);
  /**
   * Its software's version.
   */
  'version': (string);
  /**
   * Where it listens.
   */
  'address': (string);
  /**
   * Since when it runs.
   */
  'startedAtMs': (string);
  /**
   * When it was last heard of.
   */
  'seenAtMs': (string);
  /**
   * Agents that are connected to it.
   */
  'agents': (number);
  /**
   * Samples that they hold.
   */
  'inFlight': (number);
  /**
   * The store that it works on; all of one cluster have the same.
   */
  'storeId': (string);
  /**
   * What its acknowledgements are worth when the client demands nothing.
   */
  'durability': (_assay_v1_Durability__Output | null);
  /**
   * What bounds its callers and its work, by name: its settings (`max_content_bytes`), and some that cannot be set (`message_bytes`). `_bytes`,
   * `_ms` and `_percent` in a name say the unit; without one it is a number of things. 0: no bound. Empty: it does not say.
   */
  'limits': ({[key: string]: string});
  /**
   * `development`, or `production`: it accepts nothing while Redis may lose it. Empty: it does not say.
   */
  'profile': (string);
}
