// Original file: proto/assay/v1/operator.proto

import type { Long } from '@grpc/proto-loader';

/**
 * What waits on one requirement, and who could serve it.
 */
export interface Route {
  /**
   * Its id: `r_` and 16 characters.
   */
  'route'?: (string);
  /**
   * The requirement in words: `model=openai/gpt-x zone=eu`; of a namespace but `default` also that: `namespace:team-a`.
   */
  'requirement'?: (string);
  /**
   * The model that it asks for.
   */
  'model'?: (string);
  /**
   * Labels that an agent must bear.
   */
  'labels'?: ({[key: string]: string});
  /**
   * Capabilities that an agent must have: `command:grader`.
   */
  'needs'?: (string)[];
  /**
   * PauseRoute holds.
   */
  'paused'?: (boolean);
  /**
   * Why it is paused, in the operator's words.
   */
  'reason'?: (string);
  /**
   * Tasks in the queue, and how long the oldest has waited.
   */
  'waitingTasks'?: (number);
  /**
   * Of the task that is next.
   */
  'oldestWaitMs'?: (number | string | Long);
  /**
   * Units that are open, and those of them that agents hold.
   */
  'open'?: (number | string | Long);
  /**
   * Of the open units: those that agents hold.
   */
  'inFlight'?: (number);
  /**
   * Connected agents that fit, and the samples that they would take now.
   */
  'agents'?: (number);
  /**
   * Samples that the agents which fit would take now.
   */
  'room'?: (number | string | Long);
  /**
   * Evaluations with open units on it, at most 20.
   */
  'evaluationIds'?: (string)[];
  /**
   * With open units and no agents: why each agent of its namespace does not fit, at most 10 sentences.
   */
  'misfits'?: (string)[];
  /**
   * Whose work it is: only agents that are bound to it fit.
   */
  'namespace'?: (string);
}

/**
 * What waits on one requirement, and who could serve it.
 */
export interface Route__Output {
  /**
   * Its id: `r_` and 16 characters.
   */
  'route': (string);
  /**
   * The requirement in words: `model=openai/gpt-x zone=eu`; of a namespace but `default` also that: `namespace:team-a`.
   */
  'requirement': (string);
  /**
   * The model that it asks for.
   */
  'model': (string);
  /**
   * Labels that an agent must bear.
   */
  'labels': ({[key: string]: string});
  /**
   * Capabilities that an agent must have: `command:grader`.
   */
  'needs': (string)[];
  /**
   * PauseRoute holds.
   */
  'paused': (boolean);
  /**
   * Why it is paused, in the operator's words.
   */
  'reason': (string);
  /**
   * Tasks in the queue, and how long the oldest has waited.
   */
  'waitingTasks': (number);
  /**
   * Of the task that is next.
   */
  'oldestWaitMs': (string);
  /**
   * Units that are open, and those of them that agents hold.
   */
  'open': (string);
  /**
   * Of the open units: those that agents hold.
   */
  'inFlight': (number);
  /**
   * Connected agents that fit, and the samples that they would take now.
   */
  'agents': (number);
  /**
   * Samples that the agents which fit would take now.
   */
  'room': (string);
  /**
   * Evaluations with open units on it, at most 20.
   */
  'evaluationIds': (string)[];
  /**
   * With open units and no agents: why each agent of its namespace does not fit, at most 10 sentences.
   */
  'misfits': (string)[];
  /**
   * Whose work it is: only agents that are bound to it fit.
   */
  'namespace': (string);
}
