// Original file: proto/assay/v1/books.proto


/**
 * What was done.
 */
export interface DropDeadLettersResponse {
  /**
   * Letters that are listed no more. Their units stay dead.
   */
  'letters'?: (number);
}

/**
 * What was done.
 */
export interface DropDeadLettersResponse__Output {
  /**
   * Letters that are listed no more. Their units stay dead.
   */
  'letters': (number);
}
