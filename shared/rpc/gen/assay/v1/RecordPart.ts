// Original file: proto/assay/v1/record.proto


/**
 * A part of the record, which may be too large for one message.
 */
export interface RecordPart {
  /**
   * A JSON document in UTF-8, see docs/report.md; parts are put together.
   */
  'json'?: (Buffer | Uint8Array | string);
  /**
   * More of it follows; otherwise this is the last message.
   */
  'more'?: (boolean);
}

/**
 * A part of the record, which may be too large for one message.
 */
export interface RecordPart__Output {
  /**
   * A JSON document in UTF-8, see docs/report.md; parts are put together.
   */
  'json': (Buffer);
  /**
   * More of it follows; otherwise this is the last message.
   */
  'more': (boolean);
}
