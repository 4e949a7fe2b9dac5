// Original file: proto/assay/v1/types.proto

/**
 * The life of an evaluation. SUCCEEDED, FAILED and CANCELLED are final: only RequeueSamples leaves them, back to RUNNING.
 */
export const EvaluationState = {
  /**
   * Never sent.
   */
  EVALUATION_STATE_UNSPECIFIED: 'EVALUATION_STATE_UNSPECIFIED',
  /**
   * Kept durably; not yet planned.
   */
  EVALUATION_STATE_ACCEPTED: 'EVALUATION_STATE_ACCEPTED',
  /**
   * Tasks are planned and handed to agents that fit.
   */
  EVALUATION_STATE_RUNNING: 'EVALUATION_STATE_RUNNING',
  /**
   * Nothing new is handed out until it is resumed; what runs may finish and is counted.
   */
  EVALUATION_STATE_PAUSED: 'EVALUATION_STATE_PAUSED',
  /**
   * Every unit is closed; the report is being computed from the store.
   */
  EVALUATION_STATE_FINALIZING: 'EVALUATION_STATE_FINALIZING',
  /**
   * Every unit is closed and at least one was scored.
   */
  EVALUATION_STATE_SUCCEEDED: 'EVALUATION_STATE_SUCCEEDED',
  /**
   * Every unit is closed and none was scored; or as many units errored as the spec's fail_on_error says.
   */
  EVALUATION_STATE_FAILED: 'EVALUATION_STATE_FAILED',
  /**
   * It was cancelled before its end. What was counted until then stays.
   */
  EVALUATION_STATE_CANCELLED: 'EVALUATION_STATE_CANCELLED',
  /**
   * Redis has lost it; it is being rebuilt from the store. Nothing is planned meanwhile.
   */
  EVALUATION_STATE_RECOVERING: 'EVALUATION_STATE_RECOVERING',
} as const;

/**
 * The life of an evaluation. SUCCEEDED, FAILED and CANCELLED are final: only RequeueSamples leaves them, back to RUNNING.
 */
export type EvaluationState =
  /**
   * Never sent.
   */
  | 'EVALUATION_STATE_UNSPECIFIED'
  | 0
  /**
   * Kept durably; not yet planned.
   */
  | 'EVALUATION_STATE_ACCEPTED'
  | 1
  /**
   * Tasks are planned and handed to agents that fit.
   */
  | 'EVALUATION_STATE_RUNNING'
  | 2
  /**
   * Nothing new is handed out until it is resumed; what runs may finish and is counted.
   */
  | 'EVALUATION_STATE_PAUSED'
  | 3
  /**
   * Every unit is closed; the report is being computed from the store.
   */
  | 'EVALUATION_STATE_FINALIZING'
  | 4
  /**
   * Every unit is closed and at least one was scored.
   */
  | 'EVALUATION_STATE_SUCCEEDED'
  | 5
  /**
   * Every unit is closed and none was scored; or as many units errored as the spec's fail_on_error says.
   */
  | 'EVALUATION_STATE_FAILED'
  | 6
  /**
   * It was cancelled before its end. What was counted until then stays.
   */
  | 'EVALUATION_STATE_CANCELLED'
  | 7
  /**
   * Redis has lost it; it is being rebuilt from the store. Nothing is planned meanwhile.
   */
  | 'EVALUATION_STATE_RECOVERING'
  | 8

/**
 * The life of an evaluation. SUCCEEDED, FAILED and CANCELLED are final: only RequeueSamples leaves them, back to RUNNING.
 */
export type EvaluationState__Output = typeof EvaluationState[keyof typeof EvaluationState]
