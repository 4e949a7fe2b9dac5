// Original file: proto/assay/v1/evaluation.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CancelEvaluationRequest as _assay_v1_CancelEvaluationRequest, CancelEvaluationRequest__Output as _assay_v1_CancelEvaluationRequest__Output } from '../../assay/v1/CancelEvaluationRequest.ts';
import type { CancelEvaluationResponse as _assay_v1_CancelEvaluationResponse, CancelEvaluationResponse__Output as _assay_v1_CancelEvaluationResponse__Output } from '../../assay/v1/CancelEvaluationResponse.ts';
import type { DeleteEvaluationRequest as _assay_v1_DeleteEvaluationRequest, DeleteEvaluationRequest__Output as _assay_v1_DeleteEvaluationRequest__Output } from '../../assay/v1/DeleteEvaluationRequest.ts';
import type { DeleteEvaluationResponse as _assay_v1_DeleteEvaluationResponse, DeleteEvaluationResponse__Output as _assay_v1_DeleteEvaluationResponse__Output } from '../../assay/v1/DeleteEvaluationResponse.ts';
import type { DropDeadLettersRequest as _assay_v1_DropDeadLettersRequest, DropDeadLettersRequest__Output as _assay_v1_DropDeadLettersRequest__Output } from '../../assay/v1/DropDeadLettersRequest.ts';
import type { DropDeadLettersResponse as _assay_v1_DropDeadLettersResponse, DropDeadLettersResponse__Output as _assay_v1_DropDeadLettersResponse__Output } from '../../assay/v1/DropDeadLettersResponse.ts';
import type { GetCourseRequest as _assay_v1_GetCourseRequest, GetCourseRequest__Output as _assay_v1_GetCourseRequest__Output } from '../../assay/v1/GetCourseRequest.ts';
import type { GetCourseResponse as _assay_v1_GetCourseResponse, GetCourseResponse__Output as _assay_v1_GetCourseResponse__Output } from '../../assay/v1/GetCourseResponse.ts';
import type { GetDeadLetterRequest as _assay_v1_GetDeadLetterRequest, GetDeadLetterRequest__Output as _assay_v1_GetDeadLetterRequest__Output } from '../../assay/v1/GetDeadLetterRequest.ts';
import type { GetDeadLetterResponse as _assay_v1_GetDeadLetterResponse, GetDeadLetterResponse__Output as _assay_v1_GetDeadLetterResponse__Output } from '../../assay/v1/GetDeadLetterResponse.ts';
import type { GetEvaluationRequest as _assay_v1_GetEvaluationRequest, GetEvaluationRequest__Output as _assay_v1_GetEvaluationRequest__Output } from '../../assay/v1/GetEvaluationRequest.ts';
import type { GetEvaluationResponse as _assay_v1_GetEvaluationResponse, GetEvaluationResponse__Output as _assay_v1_GetEvaluationResponse__Output } from '../../assay/v1/GetEvaluationResponse.ts';
import type { GetReportRequest as _assay_v1_GetReportRequest, GetReportRequest__Output as _assay_v1_GetReportRequest__Output } from '../../assay/v1/GetReportRequest.ts';
import type { GetReportResponse as _assay_v1_GetReportResponse, GetReportResponse__Output as _assay_v1_GetReportResponse__Output } from '../../assay/v1/GetReportResponse.ts';
import type { GetSampleRequest as _assay_v1_GetSampleRequest, GetSampleRequest__Output as _assay_v1_GetSampleRequest__Output } from '../../assay/v1/GetSampleRequest.ts';
import type { GetSampleResponse as _assay_v1_GetSampleResponse, GetSampleResponse__Output as _assay_v1_GetSampleResponse__Output } from '../../assay/v1/GetSampleResponse.ts';
import type { ListDeadLettersRequest as _assay_v1_ListDeadLettersRequest, ListDeadLettersRequest__Output as _assay_v1_ListDeadLettersRequest__Output } from '../../assay/v1/ListDeadLettersRequest.ts';
import type { ListDeadLettersResponse as _assay_v1_ListDeadLettersResponse, ListDeadLettersResponse__Output as _assay_v1_ListDeadLettersResponse__Output } from '../../assay/v1/ListDeadLettersResponse.ts';
import type { ListEvaluationsRequest as _assay_v1_ListEvaluationsRequest, ListEvaluationsRequest__Output as _assay_v1_ListEvaluationsRequest__Output } from '../../assay/v1/ListEvaluationsRequest.ts';
import type { ListEvaluationsResponse as _assay_v1_ListEvaluationsResponse, ListEvaluationsResponse__Output as _assay_v1_ListEvaluationsResponse__Output } from '../../assay/v1/ListEvaluationsResponse.ts';
import type { ListSamplesRequest as _assay_v1_ListSamplesRequest, ListSamplesRequest__Output as _assay_v1_ListSamplesRequest__Output } from '../../assay/v1/ListSamplesRequest.ts';
import type { ListSamplesResponse as _assay_v1_ListSamplesResponse, ListSamplesResponse__Output as _assay_v1_ListSamplesResponse__Output } from '../../assay/v1/ListSamplesResponse.ts';
import type { PauseEvaluationRequest as _assay_v1_PauseEvaluationRequest, PauseEvaluationRequest__Output as _assay_v1_PauseEvaluationRequest__Output } from '../../assay/v1/PauseEvaluationRequest.ts';
import type { PauseEvaluationResponse as _assay_v1_PauseEvaluationResponse, PauseEvaluationResponse__Output as _assay_v1_PauseEvaluationResponse__Output } from '../../assay/v1/PauseEvaluationResponse.ts';
import type { RecordEvaluationRequest as _assay_v1_RecordEvaluationRequest, RecordEvaluationRequest__Output as _assay_v1_RecordEvaluationRequest__Output } from '../../assay/v1/RecordEvaluationRequest.ts';
import type { RecordEvaluationResponse as _assay_v1_RecordEvaluationResponse, RecordEvaluationResponse__Output as _assay_v1_RecordEvaluationResponse__Output } from '../../assay/v1/RecordEvaluationResponse.ts';
import type { RecoverEvaluationRequest as _assay_v1_RecoverEvaluationRequest, RecoverEvaluationRequest__Output as _assay_v1_RecoverEvaluationRequest__Output } from '../../assay/v1/RecoverEvaluationRequest.ts';
import type { RecoverEvaluationResponse as _assay_v1_RecoverEvaluationResponse, RecoverEvaluationResponse__Output as _assay_v1_RecoverEvaluationResponse__Output } from '../../assay/v1/RecoverEvaluationResponse.ts';
import type { ReplayDeadLettersRequest as _assay_v1_ReplayDeadLettersRequest, ReplayDeadLettersRequest__Output as _assay_v1_ReplayDeadLettersRequest__Output } from '../../assay/v1/ReplayDeadLettersRequest.ts';
import type { ReplayDeadLettersResponse as _assay_v1_ReplayDeadLettersResponse, ReplayDeadLettersResponse__Output as _assay_v1_ReplayDeadLettersResponse__Output } from '../../assay/v1/ReplayDeadLettersResponse.ts';
import type { RequeueSamplesRequest as _assay_v1_RequeueSamplesRequest, RequeueSamplesRequest__Output as _assay_v1_RequeueSamplesRequest__Output } from '../../assay/v1/RequeueSamplesRequest.ts';
import type { RequeueSamplesResponse as _assay_v1_RequeueSamplesResponse, RequeueSamplesResponse__Output as _assay_v1_RequeueSamplesResponse__Output } from '../../assay/v1/RequeueSamplesResponse.ts';
import type { ResumeEvaluationRequest as _assay_v1_ResumeEvaluationRequest, ResumeEvaluationRequest__Output as _assay_v1_ResumeEvaluationRequest__Output } from '../../assay/v1/ResumeEvaluationRequest.ts';
import type { ResumeEvaluationResponse as _assay_v1_ResumeEvaluationResponse, ResumeEvaluationResponse__Output as _assay_v1_ResumeEvaluationResponse__Output } from '../../assay/v1/ResumeEvaluationResponse.ts';
import type { SkipSamplesRequest as _assay_v1_SkipSamplesRequest, SkipSamplesRequest__Output as _assay_v1_SkipSamplesRequest__Output } from '../../assay/v1/SkipSamplesRequest.ts';
import type { SkipSamplesResponse as _assay_v1_SkipSamplesResponse, SkipSamplesResponse__Output as _assay_v1_SkipSamplesResponse__Output } from '../../assay/v1/SkipSamplesResponse.ts';
import type { StreamLogsRequest as _assay_v1_StreamLogsRequest, StreamLogsRequest__Output as _assay_v1_StreamLogsRequest__Output } from '../../assay/v1/StreamLogsRequest.ts';
import type { StreamLogsResponse as _assay_v1_StreamLogsResponse, StreamLogsResponse__Output as _assay_v1_StreamLogsResponse__Output } from '../../assay/v1/StreamLogsResponse.ts';
import type { StreamResultsRequest as _assay_v1_StreamResultsRequest, StreamResultsRequest__Output as _assay_v1_StreamResultsRequest__Output } from '../../assay/v1/StreamResultsRequest.ts';
import type { StreamResultsResponse as _assay_v1_StreamResultsResponse, StreamResultsResponse__Output as _assay_v1_StreamResultsResponse__Output } from '../../assay/v1/StreamResultsResponse.ts';
import type { SubmitEvaluationRequest as _assay_v1_SubmitEvaluationRequest, SubmitEvaluationRequest__Output as _assay_v1_SubmitEvaluationRequest__Output } from '../../assay/v1/SubmitEvaluationRequest.ts';
import type { SubmitEvaluationResponse as _assay_v1_SubmitEvaluationResponse, SubmitEvaluationResponse__Output as _assay_v1_SubmitEvaluationResponse__Output } from '../../assay/v1/SubmitEvaluationResponse.ts';
import type { UpdateEvaluationRequest as _assay_v1_UpdateEvaluationRequest, UpdateEvaluationRequest__Output as _assay_v1_UpdateEvaluationRequest__Output } from '../../assay/v1/UpdateEvaluationRequest.ts';
import type { UpdateEvaluationResponse as _assay_v1_UpdateEvaluationResponse, UpdateEvaluationResponse__Output as _assay_v1_UpdateEvaluationResponse__Output } from '../../assay/v1/UpdateEvaluationResponse.ts';
import type { UploadContentRequest as _assay_v1_UploadContentRequest, UploadContentRequest__Output as _assay_v1_UploadContentRequest__Output } from '../../assay/v1/UploadContentRequest.ts';
import type { UploadContentResponse as _assay_v1_UploadContentResponse, UploadContentResponse__Output as _assay_v1_UploadContentResponse__Output } from '../../assay/v1/UploadContentResponse.ts';
import type { ValidateEvaluationRequest as _assay_v1_ValidateEvaluationRequest, ValidateEvaluationRequest__Output as _assay_v1_ValidateEvaluationRequest__Output } from '../../assay/v1/ValidateEvaluationRequest.ts';
import type { ValidateEvaluationResponse as _assay_v1_ValidateEvaluationResponse, ValidateEvaluationResponse__Output as _assay_v1_ValidateEvaluationResponse__Output } from '../../assay/v1/ValidateEvaluationResponse.ts';
import type { VerifyEvaluationRequest as _assay_v1_VerifyEvaluationRequest, VerifyEvaluationRequest__Output as _assay_v1_VerifyEvaluationRequest__Output } from '../../assay/v1/VerifyEvaluationRequest.ts';
import type { VerifyEvaluationResponse as _assay_v1_VerifyEvaluationResponse, VerifyEvaluationResponse__Output as _assay_v1_VerifyEvaluationResponse__Output } from '../../assay/v1/VerifyEvaluationResponse.ts';
import type { WatchEvaluationRequest as _assay_v1_WatchEvaluationRequest, WatchEvaluationRequest__Output as _assay_v1_WatchEvaluationRequest__Output } from '../../assay/v1/WatchEvaluationRequest.ts';
import type { WatchEvaluationResponse as _assay_v1_WatchEvaluationResponse, WatchEvaluationResponse__Output as _assay_v1_WatchEvaluationResponse__Output } from '../../assay/v1/WatchEvaluationResponse.ts';
import type { WatchEvaluationsRequest as _assay_v1_WatchEvaluationsRequest, WatchEvaluationsRequest__Output as _assay_v1_WatchEvaluationsRequest__Output } from '../../assay/v1/WatchEvaluationsRequest.ts';
import type { WatchEvaluationsResponse as _assay_v1_WatchEvaluationsResponse, WatchEvaluationsResponse__Output as _assay_v1_WatchEvaluationsResponse__Output } from '../../assay/v1/WatchEvaluationsResponse.ts';
import type { WhyPendingRequest as _assay_v1_WhyPendingRequest, WhyPendingRequest__Output as _assay_v1_WhyPendingRequest__Output } from '../../assay/v1/WhyPendingRequest.ts';
import type { WhyPendingResponse as _assay_v1_WhyPendingResponse, WhyPendingResponse__Output as _assay_v1_WhyPendingResponse__Output } from '../../assay/v1/WhyPendingResponse.ts';

/**
 * For whoever wants something evaluated.
 */
export interface EvaluationServiceClient extends grpc.Client {
  /**
   * Cancels: nothing more is handed out, open units are closed as cancelled; running samples are aborted, or (mode DRAIN)
   * finish and are counted first. What was counted stays. Cancelling a final evaluation changes nothing and is answered with its
   * state. For one evaluation, or for all that a filter names.
   */
  CancelEvaluation(argument: _assay_v1_CancelEvaluationRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_CancelEvaluationResponse__Output>): grpc.ClientUnaryCall;
  CancelEvaluation(argument: _assay_v1_CancelEvaluationRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_CancelEvaluationResponse__Output>): grpc.ClientUnaryCall;
  CancelEvaluation(argument: _assay_v1_CancelEvaluationRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_CancelEvaluationResponse__Output>): grpc.ClientUnaryCall;
  CancelEvaluation(argument: _assay_v1_CancelEvaluationRequest, callback: grpc.requestCallback<_assay_v1_CancelEvaluationResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Cancels: nothing more is handed out, open units are closed as cancelled; running samples are aborted, or (mode DRAIN)
   * finish and are counted first. What was counted stays. Cancelling a final evaluation changes nothing and is answered with its
   * state. For one evaluation, or for all that a filter names.
   */
  cancelEvaluation(argument: _assay_v1_CancelEvaluationRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_CancelEvaluationResponse__Output>): grpc.ClientUnaryCall;
  cancelEvaluation(argument: _assay_v1_CancelEvaluationRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_CancelEvaluationResponse__Output>): grpc.ClientUnaryCall;
  cancelEvaluation(argument: _assay_v1_CancelEvaluationRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_CancelEvaluationResponse__Output>): grpc.ClientUnaryCall;
  cancelEvaluation(argument: _assay_v1_CancelEvaluationRequest, callback: grpc.requestCallback<_assay_v1_CancelEvaluationResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Removes an evaluation with its results and report for good. Only a final one that is not kept for ever: FAILED_PRECONDITION otherwise.
   */
  DeleteEvaluation(argument: _assay_v1_DeleteEvaluationRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_DeleteEvaluationResponse__Output>): grpc.ClientUnaryCall;
  DeleteEvaluation(argument: _assay_v1_DeleteEvaluationRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_DeleteEvaluationResponse__Output>): grpc.ClientUnaryCall;
  DeleteEvaluation(argument: _assay_v1_DeleteEvaluationRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_DeleteEvaluationResponse__Output>): grpc.ClientUnaryCall;
  DeleteEvaluation(argument: _assay_v1_DeleteEvaluationRequest, callback: grpc.requestCallback<_assay_v1_DeleteEvaluationResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Removes an evaluation with its results and report for good. Only a final one that is not kept for ever: FAILED_PRECONDITION otherwise.
   */
  deleteEvaluation(argument: _assay_v1_DeleteEvaluationRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_DeleteEvaluationResponse__Output>): grpc.ClientUnaryCall;
  deleteEvaluation(argument: _assay_v1_DeleteEvaluationRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_DeleteEvaluationResponse__Output>): grpc.ClientUnaryCall;
  deleteEvaluation(argument: _assay_v1_DeleteEvaluationRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_DeleteEvaluationResponse__Output>): grpc.ClientUnaryCall;
  deleteEvaluation(argument: _assay_v1_DeleteEvaluationRequest, callback: grpc.requestCallback<_assay_v1_DeleteEvaluationResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Accepts dead letters as lost: they are listed no more, and still count as dead.
   */
  DropDeadLetters(argument: _assay_v1_DropDeadLettersRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_DropDeadLettersResponse__Output>): grpc.ClientUnaryCall;
  DropDeadLetters(argument: _assay_v1_DropDeadLettersRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_DropDeadLettersResponse__Output>): grpc.ClientUnaryCall;
  DropDeadLetters(argument: _assay_v1_DropDeadLettersRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_DropDeadLettersResponse__Output>): grpc.ClientUnaryCall;
  DropDeadLetters(argument: _assay_v1_DropDeadLettersRequest, callback: grpc.requestCallback<_assay_v1_DropDeadLettersResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Accepts dead letters as lost: they are listed no more, and still count as dead.
   */
  dropDeadLetters(argument: _assay_v1_DropDeadLettersRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_DropDeadLettersResponse__Output>): grpc.ClientUnaryCall;
  dropDeadLetters(argument: _assay_v1_DropDeadLettersRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_DropDeadLettersResponse__Output>): grpc.ClientUnaryCall;
  dropDeadLetters(argument: _assay_v1_DropDeadLettersRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_DropDeadLettersResponse__Output>): grpc.ClientUnaryCall;
  dropDeadLetters(argument: _assay_v1_DropDeadLettersRequest, callback: grpc.requestCallback<_assay_v1_DropDeadLettersResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * How an evaluation went over time: throughput, latencies, errors, scores, and the latest attempts at its tasks. NOT_FOUND if there is none.
   */
  GetCourse(argument: _assay_v1_GetCourseRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_GetCourseResponse__Output>): grpc.ClientUnaryCall;
  GetCourse(argument: _assay_v1_GetCourseRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_GetCourseResponse__Output>): grpc.ClientUnaryCall;
  GetCourse(argument: _assay_v1_GetCourseRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_GetCourseResponse__Output>): grpc.ClientUnaryCall;
  GetCourse(argument: _assay_v1_GetCourseRequest, callback: grpc.requestCallback<_assay_v1_GetCourseResponse__Output>): grpc.ClientUnaryCall;
  /**
   * How an evaluation went over time: throughput, latencies, errors, scores, and the latest attempts at its tasks. NOT_FOUND if there is none.
   */
  getCourse(argument: _assay_v1_GetCourseRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_GetCourseResponse__Output>): grpc.ClientUnaryCall;
  getCourse(argument: _assay_v1_GetCourseRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_GetCourseResponse__Output>): grpc.ClientUnaryCall;
  getCourse(argument: _assay_v1_GetCourseRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_GetCourseResponse__Output>): grpc.ClientUnaryCall;
  getCourse(argument: _assay_v1_GetCourseRequest, callback: grpc.requestCallback<_assay_v1_GetCourseResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * One of them, with what its agents said last. NOT_FOUND if there is none, or its units were requeued.
   */
  GetDeadLetter(argument: _assay_v1_GetDeadLetterRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_GetDeadLetterResponse__Output>): grpc.ClientUnaryCall;
  GetDeadLetter(argument: _assay_v1_GetDeadLetterRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_GetDeadLetterResponse__Output>): grpc.ClientUnaryCall;
  GetDeadLetter(argument: _assay_v1_GetDeadLetterRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_GetDeadLetterResponse__Output>): grpc.ClientUnaryCall;
  GetDeadLetter(argument: _assay_v1_GetDeadLetterRequest, callback: grpc.requestCallback<_assay_v1_GetDeadLetterResponse__Output>): grpc.ClientUnaryCall;
  /**
   * One of them, with what its agents said last. NOT_FOUND if there is none, or its units were requeued.
   */
  getDeadLetter(argument: _assay_v1_GetDeadLetterRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_GetDeadLetterResponse__Output>): grpc.ClientUnaryCall;
  getDeadLetter(argument: _assay_v1_GetDeadLetterRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_GetDeadLetterResponse__Output>): grpc.ClientUnaryCall;
  getDeadLetter(argument: _assay_v1_GetDeadLetterRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_GetDeadLetterResponse__Output>): grpc.ClientUnaryCall;
  getDeadLetter(argument: _assay_v1_GetDeadLetterRequest, callback: grpc.requestCallback<_assay_v1_GetDeadLetterResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * The state and progress of one evaluation. NOT_FOUND if there is none.
   */
  GetEvaluation(argument: _assay_v1_GetEvaluationRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_GetEvaluationResponse__Output>): grpc.ClientUnaryCall;
  GetEvaluation(argument: _assay_v1_GetEvaluationRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_GetEvaluationResponse__Output>): grpc.ClientUnaryCall;
  GetEvaluation(argument: _assay_v1_GetEvaluationRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_GetEvaluationResponse__Output>): grpc.ClientUnaryCall;
  GetEvaluation(argument: _assay_v1_GetEvaluationRequest, callback: grpc.requestCallback<_assay_v1_GetEvaluationResponse__Output>): grpc.ClientUnaryCall;
  /**
   * The state and progress of one evaluation. NOT_FOUND if there is none.
   */
  getEvaluation(argument: _assay_v1_GetEvaluationRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_GetEvaluationResponse__Output>): grpc.ClientUnaryCall;
  getEvaluation(argument: _assay_v1_GetEvaluationRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_GetEvaluationResponse__Output>): grpc.ClientUnaryCall;
  getEvaluation(argument: _assay_v1_GetEvaluationRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_GetEvaluationResponse__Output>): grpc.ClientUnaryCall;
  getEvaluation(argument: _assay_v1_GetEvaluationRequest, callback: grpc.requestCallback<_assay_v1_GetEvaluationResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * The report of a final evaluation; FAILED_PRECONDITION while it still runs.
   */
  GetReport(argument: _assay_v1_GetReportRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_GetReportResponse__Output>): grpc.ClientUnaryCall;
  GetReport(argument: _assay_v1_GetReportRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_GetReportResponse__Output>): grpc.ClientUnaryCall;
  GetReport(argument: _assay_v1_GetReportRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_GetReportResponse__Output>): grpc.ClientUnaryCall;
  GetReport(argument: _assay_v1_GetReportRequest, callback: grpc.requestCallback<_assay_v1_GetReportResponse__Output>): grpc.ClientUnaryCall;
  /**
   * The report of a final evaluation; FAILED_PRECONDITION while it still runs.
   */
  getReport(argument: _assay_v1_GetReportRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_GetReportResponse__Output>): grpc.ClientUnaryCall;
  getReport(argument: _assay_v1_GetReportRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_GetReportResponse__Output>): grpc.ClientUnaryCall;
  getReport(argument: _assay_v1_GetReportRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_GetReportResponse__Output>): grpc.ClientUnaryCall;
  getReport(argument: _assay_v1_GetReportRequest, callback: grpc.requestCallback<_assay_v1_GetReportResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * One sample with everything that is known of it: prompt, completion, scores, attempts, usage, timing.
   */
  GetSample(argument: _assay_v1_GetSampleRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_GetSampleResponse__Output>): grpc.ClientUnaryCall;
  GetSample(argument: _assay_v1_GetSampleRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_GetSampleResponse__Output>): grpc.ClientUnaryCall;
  GetSample(argument: _assay_v1_GetSampleRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_GetSampleResponse__Output>): grpc.ClientUnaryCall;
  GetSample(argument: _assay_v1_GetSampleRequest, callback: grpc.requestCallback<_assay_v1_GetSampleResponse__Output>): grpc.ClientUnaryCall;
  /**
   * One sample with everything that is known of it: prompt, completion, scores, attempts, usage, timing.
   */
  getSample(argument: _assay_v1_GetSampleRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_GetSampleResponse__Output>): grpc.ClientUnaryCall;
  getSample(argument: _assay_v1_GetSampleRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_GetSampleResponse__Output>): grpc.ClientUnaryCall;
  getSample(argument: _assay_v1_GetSampleRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_GetSampleResponse__Output>): grpc.ClientUnaryCall;
  getSample(argument: _assay_v1_GetSampleRequest, callback: grpc.requestCallback<_assay_v1_GetSampleResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Tasks that were given up, with the evidence.
   */
  ListDeadLetters(argument: _assay_v1_ListDeadLettersRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_ListDeadLettersResponse__Output>): grpc.ClientUnaryCall;
  ListDeadLetters(argument: _assay_v1_ListDeadLettersRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_ListDeadLettersResponse__Output>): grpc.ClientUnaryCall;
  ListDeadLetters(argument: _assay_v1_ListDeadLettersRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_ListDeadLettersResponse__Output>): grpc.ClientUnaryCall;
  ListDeadLetters(argument: _assay_v1_ListDeadLettersRequest, callback: grpc.requestCallback<_assay_v1_ListDeadLettersResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Tasks that were given up, with the evidence.
   */
  listDeadLetters(argument: _assay_v1_ListDeadLettersRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_ListDeadLettersResponse__Output>): grpc.ClientUnaryCall;
  listDeadLetters(argument: _assay_v1_ListDeadLettersRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_ListDeadLettersResponse__Output>): grpc.ClientUnaryCall;
  listDeadLetters(argument: _assay_v1_ListDeadLettersRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_ListDeadLettersResponse__Output>): grpc.ClientUnaryCall;
  listDeadLetters(argument: _assay_v1_ListDeadLettersRequest, callback: grpc.requestCallback<_assay_v1_ListDeadLettersResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Evaluations, the newest first, also those that Redis has forgotten.
   */
  ListEvaluations(argument: _assay_v1_ListEvaluationsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_ListEvaluationsResponse__Output>): grpc.ClientUnaryCall;
  ListEvaluations(argument: _assay_v1_ListEvaluationsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_ListEvaluationsResponse__Output>): grpc.ClientUnaryCall;
  ListEvaluations(argument: _assay_v1_ListEvaluationsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_ListEvaluationsResponse__Output>): grpc.ClientUnaryCall;
  ListEvaluations(argument: _assay_v1_ListEvaluationsRequest, callback: grpc.requestCallback<_assay_v1_ListEvaluationsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Evaluations, the newest first, also those that Redis has forgotten.
   */
  listEvaluations(argument: _assay_v1_ListEvaluationsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_ListEvaluationsResponse__Output>): grpc.ClientUnaryCall;
  listEvaluations(argument: _assay_v1_ListEvaluationsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_ListEvaluationsResponse__Output>): grpc.ClientUnaryCall;
  listEvaluations(argument: _assay_v1_ListEvaluationsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_ListEvaluationsResponse__Output>): grpc.ClientUnaryCall;
  listEvaluations(argument: _assay_v1_ListEvaluationsRequest, callback: grpc.requestCallback<_assay_v1_ListEvaluationsResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Samples of an evaluation in unit order, open ones included, without their texts.
   */
  ListSamples(argument: _assay_v1_ListSamplesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_ListSamplesResponse__Output>): grpc.ClientUnaryCall;
  ListSamples(argument: _assay_v1_ListSamplesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_ListSamplesResponse__Output>): grpc.ClientUnaryCall;
  ListSamples(argument: _assay_v1_ListSamplesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_ListSamplesResponse__Output>): grpc.ClientUnaryCall;
  ListSamples(argument: _assay_v1_ListSamplesRequest, callback: grpc.requestCallback<_assay_v1_ListSamplesResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Samples of an evaluation in unit order, open ones included, without their texts.
   */
  listSamples(argument: _assay_v1_ListSamplesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_ListSamplesResponse__Output>): grpc.ClientUnaryCall;
  listSamples(argument: _assay_v1_ListSamplesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_ListSamplesResponse__Output>): grpc.ClientUnaryCall;
  listSamples(argument: _assay_v1_ListSamplesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_ListSamplesResponse__Output>): grpc.ClientUnaryCall;
  listSamples(argument: _assay_v1_ListSamplesRequest, callback: grpc.requestCallback<_assay_v1_ListSamplesResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Nothing new is handed out; what runs may finish and is counted. For one evaluation, or for all that a filter names.
   */
  PauseEvaluation(argument: _assay_v1_PauseEvaluationRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_PauseEvaluationResponse__Output>): grpc.ClientUnaryCall;
  PauseEvaluation(argument: _assay_v1_PauseEvaluationRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_PauseEvaluationResponse__Output>): grpc.ClientUnaryCall;
  PauseEvaluation(argument: _assay_v1_PauseEvaluationRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_PauseEvaluationResponse__Output>): grpc.ClientUnaryCall;
  PauseEvaluation(argument: _assay_v1_PauseEvaluationRequest, callback: grpc.requestCallback<_assay_v1_PauseEvaluationResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Nothing new is handed out; what runs may finish and is counted. For one evaluation, or for all that a filter names.
   */
  pauseEvaluation(argument: _assay_v1_PauseEvaluationRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_PauseEvaluationResponse__Output>): grpc.ClientUnaryCall;
  pauseEvaluation(argument: _assay_v1_PauseEvaluationRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_PauseEvaluationResponse__Output>): grpc.ClientUnaryCall;
  pauseEvaluation(argument: _assay_v1_PauseEvaluationRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_PauseEvaluationResponse__Output>): grpc.ClientUnaryCall;
  pauseEvaluation(argument: _assay_v1_PauseEvaluationRequest, callback: grpc.requestCallback<_assay_v1_PauseEvaluationResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * What is needed to tell whether two evaluations were the same, and to repeat one: its record. Reads every result, so it takes seconds
   * for a hundred thousand units; changes nothing.
   */
  RecordEvaluation(argument: _assay_v1_RecordEvaluationRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_assay_v1_RecordEvaluationResponse__Output>;
  RecordEvaluation(argument: _assay_v1_RecordEvaluationRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_assay_v1_RecordEvaluationResponse__Output>;
  /**
   * What is needed to tell whether two evaluations were the same, and to repeat one: its record. Reads every result, so it takes seconds
   * for a hundred thousand units; changes nothing.
   */
  recordEvaluation(argument: _assay_v1_RecordEvaluationRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_assay_v1_RecordEvaluationResponse__Output>;
  recordEvaluation(argument: _assay_v1_RecordEvaluationRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_assay_v1_RecordEvaluationResponse__Output>;
  
  /**
   * Makes what Redis knows of an evaluation anew from the store, and answers when that is done. For one whose ledger was damaged; losses
   * of Redis are found and repaired without it. Nothing that was counted is run again; what runs at this moment is. Final and paused ones
   * stay so. One that is final is only taken out of Redis: it is served from the store.
   */
  RecoverEvaluation(argument: _assay_v1_RecoverEvaluationRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_RecoverEvaluationResponse__Output>): grpc.ClientUnaryCall;
  RecoverEvaluation(argument: _assay_v1_RecoverEvaluationRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_RecoverEvaluationResponse__Output>): grpc.ClientUnaryCall;
  RecoverEvaluation(argument: _assay_v1_RecoverEvaluationRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_RecoverEvaluationResponse__Output>): grpc.ClientUnaryCall;
  RecoverEvaluation(argument: _assay_v1_RecoverEvaluationRequest, callback: grpc.requestCallback<_assay_v1_RecoverEvaluationResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Makes what Redis knows of an evaluation anew from the store, and answers when that is done. For one whose ledger was damaged; losses
   * of Redis are found and repaired without it. Nothing that was counted is run again; what runs at this moment is. Final and paused ones
   * stay so. One that is final is only taken out of Redis: it is served from the store.
   */
  recoverEvaluation(argument: _assay_v1_RecoverEvaluationRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_RecoverEvaluationResponse__Output>): grpc.ClientUnaryCall;
  recoverEvaluation(argument: _assay_v1_RecoverEvaluationRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_RecoverEvaluationResponse__Output>): grpc.ClientUnaryCall;
  recoverEvaluation(argument: _assay_v1_RecoverEvaluationRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_RecoverEvaluationResponse__Output>): grpc.ClientUnaryCall;
  recoverEvaluation(argument: _assay_v1_RecoverEvaluationRequest, callback: grpc.requestCallback<_assay_v1_RecoverEvaluationResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Runs the units of dead letters again, in new tasks that have no crashes behind them; as RequeueSamples does.
   */
  ReplayDeadLetters(argument: _assay_v1_ReplayDeadLettersRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_ReplayDeadLettersResponse__Output>): grpc.ClientUnaryCall;
  ReplayDeadLetters(argument: _assay_v1_ReplayDeadLettersRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_ReplayDeadLettersResponse__Output>): grpc.ClientUnaryCall;
  ReplayDeadLetters(argument: _assay_v1_ReplayDeadLettersRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_ReplayDeadLettersResponse__Output>): grpc.ClientUnaryCall;
  ReplayDeadLetters(argument: _assay_v1_ReplayDeadLettersRequest, callback: grpc.requestCallback<_assay_v1_ReplayDeadLettersResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Runs the units of dead letters again, in new tasks that have no crashes behind them; as RequeueSamples does.
   */
  replayDeadLetters(argument: _assay_v1_ReplayDeadLettersRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_ReplayDeadLettersResponse__Output>): grpc.ClientUnaryCall;
  replayDeadLetters(argument: _assay_v1_ReplayDeadLettersRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_ReplayDeadLettersResponse__Output>): grpc.ClientUnaryCall;
  replayDeadLetters(argument: _assay_v1_ReplayDeadLettersRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_ReplayDeadLettersResponse__Output>): grpc.ClientUnaryCall;
  replayDeadLetters(argument: _assay_v1_ReplayDeadLettersRequest, callback: grpc.requestCallback<_assay_v1_ReplayDeadLettersResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Opens closed units again and runs them anew: errored and dead ones, unless the filter names other states (cancelled,
   * unscored). Of a final evaluation too: it runs again, under a new report. Scored units are never run again.
   */
  RequeueSamples(argument: _assay_v1_RequeueSamplesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_RequeueSamplesResponse__Output>): grpc.ClientUnaryCall;
  RequeueSamples(argument: _assay_v1_RequeueSamplesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_RequeueSamplesResponse__Output>): grpc.ClientUnaryCall;
  RequeueSamples(argument: _assay_v1_RequeueSamplesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_RequeueSamplesResponse__Output>): grpc.ClientUnaryCall;
  RequeueSamples(argument: _assay_v1_RequeueSamplesRequest, callback: grpc.requestCallback<_assay_v1_RequeueSamplesResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Opens closed units again and runs them anew: errored and dead ones, unless the filter names other states (cancelled,
   * unscored). Of a final evaluation too: it runs again, under a new report. Scored units are never run again.
   */
  requeueSamples(argument: _assay_v1_RequeueSamplesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_RequeueSamplesResponse__Output>): grpc.ClientUnaryCall;
  requeueSamples(argument: _assay_v1_RequeueSamplesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_RequeueSamplesResponse__Output>): grpc.ClientUnaryCall;
  requeueSamples(argument: _assay_v1_RequeueSamplesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_RequeueSamplesResponse__Output>): grpc.ClientUnaryCall;
  requeueSamples(argument: _assay_v1_RequeueSamplesRequest, callback: grpc.requestCallback<_assay_v1_RequeueSamplesResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Goes on after a pause.
   */
  ResumeEvaluation(argument: _assay_v1_ResumeEvaluationRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_ResumeEvaluationResponse__Output>): grpc.ClientUnaryCall;
  ResumeEvaluation(argument: _assay_v1_ResumeEvaluationRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_ResumeEvaluationResponse__Output>): grpc.ClientUnaryCall;
  ResumeEvaluation(argument: _assay_v1_ResumeEvaluationRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_ResumeEvaluationResponse__Output>): grpc.ClientUnaryCall;
  ResumeEvaluation(argument: _assay_v1_ResumeEvaluationRequest, callback: grpc.requestCallback<_assay_v1_ResumeEvaluationResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Goes on after a pause.
   */
  resumeEvaluation(argument: _assay_v1_ResumeEvaluationRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_ResumeEvaluationResponse__Output>): grpc.ClientUnaryCall;
  resumeEvaluation(argument: _assay_v1_ResumeEvaluationRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_ResumeEvaluationResponse__Output>): grpc.ClientUnaryCall;
  resumeEvaluation(argument: _assay_v1_ResumeEvaluationRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_ResumeEvaluationResponse__Output>): grpc.ClientUnaryCall;
  resumeEvaluation(argument: _assay_v1_ResumeEvaluationRequest, callback: grpc.requestCallback<_assay_v1_ResumeEvaluationResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Closes open units as cancelled without running them. One that runs already may finish, but is not counted.
   */
  SkipSamples(argument: _assay_v1_SkipSamplesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_SkipSamplesResponse__Output>): grpc.ClientUnaryCall;
  SkipSamples(argument: _assay_v1_SkipSamplesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_SkipSamplesResponse__Output>): grpc.ClientUnaryCall;
  SkipSamples(argument: _assay_v1_SkipSamplesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_SkipSamplesResponse__Output>): grpc.ClientUnaryCall;
  SkipSamples(argument: _assay_v1_SkipSamplesRequest, callback: grpc.requestCallback<_assay_v1_SkipSamplesResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Closes open units as cancelled without running them. One that runs already may finish, but is not counted.
   */
  skipSamples(argument: _assay_v1_SkipSamplesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_SkipSamplesResponse__Output>): grpc.ClientUnaryCall;
  skipSamples(argument: _assay_v1_SkipSamplesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_SkipSamplesResponse__Output>): grpc.ClientUnaryCall;
  skipSamples(argument: _assay_v1_SkipSamplesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_SkipSamplesResponse__Output>): grpc.ClientUnaryCall;
  skipSamples(argument: _assay_v1_SkipSamplesRequest, callback: grpc.requestCallback<_assay_v1_SkipSamplesResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Lines that agents and coordinators have told about an evaluation, or about one of its tasks: the oldest first, and with `follow` those that
   * come. They are kept with the evaluation, within a bound. NOT_FOUND if there is no such evaluation.
   */
  StreamLogs(argument: _assay_v1_StreamLogsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_assay_v1_StreamLogsResponse__Output>;
  StreamLogs(argument: _assay_v1_StreamLogsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_assay_v1_StreamLogsResponse__Output>;
  /**
   * Lines that agents and coordinators have told about an evaluation, or about one of its tasks: the oldest first, and with `follow` those that
   * come. They are kept with the evaluation, within a bound. NOT_FOUND if there is no such evaluation.
   */
  streamLogs(argument: _assay_v1_StreamLogsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_assay_v1_StreamLogsResponse__Output>;
  streamLogs(argument: _assay_v1_StreamLogsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_assay_v1_StreamLogsResponse__Output>;
  
  /**
   * Streams the results of closed units in unit order. Of a running evaluation: those there are now.
   */
  StreamResults(argument: _assay_v1_StreamResultsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_assay_v1_StreamResultsResponse__Output>;
  StreamResults(argument: _assay_v1_StreamResultsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_assay_v1_StreamResultsResponse__Output>;
  /**
   * Streams the results of closed units in unit order. Of a running evaluation: those there are now.
   */
  streamResults(argument: _assay_v1_StreamResultsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_assay_v1_StreamResultsResponse__Output>;
  streamResults(argument: _assay_v1_StreamResultsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_assay_v1_StreamResultsResponse__Output>;
  
  /**
   * Accepts an evaluation. When it answers OK, the evaluation is kept whatever crashes. The evaluation's id is computed
   * from the namespace and the idempotency key: the same key with the same spec answers with the same evaluation, with
   * another spec ALREADY_EXISTS. A bad spec or dataset is answered with INVALID_ARGUMENT and every fault at once, and
   * nothing is kept.
   */
  SubmitEvaluation(argument: _assay_v1_SubmitEvaluationRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_SubmitEvaluationResponse__Output>): grpc.ClientUnaryCall;
  SubmitEvaluation(argument: _assay_v1_SubmitEvaluationRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_SubmitEvaluationResponse__Output>): grpc.ClientUnaryCall;
  SubmitEvaluation(argument: _assay_v1_SubmitEvaluationRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_SubmitEvaluationResponse__Output>): grpc.ClientUnaryCall;
  SubmitEvaluation(argument: _assay_v1_SubmitEvaluationRequest, callback: grpc.requestCallback<_assay_v1_SubmitEvaluationResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Accepts an evaluation. When it answers OK, the evaluation is kept whatever crashes. The evaluation's id is computed
   * from the namespace and the idempotency key: the same key with the same spec answers with the same evaluation, with
   * another spec ALREADY_EXISTS. A bad spec or dataset is answered with INVALID_ARGUMENT and every fault at once, and
   * nothing is kept.
   */
  submitEvaluation(argument: _assay_v1_SubmitEvaluationRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_SubmitEvaluationResponse__Output>): grpc.ClientUnaryCall;
  submitEvaluation(argument: _assay_v1_SubmitEvaluationRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_SubmitEvaluationResponse__Output>): grpc.ClientUnaryCall;
  submitEvaluation(argument: _assay_v1_SubmitEvaluationRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_SubmitEvaluationResponse__Output>): grpc.ClientUnaryCall;
  submitEvaluation(argument: _assay_v1_SubmitEvaluationRequest, callback: grpc.requestCallback<_assay_v1_SubmitEvaluationResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Changes what may change while it runs. Fields that are absent stay as they are. In effect for whatever is handed out
   * afterwards. FAILED_PRECONDITION for a final evaluation, except for tags and metadata.
   */
  UpdateEvaluation(argument: _assay_v1_UpdateEvaluationRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_UpdateEvaluationResponse__Output>): grpc.ClientUnaryCall;
  UpdateEvaluation(argument: _assay_v1_UpdateEvaluationRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_UpdateEvaluationResponse__Output>): grpc.ClientUnaryCall;
  UpdateEvaluation(argument: _assay_v1_UpdateEvaluationRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_UpdateEvaluationResponse__Output>): grpc.ClientUnaryCall;
  UpdateEvaluation(argument: _assay_v1_UpdateEvaluationRequest, callback: grpc.requestCallback<_assay_v1_UpdateEvaluationResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Changes what may change while it runs. Fields that are absent stay as they are. In effect for whatever is handed out
   * afterwards. FAILED_PRECONDITION for a final evaluation, except for tags and metadata.
   */
  updateEvaluation(argument: _assay_v1_UpdateEvaluationRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_UpdateEvaluationResponse__Output>): grpc.ClientUnaryCall;
  updateEvaluation(argument: _assay_v1_UpdateEvaluationRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_UpdateEvaluationResponse__Output>): grpc.ClientUnaryCall;
  updateEvaluation(argument: _assay_v1_UpdateEvaluationRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_UpdateEvaluationResponse__Output>): grpc.ClientUnaryCall;
  updateEvaluation(argument: _assay_v1_UpdateEvaluationRequest, callback: grpc.requestCallback<_assay_v1_UpdateEvaluationResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Brings content (a dataset) to the store under its digest. The first message is a header, all others are data, at most
   * 1 MiB each. Content that the store already holds is answered at once, before the data is read: a client may stop
   * sending then. A stream that ends early, or whose bytes do not match the digest, leaves nothing behind.
   */
  UploadContent(metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_UploadContentResponse__Output>): grpc.ClientWritableStream<_assay_v1_UploadContentRequest>;
  UploadContent(metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_UploadContentResponse__Output>): grpc.ClientWritableStream<_assay_v1_UploadContentRequest>;
  UploadContent(options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_UploadContentResponse__Output>): grpc.ClientWritableStream<_assay_v1_UploadContentRequest>;
  UploadContent(callback: grpc.requestCallback<_assay_v1_UploadContentResponse__Output>): grpc.ClientWritableStream<_assay_v1_UploadContentRequest>;
  /**
   * Brings content (a dataset) to the store under its digest. The first message is a header, all others are data, at most
   * 1 MiB each. Content that the store already holds is answered at once, before the data is read: a client may stop
   * sending then. A stream that ends early, or whose bytes do not match the digest, leaves nothing behind.
   */
  uploadContent(metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_UploadContentResponse__Output>): grpc.ClientWritableStream<_assay_v1_UploadContentRequest>;
  uploadContent(metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_UploadContentResponse__Output>): grpc.ClientWritableStream<_assay_v1_UploadContentRequest>;
  uploadContent(options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_UploadContentResponse__Output>): grpc.ClientWritableStream<_assay_v1_UploadContentRequest>;
  uploadContent(callback: grpc.requestCallback<_assay_v1_UploadContentResponse__Output>): grpc.ClientWritableStream<_assay_v1_UploadContentRequest>;
  
  /**
   * Checks what SubmitEvaluation would check, and more, and accepts nothing: every fault, the number of samples, an estimate of
   * tokens and cost, and the routes on which no agent could work now. A spec with faults is a good answer, not an error. Content that the spec
   * brings is stored as by a submit, and lies there for a while; where the namespace has a bound on content it counts, and more than that is RESOURCE_EXHAUSTED.
   */
  ValidateEvaluation(argument: _assay_v1_ValidateEvaluationRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_ValidateEvaluationResponse__Output>): grpc.ClientUnaryCall;
  ValidateEvaluation(argument: _assay_v1_ValidateEvaluationRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_ValidateEvaluationResponse__Output>): grpc.ClientUnaryCall;
  ValidateEvaluation(argument: _assay_v1_ValidateEvaluationRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_ValidateEvaluationResponse__Output>): grpc.ClientUnaryCall;
  ValidateEvaluation(argument: _assay_v1_ValidateEvaluationRequest, callback: grpc.requestCallback<_assay_v1_ValidateEvaluationResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Checks what SubmitEvaluation would check, and more, and accepts nothing: every fault, the number of samples, an estimate of
   * tokens and cost, and the routes on which no agent could work now. A spec with faults is a good answer, not an error. Content that the spec
   * brings is stored as by a submit, and lies there for a while; where the namespace has a bound on content it counts, and more than that is RESOURCE_EXHAUSTED.
   */
  validateEvaluation(argument: _assay_v1_ValidateEvaluationRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_ValidateEvaluationResponse__Output>): grpc.ClientUnaryCall;
  validateEvaluation(argument: _assay_v1_ValidateEvaluationRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_ValidateEvaluationResponse__Output>): grpc.ClientUnaryCall;
  validateEvaluation(argument: _assay_v1_ValidateEvaluationRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_ValidateEvaluationResponse__Output>): grpc.ClientUnaryCall;
  validateEvaluation(argument: _assay_v1_ValidateEvaluationRequest, callback: grpc.requestCallback<_assay_v1_ValidateEvaluationResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Recomputes everything from the store and compares it with what is served: the books. Reads every result, so it takes seconds for a
   * hundred thousand units; changes nothing. RESOURCE_EXHAUSTED while a coordinator is at several others.
   */
  VerifyEvaluation(argument: _assay_v1_VerifyEvaluationRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_assay_v1_VerifyEvaluationResponse__Output>;
  VerifyEvaluation(argument: _assay_v1_VerifyEvaluationRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_assay_v1_VerifyEvaluationResponse__Output>;
  /**
   * Recomputes everything from the store and compares it with what is served: the books. Reads every result, so it takes seconds for a
   * hundred thousand units; changes nothing. RESOURCE_EXHAUSTED while a coordinator is at several others.
   */
  verifyEvaluation(argument: _assay_v1_VerifyEvaluationRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_assay_v1_VerifyEvaluationResponse__Output>;
  verifyEvaluation(argument: _assay_v1_VerifyEvaluationRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_assay_v1_VerifyEvaluationResponse__Output>;
  
  /**
   * Streams what happens to one evaluation until it is final; the event with the final state is the last, and the server
   * ends the stream. See WatchEvaluationRequest.cursor for how to go on after an interruption, on any coordinator.
   */
  WatchEvaluation(argument: _assay_v1_WatchEvaluationRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_assay_v1_WatchEvaluationResponse__Output>;
  WatchEvaluation(argument: _assay_v1_WatchEvaluationRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_assay_v1_WatchEvaluationResponse__Output>;
  /**
   * Streams what happens to one evaluation until it is final; the event with the final state is the last, and the server
   * ends the stream. See WatchEvaluationRequest.cursor for how to go on after an interruption, on any coordinator.
   */
  watchEvaluation(argument: _assay_v1_WatchEvaluationRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_assay_v1_WatchEvaluationResponse__Output>;
  watchEvaluation(argument: _assay_v1_WatchEvaluationRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_assay_v1_WatchEvaluationResponse__Output>;
  
  /**
   * Streams the first page of such a list: first all of it, then what has changed, at most twice a second, and something every 15 seconds. Ends only
   * with UNAVAILABLE when the coordinator goes away: call another one and begin anew. Of a namespace that is not the caller's there is one empty
   * picture, and the end. RESOURCE_EXHAUSTED while a coordinator is asked for very many different lists.
   */
  WatchEvaluations(argument: _assay_v1_WatchEvaluationsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_assay_v1_WatchEvaluationsResponse__Output>;
  WatchEvaluations(argument: _assay_v1_WatchEvaluationsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_assay_v1_WatchEvaluationsResponse__Output>;
  /**
   * Streams the first page of such a list: first all of it, then what has changed, at most twice a second, and something every 15 seconds. Ends only
   * with UNAVAILABLE when the coordinator goes away: call another one and begin anew. Of a namespace that is not the caller's there is one empty
   * picture, and the end. RESOURCE_EXHAUSTED while a coordinator is asked for very many different lists.
   */
  watchEvaluations(argument: _assay_v1_WatchEvaluationsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_assay_v1_WatchEvaluationsResponse__Output>;
  watchEvaluations(argument: _assay_v1_WatchEvaluationsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_assay_v1_WatchEvaluationsResponse__Output>;
  
  /**
   * Why an evaluation, or one of its tasks, does not run, or not faster: reasons in the order of their weight, each with what would change it.
   * Also of one that is over. NOT_FOUND if there is no such evaluation.
   */
  WhyPending(argument: _assay_v1_WhyPendingRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_WhyPendingResponse__Output>): grpc.ClientUnaryCall;
  WhyPending(argument: _assay_v1_WhyPendingRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_WhyPendingResponse__Output>): grpc.ClientUnaryCall;
  WhyPending(argument: _assay_v1_WhyPendingRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_WhyPendingResponse__Output>): grpc.ClientUnaryCall;
  WhyPending(argument: _assay_v1_WhyPendingRequest, callback: grpc.requestCallback<_assay_v1_WhyPendingResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Why an evaluation, or one of its tasks, does not run, or not faster: reasons in the order of their weight, each with what would change it.
   * Also of one that is over. NOT_FOUND if there is no such evaluation.
   */
  whyPending(argument: _assay_v1_WhyPendingRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_WhyPendingResponse__Output>): grpc.ClientUnaryCall;
  whyPending(argument: _assay_v1_WhyPendingRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_WhyPendingResponse__Output>): grpc.ClientUnaryCall;
  whyPending(argument: _assay_v1_WhyPendingRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_WhyPendingResponse__Output>): grpc.ClientUnaryCall;
  whyPending(argument: _assay_v1_WhyPendingRequest, callback: grpc.requestCallback<_assay_v1_WhyPendingResponse__Output>): grpc.ClientUnaryCall;
  
}

/**
 * For whoever wants something evaluated.
 */
export interface EvaluationServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Cancels: nothing more is handed out, open units are closed as cancelled; running samples are aborted, or (mode DRAIN)
   * finish and are counted first. What was counted stays. Cancelling a final evaluation changes nothing and is answered with its
   * state. For one evaluation, or for all that a filter names.
   */
  CancelEvaluation: grpc.handleUnaryCall<_assay_v1_CancelEvaluationRequest__Output, _assay_v1_CancelEvaluationResponse>;
  
  /**
   * Removes an evaluation with its results and report for good. Only a final one that is not kept for ever: FAILED_PRECONDITION otherwise.
   */
  DeleteEvaluation: grpc.handleUnaryCall<_assay_v1_DeleteEvaluationRequest__Output, _assay_v1_DeleteEvaluationResponse>;
  
  /**
   * Accepts dead letters as lost: they are listed no more, and still count as dead.
   */
  DropDeadLetters: grpc.handleUnaryCall<_assay_v1_DropDeadLettersRequest__Output, _assay_v1_DropDeadLettersResponse>;
  
  /**
   * How an evaluation went over time: throughput, latencies, errors, scores, and the latest attempts at its tasks. NOT_FOUND if there is none.
   */
  GetCourse: grpc.handleUnaryCall<_assay_v1_GetCourseRequest__Output, _assay_v1_GetCourseResponse>;
  
  /**
   * One of them, with what its agents said last. NOT_FOUND if there is none, or its units were requeued.
   */
  GetDeadLetter: grpc.handleUnaryCall<_assay_v1_GetDeadLetterRequest__Output, _assay_v1_GetDeadLetterResponse>;
  
  /**
   * The state and progress of one evaluation. NOT_FOUND if there is none.
   */
  GetEvaluation: grpc.handleUnaryCall<_assay_v1_GetEvaluationRequest__Output, _assay_v1_GetEvaluationResponse>;
  
  /**
   * The report of a final evaluation; FAILED_PRECONDITION while it still runs.
   */
  GetReport: grpc.handleUnaryCall<_assay_v1_GetReportRequest__Output, _assay_v1_GetReportResponse>;
  
  /**
   * One sample with everything that is known of it: prompt, completion, scores, attempts, usage, timing.
   */
  GetSample: grpc.handleUnaryCall<_assay_v1_GetSampleRequest__Output, _assay_v1_GetSampleResponse>;
  
  /**
   * Tasks that were given up, with the evidence.
   */
  ListDeadLetters: grpc.handleUnaryCall<_assay_v1_ListDeadLettersRequest__Output, _assay_v1_ListDeadLettersResponse>;
  
  /**
   * Evaluations, the newest first, also those that Redis has forgotten.
   */
  ListEvaluations: grpc.handleUnaryCall<_assay_v1_ListEvaluationsRequest__Output, _assay_v1_ListEvaluationsResponse>;
  
  /**
   * Samples of an evaluation in unit order, open ones included, without their texts.
   */
  ListSamples: grpc.handleUnaryCall<_assay_v1_ListSamplesRequest__Output, _assay_v1_ListSamplesResponse>;
  
  /**
   * Nothing new is handed out; what runs may finish and is counted. For one evaluation, or for all that a filter names.
   */
  PauseEvaluation: grpc.handleUnaryCall<_assay_v1_PauseEvaluationRequest__Output, _assay_v1_PauseEvaluationResponse>;
  
  /**
   * What is needed to tell whether two evaluations were the same, and to repeat one: its record. Reads every result, so it takes seconds
   * for a hundred thousand units; changes nothing.
   */
  RecordEvaluation: grpc.handleServerStreamingCall<_assay_v1_RecordEvaluationRequest__Output, _assay_v1_RecordEvaluationResponse>;
  
  /**
   * Makes what Redis knows of an evaluation anew from the store, and answers when that is done. For one whose ledger was damaged; losses
   * of Redis are found and repaired without it. Nothing that was counted is run again; what runs at this moment is. Final and paused ones
   * stay so. One that is final is only taken out of Redis: it is served from the store.
   */
  RecoverEvaluation: grpc.handleUnaryCall<_assay_v1_RecoverEvaluationRequest__Output, _assay_v1_RecoverEvaluationResponse>;
  
  /**
   * Runs the units of dead letters again, in new tasks that have no crashes behind them; as RequeueSamples does.
   */
  ReplayDeadLetters: grpc.handleUnaryCall<_assay_v1_ReplayDeadLettersRequest__Output, _assay_v1_ReplayDeadLettersResponse>;
  
  /**
   * Opens closed units again and runs them anew: errored and dead ones, unless the filter names other states (cancelled,
   * unscored). Of a final evaluation too: it runs again, under a new report. Scored units are never run again.
   */
  RequeueSamples: grpc.handleUnaryCall<_assay_v1_RequeueSamplesRequest__Output, _assay_v1_RequeueSamplesResponse>;
  
  /**
   * Goes on after a pause.
   */
  ResumeEvaluation: grpc.handleUnaryCall<_assay_v1_ResumeEvaluationRequest__Output, _assay_v1_ResumeEvaluationResponse>;
  
  /**
   * Closes open units as cancelled without running them. One that runs already may finish, but is not counted.
   */
  SkipSamples: grpc.handleUnaryCall<_assay_v1_SkipSamplesRequest__Output, _assay_v1_SkipSamplesResponse>;
  
  /**
   * Lines that agents and coordinators have told about an evaluation, or about one of its tasks: the oldest first, and with `follow` those that
   * come. They are kept with the evaluation, within a bound. NOT_FOUND if there is no such evaluation.
   */
  StreamLogs: grpc.handleServerStreamingCall<_assay_v1_StreamLogsRequest__Output, _assay_v1_StreamLogsResponse>;
  
  /**
   * Streams the results of closed units in unit order. Of a running evaluation: those there are now.
   */
  StreamResults: grpc.handleServerStreamingCall<_assay_v1_StreamResultsRequest__Output, _assay_v1_StreamResultsResponse>;
  
  /**
   * Accepts an evaluation. When it answers OK, the evaluation is kept whatever crashes. The evaluation's id is computed
   * from the namespace and the idempotency key: the same key with the same spec answers with the same evaluation, with
   * another spec ALREADY_EXISTS. A bad spec or dataset is answered with INVALID_ARGUMENT and every fault at once, and
   * nothing is kept.
   */
  SubmitEvaluation: grpc.handleUnaryCall<_assay_v1_SubmitEvaluationRequest__Output, _assay_v1_SubmitEvaluationResponse>;
  
  /**
   * Changes what may change while it runs. Fields that are absent stay as they are. In effect for whatever is handed out
   * afterwards. FAILED_PRECONDITION for a final evaluation, except for tags and metadata.
   */
  UpdateEvaluation: grpc.handleUnaryCall<_assay_v1_UpdateEvaluationRequest__Output, _assay_v1_UpdateEvaluationResponse>;
  
  /**
   * Brings content (a dataset) to the store under its digest. The first message is a header, all others are data, at most
   * 1 MiB each. Content that the store already holds is answered at once, before the data is read: a client may stop
   * sending then. A stream that ends early, or whose bytes do not match the digest, leaves nothing behind.
   */
  UploadContent: grpc.handleClientStreamingCall<_assay_v1_UploadContentRequest__Output, _assay_v1_UploadContentResponse>;
  
  /**
   * Checks what SubmitEvaluation would check, and more, and accepts nothing: every fault, the number of samples, an estimate of
   * tokens and cost, and the routes on which no agent could work now. A spec with faults is a good answer, not an error. Content that the spec
   * brings is stored as by a submit, and lies there for a while; where the namespace has a bound on content it counts, and more than that is RESOURCE_EXHAUSTED.
   */
  ValidateEvaluation: grpc.handleUnaryCall<_assay_v1_ValidateEvaluationRequest__Output, _assay_v1_ValidateEvaluationResponse>;
  
  /**
   * Recomputes everything from the store and compares it with what is served: the books. Reads every result, so it takes seconds for a
   * hundred thousand units; changes nothing. RESOURCE_EXHAUSTED while a coordinator is at several others.
   */
  VerifyEvaluation: grpc.handleServerStreamingCall<_assay_v1_VerifyEvaluationRequest__Output, _assay_v1_VerifyEvaluationResponse>;
  
  /**
   * Streams what happens to one evaluation until it is final; the event with the final state is the last, and the server
   * ends the stream. See WatchEvaluationRequest.cursor for how to go on after an interruption, on any coordinator.
   */
  WatchEvaluation: grpc.handleServerStreamingCall<_assay_v1_WatchEvaluationRequest__Output, _assay_v1_WatchEvaluationResponse>;
  
  /**
   * Streams the first page of such a list: first all of it, then what has changed, at most twice a second, and something every 15 seconds. Ends only
   * with UNAVAILABLE when the coordinator goes away: call another one and begin anew. Of a namespace that is not the caller's there is one empty
   * picture, and the end. RESOURCE_EXHAUSTED while a coordinator is asked for very many different lists.
   */
  WatchEvaluations: grpc.handleServerStreamingCall<_assay_v1_WatchEvaluationsRequest__Output, _assay_v1_WatchEvaluationsResponse>;
  
  /**
   * Why an evaluation, or one of its tasks, does not run, or not faster: reasons in the order of their weight, each with what would change it.
   * Also of one that is over. NOT_FOUND if there is no such evaluation.
   */
  WhyPending: grpc.handleUnaryCall<_assay_v1_WhyPendingRequest__Output, _assay_v1_WhyPendingResponse>;
  
}

export interface EvaluationServiceDefinition extends grpc.ServiceDefinition {
  CancelEvaluation: MethodDefinition<_assay_v1_CancelEvaluationRequest, _assay_v1_CancelEvaluationResponse, _assay_v1_CancelEvaluationRequest__Output, _assay_v1_CancelEvaluationResponse__Output>
  DeleteEvaluation: MethodDefinition<_assay_v1_DeleteEvaluationRequest, _assay_v1_DeleteEvaluationResponse, _assay_v1_DeleteEvaluationRequest__Output, _assay_v1_DeleteEvaluationResponse__Output>
  DropDeadLetters: MethodDefinition<_assay_v1_DropDeadLettersRequest, _assay_v1_DropDeadLettersResponse, _assay_v1_DropDeadLettersRequest__Output, _assay_v1_DropDeadLettersResponse__Output>
  GetCourse: MethodDefinition<_assay_v1_GetCourseRequest, _assay_v1_GetCourseResponse, _assay_v1_GetCourseRequest__Output, _assay_v1_GetCourseResponse__Output>
  GetDeadLetter: MethodDefinition<_assay_v1_GetDeadLetterRequest, _assay_v1_GetDeadLetterResponse, _assay_v1_GetDeadLetterRequest__Output, _assay_v1_GetDeadLetterResponse__Output>
  GetEvaluation: MethodDefinition<_assay_v1_GetEvaluationRequest, _assay_v1_GetEvaluationResponse, _assay_v1_GetEvaluationRequest__Output, _assay_v1_GetEvaluationResponse__Output>
  GetReport: MethodDefinition<_assay_v1_GetReportRequest, _assay_v1_GetReportResponse, _assay_v1_GetReportRequest__Output, _assay_v1_GetReportResponse__Output>
  GetSample: MethodDefinition<_assay_v1_GetSampleRequest, _assay_v1_GetSampleResponse, _assay_v1_GetSampleRequest__Output, _assay_v1_GetSampleResponse__Output>
  ListDeadLetters: MethodDefinition<_assay_v1_ListDeadLettersRequest, _assay_v1_ListDeadLettersResponse, _assay_v1_ListDeadLettersRequest__Output, _assay_v1_ListDeadLettersResponse__Output>
  ListEvaluations: MethodDefinition<_assay_v1_ListEvaluationsRequest, _assay_v1_ListEvaluationsResponse, _assay_v1_ListEvaluationsRequest__Output, _assay_v1_ListEvaluationsResponse__Output>
  ListSamples: MethodDefinition<_assay_v1_ListSamplesRequest, _assay_v1_ListSamplesResponse, _assay_v1_ListSamplesRequest__Output, _assay_v1_ListSamplesResponse__Output>
  PauseEvaluation: MethodDefinition<_assay_v1_PauseEvaluationRequest, _assay_v1_PauseEvaluationResponse, _assay_v1_PauseEvaluationRequest__Output, _assay_v1_PauseEvaluationResponse__Output>
  RecordEvaluation: MethodDefinition<_assay_v1_RecordEvaluationRequest, _assay_v1_RecordEvaluationResponse, _assay_v1_RecordEvaluationRequest__Output, _assay_v1_RecordEvaluationResponse__Output>
  RecoverEvaluation: MethodDefinition<_assay_v1_RecoverEvaluationRequest, _assay_v1_RecoverEvaluationResponse, _assay_v1_RecoverEvaluationRequest__Output, _assay_v1_RecoverEvaluationResponse__Output>
  ReplayDeadLetters: MethodDefinition<_assay_v1_ReplayDeadLettersRequest, _assay_v1_ReplayDeadLettersResponse, _assay_v1_ReplayDeadLettersRequest__Output, _assay_v1_ReplayDeadLettersResponse__Output>
  RequeueSamples: MethodDefinition<_assay_v1_RequeueSamplesRequest, _assay_v1_RequeueSamplesResponse, _assay_v1_RequeueSamplesRequest__Output, _assay_v1_RequeueSamplesResponse__Output>
  ResumeEvaluation: MethodDefinition<_assay_v1_ResumeEvaluationRequest, _assay_v1_ResumeEvaluationResponse, _assay_v1_ResumeEvaluationRequest__Output, _assay_v1_ResumeEvaluationResponse__Output>
  SkipSamples: MethodDefinition<_assay_v1_SkipSamplesRequest, _assay_v1_SkipSamplesResponse, _assay_v1_SkipSamplesRequest__Output, _assay_v1_SkipSamplesResponse__Output>
  StreamLogs: MethodDefinition<_assay_v1_StreamLogsRequest, _assay_v1_StreamLogsResponse, _assay_v1_StreamLogsRequest__Output, _assay_v1_StreamLogsResponse__Output>
  StreamResults: MethodDefinition<_assay_v1_StreamResultsRequest, _assay_v1_StreamResultsResponse, _assay_v1_StreamResultsRequest__Output, _assay_v1_StreamResultsResponse__Output>
  SubmitEvaluation: MethodDefinition<_assay_v1_SubmitEvaluationRequest, _assay_v1_SubmitEvaluationResponse, _assay_v1_SubmitEvaluationRequest__Output, _assay_v1_SubmitEvaluationResponse__Output>
  UpdateEvaluation: MethodDefinition<_assay_v1_UpdateEvaluationRequest, _assay_v1_UpdateEvaluationResponse, _assay_v1_UpdateEvaluationRequest__Output, _assay_v1_UpdateEvaluationResponse__Output>
  UploadContent: MethodDefinition<_assay_v1_UploadContentRequest, _assay_v1_UploadContentResponse, _assay_v1_UploadContentRequest__Output, _assay_v1_UploadContentResponse__Output>
  ValidateEvaluation: MethodDefinition<_assay_v1_ValidateEvaluationRequest, _assay_v1_ValidateEvaluationResponse, _assay_v1_ValidateEvaluationRequest__Output, _assay_v1_ValidateEvaluationResponse__Output>
  VerifyEvaluation: MethodDefinition<_assay_v1_VerifyEvaluationRequest, _assay_v1_VerifyEvaluationResponse, _assay_v1_VerifyEvaluationRequest__Output, _assay_v1_VerifyEvaluationResponse__Output>
  WatchEvaluation: MethodDefinition<_assay_v1_WatchEvaluationRequest, _assay_v1_WatchEvaluationResponse, _assay_v1_WatchEvaluationRequest__Output, _assay_v1_WatchEvaluationResponse__Output>
  WatchEvaluations: MethodDefinition<_assay_v1_WatchEvaluationsRequest, _assay_v1_WatchEvaluationsResponse, _assay_v1_WatchEvaluationsRequest__Output, _assay_v1_WatchEvaluationsResponse__Output>
  WhyPending: MethodDefinition<_assay_v1_WhyPendingRequest, _assay_v1_WhyPendingResponse, _assay_v1_WhyPendingRequest__Output, _assay_v1_WhyPendingResponse__Output>
}
