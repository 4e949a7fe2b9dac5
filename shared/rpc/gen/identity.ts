import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { CreateJoinTokenRequest as _assay_v1_CreateJoinTokenRequest, CreateJoinTokenRequest__Output as _assay_v1_CreateJoinTokenRequest__Output } from './assay/v1/CreateJoinTokenRequest.ts';
import type { CreateJoinTokenResponse as _assay_v1_CreateJoinTokenResponse, CreateJoinTokenResponse__Output as _assay_v1_CreateJoinTokenResponse__Output } from './assay/v1/CreateJoinTokenResponse.ts';
import type { CreateTokenRequest as _assay_v1_CreateTokenRequest, CreateTokenRequest__Output as _assay_v1_CreateTokenRequest__Output } from './assay/v1/CreateTokenRequest.ts';
import type { CreateTokenResponse as _assay_v1_CreateTokenResponse, CreateTokenResponse__Output as _assay_v1_CreateTokenResponse__Output } from './assay/v1/CreateTokenResponse.ts';
import type { GetNamespaceRequest as _assay_v1_GetNamespaceRequest, GetNamespaceRequest__Output as _assay_v1_GetNamespaceRequest__Output } from './assay/v1/GetNamespaceRequest.ts';
import type { GetNamespaceResponse as _assay_v1_GetNamespaceResponse, GetNamespaceResponse__Output as _assay_v1_GetNamespaceResponse__Output } from './assay/v1/GetNamespaceResponse.ts';
import type { IdentityServiceClient as _assay_v1_IdentityServiceClient, IdentityServiceDefinition as _assay_v1_IdentityServiceDefinition } from './assay/v1/IdentityService.ts';
import type { JoinRequest as _assay_v1_JoinRequest, JoinRequest__Output as _assay_v1_JoinRequest__Output } from './assay/v1/JoinRequest.ts';
import type { JoinResponse as _assay_v1_JoinResponse, JoinResponse__Output as _assay_v1_JoinResponse__Output } from './assay/v1/JoinResponse.ts';
import type { JoinToken as _assay_v1_JoinToken, JoinToken__Output as _assay_v1_JoinToken__Output } from './assay/v1/JoinToken.ts';
import type { JoinedAgent as _assay_v1_JoinedAgent, JoinedAgent__Output as _assay_v1_JoinedAgent__Output } from './assay/v1/JoinedAgent.ts';
import type { ListJoinTokensRequest as _assay_v1_ListJoinTokensRequest, ListJoinTokensRequest__Output as _assay_v1_ListJoinTokensRequest__Output } from './assay/v1/ListJoinTokensRequest.ts';
import type { ListJoinTokensResponse as _assay_v1_ListJoinTokensResponse, ListJoinTokensResponse__Output as _assay_v1_ListJoinTokensResponse__Output } from './assay/v1/ListJoinTokensResponse.ts';
import type { ListNamespacesRequest as _assay_v1_ListNamespacesRequest, ListNamespacesRequest__Output as _assay_v1_ListNamespacesRequest__Output } from './assay/v1/ListNamespacesRequest.ts';
import type { ListNamespacesResponse as _assay_v1_ListNamespacesResponse, ListNamespacesResponse__Output as _assay_v1_ListNamespacesResponse__Output } from './assay/v1/ListNamespacesResponse.ts';
import type { ListTokensRequest as _assay_v1_ListTokensRequest, ListTokensRequest__Output as _assay_v1_ListTokensRequest__Output } from './assay/v1/ListTokensRequest.ts';
import type { ListTokensResponse as _assay_v1_ListTokensResponse, ListTokensResponse__Output as _assay_v1_ListTokensResponse__Output } from './assay/v1/ListTokensResponse.ts';
import type { Namespace as _assay_v1_Namespace, Namespace__Output as _assay_v1_Namespace__Output } from './assay/v1/Namespace.ts';
import type { NamespaceLimits as _assay_v1_NamespaceLimits, NamespaceLimits__Output as _assay_v1_NamespaceLimits__Output } from './assay/v1/NamespaceLimits.ts';
import type { NamespaceUsage as _assay_v1_NamespaceUsage, NamespaceUsage__Output as _assay_v1_NamespaceUsage__Output } from './assay/v1/NamespaceUsage.ts';
import type { Namespaces as _assay_v1_Namespaces, Namespaces__Output as _assay_v1_Namespaces__Output } from './assay/v1/Namespaces.ts';
import type { RevokeAgentRequest as _assay_v1_RevokeAgentRequest, RevokeAgentRequest__Output as _assay_v1_RevokeAgentRequest__Output } from './assay/v1/RevokeAgentRequest.ts';
import type { RevokeAgentResponse as _assay_v1_RevokeAgentResponse, RevokeAgentResponse__Output as _assay_v1_RevokeAgentResponse__Output } from './assay/v1/RevokeAgentResponse.ts';
import type { RevokeJoinTokenRequest as _assay_v1_RevokeJoinTokenRequest, RevokeJoinTokenRequest__Output as _assay_v1_RevokeJoinTokenRequest__Output } from './assay/v1/RevokeJoinTokenRequest.ts';
import type { RevokeJoinTokenResponse as _assay_v1_RevokeJoinTokenResponse, RevokeJoinTokenResponse__Output as _assay_v1_RevokeJoinTokenResponse__Output } from './assay/v1/RevokeJoinTokenResponse.ts';
import type { RevokeTokenRequest as _assay_v1_RevokeTokenRequest, RevokeTokenRequest__Output as _assay_v1_RevokeTokenRequest__Output } from './assay/v1/RevokeTokenRequest.ts';
import type { RevokeTokenResponse as _assay_v1_RevokeTokenResponse, RevokeTokenResponse__Output as _assay_v1_RevokeTokenResponse__Output } from './assay/v1/RevokeTokenResponse.ts';
import type { SetNamespaceRequest as _assay_v1_SetNamespaceRequest, SetNamespaceRequest__Output as _assay_v1_SetNamespaceRequest__Output } from './assay/v1/SetNamespaceRequest.ts';
import type { SetNamespaceResponse as _assay_v1_SetNamespaceResponse, SetNamespaceResponse__Output as _assay_v1_SetNamespaceResponse__Output } from './assay/v1/SetNamespaceResponse.ts';
import type { Token as _assay_v1_Token, Token__Output as _assay_v1_Token__Output } from './assay/v1/Token.ts';
import type { WhoAmIRequest as _assay_v1_WhoAmIRequest, WhoAmIRequest__Output as _assay_v1_WhoAmIRequest__Output } from './assay/v1/WhoAmIRequest.ts';
import type { WhoAmIResponse as _assay_v1_WhoAmIResponse, WhoAmIResponse__Output as _assay_v1_WhoAmIResponse__Output } from './assay/v1/WhoAmIResponse.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  assay: {
    v1: {
      CreateJoinTokenRequest: MessageTypeDefinition<_assay_v1_CreateJoinTokenRequest, _assay_v1_CreateJoinTokenRequest__Output>
      CreateJoinTokenResponse: MessageTypeDefinition<_assay_v1_CreateJoinTokenResponse, _assay_v1_CreateJoinTokenResponse__Output>
      CreateTokenRequest: MessageTypeDefinition<_assay_v1_CreateTokenRequest, _assay_v1_CreateTokenRequest__Output>
      CreateTokenResponse: MessageTypeDefinition<_assay_v1_CreateTokenResponse, _assay_v1_CreateTokenResponse__Output>
      GetNamespaceRequest: MessageTypeDefinition<_assay_v1_GetNamespaceRequest, _assay_v1_GetNamespaceRequest__Output>
      GetNamespaceResponse: MessageTypeDefinition<_assay_v1_GetNamespaceResponse, _assay_v1_GetNamespaceResponse__Output>
      /**
       * Tokens, and who one is.
       */
      IdentityService: SubtypeConstructor<typeof grpc.Client, _assay_v1_IdentityServiceClient> & { service: _assay_v1_IdentityServiceDefinition }
      JoinRequest: MessageTypeDefinition<_assay_v1_JoinRequest, _assay_v1_JoinRequest__Output>
      JoinResponse: MessageTypeDefinition<_assay_v1_JoinResponse, _assay_v1_JoinResponse__Output>
      JoinToken: MessageTypeDefinition<_assay_v1_JoinToken, _assay_v1_JoinToken__Output>
      JoinedAgent: MessageTypeDefinition<_assay_v1_JoinedAgent, _assay_v1_JoinedAgent__Output>
      ListJoinTokensRequest: MessageTypeDefinition<_assay_v1_ListJoinTokensRequest, _assay_v1_ListJoinTokensRequest__Output>
      ListJoinTokensResponse: MessageTypeDefinition<_assay_v1_ListJoinTokensResponse, _assay_v1_ListJoinTokensResponse__Output>
      ListNamespacesRequest: MessageTypeDefinition<_assay_v1_ListNamespacesRequest, _assay_v1_ListNamespacesRequest__Output>
      ListNamespacesResponse: MessageTypeDefinition<_assay_v1_ListNamespacesResponse, _assay_v1_ListNamespacesResponse__Output>
      ListTokensRequest: MessageTypeDefinition<_assay_v1_ListTokensRequest, _assay_v1_ListTokensRequest__Output>
      ListTokensResponse: MessageTypeDefinition<_assay_v1_ListTokensResponse, _assay_v1_ListTokensResponse__Output>
      Namespace: MessageTypeDefinition<_assay_v1_Namespace, _assay_v1_Namespace__Output>
      NamespaceLimits: MessageTypeDefinition<_assay_v1_NamespaceLimits, _assay_v1_NamespaceLimits__Output>
      NamespaceUsage: MessageTypeDefinition<_assay_v1_NamespaceUsage, _assay_v1_NamespaceUsage__Output>
      Namespaces: MessageTypeDefinition<_assay_v1_Namespaces, _assay_v1_Namespaces__Output>
      RevokeAgentRequest: MessageTypeDefinition<_assay_v1_RevokeAgentRequest, _assay_v1_RevokeAgentRequest__Output>
      RevokeAgentResponse: MessageTypeDefinition<_assay_v1_RevokeAgentResponse, _assay_v1_RevokeAgentResponse__Output>
      RevokeJoinTokenRequest: MessageTypeDefinition<_assay_v1_RevokeJoinTokenRequest, _assay_v1_RevokeJoinTokenRequest__Output>
      RevokeJoinTokenResponse: MessageTypeDefinition<_assay_v1_RevokeJoinTokenResponse, _assay_v1_RevokeJoinTokenResponse__Output>
      RevokeTokenRequest: MessageTypeDefinition<_assay_v1_RevokeTokenRequest, _assay_v1_RevokeTokenRequest__Output>
      RevokeTokenResponse: MessageTypeDefinition<_assay_v1_RevokeTokenResponse, _assay_v1_RevokeTokenResponse__Output>
      Scope: EnumTypeDefinition
      SetNamespaceRequest: MessageTypeDefinition<_assay_v1_SetNamespaceRequest, _assay_v1_SetNamespaceRequest__Output>
      SetNamespaceResponse: MessageTypeDefinition<_assay_v1_SetNamespaceResponse, _assay_v1_SetNamespaceResponse__Output>
      Token: MessageTypeDefinition<_assay_v1_Token, _assay_v1_Token__Output>
      WhoAmIRequest: MessageTypeDefinition<_assay_v1_WhoAmIRequest, _assay_v1_WhoAmIRequest__Output>
      WhoAmIResponse: MessageTypeDefinition<_assay_v1_WhoAmIResponse, _assay_v1_WhoAmIResponse__Output>
    }
  }
}

