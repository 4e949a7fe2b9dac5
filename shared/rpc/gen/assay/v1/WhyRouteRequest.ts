// Original file: proto/assay/v1/operator.proto


/**
 * Which one.
 */
export interface WhyRouteRequest {
  /**
   * Its id, or its requirement in words.
   */
  'route'?: (string);
  /**
   * Also what the first reason was before now.
   */
  'history'?: (boolean);
}

/**
 * Which one.
 */
export interface WhyRouteRequest__Output {
  /**
   * Its id, or its requirement in words.
   */
  'route': (string);
  /**
   * Also what the first reason was before now.
   */
  'history': (boolean);
}
