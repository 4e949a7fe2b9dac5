// Original file: proto/assay/v1/agent.proto


/**
 * One unit.
 */
export interface AssignedSample {
  /**
   * The unit's number.
   */
  'unit'?: (number);
  /**
   * 1 … epochs.
   */
  'epoch'?: (number);
  /**
   * The sample's place in its dataset, from 1: its id, if the dataset has none.
   */
  'ordinal'?: (number);
  /**
   * The dataset's line: one JSON object. The agent maps its fields and renders the prompt. Empty: the same line as the
   * sample before (another epoch of it).
   */
  'line'?: (Buffer | Uint8Array | string);
}

/**
 * One unit.
 */
export interface AssignedSample__Output {
  /**
   * The unit's number.
   */
  'unit': (number);
  /**
   * 1 … epochs.
   */
  'epoch': (number);
  /**
   * The sample's place in its dataset, from 1: its id, if the dataset has none.
   */
  'ordinal': (number);
  /**
   * The dataset's line: one JSON object. The agent maps its fields and renders the prompt. Empty: the same line as the
   * sample before (another epoch of it).
   */
  'line': (Buffer);
}
