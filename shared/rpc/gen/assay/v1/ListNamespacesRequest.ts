// Original file: proto/assay/v1/identity.proto


/**
 * Nothing has to be said.
 */
export interface ListNamespacesRequest {
}

/**
 * Nothing has to be said.
 */
export interface ListNamespacesRequest__Output {
}
