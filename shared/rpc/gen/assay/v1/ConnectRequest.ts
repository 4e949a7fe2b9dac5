// Original file: proto/assay/v1/agent.proto

import type { Hello as _assay_v1_Hello, Hello__Output as _assay_v1_Hello__Output } from '../../assay/v1/Hello.ts';
import type { Heartbeat as _assay_v1_Heartbeat, Heartbeat__Output as _assay_v1_Heartbeat__Output } from '../../assay/v1/Heartbeat.ts';
import type { Credit as _assay_v1_Credit, Credit__Output as _assay_v1_Credit__Output } from '../../assay/v1/Credit.ts';
import type { Accept as _assay_v1_Accept, Accept__Output as _assay_v1_Accept__Output } from '../../assay/v1/Accept.ts';
import type { Report as _assay_v1_Report, Report__Output as _assay_v1_Report__Output } from '../../assay/v1/Report.ts';
import type { HandBack as _assay_v1_HandBack, HandBack__Output as _assay_v1_HandBack__Output } from '../../assay/v1/HandBack.ts';
import type { ModelStatus as _assay_v1_ModelStatus, ModelStatus__Output as _assay_v1_ModelStatus__Output } from '../../assay/v1/ModelStatus.ts';
import type { Spared as _assay_v1_Spared, Spared__Output as _assay_v1_Spared__Output } from '../../assay/v1/Spared.ts';
import type { Proof as _assay_v1_Proof, Proof__Output as _assay_v1_Proof__Output } from '../../assay/v1/Proof.ts';
import type { RotateKey as _assay_v1_RotateKey, RotateKey__Output as _assay_v1_RotateKey__Output } from '../../assay/v1/RotateKey.ts';
import type { Lines as _assay_v1_Lines, Lines__Output as _assay_v1_Lines__Output } from '../../assay/v1/Lines.ts';
import type { Fragment as _assay_v1_Fragment, Fragment__Output as _assay_v1_Fragment__Output } from '../../assay/v1/Fragment.ts';

/**
 * From the agent.
 */
export interface ConnectRequest {
  /**
   * Once, first.
   */
  'hello'?: (_assay_v1_Hello | null);
  /**
   * Every heartbeat_ms.
   */
  'heartbeat'?: (_assay_v1_Heartbeat | null);
  /**
   * When there is more room.
   */
  'credit'?: (_assay_v1_Credit | null);
  /**
   * For each assignment.
   */
  'accept'?: (_assay_v1_Accept | null);
  /**
   * When there are results.
   */
  'report'?: (_assay_v1_Report | null);
  /**
   * For an attempt that will not be executed to its end.
   */
  'handBack'?: (_assay_v1_HandBack | null);
  /**
   * When a model stops or begins to take work.
   */
  'modelStatus'?: (_assay_v1_ModelStatus | null);
  /**
   * For each Spare, and again with each heartbeat until it is acknowledged.
   */
  'spared'?: (_assay_v1_Spared | null);
  /**
   * The answer to Challenge: first, before Hello.
   */
  'proof'?: (_assay_v1_Proof | null);
  /**
   * When its key becomes old.
   */
  'rotateKey'?: (_assay_v1_RotateKey | null);
  /**
   * When there is something to tell people, and the coordinator takes it (Welcome.log_bytes_per_second).
   */
  'lines'?: (_assay_v1_Lines | null);
  /**
   * A slice of one of the others.
   */
  'fragment'?: (_assay_v1_Fragment | null);
  /**
   * Exactly one is set.
   */
  'message'?: "hello"|"heartbeat"|"credit"|"accept"|"report"|"handBack"|"modelStatus"|"spared"|"proof"|"rotateKey"|"lines"|"fragment";
}

/**
 * From the agent.
 */
export interface ConnectRequest__Output {
  /**
   * Once, first.
   */
  'hello'?: (_assay_v1_Hello__Output | null);
  /**
   * Every heartbeat_ms.
   */
  'heartbeat'?: (_assay_v1_Heartbeat__Output | null);
  /**
   * When there is more room.
   */
  'credit'?: (_assay_v1_Credit__Output | null);
  /**
   * For each assignment.
   */
  'accept'?: (_assay_v1_Accept__Output | null);
  /**
   * When there are results.
   */
  'report'?: (_assay_v1_Report__Output | null);
  /**
   * For an attempt that will not be executed to its end.
   */
  'handBack'?: (_assay_v1_HandBack__Output | null);
  /**
   * When a model stops or begins to take work.
   */
  'modelStatus'?: (_assay_v1_ModelStatus__Output | null);
  /**
   * For each Spare, and again with each heartbeat until it is acknowledged.
   */
  'spared'?: (_assay_v1_Spared__Output | null);
  /**
   * The answer to Challenge: first, before Hello.
   */
  'proof'?: (_assay_v1_Proof__Output | null);
  /**
   * When its key becomes old.
   */
  'rotateKey'?: (_assay_v1_RotateKey__Output | null);
  /**
   * When there is something to tell people, and the coordinator takes it (Welcome.log_bytes_per_second).
   */
  'lines'?: (_assay_v1_Lines__Output | null);
  /**
   * A slice of one of the others.
   */
  'fragment'?: (_assay_v1_Fragment__Output | null);
  /**
   * Exactly one is set.
   */
  'message'?: "hello"|"heartbeat"|"credit"|"accept"|"report"|"handBack"|"modelStatus"|"spared"|"proof"|"rotateKey"|"lines"|"fragment";
}
