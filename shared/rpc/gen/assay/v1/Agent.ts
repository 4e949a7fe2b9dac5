// Original file: proto/assay/v1/operator.proto

import type { AgentState as _assay_v1_AgentState, AgentState__Output as _assay_v1_AgentState__Output } from '../../assay/v1/AgentState.ts';
import type { AgentModel as _assay_v1_AgentModel, AgentModel__Output as _assay_v1_AgentModel__Output } from '../../assay/v1/AgentModel.ts';
import type { Namespaces as _assay_v1_Namespaces, Namespaces__Output as _assay_v1_Namespaces__Output } from '../../assay/v1/Namespaces.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * An agent as its coordinator sees it; up to a second old.
 */
export interface Agent {
  /**
   * `ag_` and 16 hex digits: the same over restarts.
   */
  'agentId'?: (string);
  /**
   * For people; need not be unique.
   */
  'name'?: (string);
  /**
   * Whether it takes work.
   */
  'state'?: (_assay_v1_AgentState);
  /**
   * DrainAgent holds: it will be draining after a restart as well.
   */
  'drainedByOperator'?: (boolean);
  /**
   * Why it drains, in the operator's words.
   */
  'reason'?: (string);
  /**
   * Its software's version and the protocol's, "1.2".
   */
  'version'?: (string);
  /**
   * The protocol's version that it speaks: "1.2".
   */
  'wireVersion'?: (string);
  /**
   * As in its Hello.
   */
  'labels'?: ({[key: string]: string});
  /**
   * As in its Hello, in that order.
   */
  'models'?: (_assay_v1_AgentModel)[];
  /**
   * What it can do beside calling models: `command:NAME`, `url:PATTERN`, `sandbox:LANGUAGE`; and of which models it may tell
   * log-probabilities of what they are sent: `loglikelihood:PATTERN`.
   */
  'capabilities'?: (string)[];
  /**
   * About its host: cpus, memory, gpus, system.
   */
  'host'?: ({[key: string]: string});
  /**
   * Samples that it holds now.
   */
  'samples'?: (number);
  /**
   * Attempts that it holds now.
   */
  'attempts'?: (number);
  /**
   * Since it connected: units counted, and errored ones among them.
   */
  'counted'?: (number | string | Long);
  /**
   * Of the units that were counted: errored ones.
   */
  'errored'?: (number | string | Long);
  /**
   * The coordinator that it is connected to, its network address, since when, and when it was last heard of.
   */
  'coordinatorId'?: (string);
  /**
   * Its network address as the coordinator sees it.
   */
  'peer'?: (string);
  /**
   * Since when.
   */
  'connectedAtMs'?: (number | string | Long);
  /**
   * When it was last heard of, to some seconds.
   */
  'seenAtMs'?: (number | string | Long);
  /**
   * Whose work it is given: what its identity is bound to.
   */
  'namespaces'?: (_assay_v1_Namespaces | null);
  /**
   * It has sent what no agent sends, again and again, and gets no work until DrainAgent with `undo`; `reason` says what it was. Its state is
   * draining.
   */
  'quarantined'?: (boolean);
  /**
   * What was refused of it by the coordinator that it is connected to, since that one started: results that make no sense or are too large,
   * units that it was not given, leases that do not hold.
   */
  'refused'?: (number | string | Long);
  /**
   * How it proves who it is, for people: `key`; `token NAME (ID)`; `local`. `key, superseded a twin`: another process with the same key was
   * connected when it came.
   */
  'proof'?: (string);
}

/**
 * An agent as its coordinator sees it; up to a second old.
 */
export interface Agent__Output {
  /**
   * `ag_` and 16 hex digits: the same over restarts.
   */
  'agentId': (string);
  /**
   * For people; need not be unique.
   */
  'name': (string);
  /**
   * Whether it takes work.
   */
  'state': (_assay_v1_AgentState__Output);
  /**
   * DrainAgent holds: it will be draining after a restart as well.
   */
  'drainedByOperator': (boolean);
  /**
   * Why it drains, in the operator's words.
   */
  'reason': (string);
  /**
   * Its software's version and the protocol's, "1.2".
   */
  'version': (string);
  /**
   * The protocol's version that it speaks: "1.2".
   */
  'wireVersion': (string);
  /**
   * As in its Hello.
   */
  'labels': ({[key: string]: string});
  /**
   * As in its Hello, in that order.
   */
  'models': (_assay_v1_AgentModel__Output)[];
  /**
   * What it can do beside calling models: `command:NAME`, `url:PATTERN`, `sandbox:LANGUAGE`; and of which models it may tell
   * log-probabilities of what they are sent: `loglikelihood:PATTERN`.
   */
  'capabilities': (string)[];
  /**
   * About its host: cpus, memory, gpus, system.
   */
  'host': ({[key: string]: string});
  /**
   * Samples that it holds now.
   */
  'samples': (number);
  /**
   * Attempts that it holds now.
   */
  'attempts': (number);
  /**
   * Since it connected: units counted, and errored ones among them.
   */
  'counted': (string);
  /**
   * Of the units that were counted: errored ones.
   */
  'errored': (string);
  /**
   * The coordinator that it is connected to, its network address, since when, and when it was last heard of.
   */
  'coordinatorId': (string);
  /**
   * Its network address as the coordinator sees it.
   */
  'peer': (string);
  /**
   * Since when.
   */
  'connectedAtMs': (string);
  /**
   * When it was last heard of, to some seconds.
   */
  'seenAtMs': (string);
  /**
   * Whose work it is given: what its identity is bound to.
   */
  'namespaces': (_assay_v1_Namespaces__Output | null);
  /**
   * It has sent what no agent sends, again and again, and gets no work until DrainAgent with `undo`; `reason` says what it was. Its state is
   * draining.
   */
  'quarantined': (boolean);
  /**
   * What was refused of it by the coordinator that it is connected to, since that one started: results that make no sense or are too large,
   * units that it was not given, leases that do not hold.
   */
  'refused': (string);
  /**
   * How it proves who it is, for people: `key`; `token NAME (ID)`; `local`. `key, superseded a twin`: another process with the same key was
   * connected when it came.
   */
  'proof': (string);
}
