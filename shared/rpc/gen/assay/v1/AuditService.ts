// Original file: proto/assay/v1/audit.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { ListAuditRequest as _assay_v1_ListAuditRequest, ListAuditRequest__Output as _assay_v1_ListAuditRequest__Output } from '../../assay/v1/ListAuditRequest.ts';
import type { ListAuditResponse as _assay_v1_ListAuditResponse, ListAuditResponse__Output as _assay_v1_ListAuditResponse__Output } from '../../assay/v1/ListAuditResponse.ts';
import type { VerifyAuditRequest as _assay_v1_VerifyAuditRequest, VerifyAuditRequest__Output as _assay_v1_VerifyAuditRequest__Output } from '../../assay/v1/VerifyAuditRequest.ts';
import type { VerifyAuditResponse as _assay_v1_VerifyAuditResponse, VerifyAuditResponse__Output as _assay_v1_VerifyAuditResponse__Output } from '../../assay/v1/VerifyAuditResponse.ts';

/**
 * The audit log.
 */
export interface AuditServiceClient extends grpc.Client {
  /**
   * Entries in the order of time, the newest `limit` of those that fit. Ends after the last one; nothing is told of what is written later.
   */
  ListAudit(argument: _assay_v1_ListAuditRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_assay_v1_ListAuditResponse__Output>;
  ListAudit(argument: _assay_v1_ListAuditRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_assay_v1_ListAuditResponse__Output>;
  /**
   * Entries in the order of time, the newest `limit` of those that fit. Ends after the last one; nothing is told of what is written later.
   */
  listAudit(argument: _assay_v1_ListAuditRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_assay_v1_ListAuditResponse__Output>;
  listAudit(argument: _assay_v1_ListAuditRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_assay_v1_ListAuditResponse__Output>;
  
  /**
   * Reads the whole log and says where it is not as it was written: each problem as it is found, and at the end the verdict, always exactly one.
   */
  VerifyAudit(argument: _assay_v1_VerifyAuditRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_assay_v1_VerifyAuditResponse__Output>;
  VerifyAudit(argument: _assay_v1_VerifyAuditRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_assay_v1_VerifyAuditResponse__Output>;
  /**
   * Reads the whole log and says where it is not as it was written: each problem as it is found, and at the end the verdict, always exactly one.
   */
  verifyAudit(argument: _assay_v1_VerifyAuditRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_assay_v1_VerifyAuditResponse__Output>;
  verifyAudit(argument: _assay_v1_VerifyAuditRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_assay_v1_VerifyAuditResponse__Output>;
  
}

/**
 * The audit log.
 */
export interface AuditServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Entries in the order of time, the newest `limit` of those that fit. Ends after the last one; nothing is told of what is written later.
   */
  ListAudit: grpc.handleServerStreamingCall<_assay_v1_ListAuditRequest__Output, _assay_v1_ListAuditResponse>;
  
  /**
   * Reads the whole log and says where it is not as it was written: each problem as it is found, and at the end the verdict, always exactly one.
   */
  VerifyAudit: grpc.handleServerStreamingCall<_assay_v1_VerifyAuditRequest__Output, _assay_v1_VerifyAuditResponse>;
  
}

export interface AuditServiceDefinition extends grpc.ServiceDefinition {
  ListAudit: MethodDefinition<_assay_v1_ListAuditRequest, _assay_v1_ListAuditResponse, _assay_v1_ListAuditRequest__Output, _assay_v1_ListAuditResponse__Output>
  VerifyAudit: MethodDefinition<_assay_v1_VerifyAuditRequest, _assay_v1_VerifyAuditResponse, _assay_v1_VerifyAuditRequest__Output, _assay_v1_VerifyAuditResponse__Output>
}
