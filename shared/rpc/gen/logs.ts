import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { LogFilter as _assay_v1_LogFilter, LogFilter__Output as _assay_v1_LogFilter__Output } from './assay/v1/LogFilter.ts';
import type { LogLine as _assay_v1_LogLine, LogLine__Output as _assay_v1_LogLine__Output } from './assay/v1/LogLine.ts';
import type { StreamAgentLogsRequest as _assay_v1_StreamAgentLogsRequest, StreamAgentLogsRequest__Output as _assay_v1_StreamAgentLogsRequest__Output } from './assay/v1/StreamAgentLogsRequest.ts';
import type { StreamAgentLogsResponse as _assay_v1_StreamAgentLogsResponse, StreamAgentLogsResponse__Output as _assay_v1_StreamAgentLogsResponse__Output } from './assay/v1/StreamAgentLogsResponse.ts';
import type { StreamLogsRequest as _assay_v1_StreamLogsRequest, StreamLogsRequest__Output as _assay_v1_StreamLogsRequest__Output } from './assay/v1/StreamLogsRequest.ts';
import type { StreamLogsResponse as _assay_v1_StreamLogsResponse, StreamLogsResponse__Output as _assay_v1_StreamLogsResponse__Output } from './assay/v1/StreamLogsResponse.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  assay: {
    v1: {
      LogFilter: MessageTypeDefinition<_assay_v1_LogFilter, _assay_v1_LogFilter__Output>
      LogLevel: EnumTypeDefinition
      LogLine: MessageTypeDefinition<_assay_v1_LogLine, _assay_v1_LogLine__Output>
      StreamAgentLogsRequest: MessageTypeDefinition<_assay_v1_StreamAgentLogsRequest, _assay_v1_StreamAgentLogsRequest__Output>
      StreamAgentLogsResponse: MessageTypeDefinition<_assay_v1_StreamAgentLogsResponse, _assay_v1_StreamAgentLogsResponse__Output>
      StreamLogsRequest: MessageTypeDefinition<_assay_v1_StreamLogsRequest, _assay_v1_StreamLogsRequest__Output>
      StreamLogsResponse: MessageTypeDefinition<_assay_v1_StreamLogsResponse, _assay_v1_StreamLogsResponse__Output>
    }
  }
}

