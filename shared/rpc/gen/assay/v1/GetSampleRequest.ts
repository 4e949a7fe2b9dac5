// Original file: proto/assay/v1/evaluation.proto


/**
 * Which sample: by its number, or by its names.
 */
export interface GetSampleRequest {
  /**
   * Which evaluation.
   */
  'evaluationId'?: (string);
  /**
   * Either the unit's number …
   */
  'unit'?: (number);
  /**
   * … or these; benchmark and model may be left out where the evaluation has one only, the epoch if it has one.
   */
  'sampleId'?: (string);
  /**
   * Its name; empty: the evaluation has one only.
   */
  'benchmark'?: (string);
  /**
   * Its name; empty: the evaluation has one only.
   */
  'model'?: (string);
  /**
   * 1 … epochs; 0: the evaluation has one only.
   */
  'epoch'?: (number);
  '_unit'?: "unit";
}

/**
 * Which sample: by its number, or by its names.
 */
export interface GetSampleRequest__Output {
  /**
   * Which evaluation.
   */
  'evaluationId': (string);
  /**
   * Either the unit's number …
   */
  'unit'?: (number);
  /**
   * … or these; benchmark and model may be left out where the evaluation has one only, the epoch if it has one.
   */
  'sampleId': (string);
  /**
   * Its name; empty: the evaluation has one only.
   */
  'benchmark': (string);
  /**
   * Its name; empty: the evaluation has one only.
   */
  'model': (string);
  /**
   * 1 … epochs; 0: the evaluation has one only.
   */
  'epoch': (number);
  '_unit'?: "unit";
}
