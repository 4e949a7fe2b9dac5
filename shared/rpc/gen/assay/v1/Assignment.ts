// Original file: proto/assay/v1/agent.proto

import type { AssignedSample as _assay_v1_AssignedSample, AssignedSample__Output as _assay_v1_AssignedSample__Output } from '../../assay/v1/AssignedSample.ts';

/**
 * One attempt at one task. The agent answers with Accept within 10 seconds, or the attempt is taken back. A repeated
 * Assignment of a held attempt changes nothing and is accepted again.
 */
export interface Assignment {
  /**
   * 32 hex digits, random: the name of this right to report. It is in every later message about it.
   */
  'attemptId'?: (string);
  /**
   * The evaluation that it belongs to.
   */
  'evaluationId'?: (string);
  /**
   * The task: the evaluation's id, `-`, a number.
   */
  'taskId'?: (string);
  /**
   * Which entry of Hello.models this spends the credit of.
   */
  'modelIndex'?: (number);
  /**
   * What all samples of one benchmark and model share, as JSON: {evaluationId, benchmark, model, retry}, see docs/spec.md.
   * Sent with the first assignment of a stream that names its digest, and again when 128 others were named in between; the
   * agent keeps at least the last 256.
   */
  'contextDigest'?: (string);
  /**
   * The context itself, or empty: the agent was sent the one of this digest before.
   */
  'contextJson'?: (Buffer | Uint8Array | string);
  /**
   * What is to be run, in unit order.
   */
  'samples'?: (_assay_v1_AssignedSample)[];
  /**
   * W3C trace context of the enqueueing; empty without tracing.
   */
  'traceparent'?: (string);
  /**
   * Agents have crashed while they ran it. The samples of all such assignments run one after the other on an agent, so that the next
   * crash tells which of them it was. An agent that does not know this runs them as any other.
   */
  'suspect'?: (boolean);
  /**
   * The signed lease: at most 1024 bytes, which mean nothing to the agent. It keeps them with the attempt, also with results in its spool, and
   * sends them with all that it says of the attempt. They hold for 30 days, at every coordinator of the fleet. Empty: it sends none.
   */
  'lease'?: (Buffer | Uint8Array | string);
}

/**
 * One attempt at one task. The agent answers with Accept within 10 seconds, or the attempt is taken back. A repeated
 * Assignment of a held attempt changes nothing and is accepted again.
 */
export interface Assignment__Output {
  /**
   * 32 hex digits, random: the name of this right to report. It is in every later message about it.
   */
  'attemptId': (string);
  /**
   * The evaluation that it belongs to.
   */
  'evaluationId': (string);
  /**
   * The task: the evaluation's id, `-`, a number.
   */
  'taskId': (string);
  /**
   * Which entry of Hello.models this spends the credit of.
   */
  'modelIndex': (number);
  /**
   * What all samples of one benchmark and model share, as JSON: {evaluationId, benchmark, model, retry}, see docs/spec.md.
   * Sent with the first assignment of a stream that names its digest, and again when 128 others were named in between; the
   * agent keeps at least the last 256.
   */
  'contextDigest': (string);
  /**
   * The context itself, or empty: the agent was sent the one of this digest before.
   */
  'contextJson': (Buffer);
  /**
   * What is to be run, in unit order.
   */
  'samples': (_assay_v1_AssignedSample__Output)[];
  /**
   * W3C trace context of the enqueueing; empty without tracing.
   */
  'traceparent': (string);
  /**
   * Agents have crashed while they ran it. The samples of all such assignments run one after the other on an agent, so that the next
   * crash tells which of them it was. An agent that does not know this runs them as any other.
   */
  'suspect': (boolean);
  /**
   * The signed lease: at most 1024 bytes, which mean nothing to the agent. It keeps them with the attempt, also with results in its spool, and
   * sends them with all that it says of the attempt. They hold for 30 days, at every coordinator of the fleet. Empty: it sends none.
   */
  'lease': (Buffer);
}
