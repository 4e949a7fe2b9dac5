// Original file: proto/assay/v1/course.proto


/**
 * Samples that errored within each span.
 */
export interface CourseErrors {
  /**
   * The class.
   */
  'errorClass'?: (string);
  /**
   * How many.
   */
  'samples'?: (number)[];
}

/**
 * Samples that errored within each span.
 */
export interface CourseErrors__Output {
  /**
   * The class.
   */
  'errorClass': (string);
  /**
   * How many.
   */
  'samples': (number)[];
}
