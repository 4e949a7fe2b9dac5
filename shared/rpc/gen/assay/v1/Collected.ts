// Original file: proto/assay/v1/operator.proto

import type { Long } from '@grpc/proto-loader';

/**
 * So many of a kind.
 */
export interface Collected {
  /**
   * `content`: no evaluation names it. `staged`: submits that died early. `temporary`: files of processes that are gone. `removed`: what is left
   * of evaluations that were removed. `merged`: segments that were written anew with others. `queue`: in Redis, of routes that are over.
   * Pass over what you do not know.
   */
  'kind'?: (string);
  /**
   * How many.
   */
  'count'?: (number | string | Long);
  /**
   * Their bytes together.
   */
  'bytes'?: (number | string | Long);
}

/**
 * So many of a kind.
 */
export interface Collected__Output {
  /**
   * `content`: no evaluation names it. `staged`: submits that died early. `temporary`: files of processes that are gone. `removed`: what is left
   * of evaluations that were removed. `merged`: segments that were written anew with others. `queue`: in Redis, of routes that are over.
   * Pass over what you do not know.
   */
  'kind': (string);
  /**
   * How many.
   */
  'count': (string);
  /**
   * Their bytes together.
   */
  'bytes': (string);
}
