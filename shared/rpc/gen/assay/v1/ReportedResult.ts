// Original file: proto/assay/v1/agent.proto


export interface ReportedResult {
  'unit'?: (number);
  /**
   * The unit's result as JSON in UTF-8, see docs/spec.md: {unit, sampleId, epoch, outcome, completion?, scores, error?,
   * usage, timing, calls}. Kept as it is.
   */
  'content'?: (Buffer | Uint8Array | string);
}

export interface ReportedResult__Output {
  'unit': (number);
  /**
   * The unit's result as JSON in UTF-8, see docs/spec.md: {unit, sampleId, epoch, outcome, completion?, scores, error?,
   * usage, timing, calls}. Kept as it is.
   */
  'content': (Buffer);
}
