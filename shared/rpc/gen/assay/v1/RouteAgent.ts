// Original file: proto/assay/v1/operator.proto

import type { AgentState as _assay_v1_AgentState, AgentState__Output as _assay_v1_AgentState__Output } from '../../assay/v1/AgentState.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * One agent, and why it does not take work of a route.
 */
export interface RouteAgent {
  /**
   * Its id.
   */
  'agentId'?: (string);
  /**
   * Its name.
   */
  'name'?: (string);
  /**
   * Whether it takes work at all.
   */
  'state'?: (_assay_v1_AgentState);
  /**
   * It may have the work.
   */
  'fits'?: (boolean);
  /**
   * Samples that it would take now, where it fits.
   */
  'room'?: (number | string | Long);
  /**
   * Samples that it has in hand, of whatever route.
   */
  'samples'?: (number);
  /**
   * What is in the way, or how it stands; half a sentence.
   */
  'text'?: (string);
}

/**
 * One agent, and why it does not take work of a route.
 */
export interface RouteAgent__Output {
  /**
   * Its id.
   */
  'agentId': (string);
  /**
   * Its name.
   */
  'name': (string);
  /**
   * Whether it takes work at all.
   */
  'state': (_assay_v1_AgentState__Output);
  /**
   * It may have the work.
   */
  'fits': (boolean);
  /**
   * Samples that it would take now, where it fits.
   */
  'room': (string);
  /**
   * Samples that it has in hand, of whatever route.
   */
  'samples': (number);
  /**
   * What is in the way, or how it stands; half a sentence.
   */
  'text': (string);
}
