// Original file: proto/assay/v1/course.proto


/**
 * Which evaluation.
 */
export interface GetCourseRequest {
  /**
   * The evaluation.
   */
  'evaluationId'?: (string);
  /**
   * How many attempts at its tasks are wanted, at most 500; 0: none.
   */
  'attempts'?: (number);
}

/**
 * Which evaluation.
 */
export interface GetCourseRequest__Output {
  /**
   * The evaluation.
   */
  'evaluationId': (string);
  /**
   * How many attempts at its tasks are wanted, at most 500; 0: none.
   */
  'attempts': (number);
}
