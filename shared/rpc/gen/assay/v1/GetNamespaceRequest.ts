// Original file: proto/assay/v1/identity.proto


/**
 * Which one.
 */
export interface GetNamespaceRequest {
  /**
   * Empty means "default".
   */
  'namespace'?: (string);
}

/**
 * Which one.
 */
export interface GetNamespaceRequest__Output {
  /**
   * Empty means "default".
   */
  'namespace': (string);
}
