// Original file: proto/assay/v1/types.proto


/**
 * How many units are in which state. total = open + scored + unscored + errored + cancelled + dead, always.
 */
export interface Counts {
  /**
   * All units.
   */
  'total'?: (number);
  /**
   * A completion, and a verdict of every scorer.
   */
  'scored'?: (number);
  /**
   * A completion, but a scorer gave no verdict.
   */
  'unscored'?: (number);
  /**
   * No completion, or a scorer failed, after all retries. Never counted as a wrong answer.
   */
  'errored'?: (number);
  /**
   * Closed by a cancel, or skipped.
   */
  'cancelled'?: (number);
  /**
   * Given up because its task kept crashing agents.
   */
  'dead'?: (number);
  /**
   * Not closed yet.
   */
  'open'?: (number);
}

/**
 * How many units are in which state. total = open + scored + unscored + errored + cancelled + dead, always.
 */
export interface Counts__Output {
  /**
   * All units.
   */
  'total': (number);
  /**
   * A completion, and a verdict of every scorer.
   */
  'scored': (number);
  /**
   * A completion, but a scorer gave no verdict.
   */
  'unscored': (number);
  /**
   * No completion, or a scorer failed, after all retries. Never counted as a wrong answer.
   */
  'errored': (number);
  /**
   * Closed by a cancel, or skipped.
   */
  'cancelled': (number);
  /**
   * Given up because its task kept crashing agents.
   */
  'dead': (number);
  /**
   * Not closed yet.
   */
  'open': (number);
}
