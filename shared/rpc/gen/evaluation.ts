import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { CancelEvaluationRequest as _assay_v1_CancelEvaluationRequest, CancelEvaluationRequest__Output as _assay_v1_CancelEvaluationRequest__Output } from './assay/v1/CancelEvaluationRequest.ts';
import type { CancelEvaluationResponse as _assay_v1_CancelEvaluationResponse, CancelEvaluationResponse__Output as _assay_v1_CancelEvaluationResponse__Output } from './assay/v1/CancelEvaluationResponse.ts';
import type { ContentHeader as _assay_v1_ContentHeader, ContentHeader__Output as _assay_v1_ContentHeader__Output } from './assay/v1/ContentHeader.ts';
import type { Counts as _assay_v1_Counts, Counts__Output as _assay_v1_Counts__Output } from './assay/v1/Counts.ts';
import type { Evaluation as _assay_v1_Evaluation, Evaluation__Output as _assay_v1_Evaluation__Output } from './assay/v1/Evaluation.ts';
import type { EvaluationServiceClient as _assay_v1_EvaluationServiceClient, EvaluationServiceDefinition as _assay_v1_EvaluationServiceDefinition } from './assay/v1/EvaluationService.ts';
import type { GetEvaluationRequest as _assay_v1_GetEvaluationRequest, GetEvaluationRequest__Output as _assay_v1_GetEvaluationRequest__Output } from './assay/v1/GetEvaluationRequest.ts';
import type { GetEvaluationResponse as _assay_v1_GetEvaluationResponse, GetEvaluationResponse__Output as _assay_v1_GetEvaluationResponse__Output } from './assay/v1/GetEvaluationResponse.ts';
import type { GetReportRequest as _assay_v1_GetReportRequest, GetReportRequest__Output as _assay_v1_GetReportRequest__Output } from './assay/v1/GetReportRequest.ts';
import type { GetReportResponse as _assay_v1_GetReportResponse, GetReportResponse__Output as _assay_v1_GetReportResponse__Output } from './assay/v1/GetReportResponse.ts';
import type { GroupProgress as _assay_v1_GroupProgress, GroupProgress__Output as _assay_v1_GroupProgress__Output } from './assay/v1/GroupProgress.ts';
import type { Progress as _assay_v1_Progress, Progress__Output as _assay_v1_Progress__Output } from './assay/v1/Progress.ts';
import type { ReportRow as _assay_v1_ReportRow, ReportRow__Output as _assay_v1_ReportRow__Output } from './assay/v1/ReportRow.ts';
import type { RouteProgress as _assay_v1_RouteProgress, RouteProgress__Output as _assay_v1_RouteProgress__Output } from './assay/v1/RouteProgress.ts';
import type { SampleResult as _assay_v1_SampleResult, SampleResult__Output as _assay_v1_SampleResult__Output } from './assay/v1/SampleResult.ts';
import type { SampleScore as _assay_v1_SampleScore, SampleScore__Output as _assay_v1_SampleScore__Output } from './assay/v1/SampleScore.ts';
import type { ScorerSums as _assay_v1_ScorerSums, ScorerSums__Output as _assay_v1_ScorerSums__Output } from './assay/v1/ScorerSums.ts';
import type { Snapshot as _assay_v1_Snapshot, Snapshot__Output as _assay_v1_Snapshot__Output } from './assay/v1/Snapshot.ts';
import type { StateChange as _assay_v1_StateChange, StateChange__Output as _assay_v1_StateChange__Output } from './assay/v1/StateChange.ts';
import type { StreamResultsRequest as _assay_v1_StreamResultsRequest, StreamResultsRequest__Output as _assay_v1_StreamResultsRequest__Output } from './assay/v1/StreamResultsRequest.ts';
import type { StreamResultsResponse as _assay_v1_StreamResultsResponse, StreamResultsResponse__Output as _assay_v1_StreamResultsResponse__Output } from './assay/v1/StreamResultsResponse.ts';
import type { SubmitEvaluationRequest as _assay_v1_SubmitEvaluationRequest, SubmitEvaluationRequest__Output as _assay_v1_SubmitEvaluationRequest__Output } from './assay/v1/SubmitEvaluationRequest.ts';
import type { SubmitEvaluationResponse as _assay_v1_SubmitEvaluationResponse, SubmitEvaluationResponse__Output as _assay_v1_SubmitEvaluationResponse__Output } from './assay/v1/SubmitEvaluationResponse.ts';
import type { UploadContentRequest as _assay_v1_UploadContentRequest, UploadContentRequest__Output as _assay_v1_UploadContentRequest__Output } from './assay/v1/UploadContentRequest.ts';
import type { UploadContentResponse as _assay_v1_UploadContentResponse, UploadContentResponse__Output as _assay_v1_UploadContentResponse__Output } from './assay/v1/UploadContentResponse.ts';
import type { Usage as _assay_v1_Usage, Usage__Output as _assay_v1_Usage__Output } from './assay/v1/Usage.ts';
import type { WatchEvaluationRequest as _assay_v1_WatchEvaluationRequest, WatchEvaluationRequest__Output as _assay_v1_WatchEvaluationRequest__Output } from './assay/v1/WatchEvaluationRequest.ts';
import type { WatchEvaluationResponse as _assay_v1_WatchEvaluationResponse, WatchEvaluationResponse__Output as _assay_v1_WatchEvaluationResponse__Output } from './assay/v1/WatchEvaluationResponse.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  assay: {
    v1: {
      CancelEvaluationRequest: MessageTypeDefinition<_assay_v1_CancelEvaluationRequest, _assay_v1_CancelEvaluationRequest__Output>
      CancelEvaluationResponse: MessageTypeDefinition<_assay_v1_CancelEvaluationResponse, _assay_v1_CancelEvaluationResponse__Output>
      ContentHeader: MessageTypeDefinition<_assay_v1_ContentHeader, _assay_v1_ContentHeader__Output>
      Counts: MessageTypeDefinition<_assay_v1_Counts, _assay_v1_Counts__Output>
      Evaluation: MessageTypeDefinition<_assay_v1_Evaluation, _assay_v1_Evaluation__Output>
      EvaluationService: SubtypeConstructor<typeof grpc.Client, _assay_v1_EvaluationServiceClient> & { service: _assay_v1_EvaluationServiceDefinition }
      EvaluationState: EnumTypeDefinition
      GetEvaluationRequest: MessageTypeDefinition<_assay_v1_GetEvaluationRequest, _assay_v1_GetEvaluationRequest__Output>
      GetEvaluationResponse: MessageTypeDefinition<_assay_v1_GetEvaluationResponse, _assay_v1_GetEvaluationResponse__Output>
      GetReportRequest: MessageTypeDefinition<_assay_v1_GetReportRequest, _assay_v1_GetReportRequest__Output>
      GetReportResponse: MessageTypeDefinition<_assay_v1_GetReportResponse, _assay_v1_GetReportResponse__Output>
      GroupProgress: MessageTypeDefinition<_assay_v1_GroupProgress, _assay_v1_GroupProgress__Output>
      Progress: MessageTypeDefinition<_assay_v1_Progress, _assay_v1_Progress__Output>
      ReportRow: MessageTypeDefinition<_assay_v1_ReportRow, _assay_v1_ReportRow__Output>
      RouteProgress: MessageTypeDefinition<_assay_v1_RouteProgress, _assay_v1_RouteProgress__Output>
      SampleResult: MessageTypeDefinition<_assay_v1_SampleResult, _assay_v1_SampleResult__Output>
      SampleScore: MessageTypeDefinition<_assay_v1_SampleScore, _assay_v1_SampleScore__Output>
      ScorerSums: MessageTypeDefinition<_assay_v1_ScorerSums, _assay_v1_ScorerSums__Output>
      Snapshot: MessageTypeDefinition<_assay_v1_Snapshot, _assay_v1_Snapshot__Output>
      StateChange: MessageTypeDefinition<_assay_v1_StateChange, _assay_v1_StateChange__Output>
      StreamResultsRequest: MessageTypeDefinition<_assay_v1_StreamResultsRequest, _assay_v1_StreamResultsRequest__Output>
      StreamResultsResponse: MessageTypeDefinition<_assay_v1_StreamResultsResponse, _assay_v1_StreamResultsResponse__Output>
      SubmitEvaluationRequest: MessageTypeDefinition<_assay_v1_SubmitEvaluationRequest, _assay_v1_SubmitEvaluationRequest__Output>
      SubmitEvaluationResponse: MessageTypeDefinition<_assay_v1_SubmitEvaluationResponse, _assay_v1_SubmitEvaluationResponse__Output>
      UnitState: EnumTypeDefinition
      UploadContentRequest: MessageTypeDefinition<_assay_v1_UploadContentRequest, _assay_v1_UploadContentRequest__Output>
      UploadContentResponse: MessageTypeDefinition<_assay_v1_UploadContentResponse, _assay_v1_UploadContentResponse__Output>
      Usage: MessageTypeDefinition<_assay_v1_Usage, _assay_v1_Usage__Output>
      WatchEvaluationRequest: MessageTypeDefinition<_assay_v1_WatchEvaluationRequest, _assay_v1_WatchEvaluationRequest__Output>
      WatchEvaluationResponse: MessageTypeDefinition<_assay_v1_WatchEvaluationResponse, _assay_v1_WatchEvaluationResponse__Output>
    }
  }
}

