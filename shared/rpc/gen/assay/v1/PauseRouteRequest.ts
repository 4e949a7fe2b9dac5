// Original file: proto/assay/v1/operator.proto


/**
 * Which one, and whether to pause it or to undo that.
 */
export interface PauseRouteRequest {
  /**
   * Its id, or its requirement in words.
   */
  'route'?: (string);
  /**
   * It is handed out again.
   */
  'undo'?: (boolean);
  /**
   * At most 1000 characters.
   */
  'reason'?: (string);
}

/**
 * Which one, and whether to pause it or to undo that.
 */
export interface PauseRouteRequest__Output {
  /**
   * Its id, or its requirement in words.
   */
  'route': (string);
  /**
   * It is handed out again.
   */
  'undo': (boolean);
  /**
   * At most 1000 characters.
   */
  'reason': (string);
}
