// Original file: proto/assay/v1/types.proto

/**
 * A unit's final outcome.
 */
export const UnitState = {
  /**
   * Never sent.
   */
  UNIT_STATE_UNSPECIFIED: 'UNIT_STATE_UNSPECIFIED',
  /**
   * Not closed yet.
   */
  UNIT_STATE_OPEN: 'UNIT_STATE_OPEN',
  /**
   * A completion, and a verdict of every scorer.
   */
  UNIT_STATE_SCORED: 'UNIT_STATE_SCORED',
  /**
   * A completion, but a scorer gave no verdict.
   */
  UNIT_STATE_UNSCORED: 'UNIT_STATE_UNSCORED',
  /**
   * No completion, or a scorer failed, after all retries.
   */
  UNIT_STATE_ERRORED: 'UNIT_STATE_ERRORED',
  /**
   * Closed by a cancel, or skipped.
   */
  UNIT_STATE_CANCELLED: 'UNIT_STATE_CANCELLED',
  /**
   * Given up because its task kept crashing agents.
   */
  UNIT_STATE_DEAD: 'UNIT_STATE_DEAD',
} as const;

/**
 * A unit's final outcome.
 */
export type UnitState =
  /**
   * Never sent.
   */
  | 'UNIT_STATE_UNSPECIFIED'
  | 0
  /**
   * Not closed yet.
   */
  | 'UNIT_STATE_OPEN'
  | 1
  /**
   * A completion, and a verdict of every scorer.
   */
  | 'UNIT_STATE_SCORED'
  | 2
  /**
   * A completion, but a scorer gave no verdict.
   */
  | 'UNIT_STATE_UNSCORED'
  | 3
  /**
   * No completion, or a scorer failed, after all retries.
   */
  | 'UNIT_STATE_ERRORED'
  | 4
  /**
   * Closed by a cancel, or skipped.
   */
  | 'UNIT_STATE_CANCELLED'
  | 5
  /**
   * Given up because its task kept crashing agents.
   */
  | 'UNIT_STATE_DEAD'
  | 6

/**
 * A unit's final outcome.
 */
export type UnitState__Output = typeof UnitState[keyof typeof UnitState]
