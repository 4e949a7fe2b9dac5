// Original file: proto/assay/v1/record.proto


/**
 * The digests of one unit; each the first 128 bits of a SHA-256 as 32 hexadecimal digits.
 */
export interface RecordSample {
  /**
   * The unit's number.
   */
  'unit'?: (number);
  /**
   * The name of its benchmark.
   */
  'benchmark'?: (string);
  /**
   * The name of its model.
   */
  'model'?: (string);
  /**
   * As the dataset has it.
   */
  'sampleId'?: (string);
  /**
   * 1 … epochs.
   */
  'epoch'?: (number);
  /**
   * Of what was sent; empty: by an agent of an earlier release, or nothing was sent.
   */
  'promptDigest'?: (string);
  /**
   * Of the completion; empty: there is none.
   */
  'completionDigest'?: (string);
}

/**
 * The digests of one unit; each the first 128 bits of a SHA-256 as 32 hexadecimal digits.
 */
export interface RecordSample__Output {
  /**
   * The unit's number.
   */
  'unit': (number);
  /**
   * The name of its benchmark.
   */
  'benchmark': (string);
  /**
   * The name of its model.
   */
  'model': (string);
  /**
   * As the dataset has it.
   */
  'sampleId': (string);
  /**
   * 1 … epochs.
   */
  'epoch': (number);
  /**
   * Of what was sent; empty: by an agent of an earlier release, or nothing was sent.
   */
  'promptDigest': (string);
  /**
   * Of the completion; empty: there is none.
   */
  'completionDigest': (string);
}
