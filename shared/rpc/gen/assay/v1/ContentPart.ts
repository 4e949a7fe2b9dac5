// Original file: proto/assay/v1/types.proto


/**
 * A part of a message's content.
 */
export interface ContentPart {
  /**
   * Plain text.
   */
  'text'?: (string);
  /**
   * An image: an https URL, or a data URL.
   */
  'imageUrl'?: (string);
  /**
   * Sound: a data URL.
   */
  'audioUrl'?: (string);
  /**
   * Exactly one is set.
   */
  'part'?: "text"|"imageUrl"|"audioUrl";
}

/**
 * A part of a message's content.
 */
export interface ContentPart__Output {
  /**
   * Plain text.
   */
  'text'?: (string);
  /**
   * An image: an https URL, or a data URL.
   */
  'imageUrl'?: (string);
  /**
   * Sound: a data URL.
   */
  'audioUrl'?: (string);
  /**
   * Exactly one is set.
   */
  'part'?: "text"|"imageUrl"|"audioUrl";
}
