// Original file: proto/assay/v1/identity.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CreateJoinTokenRequest as _assay_v1_CreateJoinTokenRequest, CreateJoinTokenRequest__Output as _assay_v1_CreateJoinTokenRequest__Output } from '../../assay/v1/CreateJoinTokenRequest.ts';
import type { CreateJoinTokenResponse as _assay_v1_CreateJoinTokenResponse, CreateJoinTokenResponse__Output as _assay_v1_CreateJoinTokenResponse__Output } from '../../assay/v1/CreateJoinTokenResponse.ts';
import type { CreateTokenRequest as _assay_v1_CreateTokenRequest, CreateTokenRequest__Output as _assay_v1_CreateTokenRequest__Output } from '../../assay/v1/CreateTokenRequest.ts';
import type { CreateTokenResponse as _assay_v1_CreateTokenResponse, CreateTokenResponse__Output as _assay_v1_CreateTokenResponse__Output } from '../../assay/v1/CreateTokenResponse.ts';
import type { GetNamespaceRequest as _assay_v1_GetNamespaceRequest, GetNamespaceRequest__Output as _assay_v1_GetNamespaceRequest__Output } from '../../assay/v1/GetNamespaceRequest.ts';
import type { GetNamespaceResponse as _assay_v1_GetNamespaceResponse, GetNamespaceResponse__Output as _assay_v1_GetNamespaceResponse__Output } from '../../assay/v1/GetNamespaceResponse.ts';
import type { JoinRequest as _assay_v1_JoinRequest, JoinRequest__Output as _assay_v1_JoinRequest__Output } from '../../assay/v1/JoinRequest.ts';
import type { JoinResponse as _assay_v1_JoinResponse, JoinResponse__Output as _assay_v1_JoinResponse__Output } from '../../assay/v1/JoinResponse.ts';
import type { ListJoinTokensRequest as _assay_v1_ListJoinTokensRequest, ListJoinTokensRequest__Output as _assay_v1_ListJoinTokensRequest__Output } from '../../assay/v1/ListJoinTokensRequest.ts';
import type { ListJoinTokensResponse as _assay_v1_ListJoinTokensResponse, ListJoinTokensResponse__Output as _assay_v1_ListJoinTokensResponse__Output } from '../../assay/v1/ListJoinTokensResponse.ts';
import type { ListNamespacesRequest as _assay_v1_ListNamespacesRequest, ListNamespacesRequest__Output as _assay_v1_ListNamespacesRequest__Output } from '../../assay/v1/ListNamespacesRequest.ts';
import type { ListNamespacesResponse as _assay_v1_ListNamespacesResponse, ListNamespacesResponse__Output as _assay_v1_ListNamespacesResponse__Output } from '../../assay/v1/ListNamespacesResponse.ts';
import type { ListTokensRequest as _assay_v1_ListTokensRequest, ListTokensRequest__Output as _assay_v1_ListTokensRequest__Output } from '../../assay/v1/ListTokensRequest.ts';
import type { ListTokensResponse as _assay_v1_ListTokensResponse, ListTokensResponse__Output as _assay_v1_ListTokensResponse__Output } from '../../assay/v1/ListTokensResponse.ts';
import type { RevokeAgentRequest as _assay_v1_RevokeAgentRequest, RevokeAgentRequest__Output as _assay_v1_RevokeAgentRequest__Output } from '../../assay/v1/RevokeAgentRequest.ts';
import type { RevokeAgentResponse as _assay_v1_RevokeAgentResponse, RevokeAgentResponse__Output as _assay_v1_RevokeAgentResponse__Output } from '../../assay/v1/RevokeAgentResponse.ts';
import type { RevokeJoinTokenRequest as _assay_v1_RevokeJoinTokenRequest, RevokeJoinTokenRequest__Output as _assay_v1_RevokeJoinTokenRequest__Output } from '../../assay/v1/RevokeJoinTokenRequest.ts';
import type { RevokeJoinTokenResponse as _assay_v1_RevokeJoinTokenResponse, RevokeJoinTokenResponse__Output as _assay_v1_RevokeJoinTokenResponse__Output } from '../../assay/v1/RevokeJoinTokenResponse.ts';
import type { RevokeTokenRequest as _assay_v1_RevokeTokenRequest, RevokeTokenRequest__Output as _assay_v1_RevokeTokenRequest__Output } from '../../assay/v1/RevokeTokenRequest.ts';
import type { RevokeTokenResponse as _assay_v1_RevokeTokenResponse, RevokeTokenResponse__Output as _assay_v1_RevokeTokenResponse__Output } from '../../assay/v1/RevokeTokenResponse.ts';
import type { SetNamespaceRequest as _assay_v1_SetNamespaceRequest, SetNamespaceRequest__Output as _assay_v1_SetNamespaceRequest__Output } from '../../assay/v1/SetNamespaceRequest.ts';
import type { SetNamespaceResponse as _assay_v1_SetNamespaceResponse, SetNamespaceResponse__Output as _assay_v1_SetNamespaceResponse__Output } from '../../assay/v1/SetNamespaceResponse.ts';
import type { WhoAmIRequest as _assay_v1_WhoAmIRequest, WhoAmIRequest__Output as _assay_v1_WhoAmIRequest__Output } from '../../assay/v1/WhoAmIRequest.ts';
import type { WhoAmIResponse as _assay_v1_WhoAmIResponse, WhoAmIResponse__Output as _assay_v1_WhoAmIResponse__Output } from '../../assay/v1/WhoAmIResponse.ts';

/**
 * Tokens, and who one is.
 */
export interface IdentityServiceClient extends grpc.Client {
  /**
   * Makes a join token, by which one agent joins the fleet. Its caller needs the scope `admin`, and gives no namespace that it has not itself.
   * The token is in the answer and nowhere else. Not idempotent: a repeat makes another one; revoke what nobody needs. RESOURCE_EXHAUSTED when there
   * are too many.
   */
  CreateJoinToken(argument: _assay_v1_CreateJoinTokenRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_CreateJoinTokenResponse__Output>): grpc.ClientUnaryCall;
  CreateJoinToken(argument: _assay_v1_CreateJoinTokenRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_CreateJoinTokenResponse__Output>): grpc.ClientUnaryCall;
  CreateJoinToken(argument: _assay_v1_CreateJoinTokenRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_CreateJoinTokenResponse__Output>): grpc.ClientUnaryCall;
  CreateJoinToken(argument: _assay_v1_CreateJoinTokenRequest, callback: grpc.requestCallback<_assay_v1_CreateJoinTokenResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Makes a join token, by which one agent joins the fleet. Its caller needs the scope `admin`, and gives no namespace that it has not itself.
   * The token is in the answer and nowhere else. Not idempotent: a repeat makes another one; revoke what nobody needs. RESOURCE_EXHAUSTED when there
   * are too many.
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
   * The bounds of a namespace, and what is taken. Needs no scope, but the namespace: PERMISSION_DENIED without.
   */
  GetNamespace(argument: _assay_v1_GetNamespaceRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_GetNamespaceResponse__Output>): grpc.ClientUnaryCall;
  GetNamespace(argument: _assay_v1_GetNamespaceRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_GetNamespaceResponse__Output>): grpc.ClientUnaryCall;
  GetNamespace(argument: _assay_v1_GetNamespaceRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_GetNamespaceResponse__Output>): grpc.ClientUnaryCall;
  GetNamespace(argument: _assay_v1_GetNamespaceRequest, callback: grpc.requestCallback<_assay_v1_GetNamespaceResponse__Output>): grpc.ClientUnaryCall;
  /**
   * The bounds of a namespace, and what is taken. Needs no scope, but the namespace: PERMISSION_DENIED without.
   */
  getNamespace(argument: _assay_v1_GetNamespaceRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_GetNamespaceResponse__Output>): grpc.ClientUnaryCall;
  getNamespace(argument: _assay_v1_GetNamespaceRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_GetNamespaceResponse__Output>): grpc.ClientUnaryCall;
  getNamespace(argument: _assay_v1_GetNamespaceRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_GetNamespaceResponse__Output>): grpc.ClientUnaryCall;
  getNamespace(argument: _assay_v1_GetNamespaceRequest, callback: grpc.requestCallback<_assay_v1_GetNamespaceResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * For a host that has a join token, and nothing else: it needs no identity. What it presents is taken once: of all who present the same token
   * one is let in, wherever they ask. UNAUTHENTICATED for a token that is wrong, over or used, all alike, and for a signature that is not the
   * key's; RESOURCE_EXHAUSTED after ten failed attempts of one address within a minute, with a wait that doubles for whoever goes on.
   * Repeated where the answer was lost: the same key has the same answer while the token lasts, however often it comes; any other key is refused.
   */
  Join(argument: _assay_v1_JoinRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_JoinResponse__Output>): grpc.ClientUnaryCall;
  Join(argument: _assay_v1_JoinRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_JoinResponse__Output>): grpc.ClientUnaryCall;
  Join(argument: _assay_v1_JoinRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_JoinResponse__Output>): grpc.ClientUnaryCall;
  Join(argument: _assay_v1_JoinRequest, callback: grpc.requestCallback<_assay_v1_JoinResponse__Output>): grpc.ClientUnaryCall;
  /**
   * For a host that has a join token, and nothing else: it needs no identity. What it presents is taken once: of all who present the same token
   * one is let in, wherever they ask. UNAUTHENTICATED for a token that is wrong, over or used, all alike, and for a signature that is not the
   * key's; RESOURCE_EXHAUSTED after ten failed attempts of one address within a minute, with a wait that doubles for whoever goes on.
   * Repeated where the answer was lost: the same key has the same answer while the token lasts, however often it comes; any other key is refused.
   */
  join(argument: _assay_v1_JoinRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_JoinResponse__Output>): grpc.ClientUnaryCall;
  join(argument: _assay_v1_JoinRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_JoinResponse__Output>): grpc.ClientUnaryCall;
  join(argument: _assay_v1_JoinRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_JoinResponse__Output>): grpc.ClientUnaryCall;
  join(argument: _assay_v1_JoinRequest, callback: grpc.requestCallback<_assay_v1_JoinResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Join tokens that still let an agent in, being neither used, revoked nor over, whose namespaces are all the caller's; the newest first.
   */
  ListJoinTokens(argument: _assay_v1_ListJoinTokensRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_ListJoinTokensResponse__Output>): grpc.ClientUnaryCall;
  ListJoinTokens(argument: _assay_v1_ListJoinTokensRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_ListJoinTokensResponse__Output>): grpc.ClientUnaryCall;
  ListJoinTokens(argument: _assay_v1_ListJoinTokensRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_ListJoinTokensResponse__Output>): grpc.ClientUnaryCall;
  ListJoinTokens(argument: _assay_v1_ListJoinTokensRequest, callback: grpc.requestCallback<_assay_v1_ListJoinTokensResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Join tokens that still let an agent in, being neither used, revoked nor over, whose namespaces are all the caller's; the newest first.
   */
  listJoinTokens(argument: _assay_v1_ListJoinTokensRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_ListJoinTokensResponse__Output>): grpc.ClientUnaryCall;
  listJoinTokens(argument: _assay_v1_ListJoinTokensRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_ListJoinTokensResponse__Output>): grpc.ClientUnaryCall;
  listJoinTokens(argument: _assay_v1_ListJoinTokensRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_ListJoinTokensResponse__Output>): grpc.ClientUnaryCall;
  listJoinTokens(argument: _assay_v1_ListJoinTokensRequest, callback: grpc.requestCallback<_assay_v1_ListJoinTokensResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Namespaces with bounds of their own that are the caller's, by name, without what is taken of them. All others have what the coordinator is
   * set to.
   */
  ListNamespaces(argument: _assay_v1_ListNamespacesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_ListNamespacesResponse__Output>): grpc.ClientUnaryCall;
  ListNamespaces(argument: _assay_v1_ListNamespacesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_ListNamespacesResponse__Output>): grpc.ClientUnaryCall;
  ListNamespaces(argument: _assay_v1_ListNamespacesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_ListNamespacesResponse__Output>): grpc.ClientUnaryCall;
  ListNamespaces(argument: _assay_v1_ListNamespacesRequest, callback: grpc.requestCallback<_assay_v1_ListNamespacesResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Namespaces with bounds of their own that are the caller's, by name, without what is taken of them. All others have what the coordinator is
   * set to.
   */
  listNamespaces(argument: _assay_v1_ListNamespacesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_ListNamespacesResponse__Output>): grpc.ClientUnaryCall;
  listNamespaces(argument: _assay_v1_ListNamespacesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_ListNamespacesResponse__Output>): grpc.ClientUnaryCall;
  listNamespaces(argument: _assay_v1_ListNamespacesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_ListNamespacesResponse__Output>): grpc.ClientUnaryCall;
  listNamespaces(argument: _assay_v1_ListNamespacesRequest, callback: grpc.requestCallback<_assay_v1_ListNamespacesResponse__Output>): grpc.ClientUnaryCall;
  
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
   * Takes a join token back: nobody is let in by it any more, on any coordinator. A repeat changes nothing. FAILED_PRECONDITION where an agent has
   * used it, with that agent's id: RevokeAgent ends it. NOT_FOUND for one that is not there, has long been over, or reaches into a namespace that is
   * not the caller's.
   */
  RevokeJoinToken(argument: _assay_v1_RevokeJoinTokenRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_RevokeJoinTokenResponse__Output>): grpc.ClientUnaryCall;
  RevokeJoinToken(argument: _assay_v1_RevokeJoinTokenRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_RevokeJoinTokenResponse__Output>): grpc.ClientUnaryCall;
  RevokeJoinToken(argument: _assay_v1_RevokeJoinTokenRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_RevokeJoinTokenResponse__Output>): grpc.ClientUnaryCall;
  RevokeJoinToken(argument: _assay_v1_RevokeJoinTokenRequest, callback: grpc.requestCallback<_assay_v1_RevokeJoinTokenResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Takes a join token back: nobody is let in by it any more, on any coordinator. A repeat changes nothing. FAILED_PRECONDITION where an agent has
   * used it, with that agent's id: RevokeAgent ends it. NOT_FOUND for one that is not there, has long been over, or reaches into a namespace that is
   * not the caller's.
   */
  revokeJoinToken(argument: _assay_v1_RevokeJoinTokenRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_RevokeJoinTokenResponse__Output>): grpc.ClientUnaryCall;
  revokeJoinToken(argument: _assay_v1_RevokeJoinTokenRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_RevokeJoinTokenResponse__Output>): grpc.ClientUnaryCall;
  revokeJoinToken(argument: _assay_v1_RevokeJoinTokenRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_RevokeJoinTokenResponse__Output>): grpc.ClientUnaryCall;
  revokeJoinToken(argument: _assay_v1_RevokeJoinTokenRequest, callback: grpc.requestCallback<_assay_v1_RevokeJoinTokenResponse__Output>): grpc.ClientUnaryCall;
  
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
   * Sets bounds of a namespace, or takes them away. Its caller needs the scope `admin` in every namespace, so that nobody raises his own. In effect
   * within seconds, for whatever is taken in afterwards; what is there already stays. RESOURCE_EXHAUSTED when there are too many.
   */
  SetNamespace(argument: _assay_v1_SetNamespaceRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_SetNamespaceResponse__Output>): grpc.ClientUnaryCall;
  SetNamespace(argument: _assay_v1_SetNamespaceRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_SetNamespaceResponse__Output>): grpc.ClientUnaryCall;
  SetNamespace(argument: _assay_v1_SetNamespaceRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_SetNamespaceResponse__Output>): grpc.ClientUnaryCall;
  SetNamespace(argument: _assay_v1_SetNamespaceRequest, callback: grpc.requestCallback<_assay_v1_SetNamespaceResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Sets bounds of a namespace, or takes them away. Its caller needs the scope `admin` in every namespace, so that nobody raises his own. In effect
   * within seconds, for whatever is taken in afterwards; what is there already stays. RESOURCE_EXHAUSTED when there are too many.
   */
  setNamespace(argument: _assay_v1_SetNamespaceRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_SetNamespaceResponse__Output>): grpc.ClientUnaryCall;
  setNamespace(argument: _assay_v1_SetNamespaceRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_SetNamespaceResponse__Output>): grpc.ClientUnaryCall;
  setNamespace(argument: _assay_v1_SetNamespaceRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_SetNamespaceResponse__Output>): grpc.ClientUnaryCall;
  setNamespace(argument: _assay_v1_SetNamespaceRequest, callback: grpc.requestCallback<_assay_v1_SetNamespaceResponse__Output>): grpc.ClientUnaryCall;
  
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
   * The token is in the answer and nowhere else. Not idempotent: a repeat makes another one; revoke what nobody needs. RESOURCE_EXHAUSTED when there
   * are too many.
   */
  CreateJoinToken: grpc.handleUnaryCall<_assay_v1_CreateJoinTokenRequest__Output, _assay_v1_CreateJoinTokenResponse>;
  
  /**
   * Makes a token. Its caller needs the scope `admin`, and gives no scope and no namespace that it has not itself. The token itself is in the
   * answer and nowhere else: it cannot be shown again. It holds on every coordinator at once. Not idempotent: a repeat makes another one; revoke
   * what nobody needs. RESOURCE_EXHAUSTED when there are too many.
   */
  CreateToken: grpc.handleUnaryCall<_assay_v1_CreateTokenRequest__Output, _assay_v1_CreateTokenResponse>;
  
  /**
   * The bounds of a namespace, and what is taken. Needs no scope, but the namespace: PERMISSION_DENIED without.
   */
  GetNamespace: grpc.handleUnaryCall<_assay_v1_GetNamespaceRequest__Output, _assay_v1_GetNamespaceResponse>;
  
  /**
   * For a host that has a join token, and nothing else: it needs no identity. What it presents is taken once: of all who present the same token
   * one is let in, wherever they ask. UNAUTHENTICATED for a token that is wrong, over or used, all alike, and for a signature that is not the
   * key's; RESOURCE_EXHAUSTED after ten failed attempts of one address within a minute, with a wait that doubles for whoever goes on.
   * Repeated where the answer was lost: the same key has the same answer while the token lasts, however often it comes; any other key is refused.
   */
  Join: grpc.handleUnaryCall<_assay_v1_JoinRequest__Output, _assay_v1_JoinResponse>;
  
  /**
   * Join tokens that still let an agent in, being neither used, revoked nor over, whose namespaces are all the caller's; the newest first.
   */
  ListJoinTokens: grpc.handleUnaryCall<_assay_v1_ListJoinTokensRequest__Output, _assay_v1_ListJoinTokensResponse>;
  
  /**
   * Namespaces with bounds of their own that are the caller's, by name, without what is taken of them. All others have what the coordinator is
   * set to.
   */
  ListNamespaces: grpc.handleUnaryCall<_assay_v1_ListNamespacesRequest__Output, _assay_v1_ListNamespacesResponse>;
  
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
   * Takes a join token back: nobody is let in by it any more, on any coordinator. A repeat changes nothing. FAILED_PRECONDITION where an agent has
   * used it, with that agent's id: RevokeAgent ends it. NOT_FOUND for one that is not there, has long been over, or reaches into a namespace that is
   * not the caller's.
   */
  RevokeJoinToken: grpc.handleUnaryCall<_assay_v1_RevokeJoinTokenRequest__Output, _assay_v1_RevokeJoinTokenResponse>;
  
  /**
   * Ends a token for good, and within five seconds every call that is under way with it, on every coordinator. A repeat changes nothing. The
   * tokens that were made with it stay: the list says which. NOT_FOUND for one that is not there, or reaches into a namespace that is not the
   * caller's.
   */
  RevokeToken: grpc.handleUnaryCall<_assay_v1_RevokeTokenRequest__Output, _assay_v1_RevokeTokenResponse>;
  
  /**
   * Sets bounds of a namespace, or takes them away. Its caller needs the scope `admin` in every namespace, so that nobody raises his own. In effect
   * within seconds, for whatever is taken in afterwards; what is there already stays. RESOURCE_EXHAUSTED when there are too many.
   */
  SetNamespace: grpc.handleUnaryCall<_assay_v1_SetNamespaceRequest__Output, _assay_v1_SetNamespaceResponse>;
  
  /**
   * Whose call this is, as the coordinator sees it. Needs no scope.
   */
  WhoAmI: grpc.handleUnaryCall<_assay_v1_WhoAmIRequest__Output, _assay_v1_WhoAmIResponse>;
  
}

export interface IdentityServiceDefinition extends grpc.ServiceDefinition {
  CreateJoinToken: MethodDefinition<_assay_v1_CreateJoinTokenRequest, _assay_v1_CreateJoinTokenResponse, _assay_v1_CreateJoinTokenRequest__Output, _assay_v1_CreateJoinTokenResponse__Output>
  CreateToken: MethodDefinition<_assay_v1_CreateTokenRequest, _assay_v1_CreateTokenResponse, _assay_v1_CreateTokenRequest__Output, _assay_v1_CreateTokenResponse__Output>
  GetNamespace: MethodDefinition<_assay_v1_GetNamespaceRequest, _assay_v1_GetNamespaceResponse, _assay_v1_GetNamespaceRequest__Output, _assay_v1_GetNamespaceResponse__Output>
  Join: MethodDefinition<_assay_v1_JoinRequest, _assay_v1_JoinResponse, _assay_v1_JoinRequest__Output, _assay_v1_JoinResponse__Output>
  ListJoinTokens: MethodDefinition<_assay_v1_ListJoinTokensRequest, _assay_v1_ListJoinTokensResponse, _assay_v1_ListJoinTokensRequest__Output, _assay_v1_ListJoinTokensResponse__Output>
  ListNamespaces: MethodDefinition<_assay_v1_ListNamespacesRequest, _assay_v1_ListNamespacesResponse, _assay_v1_ListNamespacesRequest__Output, _assay_v1_ListNamespacesResponse__Output>
  ListTokens: MethodDefinition<_assay_v1_ListTokensRequest, _assay_v1_ListTokensResponse, _assay_v1_ListTokensRequest__Output, _assay_v1_ListTokensResponse__Output>
  RevokeAgent: MethodDefinition<_assay_v1_RevokeAgentRequest, _assay_v1_RevokeAgentResponse, _assay_v1_RevokeAgentRequest__Output, _assay_v1_RevokeAgentResponse__Output>
  RevokeJoinToken: MethodDefinition<_assay_v1_RevokeJoinTokenRequest, _assay_v1_RevokeJoinTokenResponse, _assay_v1_RevokeJoinTokenRequest__Output, _assay_v1_RevokeJoinTokenResponse__Output>
  RevokeToken: MethodDefinition<_assay_v1_RevokeTokenRequest, _assay_v1_RevokeTokenResponse, _assay_v1_RevokeTokenRequest__Output, _assay_v1_RevokeTokenResponse__Output>
  SetNamespace: MethodDefinition<_assay_v1_SetNamespaceRequest, _assay_v1_SetNamespaceResponse, _assay_v1_SetNamespaceRequest__Output, _assay_v1_SetNamespaceResponse__Output>
  WhoAmI: MethodDefinition<_assay_v1_WhoAmIRequest, _assay_v1_WhoAmIResponse, _assay_v1_WhoAmIRequest__Output, _assay_v1_WhoAmIResponse__Output>
}
