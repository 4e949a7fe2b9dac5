// Original file: proto/assay/v1/identity.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CreateTokenRequest as _assay_v1_CreateTokenRequest, CreateTokenRequest__Output as _assay_v1_CreateTokenRequest__Output } from '../../assay/v1/CreateTokenRequest.ts';
import type { CreateTokenResponse as _assay_v1_CreateTokenResponse, CreateTokenResponse__Output as _assay_v1_CreateTokenResponse__Output } from '../../assay/v1/CreateTokenResponse.ts';
import type { ListTokensRequest as _assay_v1_ListTokensRequest, ListTokensRequest__Output as _assay_v1_ListTokensRequest__Output } from '../../assay/v1/ListTokensRequest.ts';
import type { ListTokensResponse as _assay_v1_ListTokensResponse, ListTokensResponse__Output as _assay_v1_ListTokensResponse__Output } from '../../assay/v1/ListTokensResponse.ts';
import type { RevokeTokenRequest as _assay_v1_RevokeTokenRequest, RevokeTokenRequest__Output as _assay_v1_RevokeTokenRequest__Output } from '../../assay/v1/RevokeTokenRequest.ts';
import type { RevokeTokenResponse as _assay_v1_RevokeTokenResponse, RevokeTokenResponse__Output as _assay_v1_RevokeTokenResponse__Output } from '../../assay/v1/RevokeTokenResponse.ts';
import type { WhoAmIRequest as _assay_v1_WhoAmIRequest, WhoAmIRequest__Output as _assay_v1_WhoAmIRequest__Output } from '../../assay/v1/WhoAmIRequest.ts';
import type { WhoAmIResponse as _assay_v1_WhoAmIResponse, WhoAmIResponse__Output as _assay_v1_WhoAmIResponse__Output } from '../../assay/v1/WhoAmIResponse.ts';

/**
 * Tokens, and who one is.
 */
export interface IdentityServiceClient extends grpc.Client {
  /**
   * Makes a token. Its caller needs the scope `admin`, and gives no scope and no namespace that it has not itself. The token itself is in the
   * answer and nowhere else: it cannot be shown again. It holds on every coordinator at once. Not idempotent: a repeat makes another one; revoke
   * what nobody needs. RESOURCE_EXHAUSTED when there are too many.
   */
  CreateToken(argument: _assay_v1_CreateTokenRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_CreateTokenResponse__Output>): grpc.ClientUnaryCall;
  CreateToken(argument: _assay_v1_CreateTokenRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_CreateTokenResponse__Output>): grpc.ClientUnaryCall;
  CreateToken(argument: _assay_v1_CreateTokenRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_CreateTokenResponse__Output>): grpc.ClientUnaryCall;
  CreateToken(argument: _assay_v1_CreateTokenRequest, callback: grpc.requestCallback<_assay_v1_CreateTokenResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Makes a token. Its caller needs the scope `admin`, and gives no scope and no namespace that it has not itself. The token itself is in the
   * answer and nowhere else: it cannot be shown again. It holds on every coordinator at once. Not idempotent: a repeat makes another one; revoke
   * what nobody needs. RESOURCE_EXHAUSTED when there are too many.
   */
  createToken(argument: _assay_v1_CreateTokenRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_CreateTokenResponse__Output>): grpc.ClientUnaryCall;
  createToken(argument: _assay_v1_CreateTokenRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_CreateTokenResponse__Output>): grpc.ClientUnaryCall;
  createToken(argument: _assay_v1_CreateTokenRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_CreateTokenResponse__Output>): grpc.ClientUnaryCall;
  createToken(argument: _assay_v1_CreateTokenRequest, callback: grpc.requestCallback<_assay_v1_CreateTokenResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Tokens whose namespaces are all the caller's, the newest first, with those that expired or were revoked within the last 30 days.
   */
  ListTokens(argument: _assay_v1_ListTokensRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_ListTokensResponse__Output>): grpc.ClientUnaryCall;
  ListTokens(argument: _assay_v1_ListTokensRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_ListTokensResponse__Output>): grpc.ClientUnaryCall;
  ListTokens(argument: _assay_v1_ListTokensRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_ListTokensResponse__Output>): grpc.ClientUnaryCall;
  ListTokens(argument: _assay_v1_ListTokensRequest, callback: grpc.requestCallback<_assay_v1_ListTokensResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Tokens whose namespaces are all the caller's, the newest first, with those that expired or were revoked within the last 30 days.
   */
  listTokens(argument: _assay_v1_ListTokensRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_ListTokensResponse__Output>): grpc.ClientUnaryCall;
  listTokens(argument: _assay_v1_ListTokensRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_ListTokensResponse__Output>): grpc.ClientUnaryCall;
  listTokens(argument: _assay_v1_ListTokensRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_ListTokensResponse__Output>): grpc.ClientUnaryCall;
  listTokens(argument: _assay_v1_ListTokensRequest, callback: grpc.requestCallback<_assay_v1_ListTokensResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Ends a token for good, and within five seconds every call that is under way with it, on every coordinator. A repeat changes nothing. The
   * tokens that were made with it stay: the list says which. NOT_FOUND for one that is not there, or reaches into a namespace that is not the
   * caller's.
   */
  RevokeToken(argument: _assay_v1_RevokeTokenRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_RevokeTokenResponse__Output>): grpc.ClientUnaryCall;
  RevokeToken(argument: _assay_v1_RevokeTokenRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_RevokeTokenResponse__Output>): grpc.ClientUnaryCall;
  RevokeToken(argument: _assay_v1_RevokeTokenRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_RevokeTokenResponse__Output>): grpc.ClientUnaryCall;
  RevokeToken(argument: _assay_v1_RevokeTokenRequest, callback: grpc.requestCallback<_assay_v1_RevokeTokenResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Ends a token for good, and within five seconds every call that is under way with it, on every coordinator. A repeat changes nothing. The
   * tokens that were made with it stay: the list says which. NOT_FOUND for one that is not there, or reaches into a namespace that is not the
   * caller's.
   */
  revokeToken(argument: _assay_v1_RevokeTokenRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_RevokeTokenResponse__Output>): grpc.ClientUnaryCall;
  revokeToken(argument: _assay_v1_RevokeTokenRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_RevokeTokenResponse__Output>): grpc.ClientUnaryCall;
  revokeToken(argument: _assay_v1_RevokeTokenRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_RevokeTokenResponse__Output>): grpc.ClientUnaryCall;
  revokeToken(argument: _assay_v1_RevokeTokenRequest, callback: grpc.requestCallback<_assay_v1_RevokeTokenResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Whose call this is, as the coordinator sees it. Needs no scope.
   */
  WhoAmI(argument: _assay_v1_WhoAmIRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_WhoAmIResponse__Output>): grpc.ClientUnaryCall;
  WhoAmI(argument: _assay_v1_WhoAmIRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_WhoAmIResponse__Output>): grpc.ClientUnaryCall;
  WhoAmI(argument: _assay_v1_WhoAmIRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_WhoAmIResponse__Output>): grpc.ClientUnaryCall;
  WhoAmI(argument: _assay_v1_WhoAmIRequest, callback: grpc.requestCallback<_assay_v1_WhoAmIResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Whose call this is, as the coordinator sees it. Needs no scope.
   */
  whoAmI(argument: _assay_v1_WhoAmIRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_WhoAmIResponse__Output>): grpc.ClientUnaryCall;
  whoAmI(argument: _assay_v1_WhoAmIRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_WhoAmIResponse__Output>): grpc.ClientUnaryCall;
  whoAmI(argument: _assay_v1_WhoAmIRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_WhoAmIResponse__Output>): grpc.ClientUnaryCall;
  whoAmI(argument: _assay_v1_WhoAmIRequest, callback: grpc.requestCallback<_assay_v1_WhoAmIResponse__Output>): grpc.ClientUnaryCall;
  
}

/**
 * Tokens, and who one is.
 */
export interface IdentityServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Makes a token. Its caller needs the scope `admin`, and gives no scope and no namespace that it has not itself. The token itself is in the
   * answer and nowhere else: it cannot be shown again. It holds on every coordinator at once. Not idempotent: a repeat makes another one; revoke
   * what nobody needs. RESOURCE_EXHAUSTED when there are too many.
   */
  CreateToken: grpc.handleUnaryCall<_assay_v1_CreateTokenRequest__Output, _assay_v1_CreateTokenResponse>;
  
  /**
   * Tokens whose namespaces are all the caller's, the newest first, with those that expired or were revoked within the last 30 days.
   */
  ListTokens: grpc.handleUnaryCall<_assay_v1_ListTokensRequest__Output, _assay_v1_ListTokensResponse>;
  
  /**
   * Ends a token for good, and within five seconds every call that is under way with it, on every coordinator. A repeat changes nothing. The
   * tokens that were made with it stay: the list says which. NOT_FOUND for one that is not there, or reaches into a namespace that is not the
   * caller's.
   */
  RevokeToken: grpc.handleUnaryCall<_assay_v1_RevokeTokenRequest__Output, _assay_v1_RevokeTokenResponse>;
  
  /**
   * Whose call this is, as the coordinator sees it. Needs no scope.
   */
  WhoAmI: grpc.handleUnaryCall<_assay_v1_WhoAmIRequest__Output, _assay_v1_WhoAmIResponse>;
  
}

export interface IdentityServiceDefinition extends grpc.ServiceDefinition {
  CreateToken: MethodDefinition<_assay_v1_CreateTokenRequest, _assay_v1_CreateTokenResponse, _assay_v1_CreateTokenRequest__Output, _assay_v1_CreateTokenResponse__Output>
  ListTokens: MethodDefinition<_assay_v1_ListTokensRequest, _assay_v1_ListTokensResponse, _assay_v1_ListTokensRequest__Output, _assay_v1_ListTokensResponse__Output>
  RevokeToken: MethodDefinition<_assay_v1_RevokeTokenRequest, _assay_v1_RevokeTokenResponse, _assay_v1_RevokeTokenRequest__Output, _assay_v1_RevokeTokenResponse__Output>
  WhoAmI: MethodDefinition<_assay_v1_WhoAmIRequest, _assay_v1_WhoAmIResponse, _assay_v1_WhoAmIRequest__Output, _assay_v1_WhoAmIResponse__Output>
}
