// Original file: proto/assay/v1/evaluation.proto

/**
 * What came of an attempt for one of its samples.
 */
export const SampleAttemptResult = {
  /**
   * Never sent.
   */
  SAMPLE_ATTEMPT_RESULT_UNSPECIFIED: 'SAMPLE_ATTEMPT_RESULT_UNSPECIFIED',
  /**
   * No result of it is known.
   */
  SAMPLE_ATTEMPT_RESULT_NONE: 'SAMPLE_ATTEMPT_RESULT_NONE',
  /**
   * Its result is the one that counts.
   */
  SAMPLE_ATTEMPT_RESULT_COUNTS: 'SAMPLE_ATTEMPT_RESULT_COUNTS',
  /**
   * It brought a result that was refused: it came when the attempt was not held any more, or the sample was closed.
   */
  SAMPLE_ATTEMPT_RESULT_REFUSED: 'SAMPLE_ATTEMPT_RESULT_REFUSED',
} as const;

/**
 * What came of an attempt for one of its samples.
 */
export type SampleAttemptResult =
  /**
   * Never sent.
   */
  | 'SAMPLE_ATTEMPT_RESULT_UNSPECIFIED'
  | 0
  /**
   * No result of it is known.
   */
  | 'SAMPLE_ATTEMPT_RESULT_NONE'
  | 1
  /**
   * Its result is the one that counts.
   */
  | 'SAMPLE_ATTEMPT_RESULT_COUNTS'
  | 2
  /**
   * It brought a result that was refused: it came when the attempt was not held any more, or the sample was closed.
   */
  | 'SAMPLE_ATTEMPT_RESULT_REFUSED'
  | 3

/**
 * What came of an attempt for one of its samples.
 */
export type SampleAttemptResult__Output = typeof SampleAttemptResult[keyof typeof SampleAttemptResult]
