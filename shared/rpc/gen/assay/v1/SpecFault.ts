// Original file: proto/assay/v1/evaluation.proto


/**
 * Something wrong in a spec or a dataset.
 */
export interface SpecFault {
  /**
   * A path into the spec, `benchmarks[0].dataset.limit`, or a line of a dataset, `test.jsonl line 7`.
   */
  'place'?: (string);
  /**
   * What is wrong there, and the remedy.
   */
  'problem'?: (string);
}

/**
 * Something wrong in a spec or a dataset.
 */
export interface SpecFault__Output {
  /**
   * A path into the spec, `benchmarks[0].dataset.limit`, or a line of a dataset, `test.jsonl line 7`.
   */
  'place': (string);
  /**
   * What is wrong there, and the remedy.
   */
  'problem': (string);
}
