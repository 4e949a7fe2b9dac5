// Original file: proto/assay/v1/why.proto

import type { ReasonEffect as _assay_v1_ReasonEffect, ReasonEffect__Output as _assay_v1_ReasonEffect__Output } from '../../assay/v1/ReasonEffect.ts';
import type { ReasonAgent as _assay_v1_ReasonAgent, ReasonAgent__Output as _assay_v1_ReasonAgent__Output } from '../../assay/v1/ReasonAgent.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * For how long one reason was the first one. Those that say that work runs are one period, however they took turns.
 */
export interface ReasonPeriod {
  /**
   * As in Reason, at the last look of it.
   */
  'code'?: (string);
  /**
   * What it did.
   */
  'effect'?: (_assay_v1_ReasonEffect);
  /**
   * For people, one sentence.
   */
  'text'?: (string);
  /**
   * The route that it was about; empty: all of the work.
   */
  'route'?: (string);
  /**
   * The route in words.
   */
  'requirement'?: (string);
  /**
   * Samples that it was about.
   */
  'samples'?: (number);
  /**
   * The first look that saw it.
   */
  'sinceMs'?: (number | string | Long);
  /**
   * The next look that saw another one; of the newest period the last look.
   */
  'untilMs'?: (number | string | Long);
  /**
   * How many looks saw it.
   */
  'looks'?: (number);
  /**
   * Agents that were the reason, at most 5.
   */
  'agents'?: (_assay_v1_ReasonAgent)[];
  /**
   * How many they were in all.
   */
  'agentCount'?: (number);
}

/**
 * For how long one reason was the first one. Those that say that work runs are one period, however they took turns.
 */
export interface ReasonPeriod__Output {
  /**
   * As in Reason, at the last look of it.
   */
  'code': (string);
  /**
   * What it did.
   */
  'effect': (_assay_v1_ReasonEffect__Output);
  /**
   * For people, one sentence.
   */
  'text': (string);
  /**
   * The route that it was about; empty: all of the work.
   */
  'route': (string);
  /**
   * The route in words.
   */
  'requirement': (string);
  /**
   * Samples that it was about.
   */
  'samples': (number);
  /**
   * The first look that saw it.
   */
  'sinceMs': (string);
  /**
   * The next look that saw another one; of the newest period the last look.
   */
  'untilMs': (string);
  /**
   * How many looks saw it.
   */
  'looks': (number);
  /**
   * Agents that were the reason, at most 5.
   */
  'agents': (_assay_v1_ReasonAgent__Output)[];
  /**
   * How many they were in all.
   */
  'agentCount': (number);
}
