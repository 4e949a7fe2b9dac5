// Original file: proto/assay/v1/types.proto


/**
 * What one scorer said of one unit.
 */
export interface SampleScore {
  /**
   * Its name, as in the report.
   */
  'scorer'?: (string);
  /**
   * The value as the scorer gave it: "C", "I", "N", or a number as text. Empty when there is no verdict.
   */
  'value'?: (string);
  /**
   * The value as a number (C = 1, I = N = 0); absent when there is no verdict.
   */
  'number'?: (number | string);
  /**
   * What the scorer took for the answer.
   */
  'answer'?: (string);
  /**
   * How the scorer came to its value.
   */
  'explanation'?: (string);
  /**
   * Why the scorer failed, if it did.
   */
  'error'?: (string);
  '_number'?: "number";
}

/**
 * What one scorer said of one unit.
 */
export interface SampleScore__Output {
  /**
   * Its name, as in the report.
   */
  'scorer': (string);
  /**
   * The value as the scorer gave it: "C", "I", "N", or a number as text. Empty when there is no verdict.
   */
  'value': (string);
  /**
   * The value as a number (C = 1, I = N = 0); absent when there is no verdict.
   */
  'number'?: (number);
  /**
   * What the scorer took for the answer.
   */
  'answer': (string);
  /**
   * How the scorer came to its value.
   */
  'explanation': (string);
  /**
   * Why the scorer failed, if it did.
   */
  'error': (string);
  '_number'?: "number";
}
