// Original file: proto/assay/v1/evaluation.proto


/**
 * What befell tasks, each kind counted apart. A failure of a sample is none of these: it is counted as errored.
 */
export interface Setbacks {
  /**
   * An agent died while it ran one: three such ends, and the task is given up.
   */
  'crashes'?: (number);
  /**
   * A lease ran out: twenty, and it is given up.
   */
  'losses'?: (number);
  /**
   * An agent handed it back (a drain, a suspended model), or never got it. Costs nothing.
   */
  'returns'?: (number);
}

/**
 * What befell tasks, each kind counted apart. A failure of a sample is none of these: it is counted as errored.
 */
export interface Setbacks__Output {
  /**
   * An agent died while it ran one: three such ends, and the task is given up.
   */
  'crashes': (number);
  /**
   * A lease ran out: twenty, and it is given up.
   */
  'losses': (number);
  /**
   * An agent handed it back (a drain, a suspended model), or never got it. Costs nothing.
   */
  'returns': (number);
}
