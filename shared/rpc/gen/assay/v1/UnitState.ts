// Original file: proto/assay/v1/types.proto

/**
 * A unit's final outcome.
 */
export const UnitState = {
  UNIT_STATE_UNSPECIFIED: 'UNIT_STATE_UNSPECIFIED',
  UNIT_STATE_OPEN: 'UNIT_STATE_OPEN',
  UNIT_STATE_SCORED: 'UNIT_STATE_SCORED',
  UNIT_STATE_UNSCORED: 'UNIT_STATE_UNSCORED',
  UNIT_STATE_ERRORED: 'UNIT_STATE_ERRORED',
  UNIT_STATE_CANCELLED: 'UNIT_STATE_CANCELLED',
  UNIT_STATE_DEAD: 'UNIT_STATE_DEAD',
} as const;

/**
 * A unit's final outcome.
 */
export type UnitState =
  | 'UNIT_STATE_UNSPECIFIED'
  | 0
  | 'UNIT_STATE_OPEN'
  | 1
  | 'UNIT_STATE_SCORED'
  | 2
  | 'UNIT_STATE_UNSCORED'
  | 3
  | 'UNIT_STATE_ERRORED'
  | 4
  | 'UNIT_STATE_CANCELLED'
  | 5
  | 'UNIT_STATE_DEAD'
  | 6

/**
 * A unit's final outcome.
 */
export type UnitState__Output = typeof UnitState[keyof typeof UnitState]
