// Original file: proto/assay/v1/books.proto


/**
 * Which one.
 */
export interface GetDeadLetterRequest {
  /**
   * DeadLetter.task_id.
   */
  'taskId'?: (string);
}

/**
 * Which one.
 */
export interface GetDeadLetterRequest__Output {
  /**
   * DeadLetter.task_id.
   */
  'taskId': (string);
}
