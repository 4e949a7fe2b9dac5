// Original file: proto/assay/v1/types.proto


/**
 * Running sums of one scorer over one (benchmark, model). Live sums are for the eye; the report recomputes them in unit
 * order from the store.
 */
export interface ScorerSums {
  /**
   * Its name.
   */
  'scorer'?: (string);
  /**
   * Number of values.
   */
  'n'?: (number);
  /**
   * Sum of the values and of their squares.
   */
  'sum'?: (number | string);
  /**
   * Sum of their squares.
   */
  'sumOfSquares'?: (number | string);
}

/**
 * Running sums of one scorer over one (benchmark, model). Live sums are for the eye; the report recomputes them in unit
 * order from the store.
 */
export interface ScorerSums__Output {
  /**
   * Its name.
   */
  'scorer': (string);
  /**
   * Number of values.
   */
  'n': (number);
  /**
   * Sum of the values and of their squares.
   */
  'sum': (number);
  /**
   * Sum of their squares.
   */
  'sumOfSquares': (number);
}
