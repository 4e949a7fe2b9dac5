import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { Agent as _assay_v1_Agent, Agent__Output as _assay_v1_Agent__Output } from './assay/v1/Agent.ts';
import type { AgentModel as _assay_v1_AgentModel, AgentModel__Output as _assay_v1_AgentModel__Output } from './assay/v1/AgentModel.ts';
import type { Coordinator as _assay_v1_Coordinator, Coordinator__Output as _assay_v1_Coordinator__Output } from './assay/v1/Coordinator.ts';
import type { DrainAgentRequest as _assay_v1_DrainAgentRequest, DrainAgentRequest__Output as _assay_v1_DrainAgentRequest__Output } from './assay/v1/DrainAgentRequest.ts';
import type { DrainAgentResponse as _assay_v1_DrainAgentResponse, DrainAgentResponse__Output as _assay_v1_DrainAgentResponse__Output } from './assay/v1/DrainAgentResponse.ts';
import type { GetAgentRequest as _assay_v1_GetAgentRequest, GetAgentRequest__Output as _assay_v1_GetAgentRequest__Output } from './assay/v1/GetAgentRequest.ts';
import type { GetAgentResponse as _assay_v1_GetAgentResponse, GetAgentResponse__Output as _assay_v1_GetAgentResponse__Output } from './assay/v1/GetAgentResponse.ts';
import type { HeldAttempt as _assay_v1_HeldAttempt, HeldAttempt__Output as _assay_v1_HeldAttempt__Output } from './assay/v1/HeldAttempt.ts';
import type { ListAgentsRequest as _assay_v1_ListAgentsRequest, ListAgentsRequest__Output as _assay_v1_ListAgentsRequest__Output } from './assay/v1/ListAgentsRequest.ts';
import type { ListAgentsResponse as _assay_v1_ListAgentsResponse, ListAgentsResponse__Output as _assay_v1_ListAgentsResponse__Output } from './assay/v1/ListAgentsResponse.ts';
import type { ListRoutesRequest as _assay_v1_ListRoutesRequest, ListRoutesRequest__Output as _assay_v1_ListRoutesRequest__Output } from './assay/v1/ListRoutesRequest.ts';
import type { ListRoutesResponse as _assay_v1_ListRoutesResponse, ListRoutesResponse__Output as _assay_v1_ListRoutesResponse__Output } from './assay/v1/ListRoutesResponse.ts';
import type { OperatorServiceClient as _assay_v1_OperatorServiceClient, OperatorServiceDefinition as _assay_v1_OperatorServiceDefinition } from './assay/v1/OperatorService.ts';
import type { PauseRouteRequest as _assay_v1_PauseRouteRequest, PauseRouteRequest__Output as _assay_v1_PauseRouteRequest__Output } from './assay/v1/PauseRouteRequest.ts';
import type { PauseRouteResponse as _assay_v1_PauseRouteResponse, PauseRouteResponse__Output as _assay_v1_PauseRouteResponse__Output } from './assay/v1/PauseRouteResponse.ts';
import type { RemovedEvaluation as _assay_v1_RemovedEvaluation, RemovedEvaluation__Output as _assay_v1_RemovedEvaluation__Output } from './assay/v1/RemovedEvaluation.ts';
import type { RetentionPolicy as _assay_v1_RetentionPolicy, RetentionPolicy__Output as _assay_v1_RetentionPolicy__Output } from './assay/v1/RetentionPolicy.ts';
import type { Route as _assay_v1_Route, Route__Output as _assay_v1_Route__Output } from './assay/v1/Route.ts';
import type { StoreStatus as _assay_v1_StoreStatus, StoreStatus__Output as _assay_v1_StoreStatus__Output } from './assay/v1/StoreStatus.ts';
import type { WatchClusterRequest as _assay_v1_WatchClusterRequest, WatchClusterRequest__Output as _assay_v1_WatchClusterRequest__Output } from './assay/v1/WatchClusterRequest.ts';
import type { WatchClusterResponse as _assay_v1_WatchClusterResponse, WatchClusterResponse__Output as _assay_v1_WatchClusterResponse__Output } from './assay/v1/WatchClusterResponse.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  assay: {
    v1: {
      Agent: MessageTypeDefinition<_assay_v1_Agent, _assay_v1_Agent__Output>
      AgentModel: MessageTypeDefinition<_assay_v1_AgentModel, _assay_v1_AgentModel__Output>
      AgentState: EnumTypeDefinition
      Coordinator: MessageTypeDefinition<_assay_v1_Coordinator, _assay_v1_Coordinator__Output>
      DrainAgentRequest: MessageTypeDefinition<_assay_v1_DrainAgentRequest, _assay_v1_DrainAgentRequest__Output>
      DrainAgentResponse: MessageTypeDefinition<_assay_v1_DrainAgentResponse, _assay_v1_DrainAgentResponse__Output>
      GetAgentRequest: MessageTypeDefinition<_assay_v1_GetAgentRequest, _assay_v1_GetAgentRequest__Output>
      GetAgentResponse: MessageTypeDefinition<_assay_v1_GetAgentResponse, _assay_v1_GetAgentResponse__Output>
      HeldAttempt: MessageTypeDefinition<_assay_v1_HeldAttempt, _assay_v1_HeldAttempt__Output>
      ListAgentsRequest: MessageTypeDefinition<_assay_v1_ListAgentsRequest, _assay_v1_ListAgentsRequest__Output>
      ListAgentsResponse: MessageTypeDefinition<_assay_v1_ListAgentsResponse, _assay_v1_ListAgentsResponse__Output>
      ListRoutesRequest: MessageTypeDefinition<_assay_v1_ListRoutesRequest, _assay_v1_ListRoutesRequest__Output>
      ListRoutesResponse: MessageTypeDefinition<_assay_v1_ListRoutesResponse, _assay_v1_ListRoutesResponse__Output>
      /**
       * For whoever runs the fleet.
       */
      OperatorService: SubtypeConstructor<typeof grpc.Client, _assay_v1_OperatorServiceClient> & { service: _assay_v1_OperatorServiceDefinition }
      PauseRouteRequest: MessageTypeDefinition<_assay_v1_PauseRouteRequest, _assay_v1_PauseRouteRequest__Output>
      PauseRouteResponse: MessageTypeDefinition<_assay_v1_PauseRouteResponse, _assay_v1_PauseRouteResponse__Output>
      RemovedEvaluation: MessageTypeDefinition<_assay_v1_RemovedEvaluation, _assay_v1_RemovedEvaluation__Output>
      RetentionPolicy: MessageTypeDefinition<_assay_v1_RetentionPolicy, _assay_v1_RetentionPolicy__Output>
      Route: MessageTypeDefinition<_assay_v1_Route, _assay_v1_Route__Output>
      StoreStatus: MessageTypeDefinition<_assay_v1_StoreStatus, _assay_v1_StoreStatus__Output>
      WatchClusterRequest: MessageTypeDefinition<_assay_v1_WatchClusterRequest, _assay_v1_WatchClusterRequest__Output>
      WatchClusterResponse: MessageTypeDefinition<_assay_v1_WatchClusterResponse, _assay_v1_WatchClusterResponse__Output>
    }
  }
}

