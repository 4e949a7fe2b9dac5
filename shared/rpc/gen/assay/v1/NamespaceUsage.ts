// Original file: proto/assay/v1/identity.proto

import type { Long } from '@grpc/proto-loader';

/**
 * What is taken of a namespace's bounds.
 */
export interface NamespaceUsage {
  /**
   * Samples that are not done.
   */
  'queuedSamples'?: (number | string | Long);
  /**
   * Tasks that run.
   */
  'tasks'?: (number | string | Long);
  /**
   * Bytes of datasets that it holds.
   */
  'contentBytes'?: (number | string | Long);
  /**
   * Millionths of a US dollar that its results have cost this day (UTC); counted where it has a bound.
   */
  'costMicroUsd'?: (number | string | Long);
}

/**
 * What is taken of a namespace's bounds.
 */
export interface NamespaceUsage__Output {
  /**
   * Samples that are not done.
   */
  'queuedSamples': (string);
  /**
   * Tasks that run.
   */
  'tasks': (string);
  /**
   * Bytes of datasets that it holds.
   */
  'contentBytes': (string);
  /**
   * Millionths of a US dollar that its results have cost this day (UTC); counted where it has a bound.
   */
  'costMicroUsd': (string);
}
