// Original file: proto/assay/v1/why.proto

/**
 * What a reason does to the work that it is about.
 */
export const ReasonEffect = {
  /**
   * Never sent.
   */
  REASON_EFFECT_UNSPECIFIED: 'REASON_EFFECT_UNSPECIFIED',
  /**
   * None of it can begin.
   */
  REASON_EFFECT_BLOCKS: 'REASON_EFFECT_BLOCKS',
  /**
   * It runs, or begins within seconds.
   */
  REASON_EFFECT_RUNS: 'REASON_EFFECT_RUNS',
  /**
   * It runs, and would run faster without this.
   */
  REASON_EFFECT_SLOWS: 'REASON_EFFECT_SLOWS',
  /**
   * It is over.
   */
  REASON_EFFECT_OVER: 'REASON_EFFECT_OVER',
} as const;

/**
 * What a reason does to the work that it is about.
 */
export type ReasonEffect =
  /**
   * Never sent.
   */
  | 'REASON_EFFECT_UNSPECIFIED'
  | 0
  /**
   * None of it can begin.
   */
  | 'REASON_EFFECT_BLOCKS'
  | 1
  /**
   * It runs, or begins within seconds.
   */
  | 'REASON_EFFECT_RUNS'
  | 2
  /**
   * It runs, and would run faster without this.
   */
  | 'REASON_EFFECT_SLOWS'
  | 3
  /**
   * It is over.
   */
  | 'REASON_EFFECT_OVER'
  | 4

/**
 * What a reason does to the work that it is about.
 */
export type ReasonEffect__Output = typeof ReasonEffect[keyof typeof ReasonEffect]
