// Original file: proto/assay/v1/evaluation.proto

/**
 * What a cancel does with samples that run.
 */
export const CancelMode = {
  /**
   * As ABORT.
   */
  CANCEL_MODE_UNSPECIFIED: 'CANCEL_MODE_UNSPECIFIED',
  /**
   * Running samples are aborted.
   */
  CANCEL_MODE_ABORT: 'CANCEL_MODE_ABORT',
  /**
   * Nothing more is handed out; what runs finishes and is counted; then the rest is closed as cancelled.
   */
  CANCEL_MODE_DRAIN: 'CANCEL_MODE_DRAIN',
} as const;

/**
 * What a cancel does with samples that run.
 */
export type CancelMode =
  /**
   * As ABORT.
   */
  | 'CANCEL_MODE_UNSPECIFIED'
  | 0
  /**
   * Running samples are aborted.
   */
  | 'CANCEL_MODE_ABORT'
  | 1
  /**
   * Nothing more is handed out; what runs finishes and is counted; then the rest is closed as cancelled.
   */
  | 'CANCEL_MODE_DRAIN'
  | 2

/**
 * What a cancel does with samples that run.
 */
export type CancelMode__Output = typeof CancelMode[keyof typeof CancelMode]
