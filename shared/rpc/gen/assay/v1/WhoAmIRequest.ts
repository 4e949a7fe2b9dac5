// Original file: proto/assay/v1/identity.proto


/**
 * Nothing has to be said.
 */
export interface WhoAmIRequest {
}

/**
 * Nothing has to be said.
 */
export interface WhoAmIRequest__Output {
}
