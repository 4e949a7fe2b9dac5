import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { AuditEntry as _assay_v1_AuditEntry, AuditEntry__Output as _assay_v1_AuditEntry__Output } from './assay/v1/AuditEntry.ts';
import type { AuditHead as _assay_v1_AuditHead, AuditHead__Output as _assay_v1_AuditHead__Output } from './assay/v1/AuditHead.ts';
import type { AuditProblem as _assay_v1_AuditProblem, AuditProblem__Output as _assay_v1_AuditProblem__Output } from './assay/v1/AuditProblem.ts';
import type { AuditServiceClient as _assay_v1_AuditServiceClient, AuditServiceDefinition as _assay_v1_AuditServiceDefinition } from './assay/v1/AuditService.ts';
import type { AuditVerdict as _assay_v1_AuditVerdict, AuditVerdict__Output as _assay_v1_AuditVerdict__Output } from './assay/v1/AuditVerdict.ts';
import type { ListAuditRequest as _assay_v1_ListAuditRequest, ListAuditRequest__Output as _assay_v1_ListAuditRequest__Output } from './assay/v1/ListAuditRequest.ts';
import type { ListAuditResponse as _assay_v1_ListAuditResponse, ListAuditResponse__Output as _assay_v1_ListAuditResponse__Output } from './assay/v1/ListAuditResponse.ts';
import type { VerifyAuditRequest as _assay_v1_VerifyAuditRequest, VerifyAuditRequest__Output as _assay_v1_VerifyAuditRequest__Output } from './assay/v1/VerifyAuditRequest.ts';
import type { VerifyAuditResponse as _assay_v1_VerifyAuditResponse, VerifyAuditResponse__Output as _assay_v1_VerifyAuditResponse__Output } from './assay/v1/VerifyAuditResponse.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  assay: {
    v1: {
      AuditEntry: MessageTypeDefinition<_assay_v1_AuditEntry, _assay_v1_AuditEntry__Output>
      AuditHead: MessageTypeDefinition<_assay_v1_AuditHead, _assay_v1_AuditHead__Output>
      AuditProblem: MessageTypeDefinition<_assay_v1_AuditProblem, _assay_v1_AuditProblem__Output>
      /**
       * The audit log.
       */
      AuditService: SubtypeConstructor<typeof grpc.Client, _assay_v1_AuditServiceClient> & { service: _assay_v1_AuditServiceDefinition }
      AuditVerdict: MessageTypeDefinition<_assay_v1_AuditVerdict, _assay_v1_AuditVerdict__Output>
      ListAuditRequest: MessageTypeDefinition<_assay_v1_ListAuditRequest, _assay_v1_ListAuditRequest__Output>
      ListAuditResponse: MessageTypeDefinition<_assay_v1_ListAuditResponse, _assay_v1_ListAuditResponse__Output>
      VerifyAuditRequest: MessageTypeDefinition<_assay_v1_VerifyAuditRequest, _assay_v1_VerifyAuditRequest__Output>
      VerifyAuditResponse: MessageTypeDefinition<_assay_v1_VerifyAuditResponse, _assay_v1_VerifyAuditResponse__Output>
    }
  }
}

