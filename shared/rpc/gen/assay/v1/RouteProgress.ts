// Original file: proto/assay/v1/evaluation.proto


/**
 * What an evaluation has on one route.
 */
export interface RouteProgress {
  /**
   * Its id: `r_` and 16 characters.
   */
  'route'?: (string);
  /**
   * The requirement in words: `model=openai/gpt-x zone=eu`.
   */
  'requirement'?: (string);
  /**
   * Units that are not closed.
   */
  'open'?: (number);
}

/**
 * What an evaluation has on one route.
 */
export interface RouteProgress__Output {
  /**
   * Its id: `r_` and 16 characters.
   */
  'route': (string);
  /**
   * The requirement in words: `model=openai/gpt-x zone=eu`.
   */
  'requirement': (string);
  /**
   * Units that are not closed.
   */
  'open': (number);
}
