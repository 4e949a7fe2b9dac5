// Original file: proto/assay/v1/agent.proto

import type { Welcome as _assay_v1_Welcome, Welcome__Output as _assay_v1_Welcome__Output } from '../../assay/v1/Welcome.ts';
import type { HeartbeatAck as _assay_v1_HeartbeatAck, HeartbeatAck__Output as _assay_v1_HeartbeatAck__Output } from '../../assay/v1/HeartbeatAck.ts';
import type { Assign as _assay_v1_Assign, Assign__Output as _assay_v1_Assign__Output } from '../../assay/v1/Assign.ts';
import type { ReportAck as _assay_v1_ReportAck, ReportAck__Output as _assay_v1_ReportAck__Output } from '../../assay/v1/ReportAck.ts';
import type { Revoke as _assay_v1_Revoke, Revoke__Output as _assay_v1_Revoke__Output } from '../../assay/v1/Revoke.ts';
import type { Drain as _assay_v1_Drain, Drain__Output as _assay_v1_Drain__Output } from '../../assay/v1/Drain.ts';
import type { Fragment as _assay_v1_Fragment, Fragment__Output as _assay_v1_Fragment__Output } from '../../assay/v1/Fragment.ts';

/**
 * From the coordinator.
 */
export interface ConnectResponse {
  'welcome'?: (_assay_v1_Welcome | null);
  'heartbeatAck'?: (_assay_v1_HeartbeatAck | null);
  'assign'?: (_assay_v1_Assign | null);
  'reportAck'?: (_assay_v1_ReportAck | null);
  'revoke'?: (_assay_v1_Revoke | null);
  'drain'?: (_assay_v1_Drain | null);
  'fragment'?: (_assay_v1_Fragment | null);
  'message'?: "welcome"|"heartbeatAck"|"assign"|"reportAck"|"revoke"|"drain"|"fragment";
}

/**
 * From the coordinator.
 */
export interface ConnectResponse__Output {
  'welcome'?: (_assay_v1_Welcome__Output | null);
  'heartbeatAck'?: (_assay_v1_HeartbeatAck__Output | null);
  'assign'?: (_assay_v1_Assign__Output | null);
  'reportAck'?: (_assay_v1_ReportAck__Output | null);
  'revoke'?: (_assay_v1_Revoke__Output | null);
  'drain'?: (_assay_v1_Drain__Output | null);
  'fragment'?: (_assay_v1_Fragment__Output | null);
  'message'?: "welcome"|"heartbeatAck"|"assign"|"reportAck"|"revoke"|"drain"|"fragment";
}
