// Original file: proto/assay/v1/agent.proto

import type { AttemptAck as _assay_v1_AttemptAck, AttemptAck__Output as _assay_v1_AttemptAck__Output } from '../../assay/v1/AttemptAck.ts';

export interface ReportAck {
  'acks'?: (_assay_v1_AttemptAck)[];
}

export interface ReportAck__Output {
  'acks': (_assay_v1_AttemptAck__Output)[];
}
