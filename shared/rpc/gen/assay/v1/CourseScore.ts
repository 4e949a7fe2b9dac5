// Original file: proto/assay/v1/course.proto


/**
 * A mean score as it stood at the end of each span.
 */
export interface CourseScore {
  /**
   * The benchmark.
   */
  'benchmark'?: (string);
  /**
   * The model that is scored.
   */
  'model'?: (string);
  /**
   * The scorer.
   */
  'scorer'?: (string);
  /**
   * Of how many samples it is the mean; 0: there was none so far.
   */
  'n'?: (number)[];
  /**
   * The mean.
   */
  'mean'?: (number | string)[];
  /**
   * Half of its 95 % interval, of samples that are independent; 0 where n is below 2.
   */
  'halfWidth'?: (number | string)[];
}

/**
 * A mean score as it stood at the end of each span.
 */
export interface CourseScore__Output {
  /**
   * The benchmark.
   */
  'benchmark': (string);
  /**
   * The model that is scored.
   */
  'model': (string);
  /**
   * The scorer.
   */
  'scorer': (string);
  /**
   * Of how many samples it is the mean; 0: there was none so far.
   */
  'n': (number)[];
  /**
   * The mean.
   */
  'mean': (number)[];
  /**
   * Half of its 95 % interval, of samples that are independent; 0 where n is below 2.
   */
  'halfWidth': (number)[];
}
