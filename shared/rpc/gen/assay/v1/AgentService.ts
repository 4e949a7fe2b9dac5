// Original file: proto/assay/v1/agent.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { ConnectRequest as _assay_v1_ConnectRequest, ConnectRequest__Output as _assay_v1_ConnectRequest__Output } from '../../assay/v1/ConnectRequest.ts';
import type { ConnectResponse as _assay_v1_ConnectResponse, ConnectResponse__Output as _assay_v1_ConnectResponse__Output } from '../../assay/v1/ConnectResponse.ts';

/**
 * For agents. Clients of evaluations do not call it.
 */
export interface AgentServiceClient extends grpc.Client {
  /**
   * The first message must be Hello, within 10 seconds. The coordinator answers with Welcome or ends the stream:
   * UNAUTHENTICATED (token, key), FAILED_PRECONDITION (wire version), INVALID_ARGUMENT (Hello is not valid, all faults named).
   */
  Connect(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_assay_v1_ConnectRequest, _assay_v1_ConnectResponse__Output>;
  Connect(options?: grpc.CallOptions): grpc.ClientDuplexStream<_assay_v1_ConnectRequest, _assay_v1_ConnectResponse__Output>;
  /**
   * The first message must be Hello, within 10 seconds. The coordinator answers with Welcome or ends the stream:
   * UNAUTHENTICATED (token, key), FAILED_PRECONDITION (wire version), INVALID_ARGUMENT (Hello is not valid, all faults named).
   */
  connect(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_assay_v1_ConnectRequest, _assay_v1_ConnectResponse__Output>;
  connect(options?: grpc.CallOptions): grpc.ClientDuplexStream<_assay_v1_ConnectRequest, _assay_v1_ConnectResponse__Output>;
  
}

/**
 * For agents. Clients of evaluations do not call it.
 */
export interface AgentServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * The first message must be Hello, within 10 seconds. The coordinator answers with Welcome or ends the stream:
   * UNAUTHENTICATED (token, key), FAILED_PRECONDITION (wire version), INVALID_ARGUMENT (Hello is not valid, all faults named).
   */
  Connect: grpc.handleBidiStreamingCall<_assay_v1_ConnectRequest__Output, _assay_v1_ConnectResponse>;
  
}

export interface AgentServiceDefinition extends grpc.ServiceDefinition {
  Connect: MethodDefinition<_assay_v1_ConnectRequest, _assay_v1_ConnectResponse, _assay_v1_ConnectRequest__Output, _assay_v1_ConnectResponse__Output>
}
