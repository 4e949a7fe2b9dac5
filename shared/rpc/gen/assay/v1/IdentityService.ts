// Original file: proto/assay/v1/identity.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CreateJoinTokenRequest as _assay_v1_CreateJoinTokenRequest, CreateJoinTokenRequest__Output as _assay_v1_CreateJoinTokenRequest__Output } from '../../assay/v1/CreateJoinTokenRequest.ts';
import type { CreateJoinTokenResponse as _assay_v1_CreateJoinTokenResponse, CreateJoinTokenResponse__Output as _assay_v1_CreateJoinTokenResponse__Output } from '../../assay/v1/CreateJoinTokenResponse.ts';
import type { CreateTokenRequest as _assay_v1_CreateTokenRequest, CreateTokenRequest__Output as _assay_v1_CreateTokenRequest__Output } from '../../assay/v1/CreateTokenRequest.ts';
import type { CreateTokenResponse as _assay_v1_CreateTokenResponse, CreateTokenResponse__Output as _assay_v1_CreateTokenResponse__Output } from '../../assay/v1/CreateTokenResponse.ts';
import type { JoinRequest as _assay_v1_JoinRequest, JoinRequest__Output as _assay_v1_JoinRequest__Output } from '../../assay/v1/JoinRequest.ts';
import type { JoinResponse as _assay_v1_JoinResponse, JoinResponse__Output as _assay_v1_JoinResponse__Output } from '../../assay/v1/JoinResponse.ts';
import type { ListTokensRequest as _assay_v1_ListTokensRequest, ListTokensRequest__Output as _assay_v1_ListTokensRequest__Output } from '../../assay/v1/ListTokensRequest.ts';
import type { ListTokensResponse as _assay_v1_ListTokensResponse, ListTokensResponse__Output as _assay_v1_ListTokensResponse__Output } from '../../assay/v1/ListTokensResponse.ts';
import type { RevokeAgentRequest as _assay_v1_RevokeAgentRequest, RevokeAgentRequest__Output as _assay_v1_RevokeAgentRequest__Output } from '../../assay/v1/RevokeAgentRequest.ts';
import type { RevokeAgentResponse as _assay_v1_RevokeAgentResponse, RevokeAgentResponse__Output as _assay_v1_RevokeAgentResponse__Output } from '../../assay/v1/RevokeAgentResponse.ts';
import type { RevokeTokenRequest as _assay_v1_RevokeTokenRequest, RevokeTokenRequest__Output as _assay_v1_RevokeTokenRequest__Output } from '../../assay/v1/RevokeTokenRequest.ts';
import type { RevokeTokenResponse as _assay_v1_RevokeTokenResponse, RevokeTokenResponse__Output as _assay_v1_RevokeTokenResponse__Output } from '../../assay/v1/RevokeTokenResponse.ts';
import type { WhoAmIRequest as _assay_v1_WhoAmIRequest, WhoAmIRequest__Output as _assay_v1_WhoAmIRequest__Output } from '../../assay/v1/WhoAmIRequest.ts';
import type { WhoAmIResponse as _assay_v1_WhoAmIResponse, WhoAmIResponse__Output as _assay_v1_WhoAmIResponse__Output } from '../../assay/v1/WhoAmIResponse.ts';

/**
 * Tokens, and who one is.
 */
export interface IdentityServiceClient extends grpc.Client {
  /**
   * Makes a join token, by which one agent joins the fleet. Its caller needs the scope `admin`, and gives no namespace that it has not itself.
   * The token is in the answer and nowhere else. Not idempotent. RESOURCE_EXHAUSTED when there are too many.
   */
  CreateJoinToken(argument: _assay_v1_CreateJoinTokenRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_CreateJoinTokenResponse__Output>): grpc.ClientUnaryCall;
  CreateJoinToken(argument: _assay_v1_CreateJoinTokenRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_CreateJoinTokenResponse__Output>): grpc.ClientUnaryCall;
  CreateJoinToken(argument: _assay_v1_CreateJoinTokenRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_CreateJoinTokenResponse__Output>): grpc.ClientUnaryCall;
  CreateJoinToken(argument: _assay_v1_CreateJoinTokenRequest, callback: grpc.requestCallback<_assay_v1_CreateJoinTokenResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Makes a join token, by which one agent joins the fleet. Its caller needs the scope `admin`, and gives no namespace that it has not itself.
   * The token is in the answer and nowhere else. Not idempotent. RESOURCE_EXHAUSTED when there are too many.
   */
  createJoinToken(argument: _assay_v1_CreateJoinTokenRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_CreateJoinTokenResponse__Output>): grpc.ClientUnaryCall;
  createJoinToken(argument: _assay_v1_CreateJoinTokenRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_CreateJoinTokenResponse__Output>): grpc.ClientUnaryCall;
  createJoinToken(argument: _assay_v1_CreateJoinTokenRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_CreateJoinTokenResponse__Output>): grpc.ClientUnaryCall;
  createJoinToken(argument: _assay_v1_CreateJoinTokenRequest, callback: grpc.requestCallback<_assay_v1_CreateJoinTokenResponse__Output>): grpc.ClientUnaryCall;
  
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
   * For a host that has a join token, and nothing else: it needs no identity. What it presents is taken once: of all who present the same token
   * one is let in, wherever they ask. UNAUTHENTICATED for a token that is wrong, over or used, all alike, and for a signature that is not the
   * key's; RESOURCE_EXHAUSTED after ten failed attempts of one address within a minute, with a wait that doubles for whoever goes on.
   * Not repeated: where the answer was lost, ask for another token.
   */
  Join(argument: _assay_v1_JoinRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_JoinResponse__Output>): grpc.ClientUnaryCall;
  Join(argument: _assay_v1_JoinRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_JoinResponse__Output>): grpc.ClientUnaryCall;
  Join(argument: _assay_v1_JoinRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_JoinResponse__Output>): grpc.ClientUnaryCall;
  Join(argument: _assay_v1_JoinRequest, callback: grpc.requestCallback<_assay_v1_JoinResponse__Output>): grpc.ClientUnaryCall;
  /**
   * For a host that has a join token, and nothing else: it needs no identity. What it presents is taken once: of all who present the same token
   * one is let in, wherever they ask. UNAUTHENTICATED for a token that is wrong, over or used, all alike, and for a signature that is not the
   * key's; RESOURCE_EXHAUSTED after ten failed attempts of one address within a minute, with a wait that doubles for whoever goes on.
   * Not repeated: where the answer was lost, ask for another token.
   */
  join(argument: _assay_v1_JoinRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_JoinResponse__Output>): grpc.ClientUnaryCall;
  join(argument: _assay_v1_JoinRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_JoinResponse__Output>): grpc.ClientUnaryCall;
  join(argument: _assay_v1_JoinRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_JoinResponse__Output>): grpc.ClientUnaryCall;
  join(argument: _assay_v1_JoinRequest, callback: grpc.requestCallback<_assay_v1_JoinResponse__Output>): grpc.ClientUnaryCall;
  
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
   * Ends an agent that has joined for good, and its stream within five seconds; what it held goes to others. A repeat changes nothing. NOT_FOUND
   * for one that is not there, has never joined, or reaches into a namespace that is not the caller's.
   */
  RevokeAgent(argument: _assay_v1_RevokeAgentRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_RevokeAgentResponse__Output>): grpc.ClientUnaryCall;
  RevokeAgent(argument: _assay_v1_RevokeAgentRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_RevokeAgentResponse__Output>): grpc.ClientUnaryCall;
  RevokeAgent(argument: _assay_v1_RevokeAgentRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_RevokeAgentResponse__Output>): grpc.ClientUnaryCall;
  RevokeAgent(argument: _assay_v1_RevokeAgentRequest, callback: grpc.requestCallback<_assay_v1_RevokeAgentResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Ends an agent that has joined for good, and its stream within five seconds; what it held goes to others. A repeat changes nothing. NOT_FOUND
   * for one that is not there, has never joined, or reaches into a namespace that is not the caller's.
   */
  revokeAgent(argument: _assay_v1_RevokeAgentRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_RevokeAgentResponse__Output>): grpc.ClientUnaryCall;
  revokeAgent(argument: _assay_v1_RevokeAgentRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_RevokeAgentResponse__Output>): grpc.ClientUnaryCall;
  revokeAgent(argument: _assay_v1_RevokeAgentRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_RevokeAgentResponse__Output>): grpc.ClientUnaryCall;
  revokeAgent(argument: _assay_v1_RevokeAgentRequest, callback: grpc.requestCallback<_assay_v1_RevokeAgentResponse__Output>): grpc.ClientUnaryCall;
  
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
   * Makes a join token, by which one agent joins the fleet. Its caller needs the scope `admin`, and gives no namespace that it has not itself.
   * The token is in the answer and nowhere else. Not idempotent. RESOURCE_EXHAUSTED when there are too many.
   */
  CreateJoinToken: grpc.handleUnaryCall<_assay_v1_CreateJoinTokenRequest__Output, _assay_v1_CreateJoinTokenResponse>;
  
  /**
   * Makes a token. Its caller needs the scope `admin`, and gives no scope and no namespace that it has not itself. The token itself is in the
   * answer and nowhere else: it cannot be shown again. It holds on every coordinator at once. Not idempotent: a repeat makes another one; revoke
   * what nobody needs. RESOURCE_EXHAUSTED when there are too many.
   */
  CreateToken: grpc.handleUnaryCall<_assay_v1_CreateTokenRequest__Output, _assay_v1_CreateTokenResponse>;
  
  /**
   * For a host that has a join token, and nothing else: it needs no identity. What it presents is taken once: of all who present the same token
   * one is let in, wherever they ask. UNAUTHENTICATED for a token that is wrong, over or used, all alike, and for a signature that is not the
   * key's; RESOURCE_EXHAUSTED after ten failed attempts of one address within a minute, with a wait that doubles for whoever goes on.
   * Not repeated: where the answer was lost, ask for another token.
   */
  Join: grpc.handleUnaryCall<_assay_v1_JoinRequest__Output, _assay_v1_JoinResponse>;
  
  /**
   * Tokens whose namespaces are all the caller's, the newest first, with those that expired or were revoked within the last 30 days.
   */
  ListTokens: grpc.handleUnaryCall<_assay_v1_ListTokensRequest__Output, _assay_v1_ListTokensResponse>;
  
  /**
   * Ends an agent that has joined for good, and its stream within five seconds; what it held goes to others. A repeat changes nothing. NOT_FOUND
   * for one that is not there, has never joined, or reaches into a namespace that is not the caller's.
   */
  RevokeAgent: grpc.handleUnaryCall<_assay_v1_RevokeAgentRequest__Output, _assay_v1_RevokeAgentResponse>;
  
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
  CreateJoinToken: MethodDefinition<_assay_v1_CreateJoinTokenRequest, _assay_v1_CreateJoinTokenResponse, _assay_v1_CreateJoinTokenRequest__Output, _assay_v1_CreateJoinTokenResponse__Output>
  CreateToken: MethodDefinition<_assay_v1_CreateTokenRequest, _assay_v1_CreateTokenResponse, _assay_v1_CreateTokenRequest__Output, _assay_v1_CreateTokenResponse__Output>
  Join: MethodDefinition<_assay_v1_JoinRequest, _assay_v1_JoinResponse, _assay_v1_JoinRequest__Output, _assay_v1_JoinResponse__Output>
  ListTokens: MethodDefinition<_assay_v1_ListTokensRequest, _assay_v1_ListTokensResponse, _assay_v1_ListTokensRequest__Output, _assay_v1_ListTokensResponse__Output>
  RevokeAgent: MethodDefinition<_assay_v1_RevokeAgentRequest, _assay_v1_RevokeAgentResponse, _assay_v1_RevokeAgentRequest__Output, _assay_v1_RevokeAgentResponse__Output>
  RevokeToken: MethodDefinition<_assay_v1_RevokeTokenRequest, _assay_v1_RevokeTokenResponse, _assay_v1_RevokeTokenRequest__Output, _assay_v1_RevokeTokenResponse__Output>
  WhoAmI: MethodDefinition<_assay_v1_WhoAmIRequest, _assay_v1_WhoAmIResponse, _assay_v1_WhoAmIRequest__Output, _assay_v1_WhoAmIResponse__Output>
}
