import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { RecordEvaluationRequest as _assay_v1_RecordEvaluationRequest, RecordEvaluationRequest__Output as _assay_v1_RecordEvaluationRequest__Output } from './assay/v1/RecordEvaluationRequest.ts';
import type { RecordEvaluationResponse as _assay_v1_RecordEvaluationResponse, RecordEvaluationResponse__Output as _assay_v1_RecordEvaluationResponse__Output } from './assay/v1/RecordEvaluationResponse.ts';
import type { RecordPart as _assay_v1_RecordPart, RecordPart__Output as _assay_v1_RecordPart__Output } from './assay/v1/RecordPart.ts';
import type { RecordProgress as _assay_v1_RecordProgress, RecordProgress__Output as _assay_v1_RecordProgress__Output } from './assay/v1/RecordProgress.ts';
import type { RecordSample as _assay_v1_RecordSample, RecordSample__Output as _assay_v1_RecordSample__Output } from './assay/v1/RecordSample.ts';
import type { RecordSamples as _assay_v1_RecordSamples, RecordSamples__Output as _assay_v1_RecordSamples__Output } from './assay/v1/RecordSamples.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  assay: {
    v1: {
      RecordEvaluationRequest: MessageTypeDefinition<_assay_v1_RecordEvaluationRequest, _assay_v1_RecordEvaluationRequest__Output>
      RecordEvaluationResponse: MessageTypeDefinition<_assay_v1_RecordEvaluationResponse, _assay_v1_RecordEvaluationResponse__Output>
      RecordPart: MessageTypeDefinition<_assay_v1_RecordPart, _assay_v1_RecordPart__Output>
      RecordProgress: MessageTypeDefinition<_assay_v1_RecordProgress, _assay_v1_RecordProgress__Output>
      RecordSample: MessageTypeDefinition<_assay_v1_RecordSample, _assay_v1_RecordSample__Output>
      RecordSamples: MessageTypeDefinition<_assay_v1_RecordSamples, _assay_v1_RecordSamples__Output>
    }
  }
}

