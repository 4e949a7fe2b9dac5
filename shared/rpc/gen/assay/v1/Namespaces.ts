// Original file: proto/assay/v1/identity.proto


/**
 * Where a caller may do it.
 */
export interface Namespaces {
  /**
   * Every one, also those that are still to come; `names` is empty then.
   */
  'all'?: (boolean);
  /**
   * These: 1 … 100, each 1 to 64 letters, digits, `.`, `_` or `-`.
   */
  'names'?: (string)[];
}

/**
 * Where a caller may do it.
 */
export interface Namespaces__Output {
  /**
   * Every one, also those that are still to come; `names` is empty then.
   */
  'all': (boolean);
  /**
   * These: 1 … 100, each 1 to 64 letters, digits, `.`, `_` or `-`.
   */
  'names': (string)[];
}
