import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { Agent as _assay_v1_Agent, Agent__Output as _assay_v1_Agent__Output } from './assay/v1/Agent.ts';
import type { AgentModel as _assay_v1_AgentModel, AgentModel__Output as _assay_v1_AgentModel__Output } from './assay/v1/AgentModel.ts';
import type { ChatMessage as _assay_v1_ChatMessage, ChatMessage__Output as _assay_v1_ChatMessage__Output } from './assay/v1/ChatMessage.ts';
import type { CollectGarbageRequest as _assay_v1_CollectGarbageRequest, CollectGarbageRequest__Output as _assay_v1_CollectGarbageRequest__Output } from './assay/v1/CollectGarbageRequest.ts';
import type { CollectGarbageResponse as _assay_v1_CollectGarbageResponse, CollectGarbageResponse__Output as _assay_v1_CollectGarbageResponse__Output } from './assay/v1/CollectGarbageResponse.ts';
import type { Collected as _assay_v1_Collected, Collected__Output as _assay_v1_Collected__Output } from './assay/v1/Collected.ts';
import type { ContentPart as _assay_v1_ContentPart, ContentPart__Output as _assay_v1_ContentPart__Output } from './assay/v1/ContentPart.ts';
import type { Coordinator as _assay_v1_Coordinator, Coordinator__Output as _assay_v1_Coordinator__Output } from './assay/v1/Coordinator.ts';
import type { Cost as _assay_v1_Cost, Cost__Output as _assay_v1_Cost__Output } from './assay/v1/Cost.ts';
import type { Counts as _assay_v1_Counts, Counts__Output as _assay_v1_Counts__Output } from './assay/v1/Counts.ts';
import type { CreateJoinTokenRequest as _assay_v1_CreateJoinTokenRequest, CreateJoinTokenRequest__Output as _assay_v1_CreateJoinTokenRequest__Output } from './assay/v1/CreateJoinTokenRequest.ts';
import type { CreateJoinTokenResponse as _assay_v1_CreateJoinTokenResponse, CreateJoinTokenResponse__Output as _assay_v1_CreateJoinTokenResponse__Output } from './assay/v1/CreateJoinTokenResponse.ts';
import type { CreateTokenRequest as _assay_v1_CreateTokenRequest, CreateTokenRequest__Output as _assay_v1_CreateTokenRequest__Output } from './assay/v1/CreateTokenRequest.ts';
import type { CreateTokenResponse as _assay_v1_CreateTokenResponse, CreateTokenResponse__Output as _assay_v1_CreateTokenResponse__Output } from './assay/v1/CreateTokenResponse.ts';
import type { DrainAgentRequest as _assay_v1_DrainAgentRequest, DrainAgentRequest__Output as _assay_v1_DrainAgentRequest__Output } from './assay/v1/DrainAgentRequest.ts';
import type { DrainAgentResponse as _assay_v1_DrainAgentResponse, DrainAgentResponse__Output as _assay_v1_DrainAgentResponse__Output } from './assay/v1/DrainAgentResponse.ts';
import type { Durability as _assay_v1_Durability, Durability__Output as _assay_v1_Durability__Output } from './assay/v1/Durability.ts';
import type { EvaluationFilter as _assay_v1_EvaluationFilter, EvaluationFilter__Output as _assay_v1_EvaluationFilter__Output } from './assay/v1/EvaluationFilter.ts';
import type { GetAgentRequest as _assay_v1_GetAgentRequest, GetAgentRequest__Output as _assay_v1_GetAgentRequest__Output } from './assay/v1/GetAgentRequest.ts';
import type { GetAgentResponse as _assay_v1_GetAgentResponse, GetAgentResponse__Output as _assay_v1_GetAgentResponse__Output } from './assay/v1/GetAgentResponse.ts';
import type { GetNamespaceRequest as _assay_v1_GetNamespaceRequest, GetNamespaceRequest__Output as _assay_v1_GetNamespaceRequest__Output } from './assay/v1/GetNamespaceRequest.ts';
import type { GetNamespaceResponse as _assay_v1_GetNamespaceResponse, GetNamespaceResponse__Output as _assay_v1_GetNamespaceResponse__Output } from './assay/v1/GetNamespaceResponse.ts';
import type { GroupProgress as _assay_v1_GroupProgress, GroupProgress__Output as _assay_v1_GroupProgress__Output } from './assay/v1/GroupProgress.ts';
import type { HeldAttempt as _assay_v1_HeldAttempt, HeldAttempt__Output as _assay_v1_HeldAttempt__Output } from './assay/v1/HeldAttempt.ts';
import type { IdentityServiceClient as _assay_v1_IdentityServiceClient, IdentityServiceDefinition as _assay_v1_IdentityServiceDefinition } from './assay/v1/IdentityService.ts';
import type { IncidentEvent as _assay_v1_IncidentEvent, IncidentEvent__Output as _assay_v1_IncidentEvent__Output } from './assay/v1/IncidentEvent.ts';
import type { JoinRequest as _assay_v1_JoinRequest, JoinRequest__Output as _assay_v1_JoinRequest__Output } from './assay/v1/JoinRequest.ts';
import type { JoinResponse as _assay_v1_JoinResponse, JoinResponse__Output as _assay_v1_JoinResponse__Output } from './assay/v1/JoinResponse.ts';
import type { JoinToken as _assay_v1_JoinToken, JoinToken__Output as _assay_v1_JoinToken__Output } from './assay/v1/JoinToken.ts';
import type { JoinedAgent as _assay_v1_JoinedAgent, JoinedAgent__Output as _assay_v1_JoinedAgent__Output } from './assay/v1/JoinedAgent.ts';
import type { JudgeOf as _assay_v1_JudgeOf, JudgeOf__Output as _assay_v1_JudgeOf__Output } from './assay/v1/JudgeOf.ts';
import type { LastCollection as _assay_v1_LastCollection, LastCollection__Output as _assay_v1_LastCollection__Output } from './assay/v1/LastCollection.ts';
import type { ListAgentsRequest as _assay_v1_ListAgentsRequest, ListAgentsRequest__Output as _assay_v1_ListAgentsRequest__Output } from './assay/v1/ListAgentsRequest.ts';
import type { ListAgentsResponse as _assay_v1_ListAgentsResponse, ListAgentsResponse__Output as _assay_v1_ListAgentsResponse__Output } from './assay/v1/ListAgentsResponse.ts';
import type { ListEventsRequest as _assay_v1_ListEventsRequest, ListEventsRequest__Output as _assay_v1_ListEventsRequest__Output } from './assay/v1/ListEventsRequest.ts';
import type { ListEventsResponse as _assay_v1_ListEventsResponse, ListEventsResponse__Output as _assay_v1_ListEventsResponse__Output } from './assay/v1/ListEventsResponse.ts';
import type { ListJoinTokensRequest as _assay_v1_ListJoinTokensRequest, ListJoinTokensRequest__Output as _assay_v1_ListJoinTokensRequest__Output } from './assay/v1/ListJoinTokensRequest.ts';
import type { ListJoinTokensResponse as _assay_v1_ListJoinTokensResponse, ListJoinTokensResponse__Output as _assay_v1_ListJoinTokensResponse__Output } from './assay/v1/ListJoinTokensResponse.ts';
import type { ListNamespacesRequest as _assay_v1_ListNamespacesRequest, ListNamespacesRequest__Output as _assay_v1_ListNamespacesRequest__Output } from './assay/v1/ListNamespacesRequest.ts';
import type { ListNamespacesResponse as _assay_v1_ListNamespacesResponse, ListNamespacesResponse__Output as _assay_v1_ListNamespacesResponse__Output } from './assay/v1/ListNamespacesResponse.ts';
import type { ListRoutesRequest as _assay_v1_ListRoutesRequest, ListRoutesRequest__Output as _assay_v1_ListRoutesRequest__Output } from './assay/v1/ListRoutesRequest.ts';
import type { ListRoutesResponse as _assay_v1_ListRoutesResponse, ListRoutesResponse__Output as _assay_v1_ListRoutesResponse__Output } from './assay/v1/ListRoutesResponse.ts';
import type { ListTokensRequest as _assay_v1_ListTokensRequest, ListTokensRequest__Output as _assay_v1_ListTokensRequest__Output } from './assay/v1/ListTokensRequest.ts';
import type { ListTokensResponse as _assay_v1_ListTokensResponse, ListTokensResponse__Output as _assay_v1_ListTokensResponse__Output } from './assay/v1/ListTokensResponse.ts';
import type { LogFilter as _assay_v1_LogFilter, LogFilter__Output as _assay_v1_LogFilter__Output } from './assay/v1/LogFilter.ts';
import type { LogLine as _assay_v1_LogLine, LogLine__Output as _assay_v1_LogLine__Output } from './assay/v1/LogLine.ts';
import type { ModelCost as _assay_v1_ModelCost, ModelCost__Output as _assay_v1_ModelCost__Output } from './assay/v1/ModelCost.ts';
import type { Namespace as _assay_v1_Namespace, Namespace__Output as _assay_v1_Namespace__Output } from './assay/v1/Namespace.ts';
import type { NamespaceLimits as _assay_v1_NamespaceLimits, NamespaceLimits__Output as _assay_v1_NamespaceLimits__Output } from './assay/v1/NamespaceLimits.ts';
import type { NamespaceUsage as _assay_v1_NamespaceUsage, NamespaceUsage__Output as _assay_v1_NamespaceUsage__Output } from './assay/v1/NamespaceUsage.ts';
import type { Namespaces as _assay_v1_Namespaces, Namespaces__Output as _assay_v1_Namespaces__Output } from './assay/v1/Namespaces.ts';
import type { OngoingIncident as _assay_v1_OngoingIncident, OngoingIncident__Output as _assay_v1_OngoingIncident__Output } from './assay/v1/OngoingIncident.ts';
import type { OperatorServiceClient as _assay_v1_OperatorServiceClient, OperatorServiceDefinition as _assay_v1_OperatorServiceDefinition } from './assay/v1/OperatorService.ts';
import type { PauseRouteRequest as _assay_v1_PauseRouteRequest, PauseRouteRequest__Output as _assay_v1_PauseRouteRequest__Output } from './assay/v1/PauseRouteRequest.ts';
import type { PauseRouteResponse as _assay_v1_PauseRouteResponse, PauseRouteResponse__Output as _assay_v1_PauseRouteResponse__Output } from './assay/v1/PauseRouteResponse.ts';
import type { Provenance as _assay_v1_Provenance, Provenance__Output as _assay_v1_Provenance__Output } from './assay/v1/Provenance.ts';
import type { Reason as _assay_v1_Reason, Reason__Output as _assay_v1_Reason__Output } from './assay/v1/Reason.ts';
import type { ReasonAgent as _assay_v1_ReasonAgent, ReasonAgent__Output as _assay_v1_ReasonAgent__Output } from './assay/v1/ReasonAgent.ts';
import type { ReasonPeriod as _assay_v1_ReasonPeriod, ReasonPeriod__Output as _assay_v1_ReasonPeriod__Output } from './assay/v1/ReasonPeriod.ts';
import type { ReasonTotal as _assay_v1_ReasonTotal, ReasonTotal__Output as _assay_v1_ReasonTotal__Output } from './assay/v1/ReasonTotal.ts';
import type { RedisServer as _assay_v1_RedisServer, RedisServer__Output as _assay_v1_RedisServer__Output } from './assay/v1/RedisServer.ts';
import type { RedisStatus as _assay_v1_RedisStatus, RedisStatus__Output as _assay_v1_RedisStatus__Output } from './assay/v1/RedisStatus.ts';
import type { RemovedEvaluation as _assay_v1_RemovedEvaluation, RemovedEvaluation__Output as _assay_v1_RemovedEvaluation__Output } from './assay/v1/RemovedEvaluation.ts';
import type { RetentionPolicy as _assay_v1_RetentionPolicy, RetentionPolicy__Output as _assay_v1_RetentionPolicy__Output } from './assay/v1/RetentionPolicy.ts';
import type { RevokeAgentRequest as _assay_v1_RevokeAgentRequest, RevokeAgentRequest__Output as _assay_v1_RevokeAgentRequest__Output } from './assay/v1/RevokeAgentRequest.ts';
import type { RevokeAgentResponse as _assay_v1_RevokeAgentResponse, RevokeAgentResponse__Output as _assay_v1_RevokeAgentResponse__Output } from './assay/v1/RevokeAgentResponse.ts';
import type { RevokeJoinTokenRequest as _assay_v1_RevokeJoinTokenRequest, RevokeJoinTokenRequest__Output as _assay_v1_RevokeJoinTokenRequest__Output } from './assay/v1/RevokeJoinTokenRequest.ts';
import type { RevokeJoinTokenResponse as _assay_v1_RevokeJoinTokenResponse, RevokeJoinTokenResponse__Output as _assay_v1_RevokeJoinTokenResponse__Output } from './assay/v1/RevokeJoinTokenResponse.ts';
import type { RevokeTokenRequest as _assay_v1_RevokeTokenRequest, RevokeTokenRequest__Output as _assay_v1_RevokeTokenRequest__Output } from './assay/v1/RevokeTokenRequest.ts';
import type { RevokeTokenResponse as _assay_v1_RevokeTokenResponse, RevokeTokenResponse__Output as _assay_v1_RevokeTokenResponse__Output } from './assay/v1/RevokeTokenResponse.ts';
import type { Route as _assay_v1_Route, Route__Output as _assay_v1_Route__Output } from './assay/v1/Route.ts';
import type { RouteAgent as _assay_v1_RouteAgent, RouteAgent__Output as _assay_v1_RouteAgent__Output } from './assay/v1/RouteAgent.ts';
import type { SampleFilter as _assay_v1_SampleFilter, SampleFilter__Output as _assay_v1_SampleFilter__Output } from './assay/v1/SampleFilter.ts';
import type { SampleLimits as _assay_v1_SampleLimits, SampleLimits__Output as _assay_v1_SampleLimits__Output } from './assay/v1/SampleLimits.ts';
import type { SampleResult as _assay_v1_SampleResult, SampleResult__Output as _assay_v1_SampleResult__Output } from './assay/v1/SampleResult.ts';
import type { SampleScore as _assay_v1_SampleScore, SampleScore__Output as _assay_v1_SampleScore__Output } from './assay/v1/SampleScore.ts';
import type { ScorerSums as _assay_v1_ScorerSums, ScorerSums__Output as _assay_v1_ScorerSums__Output } from './assay/v1/ScorerSums.ts';
import type { Seen as _assay_v1_Seen, Seen__Output as _assay_v1_Seen__Output } from './assay/v1/Seen.ts';
import type { SetNamespaceRequest as _assay_v1_SetNamespaceRequest, SetNamespaceRequest__Output as _assay_v1_SetNamespaceRequest__Output } from './assay/v1/SetNamespaceRequest.ts';
import type { SetNamespaceResponse as _assay_v1_SetNamespaceResponse, SetNamespaceResponse__Output as _assay_v1_SetNamespaceResponse__Output } from './assay/v1/SetNamespaceResponse.ts';
import type { StoreStatus as _assay_v1_StoreStatus, StoreStatus__Output as _assay_v1_StoreStatus__Output } from './assay/v1/StoreStatus.ts';
import type { StreamAgentLogsRequest as _assay_v1_StreamAgentLogsRequest, StreamAgentLogsRequest__Output as _assay_v1_StreamAgentLogsRequest__Output } from './assay/v1/StreamAgentLogsRequest.ts';
import type { StreamAgentLogsResponse as _assay_v1_StreamAgentLogsResponse, StreamAgentLogsResponse__Output as _assay_v1_StreamAgentLogsResponse__Output } from './assay/v1/StreamAgentLogsResponse.ts';
import type { StreamLogsRequest as _assay_v1_StreamLogsRequest, StreamLogsRequest__Output as _assay_v1_StreamLogsRequest__Output } from './assay/v1/StreamLogsRequest.ts';
import type { StreamLogsResponse as _assay_v1_StreamLogsResponse, StreamLogsResponse__Output as _assay_v1_StreamLogsResponse__Output } from './assay/v1/StreamLogsResponse.ts';
import type { Token as _assay_v1_Token, Token__Output as _assay_v1_Token__Output } from './assay/v1/Token.ts';
import type { Usage as _assay_v1_Usage, Usage__Output as _assay_v1_Usage__Output } from './assay/v1/Usage.ts';
import type { Waits as _assay_v1_Waits, Waits__Output as _assay_v1_Waits__Output } from './assay/v1/Waits.ts';
import type { WatchClusterRequest as _assay_v1_WatchClusterRequest, WatchClusterRequest__Output as _assay_v1_WatchClusterRequest__Output } from './assay/v1/WatchClusterRequest.ts';
import type { WatchClusterResponse as _assay_v1_WatchClusterResponse, WatchClusterResponse__Output as _assay_v1_WatchClusterResponse__Output } from './assay/v1/WatchClusterResponse.ts';
import type { WhoAmIRequest as _assay_v1_WhoAmIRequest, WhoAmIRequest__Output as _assay_v1_WhoAmIRequest__Output } from './assay/v1/WhoAmIRequest.ts';
import type { WhoAmIResponse as _assay_v1_WhoAmIResponse, WhoAmIResponse__Output as _assay_v1_WhoAmIResponse__Output } from './assay/v1/WhoAmIResponse.ts';
import type { WhyHistory as _assay_v1_WhyHistory, WhyHistory__Output as _assay_v1_WhyHistory__Output } from './assay/v1/WhyHistory.ts';
import type { WhyPendingRequest as _assay_v1_WhyPendingRequest, WhyPendingRequest__Output as _assay_v1_WhyPendingRequest__Output } from './assay/v1/WhyPendingRequest.ts';
import type { WhyPendingResponse as _assay_v1_WhyPendingResponse, WhyPendingResponse__Output as _assay_v1_WhyPendingResponse__Output } from './assay/v1/WhyPendingResponse.ts';
import type { WhyRouteRequest as _assay_v1_WhyRouteRequest, WhyRouteRequest__Output as _assay_v1_WhyRouteRequest__Output } from './assay/v1/WhyRouteRequest.ts';
import type { WhyRouteResponse as _assay_v1_WhyRouteResponse, WhyRouteResponse__Output as _assay_v1_WhyRouteResponse__Output } from './assay/v1/WhyRouteResponse.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  assay: {
    v1: {
      Agent: MessageTypeDefinition<_assay_v1_Agent, _assay_v1_Agent__Output>
      AgentModel: MessageTypeDefinition<_assay_v1_AgentModel, _assay_v1_AgentModel__Output>
      AgentState: EnumTypeDefinition
      ChatMessage: MessageTypeDefinition<_assay_v1_ChatMessage, _assay_v1_ChatMessage__Output>
      CollectGarbageRequest: MessageTypeDefinition<_assay_v1_CollectGarbageRequest, _assay_v1_CollectGarbageRequest__Output>
      CollectGarbageResponse: MessageTypeDefinition<_assay_v1_CollectGarbageResponse, _assay_v1_CollectGarbageResponse__Output>
      Collected: MessageTypeDefinition<_assay_v1_Collected, _assay_v1_Collected__Output>
      ContentPart: MessageTypeDefinition<_assay_v1_ContentPart, _assay_v1_ContentPart__Output>
      Coordinator: MessageTypeDefinition<_assay_v1_Coordinator, _assay_v1_Coordinator__Output>
      Cost: MessageTypeDefinition<_assay_v1_Cost, _assay_v1_Cost__Output>
      Counts: MessageTypeDefinition<_assay_v1_Counts, _assay_v1_Counts__Output>
      CreateJoinTokenRequest: MessageTypeDefinition<_assay_v1_CreateJoinTokenRequest, _assay_v1_CreateJoinTokenRequest__Output>
      CreateJoinTokenResponse: MessageTypeDefinition<_assay_v1_CreateJoinTokenResponse, _assay_v1_CreateJoinTokenResponse__Output>
      CreateTokenRequest: MessageTypeDefinition<_assay_v1_CreateTokenRequest, _assay_v1_CreateTokenRequest__Output>
      CreateTokenResponse: MessageTypeDefinition<_assay_v1_CreateTokenResponse, _assay_v1_CreateTokenResponse__Output>
      DrainAgentRequest: MessageTypeDefinition<_assay_v1_DrainAgentRequest, _assay_v1_DrainAgentRequest__Output>
      DrainAgentResponse: MessageTypeDefinition<_assay_v1_DrainAgentResponse, _assay_v1_DrainAgentResponse__Output>
      Durability: MessageTypeDefinition<_assay_v1_Durability, _assay_v1_Durability__Output>
      DurabilityClass: EnumTypeDefinition
      EvaluationFilter: MessageTypeDefinition<_assay_v1_EvaluationFilter, _assay_v1_EvaluationFilter__Output>
      EvaluationState: EnumTypeDefinition
      GetAgentRequest: MessageTypeDefinition<_assay_v1_GetAgentRequest, _assay_v1_GetAgentRequest__Output>
      GetAgentResponse: MessageTypeDefinition<_assay_v1_GetAgentResponse, _assay_v1_GetAgentResponse__Output>
      GetNamespaceRequest: MessageTypeDefinition<_assay_v1_GetNamespaceRequest, _assay_v1_GetNamespaceRequest__Output>
      GetNamespaceResponse: MessageTypeDefinition<_assay_v1_GetNamespaceResponse, _assay_v1_GetNamespaceResponse__Output>
      GroupProgress: MessageTypeDefinition<_assay_v1_GroupProgress, _assay_v1_GroupProgress__Output>
      HeldAttempt: MessageTypeDefinition<_assay_v1_HeldAttempt, _assay_v1_HeldAttempt__Output>
      /**
       * Tokens, and who one is.
       */
      IdentityService: SubtypeConstructor<typeof grpc.Client, _assay_v1_IdentityServiceClient> & { service: _assay_v1_IdentityServiceDefinition }
      IncidentEvent: MessageTypeDefinition<_assay_v1_IncidentEvent, _assay_v1_IncidentEvent__Output>
      JoinRequest: MessageTypeDefinition<_assay_v1_JoinRequest, _assay_v1_JoinRequest__Output>
      JoinResponse: MessageTypeDefinition<_assay_v1_JoinResponse, _assay_v1_JoinResponse__Output>
      JoinToken: MessageTypeDefinition<_assay_v1_JoinToken, _assay_v1_JoinToken__Output>
      JoinedAgent: MessageTypeDefinition<_assay_v1_JoinedAgent, _assay_v1_JoinedAgent__Output>
      JudgeOf: MessageTypeDefinition<_assay_v1_JudgeOf, _assay_v1_JudgeOf__Output>
      LastCollection: MessageTypeDefinition<_assay_v1_LastCollection, _assay_v1_LastCollection__Output>
      ListAgentsRequest: MessageTypeDefinition<_assay_v1_ListAgentsRequest, _assay_v1_ListAgentsRequest__Output>
      ListAgentsResponse: MessageTypeDefinition<_assay_v1_ListAgentsResponse, _assay_v1_ListAgentsResponse__Output>
      ListEventsRequest: MessageTypeDefinition<_assay_v1_ListEventsRequest, _assay_v1_ListEventsRequest__Output>
      ListEventsResponse: MessageTypeDefinition<_assay_v1_ListEventsResponse, _assay_v1_ListEventsResponse__Output>
      ListJoinTokensRequest: MessageTypeDefinition<_assay_v1_ListJoinTokensRequest, _assay_v1_ListJoinTokensRequest__Output>
      ListJoinTokensResponse: MessageTypeDefinition<_assay_v1_ListJoinTokensResponse, _assay_v1_ListJoinTokensResponse__Output>
      ListNamespacesRequest: MessageTypeDefinition<_assay_v1_ListNamespacesRequest, _assay_v1_ListNamespacesRequest__Output>
      ListNamespacesResponse: MessageTypeDefinition<_assay_v1_ListNamespacesResponse, _assay_v1_ListNamespacesResponse__Output>
      ListRoutesRequest: MessageTypeDefinition<_assay_v1_ListRoutesRequest, _assay_v1_ListRoutesRequest__Output>
      ListRoutesResponse: MessageTypeDefinition<_assay_v1_ListRoutesResponse, _assay_v1_ListRoutesResponse__Output>
      ListTokensRequest: MessageTypeDefinition<_assay_v1_ListTokensRequest, _assay_v1_ListTokensRequest__Output>
      ListTokensResponse: MessageTypeDefinition<_assay_v1_ListTokensResponse, _assay_v1_ListTokensResponse__Output>
      LogFilter: MessageTypeDefinition<_assay_v1_LogFilter, _assay_v1_LogFilter__Output>
      LogLevel: EnumTypeDefinition
      LogLine: MessageTypeDefinition<_assay_v1_LogLine, _assay_v1_LogLine__Output>
      ModelCost: MessageTypeDefinition<_assay_v1_ModelCost, _assay_v1_ModelCost__Output>
      Namespace: MessageTypeDefinition<_assay_v1_Namespace, _assay_v1_Namespace__Output>
      NamespaceLimits: MessageTypeDefinition<_assay_v1_NamespaceLimits, _assay_v1_NamespaceLimits__Output>
      NamespaceUsage: MessageTypeDefinition<_assay_v1_NamespaceUsage, _assay_v1_NamespaceUsage__Output>
      Namespaces: MessageTypeDefinition<_assay_v1_Namespaces, _assay_v1_Namespaces__Output>
      OngoingIncident: MessageTypeDefinition<_assay_v1_OngoingIncident, _assay_v1_OngoingIncident__Output>
      /**
       * For whoever runs the fleet.
       */
      OperatorService: SubtypeConstructor<typeof grpc.Client, _assay_v1_OperatorServiceClient> & { service: _assay_v1_OperatorServiceDefinition }
      PauseRouteRequest: MessageTypeDefinition<_assay_v1_PauseRouteRequest, _assay_v1_PauseRouteRequest__Output>
      PauseRouteResponse: MessageTypeDefinition<_assay_v1_PauseRouteResponse, _assay_v1_PauseRouteResponse__Output>
      Provenance: MessageTypeDefinition<_assay_v1_Provenance, _assay_v1_Provenance__Output>
      Reason: MessageTypeDefinition<_assay_v1_Reason, _assay_v1_Reason__Output>
      ReasonAgent: MessageTypeDefinition<_assay_v1_ReasonAgent, _assay_v1_ReasonAgent__Output>
      ReasonEffect: EnumTypeDefinition
      ReasonPeriod: MessageTypeDefinition<_assay_v1_ReasonPeriod, _assay_v1_ReasonPeriod__Output>
      ReasonTotal: MessageTypeDefinition<_assay_v1_ReasonTotal, _assay_v1_ReasonTotal__Output>
      RedisServer: MessageTypeDefinition<_assay_v1_RedisServer, _assay_v1_RedisServer__Output>
      RedisStatus: MessageTypeDefinition<_assay_v1_RedisStatus, _assay_v1_RedisStatus__Output>
      RemovedEvaluation: MessageTypeDefinition<_assay_v1_RemovedEvaluation, _assay_v1_RemovedEvaluation__Output>
      RetentionPolicy: MessageTypeDefinition<_assay_v1_RetentionPolicy, _assay_v1_RetentionPolicy__Output>
      RevokeAgentRequest: MessageTypeDefinition<_assay_v1_RevokeAgentRequest, _assay_v1_RevokeAgentRequest__Output>
      RevokeAgentResponse: MessageTypeDefinition<_assay_v1_RevokeAgentResponse, _assay_v1_RevokeAgentResponse__Output>
      RevokeJoinTokenRequest: MessageTypeDefinition<_assay_v1_RevokeJoinTokenRequest, _assay_v1_RevokeJoinTokenRequest__Output>
      RevokeJoinTokenResponse: MessageTypeDefinition<_assay_v1_RevokeJoinTokenResponse, _assay_v1_RevokeJoinTokenResponse__Output>
      RevokeTokenRequest: MessageTypeDefinition<_assay_v1_RevokeTokenRequest, _assay_v1_RevokeTokenRequest__Output>
      RevokeTokenResponse: MessageTypeDefinition<_assay_v1_RevokeTokenResponse, _assay_v1_RevokeTokenResponse__Output>
      Route: MessageTypeDefinition<_assay_v1_Route, _assay_v1_Route__Output>
      RouteAgent: MessageTypeDefinition<_assay_v1_RouteAgent, _assay_v1_RouteAgent__Output>
      SampleFilter: MessageTypeDefinition<_assay_v1_SampleFilter, _assay_v1_SampleFilter__Output>
      SampleLimits: MessageTypeDefinition<_assay_v1_SampleLimits, _assay_v1_SampleLimits__Output>
      SampleResult: MessageTypeDefinition<_assay_v1_SampleResult, _assay_v1_SampleResult__Output>
      SampleScore: MessageTypeDefinition<_assay_v1_SampleScore, _assay_v1_SampleScore__Output>
      SampleStage: EnumTypeDefinition
      Scope: EnumTypeDefinition
      ScorerSums: MessageTypeDefinition<_assay_v1_ScorerSums, _assay_v1_ScorerSums__Output>
      Seen: MessageTypeDefinition<_assay_v1_Seen, _assay_v1_Seen__Output>
      SetNamespaceRequest: MessageTypeDefinition<_assay_v1_SetNamespaceRequest, _assay_v1_SetNamespaceRequest__Output>
      SetNamespaceResponse: MessageTypeDefinition<_assay_v1_SetNamespaceResponse, _assay_v1_SetNamespaceResponse__Output>
      StoreStatus: MessageTypeDefinition<_assay_v1_StoreStatus, _assay_v1_StoreStatus__Output>
      StreamAgentLogsRequest: MessageTypeDefinition<_assay_v1_StreamAgentLogsRequest, _assay_v1_StreamAgentLogsRequest__Output>
      StreamAgentLogsResponse: MessageTypeDefinition<_assay_v1_StreamAgentLogsResponse, _assay_v1_StreamAgentLogsResponse__Output>
      StreamLogsRequest: MessageTypeDefinition<_assay_v1_StreamLogsRequest, _assay_v1_StreamLogsRequest__Output>
      StreamLogsResponse: MessageTypeDefinition<_assay_v1_StreamLogsResponse, _assay_v1_StreamLogsResponse__Output>
      Token: MessageTypeDefinition<_assay_v1_Token, _assay_v1_Token__Output>
      UnitState: EnumTypeDefinition
      Usage: MessageTypeDefinition<_assay_v1_Usage, _assay_v1_Usage__Output>
      Waits: MessageTypeDefinition<_assay_v1_Waits, _assay_v1_Waits__Output>
      WatchClusterRequest: MessageTypeDefinition<_assay_v1_WatchClusterRequest, _assay_v1_WatchClusterRequest__Output>
      WatchClusterResponse: MessageTypeDefinition<_assay_v1_WatchClusterResponse, _assay_v1_WatchClusterResponse__Output>
      WhoAmIRequest: MessageTypeDefinition<_assay_v1_WhoAmIRequest, _assay_v1_WhoAmIRequest__Output>
      WhoAmIResponse: MessageTypeDefinition<_assay_v1_WhoAmIResponse, _assay_v1_WhoAmIResponse__Output>
      WhyHistory: MessageTypeDefinition<_assay_v1_WhyHistory, _assay_v1_WhyHistory__Output>
      WhyPendingRequest: MessageTypeDefinition<_assay_v1_WhyPendingRequest, _assay_v1_WhyPendingRequest__Output>
      WhyPendingResponse: MessageTypeDefinition<_assay_v1_WhyPendingResponse, _assay_v1_WhyPendingResponse__Output>
      WhyRouteRequest: MessageTypeDefinition<_assay_v1_WhyRouteRequest, _assay_v1_WhyRouteRequest__Output>
      WhyRouteResponse: MessageTypeDefinition<_assay_v1_WhyRouteResponse, _assay_v1_WhyRouteResponse__Output>
    }
  }
}

