// Original file: proto/assay/v1/types.proto

/**
 * Answers of evaluated models, and the calls of judges about them.
 */
export const SampleStage = {
  /**
   * Of lists and results: answers, unless `units` names others. Of commands: both.
   */
  SAMPLE_STAGE_UNSPECIFIED: 'SAMPLE_STAGE_UNSPECIFIED',
  /**
   * Answers alone.
   */
  SAMPLE_STAGE_GENERATE: 'SAMPLE_STAGE_GENERATE',
  /**
   * Judges' calls alone.
   */
  SAMPLE_STAGE_JUDGE: 'SAMPLE_STAGE_JUDGE',
} as const;

/**
 * Answers of evaluated models, and the calls of judges about them.
 */
export type SampleStage =
  /**
   * Of lists and results: answers, unless `units` names others. Of commands: both.
   */
  | 'SAMPLE_STAGE_UNSPECIFIED'
  | 0
  /**
   * Answers alone.
   */
  | 'SAMPLE_STAGE_GENERATE'
  | 1
  /**
   * Judges' calls alone.
   */
  | 'SAMPLE_STAGE_JUDGE'
  | 2

/**
 * Answers of evaluated models, and the calls of judges about them.
 */
export type SampleStage__Output = typeof SampleStage[keyof typeof SampleStage]
