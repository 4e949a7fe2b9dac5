// Original file: proto/assay/v1/why.proto

import type { ReasonEffect as _assay_v1_ReasonEffect, ReasonEffect__Output as _assay_v1_ReasonEffect__Output } from '../../assay/v1/ReasonEffect.ts';
import type { ReasonAgent as _assay_v1_ReasonAgent, ReasonAgent__Output as _assay_v1_ReasonAgent__Output } from '../../assay/v1/ReasonAgent.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * One reason. What is not known, or does not apply, is 0 or empty.
 */
export interface Reason {
  /**
   * A word for programs; docs/why.md lists them. Take one that you do not know by its effect and its text.
   */
  'code'?: (string);
  /**
   * What it does.
   */
  'effect'?: (_assay_v1_ReasonEffect);
  /**
   * For people, one sentence.
   */
  'text'?: (string);
  /**
   * Samples that it is about.
   */
  'samples'?: (number);
  /**
   * Tasks that it is about; samples that were not cut into tasks yet are in none.
   */
  'tasks'?: (number);
  /**
   * Since when it holds.
   */
  'sinceMs'?: (number | string | Long);
  /**
   * When it will be otherwise by itself, where that is known.
   */
  'untilMs'?: (number | string | Long);
  /**
   * What would change it, half a sentence; empty: nothing needs to be done.
   */
  'remedy'?: (string);
  /**
   * A command that does so, to be copied; empty: there is none.
   */
  'command'?: (string);
  /**
   * The route that it is about; empty: all of the work.
   */
  'route'?: (string);
  /**
   * The route in words.
   */
  'requirement'?: (string);
  /**
   * Agents that are the reason, at most 20, the first ones by name. Of agents that do not work for the evaluation's namespace only operators
   * are told.
   */
  'agents'?: (_assay_v1_ReasonAgent)[];
  /**
   * How many they are in all.
   */
  'agentCount'?: (number);
  /**
   * Other evaluations that are the reason, at most 20; only those that the caller may read.
   */
  'evaluationIds'?: (string)[];
}

/**
 * One reason. What is not known, or does not apply, is 0 or empty.
 */
export interface Reason__Output {
  /**
   * A word for programs; docs/why.md lists them. Take one that you do not know by its effect and its text.
   */
  'code': (string);
  /**
   * What it does.
   */
  'effect': (_assay_v1_ReasonEffect__Output);
  /**
   * For people, one sentence.
   */
  'text': (string);
  /**
   * Samples that it is about.
   */
  'samples': (number);
  /**
   * Tasks that it is about; samples that were not cut into tasks yet are in none.
   */
  'tasks': (number);
  /**
   * Since when it holds.
   */
  'sinceMs': (string);
  /**
   * When it will be otherwise by itself, where that is known.
   */
  'untilMs': (string);
  /**
   * What would change it, half a sentence; empty: nothing needs to be done.
   */
  'remedy': (string);
  /**
   * A command that does so, to be copied; empty: there is none.
   */
  'command': (string);
  /**
   * The route that it is about; empty: all of the work.
   */
  'route': (string);
  /**
   * The route in words.
   */
  'requirement': (string);
  /**
   * Agents that are the reason, at most 20, the first ones by name. Of agents that do not work for the evaluation's namespace only operators
   * are told.
   */
  'agents': (_assay_v1_ReasonAgent__Output)[];
  /**
   * How many they are in all.
   */
  'agentCount': (number);
  /**
   * Other evaluations that are the reason, at most 20; only those that the caller may read.
   */
  'evaluationIds': (string)[];
}
