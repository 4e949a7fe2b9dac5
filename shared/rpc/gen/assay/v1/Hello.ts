// Original file: proto/assay/v1/agent.proto

import type { ModelOffer as _assay_v1_ModelOffer, ModelOffer__Output as _assay_v1_ModelOffer__Output } from '../../assay/v1/ModelOffer.ts';
import type { PreviousLife as _assay_v1_PreviousLife, PreviousLife__Output as _assay_v1_PreviousLife__Output } from '../../assay/v1/PreviousLife.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * The first message of every stream: who the agent is, what it offers, what it holds.
 */
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
   * The protocol's major version: 1.
   */
  'wireVersion'?: (number);
  /**
   * The agent's software version.
   */
  'version'?: (string);
  /**
   * What routes may ask for: `zone=eu`. At most 64.
   */
  'labels'?: ({[key: string]: string});
  /**
   * Models that it can call, at most 256. Other messages name them by their index here.
   */
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
  /**
   * The protocol's minor version: 3; absent (0) of agents of the first release. A coordinator takes agents of its own minor version
   * and of those before it. It refuses all others with FAILED_PRECONDITION and an ErrorInfo of reason WIRE_VERSION with the metadata
   * `got` and `spoken` ("1.0, 1.1, 1.2, 1.3"). An agent of 1.0 or 1.1 gets no work that needs something it does not know; with 1.2 came
   * filters, solvers that rate texts by log-probabilities, and scorers beyond match, includes, exact, pattern, choice, command and http;
   * with 1.3 signed leases (Assignment.lease).
   */
  'wireMinor'?: (number);
  /**
   * What this agent can do beside calling models, which routes may need: `command:NAME` (a program that its operator allows as
   * scorer), `url:PATTERN` (an http scorer or solver that its operator allows; `*` stands for any run of characters),
   * `loglikelihood:PATTERN` (an entry of its models that may tell log-probabilities of what it is sent), `sandbox:LANGUAGE` (it runs
   * programs of models, in a sandbox that has passed its own test). At most 500.
   */
  'capabilities'?: (string)[];
  /**
   * Of the host, for people: cpus, memory, gpus, system. At most 20, values at most 200 characters.
   */
  'host'?: ({[key: string]: string});
  /**
   * How the life before this one ended, when it did not end in order: evidence against the tasks that it was running. Absent: it ended in
   * order, there was none, or the agent does not know.
   */
  'previousLife'?: (_assay_v1_PreviousLife | null);
  /**
   * The agent answers Spare. Absent: it is never asked.
   */
  'canSpare'?: (boolean);
  /**
   * Grows with every Hello of this agent, over its lives too: milliseconds since 1970 by the agent's clock, or one more than the last one.
   * A Hello that was overtaken by a later one, to any coordinator, is refused with UNAVAILABLE and an ErrorInfo of reason STALE_HELLO with the
   * metadata `latest`: a coordinator that was halted may read it when another stream, or another life of the agent, is at work. Whoever is
   * refused goes on from there. 0: not known, and not compared.
   */
  'number'?: (number | string | Long);
  /**
   * Random, 1 … 64 characters, of this process alone: it is written down nowhere, so that not even a copy of the spool has it. Two processes that
   * use one key are told by it. Absent: an agent of a release before; instance_id is taken.
   */
  'processId'?: (string);
}

/**
 * The first message of every stream: who the agent is, what it offers, what it holds.
 */
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
   * The protocol's major version: 1.
   */
  'wireVersion': (number);
  /**
   * The agent's software version.
   */
  'version': (string);
  /**
   * What routes may ask for: `zone=eu`. At most 64.
   */
  'labels': ({[key: string]: string});
  /**
   * Models that it can call, at most 256. Other messages name them by their index here.
   */
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
  /**
   * The protocol's minor version: 3; absent (0) of agents of the first release. A coordinator takes agents of its own minor version
   * and of those before it. It refuses all others with FAILED_PRECONDITION and an ErrorInfo of reason WIRE_VERSION with the metadata
   * `got` and `spoken` ("1.0, 1.1, 1.2, 1.3"). An agent of 1.0 or 1.1 gets no work that needs something it does not know; with 1.2 came
   * filters, solvers that rate texts by log-probabilities, and scorers beyond match, includes, exact, pattern, choice, command and http;
   * with 1.3 signed leases (Assignment.lease).
   */
  'wireMinor': (number);
  /**
   * What this agent can do beside calling models, which routes may need: `command:NAME` (a program that its operator allows as
   * scorer), `url:PATTERN` (an http scorer or solver that its operator allows; `*` stands for any run of characters),
   * `loglikelihood:PATTERN` (an entry of its models that may tell log-probabilities of what it is sent), `sandbox:LANGUAGE` (it runs
   * programs of models, in a sandbox that has passed its own test). At most 500.
   */
  'capabilities': (string)[];
  /**
   * Of the host, for people: cpus, memory, gpus, system. At most 20, values at most 200 characters.
   */
  'host': ({[key: string]: string});
  /**
   * How the life before this one ended, when it did not end in order: evidence against the tasks that it was running. Absent: it ended in
   * order, there was none, or the agent does not know.
   */
  'previousLife': (_assay_v1_PreviousLife__Output | null);
  /**
   * The agent answers Spare. Absent: it is never asked.
   */
  'canSpare': (boolean);
  /**
   * Grows with every Hello of this agent, over its lives too: milliseconds since 1970 by the agent's clock, or one more than the last one.
   * A Hello that was overtaken by a later one, to any coordinator, is refused with UNAVAILABLE and an ErrorInfo of reason STALE_HELLO with the
   * metadata `latest`: a coordinator that was halted may read it when another stream, or another life of the agent, is at work. Whoever is
   * refused goes on from there. 0: not known, and not compared.
   */
  'number': (string);
  /**
   * Random, 1 … 64 characters, of this process alone: it is written down nowhere, so that not even a copy of the spool has it. Two processes that
   * use one key are told by it. Absent: an agent of a release before; instance_id is taken.
   */
  'processId': (string);
}
