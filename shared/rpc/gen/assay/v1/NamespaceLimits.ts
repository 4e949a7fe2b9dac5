// Original file: proto/assay/v1/identity.proto

import type { Long } from '@grpc/proto-loader';

/**
 * What bounds a namespace. What is absent is bounded by the coordinator alone.
 */
export interface NamespaceLimits {
  /**
   * Samples, each by model and epoch, that are not done, of all evaluations together.
   */
  'maxQueuedSamples'?: (number | string | Long);
  /**
   * Tasks that run at the same time, over all agents.
   */
  'maxTasks'?: (number | string | Long);
  /**
   * Bytes of datasets that it holds.
   */
  'maxContentBytes'?: (number | string | Long);
  /**
   * Samples, each by model and epoch, of one evaluation.
   */
  'maxEvaluationSamples'?: (number | string | Long);
  /**
   * The first priority that an evaluation may have: 1 … 10.
   */
  'firstPriority'?: (number | string | Long);
  /**
   * How long finished evaluations stay, where that is less than the coordinator's own bound.
   */
  'keepMs'?: (number | string | Long);
  /**
   * How many finished evaluations stay.
   */
  'keepEvaluations'?: (number | string | Long);
  /**
   * How many bytes of finished evaluations stay.
   */
  'keepBytes'?: (number | string | Long);
  /**
   * Millionths of a US dollar that its results may cost a day (UTC), by the coordinator's price table.
   */
  'maxCostPerDayMicroUsd'?: (number | string | Long);
  '_maxQueuedSamples'?: "maxQueuedSamples";
  '_maxTasks'?: "maxTasks";
  '_maxContentBytes'?: "maxContentBytes";
  '_maxEvaluationSamples'?: "maxEvaluationSamples";
  '_firstPriority'?: "firstPriority";
  '_keepMs'?: "keepMs";
  '_keepEvaluations'?: "keepEvaluations";
  '_keepBytes'?: "keepBytes";
  '_maxCostPerDayMicroUsd'?: "maxCostPerDayMicroUsd";
}

/**
 * What bounds a namespace. What is absent is bounded by the coordinator alone.
 */
export interface NamespaceLimits__Output {
  /**
   * Samples, each by model and epoch, that are not done, of all evaluations together.
   */
  'maxQueuedSamples'?: (string);
  /**
   * Tasks that run at the same time, over all agents.
   */
  'maxTasks'?: (string);
  /**
   * Bytes of datasets that it holds.
   */
  'maxContentBytes'?: (string);
  /**
   * Samples, each by model and epoch, of one evaluation.
   */
  'maxEvaluationSamples'?: (string);
  /**
   * The first priority that an evaluation may have: 1 … 10.
   */
  'firstPriority'?: (string);
  /**
   * How long finished evaluations stay, where that is less than the coordinator's own bound.
   */
  'keepMs'?: (string);
  /**
   * How many finished evaluations stay.
   */
  'keepEvaluations'?: (string);
  /**
   * How many bytes of finished evaluations stay.
   */
  'keepBytes'?: (string);
  /**
   * Millionths of a US dollar that its results may cost a day (UTC), by the coordinator's price table.
   */
  'maxCostPerDayMicroUsd'?: (string);
  '_maxQueuedSamples'?: "maxQueuedSamples";
  '_maxTasks'?: "maxTasks";
  '_maxContentBytes'?: "maxContentBytes";
  '_maxEvaluationSamples'?: "maxEvaluationSamples";
  '_firstPriority'?: "firstPriority";
  '_keepMs'?: "keepMs";
  '_keepEvaluations'?: "keepEvaluations";
  '_keepBytes'?: "keepBytes";
  '_maxCostPerDayMicroUsd'?: "maxCostPerDayMicroUsd";
}
