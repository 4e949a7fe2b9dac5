// Original file: proto/assay/v1/logs.proto

/**
 * How much a line matters.
 */
export const LogLevel = {
  /**
   * Never sent of a line; as a bound: all of them.
   */
  LOG_LEVEL_UNSPECIFIED: 'LOG_LEVEL_UNSPECIFIED',
  /**
   * For those who look for a fault.
   */
  LOG_LEVEL_DEBUG: 'LOG_LEVEL_DEBUG',
  /**
   * What goes its way.
   */
  LOG_LEVEL_INFO: 'LOG_LEVEL_INFO',
  /**
   * What was put right by itself.
   */
  LOG_LEVEL_WARN: 'LOG_LEVEL_WARN',
  /**
   * What was not.
   */
  LOG_LEVEL_ERROR: 'LOG_LEVEL_ERROR',
} as const;

/**
 * How much a line matters.
 */
export type LogLevel =
  /**
   * Never sent of a line; as a bound: all of them.
   */
  | 'LOG_LEVEL_UNSPECIFIED'
  | 0
  /**
   * For those who look for a fault.
   */
  | 'LOG_LEVEL_DEBUG'
  | 1
  /**
   * What goes its way.
   */
  | 'LOG_LEVEL_INFO'
  | 2
  /**
   * What was put right by itself.
   */
  | 'LOG_LEVEL_WARN'
  | 3
  /**
   * What was not.
   */
  | 'LOG_LEVEL_ERROR'
  | 4

/**
 * How much a line matters.
 */
export type LogLevel__Output = typeof LogLevel[keyof typeof LogLevel]
