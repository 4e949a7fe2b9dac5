// Original file: proto/assay/v1/agent.proto


/**
 * A message that is larger than 1 MiB when encoded travels as fragments: consecutive slices of its encoding (a whole
 * ConnectRequest or ConnectResponse). Fragments of one message come in order; other messages may come between them, and at
 * most one fragmented message is under way in each direction. At most 192 MiB.
 */
export interface Fragment {
  /**
   * Grows by one with every fragmented message of this direction.
   */
  'id'?: (number);
  /**
   * The slice.
   */
  'data'?: (Buffer | Uint8Array | string);
  /**
   * After this slice the message is whole.
   */
  'last'?: (boolean);
}

/**
 * A message that is larger than 1 MiB when encoded travels as fragments: consecutive slices of its encoding (a whole
 * ConnectRequest or ConnectResponse). Fragments of one message come in order; other messages may come between them, and at
 * most one fragmented message is under way in each direction. At most 192 MiB.
 */
export interface Fragment__Output {
  /**
   * Grows by one with every fragmented message of this direction.
   */
  'id': (number);
  /**
   * The slice.
   */
  'data': (Buffer);
  /**
   * After this slice the message is whole.
   */
  'last': (boolean);
}
