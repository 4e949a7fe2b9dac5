// Original file: proto/assay/v1/evaluation.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CancelEvaluationRequest as _assay_v1_CancelEvaluationRequest, CancelEvaluationRequest__Output as _assay_v1_CancelEvaluationRequest__Output } from '../../assay/v1/CancelEvaluationRequest.ts';
import type { CancelEvaluationResponse as _assay_v1_CancelEvaluationResponse, CancelEvaluationResponse__Output as _assay_v1_CancelEvaluationResponse__Output } from '../../assay/v1/CancelEvaluationResponse.ts';
import type { GetEvaluationRequest as _assay_v1_GetEvaluationRequest, GetEvaluationRequest__Output as _assay_v1_GetEvaluationRequest__Output } from '../../assay/v1/GetEvaluationRequest.ts';
import type { GetEvaluationResponse as _assay_v1_GetEvaluationResponse, GetEvaluationResponse__Output as _assay_v1_GetEvaluationResponse__Output } from '../../assay/v1/GetEvaluationResponse.ts';
import type { GetReportRequest as _assay_v1_GetReportRequest, GetReportRequest__Output as _assay_v1_GetReportRequest__Output } from '../../assay/v1/GetReportRequest.ts';
import type { GetReportResponse as _assay_v1_GetReportResponse, GetReportResponse__Output as _assay_v1_GetReportResponse__Output } from '../../assay/v1/GetReportResponse.ts';
import type { StreamResultsRequest as _assay_v1_StreamResultsRequest, StreamResultsRequest__Output as _assay_v1_StreamResultsRequest__Output } from '../../assay/v1/StreamResultsRequest.ts';
import type { StreamResultsResponse as _assay_v1_StreamResultsResponse, StreamResultsResponse__Output as _assay_v1_StreamResultsResponse__Output } from '../../assay/v1/StreamResultsResponse.ts';
import type { SubmitEvaluationRequest as _assay_v1_SubmitEvaluationRequest, SubmitEvaluationRequest__Output as _assay_v1_SubmitEvaluationRequest__Output } from '../../assay/v1/SubmitEvaluationRequest.ts';
import type { SubmitEvaluationResponse as _assay_v1_SubmitEvaluationResponse, SubmitEvaluationResponse__Output as _assay_v1_SubmitEvaluationResponse__Output } from '../../assay/v1/SubmitEvaluationResponse.ts';
import type { UploadContentRequest as _assay_v1_UploadContentRequest, UploadContentRequest__Output as _assay_v1_UploadContentRequest__Output } from '../../assay/v1/UploadContentRequest.ts';
import type { UploadContentResponse as _assay_v1_UploadContentResponse, UploadContentResponse__Output as _assay_v1_UploadContentResponse__Output } from '../../assay/v1/UploadContentResponse.ts';
import type { WatchEvaluationRequest as _assay_v1_WatchEvaluationRequest, WatchEvaluationRequest__Output as _assay_v1_WatchEvaluationRequest__Output } from '../../assay/v1/WatchEvaluationRequest.ts';
import type { WatchEvaluationResponse as _assay_v1_WatchEvaluationResponse, WatchEvaluationResponse__Output as _assay_v1_WatchEvaluationResponse__Output } from '../../assay/v1/WatchEvaluationResponse.ts';

export interface EvaluationServiceClient extends grpc.Client {
  /**
   * Cancels: nothing more is handed out, running samples are aborted, open units are closed as cancelled. What was counted
   * stays. Cancelling a final evaluation changes nothing and is answered with its state.
   */
  CancelEvaluation(argument: _assay_v1_CancelEvaluationRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_CancelEvaluationResponse__Output>): grpc.ClientUnaryCall;
  CancelEvaluation(argument: _assay_v1_CancelEvaluationRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_CancelEvaluationResponse__Output>): grpc.ClientUnaryCall;
  CancelEvaluation(argument: _assay_v1_CancelEvaluationRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_CancelEvaluationResponse__Output>): grpc.ClientUnaryCall;
  CancelEvaluation(argument: _assay_v1_CancelEvaluationRequest, callback: grpc.requestCallback<_assay_v1_CancelEvaluationResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Cancels: nothing more is handed out, running samples are aborted, open units are closed as cancelled. What was counted
   * stays. Cancelling a final evaluation changes nothing and is answered with its state.
   */
  cancelEvaluation(argument: _assay_v1_CancelEvaluationRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_CancelEvaluationResponse__Output>): grpc.ClientUnaryCall;
  cancelEvaluation(argument: _assay_v1_CancelEvaluationRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_CancelEvaluationResponse__Output>): grpc.ClientUnaryCall;
  cancelEvaluation(argument: _assay_v1_CancelEvaluationRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_CancelEvaluationResponse__Output>): grpc.ClientUnaryCall;
  cancelEvaluation(argument: _assay_v1_CancelEvaluationRequest, callback: grpc.requestCallback<_assay_v1_CancelEvaluationResponse__Output>): grpc.ClientUnaryCall;
  
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
  
}

export interface EvaluationServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Cancels: nothing more is handed out, running samples are aborted, open units are closed as cancelled. What was counted
   * stays. Cancelling a final evaluation changes nothing and is answered with its state.
   */
  CancelEvaluation: grpc.handleUnaryCall<_assay_v1_CancelEvaluationRequest__Output, _assay_v1_CancelEvaluationResponse>;
  
  /**
   * The state and progress of one evaluation. NOT_FOUND if there is none.
   */
  GetEvaluation: grpc.handleUnaryCall<_assay_v1_GetEvaluationRequest__Output, _assay_v1_GetEvaluationResponse>;
  
  /**
   * The report of a final evaluation; FAILED_PRECONDITION while it still runs.
   */
  GetReport: grpc.handleUnaryCall<_assay_v1_GetReportRequest__Output, _assay_v1_GetReportResponse>;
  
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
   * Brings content (a dataset) to the store under its digest. The first message is a header, all others are data, at most
   * 1 MiB each. Content that the store already holds is answered at once, before the data is read: a client may stop
   * sending then. A stream that ends early, or whose bytes do not match the digest, leaves nothing behind.
   */
  UploadContent: grpc.handleClientStreamingCall<_assay_v1_UploadContentRequest__Output, _assay_v1_UploadContentResponse>;
  
  /**
   * Streams what happens to one evaluation until it is final; the event with the final state is the last, and the server
   * ends the stream. See WatchEvaluationRequest.cursor for how to go on after an interruption, on any coordinator.
   */
  WatchEvaluation: grpc.handleServerStreamingCall<_assay_v1_WatchEvaluationRequest__Output, _assay_v1_WatchEvaluationResponse>;
  
}

export interface EvaluationServiceDefinition extends grpc.ServiceDefinition {
  CancelEvaluation: MethodDefinition<_assay_v1_CancelEvaluationRequest, _assay_v1_CancelEvaluationResponse, _assay_v1_CancelEvaluationRequest__Output, _assay_v1_CancelEvaluationResponse__Output>
  GetEvaluation: MethodDefinition<_assay_v1_GetEvaluationRequest, _assay_v1_GetEvaluationResponse, _assay_v1_GetEvaluationRequest__Output, _assay_v1_GetEvaluationResponse__Output>
  GetReport: MethodDefinition<_assay_v1_GetReportRequest, _assay_v1_GetReportResponse, _assay_v1_GetReportRequest__Output, _assay_v1_GetReportResponse__Output>
  StreamResults: MethodDefinition<_assay_v1_StreamResultsRequest, _assay_v1_StreamResultsResponse, _assay_v1_StreamResultsRequest__Output, _assay_v1_StreamResultsResponse__Output>
  SubmitEvaluation: MethodDefinition<_assay_v1_SubmitEvaluationRequest, _assay_v1_SubmitEvaluationResponse, _assay_v1_SubmitEvaluationRequest__Output, _assay_v1_SubmitEvaluationResponse__Output>
  UploadContent: MethodDefinition<_assay_v1_UploadContentRequest, _assay_v1_UploadContentResponse, _assay_v1_UploadContentRequest__Output, _assay_v1_UploadContentResponse__Output>
  WatchEvaluation: MethodDefinition<_assay_v1_WatchEvaluationRequest, _assay_v1_WatchEvaluationResponse, _assay_v1_WatchEvaluationRequest__Output, _assay_v1_WatchEvaluationResponse__Output>
}
