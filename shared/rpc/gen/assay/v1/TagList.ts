// Original file: proto/assay/v1/evaluation.proto


/**
 * A list that may be absent, unlike a repeated field.
 */
export interface TagList {
  /**
   * At most 50 of at most 200 characters; empty: none.
   */
  'tags'?: (string)[];
}

/**
 * A list that may be absent, unlike a repeated field.
 */
export interface TagList__Output {
  /**
   * At most 50 of at most 200 characters; empty: none.
   */
  'tags': (string)[];
}
