// Original file: proto/assay/v1/agent.proto

import type { Welcome as _assay_v1_Welcome, Welcome__Output as _assay_v1_Welcome__Output } from '../../assay/v1/Welcome.ts';
import type { HeartbeatAck as _assay_v1_HeartbeatAck, HeartbeatAck__Output as _assay_v1_HeartbeatAck__Output } from '../../assay/v1/HeartbeatAck.ts';
import type { Assign as _assay_v1_Assign, Assign__Output as _assay_v1_Assign__Output } from '../../assay/v1/Assign.ts';
import type { ReportAck as _assay_v1_ReportAck, ReportAck__Output as _assay_v1_ReportAck__Output } from '../../assay/v1/ReportAck.ts';
import type { Revoke as _assay_v1_Revoke, Revoke__Output as _assay_v1_Revoke__Output } from '../../assay/v1/Revoke.ts';
import type { Drain as _assay_v1_Drain, Drain__Output as _assay_v1_Drain__Output } from '../../assay/v1/Drain.ts';
import type { Spare as _assay_v1_Spare, Spare__Output as _assay_v1_Spare__Output } from '../../assay/v1/Spare.ts';
import type { Challenge as _assay_v1_Challenge, Challenge__Output as _assay_v1_Challenge__Output } from '../../assay/v1/Challenge.ts';
import type { KeyRotated as _assay_v1_KeyRotated, KeyRotated__Output as _assay_v1_KeyRotated__Output } from '../../assay/v1/KeyRotated.ts';
import type { Fragment as _assay_v1_Fragment, Fragment__Output as _assay_v1_Fragment__Output } from '../../assay/v1/Fragment.ts';

/**
 * From the coordinator.
 */
export interface ConnectResponse {
  /**
   * Once, first: the answer to Hello.
   */
  'welcome'?: (_assay_v1_Welcome | null);
  /**
   * For each heartbeat.
   */
  'heartbeatAck'?: (_assay_v1_HeartbeatAck | null);
  /**
   * Work, for room that was announced.
   */
  'assign'?: (_assay_v1_Assign | null);
  /**
   * For each report, when its results are durable.
   */
  'reportAck'?: (_assay_v1_ReportAck | null);
  /**
   * Attempts that are to be aborted.
   */
  'revoke'?: (_assay_v1_Revoke | null);
  /**
   * The coordinator stops.
   */
  'drain'?: (_assay_v1_Drain | null);
  /**
   * Samples that wait on this agent while others idle.
   */
  'spare'?: (_assay_v1_Spare | null);
  /**
   * Once, first, to an agent that has joined: before its Hello is read.
   */
  'challenge'?: (_assay_v1_Challenge | null);
  /**
   * The answer to RotateKey.
   */
  'keyRotated'?: (_assay_v1_KeyRotated | null);
  /**
   * A slice of one of the others.
   */
  'fragment'?: (_assay_v1_Fragment | null);
  /**
   * Exactly one is set.
   */
  'message'?: "welcome"|"heartbeatAck"|"assign"|"reportAck"|"revoke"|"drain"|"spare"|"challenge"|"keyRotated"|"fragment";
}

/**
 * From the coordinator.
 */
export interface ConnectResponse__Output {
  /**
   * Once, first: the answer to Hello.
   */
  'welcome'?: (_assay_v1_Welcome__Output | null);
  /**
   * For each heartbeat.
   */
  'heartbeatAck'?: (_assay_v1_HeartbeatAck__Output | null);
  /**
   * Work, for room that was announced.
   */
  'assign'?: (_assay_v1_Assign__Output | null);
  /**
   * For each report, when its results are durable.
   */
  'reportAck'?: (_assay_v1_ReportAck__Output | null);
  /**
   * Attempts that are to be aborted.
   */
  'revoke'?: (_assay_v1_Revoke__Output | null);
  /**
   * The coordinator stops.
   */
  'drain'?: (_assay_v1_Drain__Output | null);
  /**
   * Samples that wait on this agent while others idle.
   */
  'spare'?: (_assay_v1_Spare__Output | null);
  /**
   * Once, first, to an agent that has joined: before its Hello is read.
   */
  'challenge'?: (_assay_v1_Challenge__Output | null);
  /**
   * The answer to RotateKey.
   */
  'keyRotated'?: (_assay_v1_KeyRotated__Output | null);
  /**
   * A slice of one of the others.
   */
  'fragment'?: (_assay_v1_Fragment__Output | null);
  /**
   * Exactly one is set.
   */
  'message'?: "welcome"|"heartbeatAck"|"assign"|"reportAck"|"revoke"|"drain"|"spare"|"challenge"|"keyRotated"|"fragment";
}
