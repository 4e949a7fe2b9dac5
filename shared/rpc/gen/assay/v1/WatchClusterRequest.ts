// Original file: proto/assay/v1/operator.proto


/**
 * All of the cluster.
 */
export interface WatchClusterRequest {
}

/**
 * All of the cluster.
 */
export interface WatchClusterRequest__Output {
}
