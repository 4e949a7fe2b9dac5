import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { Books as _assay_v1_Books, Books__Output as _assay_v1_Books__Output } from './assay/v1/Books.ts';
import type { BooksDifference as _assay_v1_BooksDifference, BooksDifference__Output as _assay_v1_BooksDifference__Output } from './assay/v1/BooksDifference.ts';
import type { CancelEvaluationRequest as _assay_v1_CancelEvaluationRequest, CancelEvaluationRequest__Output as _assay_v1_CancelEvaluationRequest__Output } from './assay/v1/CancelEvaluationRequest.ts';
import type { CancelEvaluationResponse as _assay_v1_CancelEvaluationResponse, CancelEvaluationResponse__Output as _assay_v1_CancelEvaluationResponse__Output } from './assay/v1/CancelEvaluationResponse.ts';
import type { ChatMessage as _assay_v1_ChatMessage, ChatMessage__Output as _assay_v1_ChatMessage__Output } from './assay/v1/ChatMessage.ts';
import type { ContentHeader as _assay_v1_ContentHeader, ContentHeader__Output as _assay_v1_ContentHeader__Output } from './assay/v1/ContentHeader.ts';
import type { ContentPart as _assay_v1_ContentPart, ContentPart__Output as _assay_v1_ContentPart__Output } from './assay/v1/ContentPart.ts';
import type { Cost as _assay_v1_Cost, Cost__Output as _assay_v1_Cost__Output } from './assay/v1/Cost.ts';
import type { Counts as _assay_v1_Counts, Counts__Output as _assay_v1_Counts__Output } from './assay/v1/Counts.ts';
import type { CourseAttempt as _assay_v1_CourseAttempt, CourseAttempt__Output as _assay_v1_CourseAttempt__Output } from './assay/v1/CourseAttempt.ts';
import type { CourseErrors as _assay_v1_CourseErrors, CourseErrors__Output as _assay_v1_CourseErrors__Output } from './assay/v1/CourseErrors.ts';
import type { CourseModel as _assay_v1_CourseModel, CourseModel__Output as _assay_v1_CourseModel__Output } from './assay/v1/CourseModel.ts';
import type { CourseScore as _assay_v1_CourseScore, CourseScore__Output as _assay_v1_CourseScore__Output } from './assay/v1/CourseScore.ts';
import type { DeadAttempt as _assay_v1_DeadAttempt, DeadAttempt__Output as _assay_v1_DeadAttempt__Output } from './assay/v1/DeadAttempt.ts';
import type { DeadLetter as _assay_v1_DeadLetter, DeadLetter__Output as _assay_v1_DeadLetter__Output } from './assay/v1/DeadLetter.ts';
import type { DeadLetterFilter as _assay_v1_DeadLetterFilter, DeadLetterFilter__Output as _assay_v1_DeadLetterFilter__Output } from './assay/v1/DeadLetterFilter.ts';
import type { DeadLettersOutcome as _assay_v1_DeadLettersOutcome, DeadLettersOutcome__Output as _assay_v1_DeadLettersOutcome__Output } from './assay/v1/DeadLettersOutcome.ts';
import type { DeleteEvaluationRequest as _assay_v1_DeleteEvaluationRequest, DeleteEvaluationRequest__Output as _assay_v1_DeleteEvaluationRequest__Output } from './assay/v1/DeleteEvaluationRequest.ts';
import type { DeleteEvaluationResponse as _assay_v1_DeleteEvaluationResponse, DeleteEvaluationResponse__Output as _assay_v1_DeleteEvaluationResponse__Output } from './assay/v1/DeleteEvaluationResponse.ts';
import type { DropDeadLettersRequest as _assay_v1_DropDeadLettersRequest, DropDeadLettersRequest__Output as _assay_v1_DropDeadLettersRequest__Output } from './assay/v1/DropDeadLettersRequest.ts';
import type { DropDeadLettersResponse as _assay_v1_DropDeadLettersResponse, DropDeadLettersResponse__Output as _assay_v1_DropDeadLettersResponse__Output } from './assay/v1/DropDeadLettersResponse.ts';
import type { Durability as _assay_v1_Durability, Durability__Output as _assay_v1_Durability__Output } from './assay/v1/Durability.ts';
import type { Estimate as _assay_v1_Estimate, Estimate__Output as _assay_v1_Estimate__Output } from './assay/v1/Estimate.ts';
import type { Evaluation as _assay_v1_Evaluation, Evaluation__Output as _assay_v1_Evaluation__Output } from './assay/v1/Evaluation.ts';
import type { EvaluationFilter as _assay_v1_EvaluationFilter, EvaluationFilter__Output as _assay_v1_EvaluationFilter__Output } from './assay/v1/EvaluationFilter.ts';
import type { EvaluationOutcome as _assay_v1_EvaluationOutcome, EvaluationOutcome__Output as _assay_v1_EvaluationOutcome__Output } from './assay/v1/EvaluationOutcome.ts';
import type { EvaluationServiceClient as _assay_v1_EvaluationServiceClient, EvaluationServiceDefinition as _assay_v1_EvaluationServiceDefinition } from './assay/v1/EvaluationService.ts';
import type { EvaluationSummary as _assay_v1_EvaluationSummary, EvaluationSummary__Output as _assay_v1_EvaluationSummary__Output } from './assay/v1/EvaluationSummary.ts';
import type { FailedAttempt as _assay_v1_FailedAttempt, FailedAttempt__Output as _assay_v1_FailedAttempt__Output } from './assay/v1/FailedAttempt.ts';
import type { FrameBooks as _assay_v1_FrameBooks, FrameBooks__Output as _assay_v1_FrameBooks__Output } from './assay/v1/FrameBooks.ts';
import type { GetCourseRequest as _assay_v1_GetCourseRequest, GetCourseRequest__Output as _assay_v1_GetCourseRequest__Output } from './assay/v1/GetCourseRequest.ts';
import type { GetCourseResponse as _assay_v1_GetCourseResponse, GetCourseResponse__Output as _assay_v1_GetCourseResponse__Output } from './assay/v1/GetCourseResponse.ts';
import type { GetDeadLetterRequest as _assay_v1_GetDeadLetterRequest, GetDeadLetterRequest__Output as _assay_v1_GetDeadLetterRequest__Output } from './assay/v1/GetDeadLetterRequest.ts';
import type { GetDeadLetterResponse as _assay_v1_GetDeadLetterResponse, GetDeadLetterResponse__Output as _assay_v1_GetDeadLetterResponse__Output } from './assay/v1/GetDeadLetterResponse.ts';
import type { GetEvaluationRequest as _assay_v1_GetEvaluationRequest, GetEvaluationRequest__Output as _assay_v1_GetEvaluationRequest__Output } from './assay/v1/GetEvaluationRequest.ts';
import type { GetEvaluationResponse as _assay_v1_GetEvaluationResponse, GetEvaluationResponse__Output as _assay_v1_GetEvaluationResponse__Output } from './assay/v1/GetEvaluationResponse.ts';
import type { GetReportRequest as _assay_v1_GetReportRequest, GetReportRequest__Output as _assay_v1_GetReportRequest__Output } from './assay/v1/GetReportRequest.ts';
import type { GetReportResponse as _assay_v1_GetReportResponse, GetReportResponse__Output as _assay_v1_GetReportResponse__Output } from './assay/v1/GetReportResponse.ts';
import type { GetSampleRequest as _assay_v1_GetSampleRequest, GetSampleRequest__Output as _assay_v1_GetSampleRequest__Output } from './assay/v1/GetSampleRequest.ts';
import type { GetSampleResponse as _assay_v1_GetSampleResponse, GetSampleResponse__Output as _assay_v1_GetSampleResponse__Output } from './assay/v1/GetSampleResponse.ts';
import type { GroupBooks as _assay_v1_GroupBooks, GroupBooks__Output as _assay_v1_GroupBooks__Output } from './assay/v1/GroupBooks.ts';
import type { GroupEstimate as _assay_v1_GroupEstimate, GroupEstimate__Output as _assay_v1_GroupEstimate__Output } from './assay/v1/GroupEstimate.ts';
import type { GroupProgress as _assay_v1_GroupProgress, GroupProgress__Output as _assay_v1_GroupProgress__Output } from './assay/v1/GroupProgress.ts';
import type { JudgeOf as _assay_v1_JudgeOf, JudgeOf__Output as _assay_v1_JudgeOf__Output } from './assay/v1/JudgeOf.ts';
import type { ListDeadLettersRequest as _assay_v1_ListDeadLettersRequest, ListDeadLettersRequest__Output as _assay_v1_ListDeadLettersRequest__Output } from './assay/v1/ListDeadLettersRequest.ts';
import type { ListDeadLettersResponse as _assay_v1_ListDeadLettersResponse, ListDeadLettersResponse__Output as _assay_v1_ListDeadLettersResponse__Output } from './assay/v1/ListDeadLettersResponse.ts';
import type { ListEvaluationsRequest as _assay_v1_ListEvaluationsRequest, ListEvaluationsRequest__Output as _assay_v1_ListEvaluationsRequest__Output } from './assay/v1/ListEvaluationsRequest.ts';
import type { ListEvaluationsResponse as _assay_v1_ListEvaluationsResponse, ListEvaluationsResponse__Output as _assay_v1_ListEvaluationsResponse__Output } from './assay/v1/ListEvaluationsResponse.ts';
import type { ListSamplesRequest as _assay_v1_ListSamplesRequest, ListSamplesRequest__Output as _assay_v1_ListSamplesRequest__Output } from './assay/v1/ListSamplesRequest.ts';
import type { ListSamplesResponse as _assay_v1_ListSamplesResponse, ListSamplesResponse__Output as _assay_v1_ListSamplesResponse__Output } from './assay/v1/ListSamplesResponse.ts';
import type { ListedEvaluation as _assay_v1_ListedEvaluation, ListedEvaluation__Output as _assay_v1_ListedEvaluation__Output } from './assay/v1/ListedEvaluation.ts';
import type { LogFilter as _assay_v1_LogFilter, LogFilter__Output as _assay_v1_LogFilter__Output } from './assay/v1/LogFilter.ts';
import type { LogLine as _assay_v1_LogLine, LogLine__Output as _assay_v1_LogLine__Output } from './assay/v1/LogLine.ts';
import type { ModelCost as _assay_v1_ModelCost, ModelCost__Output as _assay_v1_ModelCost__Output } from './assay/v1/ModelCost.ts';
import type { PauseEvaluationRequest as _assay_v1_PauseEvaluationRequest, PauseEvaluationRequest__Output as _assay_v1_PauseEvaluationRequest__Output } from './assay/v1/PauseEvaluationRequest.ts';
import type { PauseEvaluationResponse as _assay_v1_PauseEvaluationResponse, PauseEvaluationResponse__Output as _assay_v1_PauseEvaluationResponse__Output } from './assay/v1/PauseEvaluationResponse.ts';
import type { Progress as _assay_v1_Progress, Progress__Output as _assay_v1_Progress__Output } from './assay/v1/Progress.ts';
import type { Provenance as _assay_v1_Provenance, Provenance__Output as _assay_v1_Provenance__Output } from './assay/v1/Provenance.ts';
import type { Reason as _assay_v1_Reason, Reason__Output as _assay_v1_Reason__Output } from './assay/v1/Reason.ts';
import type { ReasonAgent as _assay_v1_ReasonAgent, ReasonAgent__Output as _assay_v1_ReasonAgent__Output } from './assay/v1/ReasonAgent.ts';
import type { ReasonPeriod as _assay_v1_ReasonPeriod, ReasonPeriod__Output as _assay_v1_ReasonPeriod__Output } from './assay/v1/ReasonPeriod.ts';
import type { ReasonTotal as _assay_v1_ReasonTotal, ReasonTotal__Output as _assay_v1_ReasonTotal__Output } from './assay/v1/ReasonTotal.ts';
import type { RecordEvaluationRequest as _assay_v1_RecordEvaluationRequest, RecordEvaluationRequest__Output as _assay_v1_RecordEvaluationRequest__Output } from './assay/v1/RecordEvaluationRequest.ts';
import type { RecordEvaluationResponse as _assay_v1_RecordEvaluationResponse, RecordEvaluationResponse__Output as _assay_v1_RecordEvaluationResponse__Output } from './assay/v1/RecordEvaluationResponse.ts';
import type { RecordPart as _assay_v1_RecordPart, RecordPart__Output as _assay_v1_RecordPart__Output } from './assay/v1/RecordPart.ts';
import type { RecordProgress as _assay_v1_RecordProgress, RecordProgress__Output as _assay_v1_RecordProgress__Output } from './assay/v1/RecordProgress.ts';
import type { RecordSample as _assay_v1_RecordSample, RecordSample__Output as _assay_v1_RecordSample__Output } from './assay/v1/RecordSample.ts';
import type { RecordSamples as _assay_v1_RecordSamples, RecordSamples__Output as _assay_v1_RecordSamples__Output } from './assay/v1/RecordSamples.ts';
import type { RecoverEvaluationRequest as _assay_v1_RecoverEvaluationRequest, RecoverEvaluationRequest__Output as _assay_v1_RecoverEvaluationRequest__Output } from './assay/v1/RecoverEvaluationRequest.ts';
import type { RecoverEvaluationResponse as _assay_v1_RecoverEvaluationResponse, RecoverEvaluationResponse__Output as _assay_v1_RecoverEvaluationResponse__Output } from './assay/v1/RecoverEvaluationResponse.ts';
import type { ReplayDeadLettersRequest as _assay_v1_ReplayDeadLettersRequest, ReplayDeadLettersRequest__Output as _assay_v1_ReplayDeadLettersRequest__Output } from './assay/v1/ReplayDeadLettersRequest.ts';
import type { ReplayDeadLettersResponse as _assay_v1_ReplayDeadLettersResponse, ReplayDeadLettersResponse__Output as _assay_v1_ReplayDeadLettersResponse__Output } from './assay/v1/ReplayDeadLettersResponse.ts';
import type { ReportRow as _assay_v1_ReportRow, ReportRow__Output as _assay_v1_ReportRow__Output } from './assay/v1/ReportRow.ts';
import type { RequeueSamplesRequest as _assay_v1_RequeueSamplesRequest, RequeueSamplesRequest__Output as _assay_v1_RequeueSamplesRequest__Output } from './assay/v1/RequeueSamplesRequest.ts';
import type { RequeueSamplesResponse as _assay_v1_RequeueSamplesResponse, RequeueSamplesResponse__Output as _assay_v1_RequeueSamplesResponse__Output } from './assay/v1/RequeueSamplesResponse.ts';
import type { ResumeEvaluationRequest as _assay_v1_ResumeEvaluationRequest, ResumeEvaluationRequest__Output as _assay_v1_ResumeEvaluationRequest__Output } from './assay/v1/ResumeEvaluationRequest.ts';
import type { ResumeEvaluationResponse as _assay_v1_ResumeEvaluationResponse, ResumeEvaluationResponse__Output as _assay_v1_ResumeEvaluationResponse__Output } from './assay/v1/ResumeEvaluationResponse.ts';
import type { RouteProgress as _assay_v1_RouteProgress, RouteProgress__Output as _assay_v1_RouteProgress__Output } from './assay/v1/RouteProgress.ts';
import type { Sample as _assay_v1_Sample, Sample__Output as _assay_v1_Sample__Output } from './assay/v1/Sample.ts';
import type { SampleAttempt as _assay_v1_SampleAttempt, SampleAttempt__Output as _assay_v1_SampleAttempt__Output } from './assay/v1/SampleAttempt.ts';
import type { SampleFilter as _assay_v1_SampleFilter, SampleFilter__Output as _assay_v1_SampleFilter__Output } from './assay/v1/SampleFilter.ts';
import type { SampleJudgeCall as _assay_v1_SampleJudgeCall, SampleJudgeCall__Output as _assay_v1_SampleJudgeCall__Output } from './assay/v1/SampleJudgeCall.ts';
import type { SampleLimits as _assay_v1_SampleLimits, SampleLimits__Output as _assay_v1_SampleLimits__Output } from './assay/v1/SampleLimits.ts';
import type { SampleResult as _assay_v1_SampleResult, SampleResult__Output as _assay_v1_SampleResult__Output } from './assay/v1/SampleResult.ts';
import type { SampleScore as _assay_v1_SampleScore, SampleScore__Output as _assay_v1_SampleScore__Output } from './assay/v1/SampleScore.ts';
import type { ScorerSums as _assay_v1_ScorerSums, ScorerSums__Output as _assay_v1_ScorerSums__Output } from './assay/v1/ScorerSums.ts';
import type { Setbacks as _assay_v1_Setbacks, Setbacks__Output as _assay_v1_Setbacks__Output } from './assay/v1/Setbacks.ts';
import type { SkipSamplesRequest as _assay_v1_SkipSamplesRequest, SkipSamplesRequest__Output as _assay_v1_SkipSamplesRequest__Output } from './assay/v1/SkipSamplesRequest.ts';
import type { SkipSamplesResponse as _assay_v1_SkipSamplesResponse, SkipSamplesResponse__Output as _assay_v1_SkipSamplesResponse__Output } from './assay/v1/SkipSamplesResponse.ts';
import type { Snapshot as _assay_v1_Snapshot, Snapshot__Output as _assay_v1_Snapshot__Output } from './assay/v1/Snapshot.ts';
import type { SpecFault as _assay_v1_SpecFault, SpecFault__Output as _assay_v1_SpecFault__Output } from './assay/v1/SpecFault.ts';
import type { StateChange as _assay_v1_StateChange, StateChange__Output as _assay_v1_StateChange__Output } from './assay/v1/StateChange.ts';
import type { StreamAgentLogsRequest as _assay_v1_StreamAgentLogsRequest, StreamAgentLogsRequest__Output as _assay_v1_StreamAgentLogsRequest__Output } from './assay/v1/StreamAgentLogsRequest.ts';
import type { StreamAgentLogsResponse as _assay_v1_StreamAgentLogsResponse, StreamAgentLogsResponse__Output as _assay_v1_StreamAgentLogsResponse__Output } from './assay/v1/StreamAgentLogsResponse.ts';
import type { StreamLogsRequest as _assay_v1_StreamLogsRequest, StreamLogsRequest__Output as _assay_v1_StreamLogsRequest__Output } from './assay/v1/StreamLogsRequest.ts';
import type { StreamLogsResponse as _assay_v1_StreamLogsResponse, StreamLogsResponse__Output as _assay_v1_StreamLogsResponse__Output } from './assay/v1/StreamLogsResponse.ts';
import type { StreamResultsRequest as _assay_v1_StreamResultsRequest, StreamResultsRequest__Output as _assay_v1_StreamResultsRequest__Output } from './assay/v1/StreamResultsRequest.ts';
import type { StreamResultsResponse as _assay_v1_StreamResultsResponse, StreamResultsResponse__Output as _assay_v1_StreamResultsResponse__Output } from './assay/v1/StreamResultsResponse.ts';
import type { SubmitEvaluationRequest as _assay_v1_SubmitEvaluationRequest, SubmitEvaluationRequest__Output as _assay_v1_SubmitEvaluationRequest__Output } from './assay/v1/SubmitEvaluationRequest.ts';
import type { SubmitEvaluationResponse as _assay_v1_SubmitEvaluationResponse, SubmitEvaluationResponse__Output as _assay_v1_SubmitEvaluationResponse__Output } from './assay/v1/SubmitEvaluationResponse.ts';
import type { TagList as _assay_v1_TagList, TagList__Output as _assay_v1_TagList__Output } from './assay/v1/TagList.ts';
import type { UpdateEvaluationRequest as _assay_v1_UpdateEvaluationRequest, UpdateEvaluationRequest__Output as _assay_v1_UpdateEvaluationRequest__Output } from './assay/v1/UpdateEvaluationRequest.ts';
import type { UpdateEvaluationResponse as _assay_v1_UpdateEvaluationResponse, UpdateEvaluationResponse__Output as _assay_v1_UpdateEvaluationResponse__Output } from './assay/v1/UpdateEvaluationResponse.ts';
import type { UploadContentRequest as _assay_v1_UploadContentRequest, UploadContentRequest__Output as _assay_v1_UploadContentRequest__Output } from './assay/v1/UploadContentRequest.ts';
import type { UploadContentResponse as _assay_v1_UploadContentResponse, UploadContentResponse__Output as _assay_v1_UploadContentResponse__Output } from './assay/v1/UploadContentResponse.ts';
import type { Usage as _assay_v1_Usage, Usage__Output as _assay_v1_Usage__Output } from './assay/v1/Usage.ts';
import type { ValidateEvaluationRequest as _assay_v1_ValidateEvaluationRequest, ValidateEvaluationRequest__Output as _assay_v1_ValidateEvaluationRequest__Output } from './assay/v1/ValidateEvaluationRequest.ts';
import type { ValidateEvaluationResponse as _assay_v1_ValidateEvaluationResponse, ValidateEvaluationResponse__Output as _assay_v1_ValidateEvaluationResponse__Output } from './assay/v1/ValidateEvaluationResponse.ts';
import type { VerifyEvaluationRequest as _assay_v1_VerifyEvaluationRequest, VerifyEvaluationRequest__Output as _assay_v1_VerifyEvaluationRequest__Output } from './assay/v1/VerifyEvaluationRequest.ts';
import type { VerifyEvaluationResponse as _assay_v1_VerifyEvaluationResponse, VerifyEvaluationResponse__Output as _assay_v1_VerifyEvaluationResponse__Output } from './assay/v1/VerifyEvaluationResponse.ts';
import type { VerifyProgress as _assay_v1_VerifyProgress, VerifyProgress__Output as _assay_v1_VerifyProgress__Output } from './assay/v1/VerifyProgress.ts';
import type { WatchEvaluationRequest as _assay_v1_WatchEvaluationRequest, WatchEvaluationRequest__Output as _assay_v1_WatchEvaluationRequest__Output } from './assay/v1/WatchEvaluationRequest.ts';
import type { WatchEvaluationResponse as _assay_v1_WatchEvaluationResponse, WatchEvaluationResponse__Output as _assay_v1_WatchEvaluationResponse__Output } from './assay/v1/WatchEvaluationResponse.ts';
import type { WatchEvaluationsRequest as _assay_v1_WatchEvaluationsRequest, WatchEvaluationsRequest__Output as _assay_v1_WatchEvaluationsRequest__Output } from './assay/v1/WatchEvaluationsRequest.ts';
import type { WatchEvaluationsResponse as _assay_v1_WatchEvaluationsResponse, WatchEvaluationsResponse__Output as _assay_v1_WatchEvaluationsResponse__Output } from './assay/v1/WatchEvaluationsResponse.ts';
import type { WhyHistory as _assay_v1_WhyHistory, WhyHistory__Output as _assay_v1_WhyHistory__Output } from './assay/v1/WhyHistory.ts';
import type { WhyPendingRequest as _assay_v1_WhyPendingRequest, WhyPendingRequest__Output as _assay_v1_WhyPendingRequest__Output } from './assay/v1/WhyPendingRequest.ts';
import type { WhyPendingResponse as _assay_v1_WhyPendingResponse, WhyPendingResponse__Output as _assay_v1_WhyPendingResponse__Output } from './assay/v1/WhyPendingResponse.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  assay: {
    v1: {
      Books: MessageTypeDefinition<_assay_v1_Books, _assay_v1_Books__Output>
      BooksDifference: MessageTypeDefinition<_assay_v1_BooksDifference, _assay_v1_BooksDifference__Output>
      CancelEvaluationRequest: MessageTypeDefinition<_assay_v1_CancelEvaluationRequest, _assay_v1_CancelEvaluationRequest__Output>
      CancelEvaluationResponse: MessageTypeDefinition<_assay_v1_CancelEvaluationResponse, _assay_v1_CancelEvaluationResponse__Output>
      CancelMode: EnumTypeDefinition
      ChatMessage: MessageTypeDefinition<_assay_v1_ChatMessage, _assay_v1_ChatMessage__Output>
      ContentHeader: MessageTypeDefinition<_assay_v1_ContentHeader, _assay_v1_ContentHeader__Output>
      ContentPart: MessageTypeDefinition<_assay_v1_ContentPart, _assay_v1_ContentPart__Output>
      Cost: MessageTypeDefinition<_assay_v1_Cost, _assay_v1_Cost__Output>
      Counts: MessageTypeDefinition<_assay_v1_Counts, _assay_v1_Counts__Output>
      CourseAttempt: MessageTypeDefinition<_assay_v1_CourseAttempt, _assay_v1_CourseAttempt__Output>
      CourseAttemptState: EnumTypeDefinition
      CourseErrors: MessageTypeDefinition<_assay_v1_CourseErrors, _assay_v1_CourseErrors__Output>
      CourseModel: MessageTypeDefinition<_assay_v1_CourseModel, _assay_v1_CourseModel__Output>
      CourseScore: MessageTypeDefinition<_assay_v1_CourseScore, _assay_v1_CourseScore__Output>
      DeadAttempt: MessageTypeDefinition<_assay_v1_DeadAttempt, _assay_v1_DeadAttempt__Output>
      DeadLetter: MessageTypeDefinition<_assay_v1_DeadLetter, _assay_v1_DeadLetter__Output>
      DeadLetterFilter: MessageTypeDefinition<_assay_v1_DeadLetterFilter, _assay_v1_DeadLetterFilter__Output>
      DeadLettersOutcome: MessageTypeDefinition<_assay_v1_DeadLettersOutcome, _assay_v1_DeadLettersOutcome__Output>
      DeleteEvaluationRequest: MessageTypeDefinition<_assay_v1_DeleteEvaluationRequest, _assay_v1_DeleteEvaluationRequest__Output>
      DeleteEvaluationResponse: MessageTypeDefinition<_assay_v1_DeleteEvaluationResponse, _assay_v1_DeleteEvaluationResponse__Output>
      DropDeadLettersRequest: MessageTypeDefinition<_assay_v1_DropDeadLettersRequest, _assay_v1_DropDeadLettersRequest__Output>
      DropDeadLettersResponse: MessageTypeDefinition<_assay_v1_DropDeadLettersResponse, _assay_v1_DropDeadLettersResponse__Output>
      Durability: MessageTypeDefinition<_assay_v1_Durability, _assay_v1_Durability__Output>
      DurabilityClass: EnumTypeDefinition
      Estimate: MessageTypeDefinition<_assay_v1_Estimate, _assay_v1_Estimate__Output>
      Evaluation: MessageTypeDefinition<_assay_v1_Evaluation, _assay_v1_Evaluation__Output>
      EvaluationFilter: MessageTypeDefinition<_assay_v1_EvaluationFilter, _assay_v1_EvaluationFilter__Output>
      EvaluationOutcome: MessageTypeDefinition<_assay_v1_EvaluationOutcome, _assay_v1_EvaluationOutcome__Output>
      /**
       * For whoever wants something evaluated.
       */
      EvaluationService: SubtypeConstructor<typeof grpc.Client, _assay_v1_EvaluationServiceClient> & { service: _assay_v1_EvaluationServiceDefinition }
      EvaluationState: EnumTypeDefinition
      EvaluationSummary: MessageTypeDefinition<_assay_v1_EvaluationSummary, _assay_v1_EvaluationSummary__Output>
      FailedAttempt: MessageTypeDefinition<_assay_v1_FailedAttempt, _assay_v1_FailedAttempt__Output>
      FrameBooks: MessageTypeDefinition<_assay_v1_FrameBooks, _assay_v1_FrameBooks__Output>
      GetCourseRequest: MessageTypeDefinition<_assay_v1_GetCourseRequest, _assay_v1_GetCourseRequest__Output>
      GetCourseResponse: MessageTypeDefinition<_assay_v1_GetCourseResponse, _assay_v1_GetCourseResponse__Output>
      GetDeadLetterRequest: MessageTypeDefinition<_assay_v1_GetDeadLetterRequest, _assay_v1_GetDeadLetterRequest__Output>
      GetDeadLetterResponse: MessageTypeDefinition<_assay_v1_GetDeadLetterResponse, _assay_v1_GetDeadLetterResponse__Output>
      GetEvaluationRequest: MessageTypeDefinition<_assay_v1_GetEvaluationRequest, _assay_v1_GetEvaluationRequest__Output>
      GetEvaluationResponse: MessageTypeDefinition<_assay_v1_GetEvaluationResponse, _assay_v1_GetEvaluationResponse__Output>
      GetReportRequest: MessageTypeDefinition<_assay_v1_GetReportRequest, _assay_v1_GetReportRequest__Output>
      GetReportResponse: MessageTypeDefinition<_assay_v1_GetReportResponse, _assay_v1_GetReportResponse__Output>
      GetSampleRequest: MessageTypeDefinition<_assay_v1_GetSampleRequest, _assay_v1_GetSampleRequest__Output>
      GetSampleResponse: MessageTypeDefinition<_assay_v1_GetSampleResponse, _assay_v1_GetSampleResponse__Output>
      GroupBooks: MessageTypeDefinition<_assay_v1_GroupBooks, _assay_v1_GroupBooks__Output>
      GroupEstimate: MessageTypeDefinition<_assay_v1_GroupEstimate, _assay_v1_GroupEstimate__Output>
      GroupProgress: MessageTypeDefinition<_assay_v1_GroupProgress, _assay_v1_GroupProgress__Output>
      JudgeOf: MessageTypeDefinition<_assay_v1_JudgeOf, _assay_v1_JudgeOf__Output>
      ListDeadLettersRequest: MessageTypeDefinition<_assay_v1_ListDeadLettersRequest, _assay_v1_ListDeadLettersRequest__Output>
      ListDeadLettersResponse: MessageTypeDefinition<_assay_v1_ListDeadLettersResponse, _assay_v1_ListDeadLettersResponse__Output>
      ListEvaluationsRequest: MessageTypeDefinition<_assay_v1_ListEvaluationsRequest, _assay_v1_ListEvaluationsRequest__Output>
      ListEvaluationsResponse: MessageTypeDefinition<_assay_v1_ListEvaluationsResponse, _assay_v1_ListEvaluationsResponse__Output>
      ListSamplesRequest: MessageTypeDefinition<_assay_v1_ListSamplesRequest, _assay_v1_ListSamplesRequest__Output>
      ListSamplesResponse: MessageTypeDefinition<_assay_v1_ListSamplesResponse, _assay_v1_ListSamplesResponse__Output>
      ListedEvaluation: MessageTypeDefinition<_assay_v1_ListedEvaluation, _assay_v1_ListedEvaluation__Output>
      LogFilter: MessageTypeDefinition<_assay_v1_LogFilter, _assay_v1_LogFilter__Output>
      LogLevel: EnumTypeDefinition
      LogLine: MessageTypeDefinition<_assay_v1_LogLine, _assay_v1_LogLine__Output>
      ModelCost: MessageTypeDefinition<_assay_v1_ModelCost, _assay_v1_ModelCost__Output>
      PauseEvaluationRequest: MessageTypeDefinition<_assay_v1_PauseEvaluationRequest, _assay_v1_PauseEvaluationRequest__Output>
      PauseEvaluationResponse: MessageTypeDefinition<_assay_v1_PauseEvaluationResponse, _assay_v1_PauseEvaluationResponse__Output>
      Progress: MessageTypeDefinition<_assay_v1_Progress, _assay_v1_Progress__Output>
      Provenance: MessageTypeDefinition<_assay_v1_Provenance, _assay_v1_Provenance__Output>
      Reason: MessageTypeDefinition<_assay_v1_Reason, _assay_v1_Reason__Output>
      ReasonAgent: MessageTypeDefinition<_assay_v1_ReasonAgent, _assay_v1_ReasonAgent__Output>
      ReasonEffect: EnumTypeDefinition
      ReasonPeriod: MessageTypeDefinition<_assay_v1_ReasonPeriod, _assay_v1_ReasonPeriod__Output>
      ReasonTotal: MessageTypeDefinition<_assay_v1_ReasonTotal, _assay_v1_ReasonTotal__Output>
      RecordEvaluationRequest: MessageTypeDefinition<_assay_v1_RecordEvaluationRequest, _assay_v1_RecordEvaluationRequest__Output>
      RecordEvaluationResponse: MessageTypeDefinition<_assay_v1_RecordEvaluationResponse, _assay_v1_RecordEvaluationResponse__Output>
      RecordPart: MessageTypeDefinition<_assay_v1_RecordPart, _assay_v1_RecordPart__Output>
      RecordProgress: MessageTypeDefinition<_assay_v1_RecordProgress, _assay_v1_RecordProgress__Output>
      RecordSample: MessageTypeDefinition<_assay_v1_RecordSample, _assay_v1_RecordSample__Output>
      RecordSamples: MessageTypeDefinition<_assay_v1_RecordSamples, _assay_v1_RecordSamples__Output>
      RecoverEvaluationRequest: MessageTypeDefinition<_assay_v1_RecoverEvaluationRequest, _assay_v1_RecoverEvaluationRequest__Output>
      RecoverEvaluationResponse: MessageTypeDefinition<_assay_v1_RecoverEvaluationResponse, _assay_v1_RecoverEvaluationResponse__Output>
      ReplayDeadLettersRequest: MessageTypeDefinition<_assay_v1_ReplayDeadLettersRequest, _assay_v1_ReplayDeadLettersRequest__Output>
      ReplayDeadLettersResponse: MessageTypeDefinition<_assay_v1_ReplayDeadLettersResponse, _assay_v1_ReplayDeadLettersResponse__Output>
      ReportRow: MessageTypeDefinition<_assay_v1_ReportRow, _assay_v1_ReportRow__Output>
      RequeueSamplesRequest: MessageTypeDefinition<_assay_v1_RequeueSamplesRequest, _assay_v1_RequeueSamplesRequest__Output>
      RequeueSamplesResponse: MessageTypeDefinition<_assay_v1_RequeueSamplesResponse, _assay_v1_RequeueSamplesResponse__Output>
      ResumeEvaluationRequest: MessageTypeDefinition<_assay_v1_ResumeEvaluationRequest, _assay_v1_ResumeEvaluationRequest__Output>
      ResumeEvaluationResponse: MessageTypeDefinition<_assay_v1_ResumeEvaluationResponse, _assay_v1_ResumeEvaluationResponse__Output>
      RouteProgress: MessageTypeDefinition<_assay_v1_RouteProgress, _assay_v1_RouteProgress__Output>
      Sample: MessageTypeDefinition<_assay_v1_Sample, _assay_v1_Sample__Output>
      SampleAttempt: MessageTypeDefinition<_assay_v1_SampleAttempt, _assay_v1_SampleAttempt__Output>
      SampleAttemptResult: EnumTypeDefinition
      SampleFilter: MessageTypeDefinition<_assay_v1_SampleFilter, _assay_v1_SampleFilter__Output>
      SampleJudgeCall: MessageTypeDefinition<_assay_v1_SampleJudgeCall, _assay_v1_SampleJudgeCall__Output>
      SampleLimits: MessageTypeDefinition<_assay_v1_SampleLimits, _assay_v1_SampleLimits__Output>
      SampleResult: MessageTypeDefinition<_assay_v1_SampleResult, _assay_v1_SampleResult__Output>
      SampleScore: MessageTypeDefinition<_assay_v1_SampleScore, _assay_v1_SampleScore__Output>
      SampleStage: EnumTypeDefinition
      ScorerSums: MessageTypeDefinition<_assay_v1_ScorerSums, _assay_v1_ScorerSums__Output>
      Setbacks: MessageTypeDefinition<_assay_v1_Setbacks, _assay_v1_Setbacks__Output>
      SkipSamplesRequest: MessageTypeDefinition<_assay_v1_SkipSamplesRequest, _assay_v1_SkipSamplesRequest__Output>
      SkipSamplesResponse: MessageTypeDefinition<_assay_v1_SkipSamplesResponse, _assay_v1_SkipSamplesResponse__Output>
      Snapshot: MessageTypeDefinition<_assay_v1_Snapshot, _assay_v1_Snapshot__Output>
      SpecFault: MessageTypeDefinition<_assay_v1_SpecFault, _assay_v1_SpecFault__Output>
      StateChange: MessageTypeDefinition<_assay_v1_StateChange, _assay_v1_StateChange__Output>
      StreamAgentLogsRequest: MessageTypeDefinition<_assay_v1_StreamAgentLogsRequest, _assay_v1_StreamAgentLogsRequest__Output>
      StreamAgentLogsResponse: MessageTypeDefinition<_assay_v1_StreamAgentLogsResponse, _assay_v1_StreamAgentLogsResponse__Output>
      StreamLogsRequest: MessageTypeDefinition<_assay_v1_StreamLogsRequest, _assay_v1_StreamLogsRequest__Output>
      StreamLogsResponse: MessageTypeDefinition<_assay_v1_StreamLogsResponse, _assay_v1_StreamLogsResponse__Output>
      StreamResultsRequest: MessageTypeDefinition<_assay_v1_StreamResultsRequest, _assay_v1_StreamResultsRequest__Output>
      StreamResultsResponse: MessageTypeDefinition<_assay_v1_StreamResultsResponse, _assay_v1_StreamResultsResponse__Output>
      SubmitEvaluationRequest: MessageTypeDefinition<_assay_v1_SubmitEvaluationRequest, _assay_v1_SubmitEvaluationRequest__Output>
      SubmitEvaluationResponse: MessageTypeDefinition<_assay_v1_SubmitEvaluationResponse, _assay_v1_SubmitEvaluationResponse__Output>
      TagList: MessageTypeDefinition<_assay_v1_TagList, _assay_v1_TagList__Output>
      UnitState: EnumTypeDefinition
      UpdateEvaluationRequest: MessageTypeDefinition<_assay_v1_UpdateEvaluationRequest, _assay_v1_UpdateEvaluationRequest__Output>
      UpdateEvaluationResponse: MessageTypeDefinition<_assay_v1_UpdateEvaluationResponse, _assay_v1_UpdateEvaluationResponse__Output>
      UploadContentRequest: MessageTypeDefinition<_assay_v1_UploadContentRequest, _assay_v1_UploadContentRequest__Output>
      UploadContentResponse: MessageTypeDefinition<_assay_v1_UploadContentResponse, _assay_v1_UploadContentResponse__Output>
      Usage: MessageTypeDefinition<_assay_v1_Usage, _assay_v1_Usage__Output>
      ValidateEvaluationRequest: MessageTypeDefinition<_assay_v1_ValidateEvaluationRequest, _assay_v1_ValidateEvaluationRequest__Output>
      ValidateEvaluationResponse: MessageTypeDefinition<_assay_v1_ValidateEvaluationResponse, _assay_v1_ValidateEvaluationResponse__Output>
      VerifyEvaluationRequest: MessageTypeDefinition<_assay_v1_VerifyEvaluationRequest, _assay_v1_VerifyEvaluationRequest__Output>
      VerifyEvaluationResponse: MessageTypeDefinition<_assay_v1_VerifyEvaluationResponse, _assay_v1_VerifyEvaluationResponse__Output>
      VerifyProgress: MessageTypeDefinition<_assay_v1_VerifyProgress, _assay_v1_VerifyProgress__Output>
      WatchEvaluationRequest: MessageTypeDefinition<_assay_v1_WatchEvaluationRequest, _assay_v1_WatchEvaluationRequest__Output>
      WatchEvaluationResponse: MessageTypeDefinition<_assay_v1_WatchEvaluationResponse, _assay_v1_WatchEvaluationResponse__Output>
      WatchEvaluationsRequest: MessageTypeDefinition<_assay_v1_WatchEvaluationsRequest, _assay_v1_WatchEvaluationsRequest__Output>
      WatchEvaluationsResponse: MessageTypeDefinition<_assay_v1_WatchEvaluationsResponse, _assay_v1_WatchEvaluationsResponse__Output>
      WhyHistory: MessageTypeDefinition<_assay_v1_WhyHistory, _assay_v1_WhyHistory__Output>
      WhyPendingRequest: MessageTypeDefinition<_assay_v1_WhyPendingRequest, _assay_v1_WhyPendingRequest__Output>
      WhyPendingResponse: MessageTypeDefinition<_assay_v1_WhyPendingResponse, _assay_v1_WhyPendingResponse__Output>
    }
  }
}

