// Original file: proto/assay/v1/agent.proto

import type { Hello as _assay_v1_Hello, Hello__Output as _assay_v1_Hello__Output } from '../../assay/v1/Hello.ts';
import type { Heartbeat as _assay_v1_Heartbeat, Heartbeat__Output as _assay_v1_Heartbeat__Output } from '../../assay/v1/Heartbeat.ts';
import type { Credit as _assay_v1_Credit, Credit__Output as _assay_v1_Credit__Output } from '../../assay/v1/Credit.ts';
import type { Accept as _assay_v1_Accept, Accept__Output as _assay_v1_Accept__Output } from '../../assay/v1/Accept.ts';
import type { Report as _assay_v1_Report, Report__Output as _assay_v1_Report__Output } from '../../assay/v1/Report.ts';
import type { HandBack as _assay_v1_HandBack, HandBack__Output as _assay_v1_HandBack__Output } from '../../assay/v1/HandBack.ts';
import type { ModelStatus as _assay_v1_ModelStatus, ModelStatus__Output as _assay_v1_ModelStatus__Output } from '../../assay/v1/ModelStatus.ts';
import type { Fragment as _assay_v1_Fragment, Fragment__Output as _assay_v1_Fragment__Output } from '../../assay/v1/Fragment.ts';

/**
 * From the agent.
 */
export interface ConnectRequest {
  'hello'?: (_assay_v1_Hello | null);
  'heartbeat'?: (_assay_v1_Heartbeat | null);
  'credit'?: (_assay_v1_Credit | null);
  'accept'?: (_assay_v1_Accept | null);
  'report'?: (_assay_v1_Report | null);
  'handBack'?: (_assay_v1_HandBack | null);
  'modelStatus'?: (_assay_v1_ModelStatus | null);
  'fragment'?: (_assay_v1_Fragment | null);
  'message'?: "hello"|"heartbeat"|"credit"|"accept"|"report"|"handBack"|"modelStatus"|"fragment";
}

/**
 * From the agent.
 */
export interface ConnectRequest__Output {
  'hello'?: (_assay_v1_Hello__Output | null);
  'heartbeat'?: (_assay_v1_Heartbeat__Output | null);
  'credit'?: (_assay_v1_Credit__Output | null);
  'accept'?: (_assay_v1_Accept__Output | null);
  'report'?: (_assay_v1_Report__Output | null);
  'handBack'?: (_assay_v1_HandBack__Output | null);
  'modelStatus'?: (_assay_v1_ModelStatus__Output | null);
  'fragment'?: (_assay_v1_Fragment__Output | null);
  'message'?: "hello"|"heartbeat"|"credit"|"accept"|"report"|"handBack"|"modelStatus"|"fragment";
}
