// Original file: proto/assay/v1/course.proto


/**
 * What one model did within each span.
 */
export interface CourseModel {
  /**
   * Its name; empty: all others together.
   */
  'model'?: (string);
  /**
   * Samples that were counted: scored, unscored or errored; of a judge, its calls.
   */
  'samples'?: (number)[];
  /**
   * Tokens that went in, as its endpoint counts them.
   */
  'inputTokens'?: (number | string)[];
  /**
   * Tokens that came out.
   */
  'outputTokens'?: (number | string)[];
  /**
   * Half of the samples took the model at most so long, to about a tenth; 0: there were none.
   */
  'p50Ms'?: (number | string)[];
  /**
   * The same of 95 in 100 samples.
   */
  'p95Ms'?: (number | string)[];
}

/**
 * What one model did within each span.
 */
export interface CourseModel__Output {
  /**
   * Its name; empty: all others together.
   */
  'model': (string);
  /**
   * Samples that were counted: scored, unscored or errored; of a judge, its calls.
   */
  'samples': (number)[];
  /**
   * Tokens that went in, as its endpoint counts them.
   */
  'inputTokens': (number)[];
  /**
   * Tokens that came out.
   */
  'outputTokens': (number)[];
  /**
   * Half of the samples took the model at most so long, to about a tenth; 0: there were none.
   */
  'p50Ms': (number)[];
  /**
   * The same of 95 in 100 samples.
   */
  'p95Ms': (number)[];
}
