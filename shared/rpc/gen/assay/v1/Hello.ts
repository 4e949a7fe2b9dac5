// Original file: proto/assay/v1/agent.proto

import type { ModelOffer as _assay_v1_ModelOffer, ModelOffer__Output as _assay_v1_ModelOffer__Output } from '../../assay/v1/ModelOffer.ts';

export interface Hello {
  /**
   * Stays the same over restarts of the agent (kept in its spool).
   */
  'agentId'?: (string);
  /**
   * For people; the host's name by default.
   */
  'name'?: (string);
  /**
   * 1. A coordinator refuses a version that it does not speak.
   */
  'wireVersion'?: (number);
  /**
   * The agent's software version.
   */
  'version'?: (string);
  'labels'?: ({[key: string]: string});
  'models'?: (_assay_v1_ModelOffer)[];
  /**
   * Places for whole-task work.
   */
  'slots'?: (number);
  /**
   * Attempts that this agent holds: it is working on them, or has results of them in its spool. An attempt that the ledger
   * gives to this agent and that is missing here is returned to the queue at once.
   */
  'heldAttempts'?: (string)[];
  /**
   * Random, 1 … 64 characters: the same as long as the process lives, and after an end in order (drained, stopped, its parent
   * gone), when the next process goes on under it. An attempt that is missing from held_attempts was lost by a crash if another
   * instance had been given it; it never arrived, or was given up by an orderly end, if it was this one.
   */
  'instanceId'?: (string);
}

export interface Hello__Output {
  /**
   * Stays the same over restarts of the agent (kept in its spool).
   */
  'agentId': (string);
  /**
   * For people; the host's name by default.
   */
  'name': (string);
  /**
   * 1. A coordinator refuses a version that it does not speak.
   */
  'wireVersion': (number);
  /**
   * The agent's software version.
   */
  'version': (string);
  'labels': ({[key: string]: string});
  'models': (_assay_v1_ModelOffer__Output)[];
  /**
   * Places for whole-task work.
   */
  'slots': (number);
  /**
   * Attempts that this agent holds: it is working on them, or has results of them in its spool. An attempt that the ledger
   * gives to this agent and that is missing here is returned to the queue at once.
   */
  'heldAttempts': (string)[];
  /**
   * Random, 1 … 64 characters: the same as long as the process lives, and after an end in order (drained, stopped, its parent
   * gone), when the next process goes on under it. An attempt that is missing from held_attempts was lost by a crash if another
   * instance had been given it; it never arrived, or was given up by an orderly end, if it was this one.
   */
  'instanceId': (string);
}
