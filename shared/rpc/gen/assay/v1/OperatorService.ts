// Original file: proto/assay/v1/operator.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CollectGarbageRequest as _assay_v1_CollectGarbageRequest, CollectGarbageRequest__Output as _assay_v1_CollectGarbageRequest__Output } from '../../assay/v1/CollectGarbageRequest.ts';
import type { CollectGarbageResponse as _assay_v1_CollectGarbageResponse, CollectGarbageResponse__Output as _assay_v1_CollectGarbageResponse__Output } from '../../assay/v1/CollectGarbageResponse.ts';
import type { DrainAgentRequest as _assay_v1_DrainAgentRequest, DrainAgentRequest__Output as _assay_v1_DrainAgentRequest__Output } from '../../assay/v1/DrainAgentRequest.ts';
import type { DrainAgentResponse as _assay_v1_DrainAgentResponse, DrainAgentResponse__Output as _assay_v1_DrainAgentResponse__Output } from '../../assay/v1/DrainAgentResponse.ts';
import type { GetAgentRequest as _assay_v1_GetAgentRequest, GetAgentRequest__Output as _assay_v1_GetAgentRequest__Output } from '../../assay/v1/GetAgentRequest.ts';
import type { GetAgentResponse as _assay_v1_GetAgentResponse, GetAgentResponse__Output as _assay_v1_GetAgentResponse__Output } from '../../assay/v1/GetAgentResponse.ts';
import type { ListAgentsRequest as _assay_v1_ListAgentsRequest, ListAgentsRequest__Output as _assay_v1_ListAgentsRequest__Output } from '../../assay/v1/ListAgentsRequest.ts';
import type { ListAgentsResponse as _assay_v1_ListAgentsResponse, ListAgentsResponse__Output as _assay_v1_ListAgentsResponse__Output } from '../../assay/v1/ListAgentsResponse.ts';
import type { ListEventsRequest as _assay_v1_ListEventsRequest, ListEventsRequest__Output as _assay_v1_ListEventsRequest__Output } from '../../assay/v1/ListEventsRequest.ts';
import type { ListEventsResponse as _assay_v1_ListEventsResponse, ListEventsResponse__Output as _assay_v1_ListEventsResponse__Output } from '../../assay/v1/ListEventsResponse.ts';
import type { ListRoutesRequest as _assay_v1_ListRoutesRequest, ListRoutesRequest__Output as _assay_v1_ListRoutesRequest__Output } from '../../assay/v1/ListRoutesRequest.ts';
import type { ListRoutesResponse as _assay_v1_ListRoutesResponse, ListRoutesResponse__Output as _assay_v1_ListRoutesResponse__Output } from '../../assay/v1/ListRoutesResponse.ts';
import type { PauseRouteRequest as _assay_v1_PauseRouteRequest, PauseRouteRequest__Output as _assay_v1_PauseRouteRequest__Output } from '../../assay/v1/PauseRouteRequest.ts';
import type { PauseRouteResponse as _assay_v1_PauseRouteResponse, PauseRouteResponse__Output as _assay_v1_PauseRouteResponse__Output } from '../../assay/v1/PauseRouteResponse.ts';
import type { StreamAgentLogsRequest as _assay_v1_StreamAgentLogsRequest, StreamAgentLogsRequest__Output as _assay_v1_StreamAgentLogsRequest__Output } from '../../assay/v1/StreamAgentLogsRequest.ts';
import type { StreamAgentLogsResponse as _assay_v1_StreamAgentLogsResponse, StreamAgentLogsResponse__Output as _assay_v1_StreamAgentLogsResponse__Output } from '../../assay/v1/StreamAgentLogsResponse.ts';
import type { WatchClusterRequest as _assay_v1_WatchClusterRequest, WatchClusterRequest__Output as _assay_v1_WatchClusterRequest__Output } from '../../assay/v1/WatchClusterRequest.ts';
import type { WatchClusterResponse as _assay_v1_WatchClusterResponse, WatchClusterResponse__Output as _assay_v1_WatchClusterResponse__Output } from '../../assay/v1/WatchClusterResponse.ts';
import type { WhyRouteRequest as _assay_v1_WhyRouteRequest, WhyRouteRequest__Output as _assay_v1_WhyRouteRequest__Output } from '../../assay/v1/WhyRouteRequest.ts';
import type { WhyRouteResponse as _assay_v1_WhyRouteResponse, WhyRouteResponse__Output as _assay_v1_WhyRouteResponse__Output } from '../../assay/v1/WhyRouteResponse.ts';

/**
 * For whoever runs the fleet.
 */
export interface OperatorServiceClient extends grpc.Client {
  /**
   * Removes what nobody refers to: contents that no evaluation names, what crashed processes and removed evaluations have left in the
   * store, empty queues of routes that are over. Coordinators do the same once a day. Streams about once a second how far it is; the
   * message with `done` is the last. A caller that goes away ends it; what was removed is gone, and a repeat does the rest.
   * FAILED_PRECONDITION while another collection is under way.
   */
  CollectGarbage(argument: _assay_v1_CollectGarbageRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_assay_v1_CollectGarbageResponse__Output>;
  CollectGarbage(argument: _assay_v1_CollectGarbageRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_assay_v1_CollectGarbageResponse__Output>;
  /**
   * Removes what nobody refers to: contents that no evaluation names, what crashed processes and removed evaluations have left in the
   * store, empty queues of routes that are over. Coordinators do the same once a day. Streams about once a second how far it is; the
   * message with `done` is the last. A caller that goes away ends it; what was removed is gone, and a repeat does the rest.
   * FAILED_PRECONDITION while another collection is under way.
   */
  collectGarbage(argument: _assay_v1_CollectGarbageRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_assay_v1_CollectGarbageResponse__Output>;
  collectGarbage(argument: _assay_v1_CollectGarbageRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_assay_v1_CollectGarbageResponse__Output>;
  
  /**
   * Gives an agent no more work, or (undo) gives it work again. What it holds it finishes. It stays connected.
   */
  DrainAgent(argument: _assay_v1_DrainAgentRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_DrainAgentResponse__Output>): grpc.ClientUnaryCall;
  DrainAgent(argument: _assay_v1_DrainAgentRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_DrainAgentResponse__Output>): grpc.ClientUnaryCall;
  DrainAgent(argument: _assay_v1_DrainAgentRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_DrainAgentResponse__Output>): grpc.ClientUnaryCall;
  DrainAgent(argument: _assay_v1_DrainAgentRequest, callback: grpc.requestCallback<_assay_v1_DrainAgentResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Gives an agent no more work, or (undo) gives it work again. What it holds it finishes. It stays connected.
   */
  drainAgent(argument: _assay_v1_DrainAgentRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_DrainAgentResponse__Output>): grpc.ClientUnaryCall;
  drainAgent(argument: _assay_v1_DrainAgentRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_DrainAgentResponse__Output>): grpc.ClientUnaryCall;
  drainAgent(argument: _assay_v1_DrainAgentRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_DrainAgentResponse__Output>): grpc.ClientUnaryCall;
  drainAgent(argument: _assay_v1_DrainAgentRequest, callback: grpc.requestCallback<_assay_v1_DrainAgentResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * One agent with the attempts that it holds. NOT_FOUND if it was not seen within the last day.
   */
  GetAgent(argument: _assay_v1_GetAgentRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_GetAgentResponse__Output>): grpc.ClientUnaryCall;
  GetAgent(argument: _assay_v1_GetAgentRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_GetAgentResponse__Output>): grpc.ClientUnaryCall;
  GetAgent(argument: _assay_v1_GetAgentRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_GetAgentResponse__Output>): grpc.ClientUnaryCall;
  GetAgent(argument: _assay_v1_GetAgentRequest, callback: grpc.requestCallback<_assay_v1_GetAgentResponse__Output>): grpc.ClientUnaryCall;
  /**
   * One agent with the attempts that it holds. NOT_FOUND if it was not seen within the last day.
   */
  getAgent(argument: _assay_v1_GetAgentRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_GetAgentResponse__Output>): grpc.ClientUnaryCall;
  getAgent(argument: _assay_v1_GetAgentRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_GetAgentResponse__Output>): grpc.ClientUnaryCall;
  getAgent(argument: _assay_v1_GetAgentRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_GetAgentResponse__Output>): grpc.ClientUnaryCall;
  getAgent(argument: _assay_v1_GetAgentRequest, callback: grpc.requestCallback<_assay_v1_GetAgentResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Agents that are connected to any coordinator, and those that were within the last day; by name.
   */
  ListAgents(argument: _assay_v1_ListAgentsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_ListAgentsResponse__Output>): grpc.ClientUnaryCall;
  ListAgents(argument: _assay_v1_ListAgentsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_ListAgentsResponse__Output>): grpc.ClientUnaryCall;
  ListAgents(argument: _assay_v1_ListAgentsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_ListAgentsResponse__Output>): grpc.ClientUnaryCall;
  ListAgents(argument: _assay_v1_ListAgentsRequest, callback: grpc.requestCallback<_assay_v1_ListAgentsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Agents that are connected to any coordinator, and those that were within the last day; by name.
   */
  listAgents(argument: _assay_v1_ListAgentsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_ListAgentsResponse__Output>): grpc.ClientUnaryCall;
  listAgents(argument: _assay_v1_ListAgentsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_ListAgentsResponse__Output>): grpc.ClientUnaryCall;
  listAgents(argument: _assay_v1_ListAgentsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_ListAgentsResponse__Output>): grpc.ClientUnaryCall;
  listAgents(argument: _assay_v1_ListAgentsRequest, callback: grpc.requestCallback<_assay_v1_ListAgentsResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * What goes on that operators want to know (lost agents, routes that nothing fits, failed evaluations and the like, as alerts tell it), and the
   * newest of what has begun, ended and happened. Of the caller's namespaces; of the fleet, which is agents and keys, for whoever has all of them.
   */
  ListEvents(argument: _assay_v1_ListEventsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_ListEventsResponse__Output>): grpc.ClientUnaryCall;
  ListEvents(argument: _assay_v1_ListEventsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_ListEventsResponse__Output>): grpc.ClientUnaryCall;
  ListEvents(argument: _assay_v1_ListEventsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_ListEventsResponse__Output>): grpc.ClientUnaryCall;
  ListEvents(argument: _assay_v1_ListEventsRequest, callback: grpc.requestCallback<_assay_v1_ListEventsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * What goes on that operators want to know (lost agents, routes that nothing fits, failed evaluations and the like, as alerts tell it), and the
   * newest of what has begun, ended and happened. Of the caller's namespaces; of the fleet, which is agents and keys, for whoever has all of them.
   */
  listEvents(argument: _assay_v1_ListEventsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_ListEventsResponse__Output>): grpc.ClientUnaryCall;
  listEvents(argument: _assay_v1_ListEventsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_ListEventsResponse__Output>): grpc.ClientUnaryCall;
  listEvents(argument: _assay_v1_ListEventsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_ListEventsResponse__Output>): grpc.ClientUnaryCall;
  listEvents(argument: _assay_v1_ListEventsRequest, callback: grpc.requestCallback<_assay_v1_ListEventsResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Routes with work of unfinished evaluations, and paused ones: depth, oldest wait, agents that fit.
   */
  ListRoutes(argument: _assay_v1_ListRoutesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_ListRoutesResponse__Output>): grpc.ClientUnaryCall;
  ListRoutes(argument: _assay_v1_ListRoutesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_ListRoutesResponse__Output>): grpc.ClientUnaryCall;
  ListRoutes(argument: _assay_v1_ListRoutesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_ListRoutesResponse__Output>): grpc.ClientUnaryCall;
  ListRoutes(argument: _assay_v1_ListRoutesRequest, callback: grpc.requestCallback<_assay_v1_ListRoutesResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Routes with work of unfinished evaluations, and paused ones: depth, oldest wait, agents that fit.
   */
  listRoutes(argument: _assay_v1_ListRoutesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_ListRoutesResponse__Output>): grpc.ClientUnaryCall;
  listRoutes(argument: _assay_v1_ListRoutesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_ListRoutesResponse__Output>): grpc.ClientUnaryCall;
  listRoutes(argument: _assay_v1_ListRoutesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_ListRoutesResponse__Output>): grpc.ClientUnaryCall;
  listRoutes(argument: _assay_v1_ListRoutesRequest, callback: grpc.requestCallback<_assay_v1_ListRoutesResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Hands out nothing more of a route, or (undo) goes on. What runs may finish and is counted.
   */
  PauseRoute(argument: _assay_v1_PauseRouteRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_PauseRouteResponse__Output>): grpc.ClientUnaryCall;
  PauseRoute(argument: _assay_v1_PauseRouteRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_PauseRouteResponse__Output>): grpc.ClientUnaryCall;
  PauseRoute(argument: _assay_v1_PauseRouteRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_PauseRouteResponse__Output>): grpc.ClientUnaryCall;
  PauseRoute(argument: _assay_v1_PauseRouteRequest, callback: grpc.requestCallback<_assay_v1_PauseRouteResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Hands out nothing more of a route, or (undo) goes on. What runs may finish and is counted.
   */
  pauseRoute(argument: _assay_v1_PauseRouteRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_PauseRouteResponse__Output>): grpc.ClientUnaryCall;
  pauseRoute(argument: _assay_v1_PauseRouteRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_PauseRouteResponse__Output>): grpc.ClientUnaryCall;
  pauseRoute(argument: _assay_v1_PauseRouteRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_PauseRouteResponse__Output>): grpc.ClientUnaryCall;
  pauseRoute(argument: _assay_v1_PauseRouteRequest, callback: grpc.requestCallback<_assay_v1_PauseRouteResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * What an agent has told of itself, and not of tasks: the last lines, as long as the coordinator runs that it is, or was, connected to. They are
   * not stored; any coordinator asks that one for them. NOT_FOUND if it is no more; UNAVAILABLE while it does not answer.
   */
  StreamAgentLogs(argument: _assay_v1_StreamAgentLogsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_assay_v1_StreamAgentLogsResponse__Output>;
  StreamAgentLogs(argument: _assay_v1_StreamAgentLogsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_assay_v1_StreamAgentLogsResponse__Output>;
  /**
   * What an agent has told of itself, and not of tasks: the last lines, as long as the coordinator runs that it is, or was, connected to. They are
   * not stored; any coordinator asks that one for them. NOT_FOUND if it is no more; UNAVAILABLE while it does not answer.
   */
  streamAgentLogs(argument: _assay_v1_StreamAgentLogsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_assay_v1_StreamAgentLogsResponse__Output>;
  streamAgentLogs(argument: _assay_v1_StreamAgentLogsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_assay_v1_StreamAgentLogsResponse__Output>;
  
  /**
   * Streams the cluster: first all of it, then what has changed, at most once a second, and something every 15 seconds. Ends only with
   * UNAVAILABLE when the coordinator goes away: call another one and begin anew.
   */
  WatchCluster(argument: _assay_v1_WatchClusterRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_assay_v1_WatchClusterResponse__Output>;
  WatchCluster(argument: _assay_v1_WatchClusterRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_assay_v1_WatchClusterResponse__Output>;
  /**
   * Streams the cluster: first all of it, then what has changed, at most once a second, and something every 15 seconds. Ends only with
   * UNAVAILABLE when the coordinator goes away: call another one and begin anew.
   */
  watchCluster(argument: _assay_v1_WatchClusterRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_assay_v1_WatchClusterResponse__Output>;
  watchCluster(argument: _assay_v1_WatchClusterRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_assay_v1_WatchClusterResponse__Output>;
  
  /**
   * Why the work of a route does not run, or not faster: reasons in the order of their weight, what each connected agent lacks, and how long tasks
   * wait. Changes nothing.
   */
  WhyRoute(argument: _assay_v1_WhyRouteRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_WhyRouteResponse__Output>): grpc.ClientUnaryCall;
  WhyRoute(argument: _assay_v1_WhyRouteRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_WhyRouteResponse__Output>): grpc.ClientUnaryCall;
  WhyRoute(argument: _assay_v1_WhyRouteRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_WhyRouteResponse__Output>): grpc.ClientUnaryCall;
  WhyRoute(argument: _assay_v1_WhyRouteRequest, callback: grpc.requestCallback<_assay_v1_WhyRouteResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Why the work of a route does not run, or not faster: reasons in the order of their weight, what each connected agent lacks, and how long tasks
   * wait. Changes nothing.
   */
  whyRoute(argument: _assay_v1_WhyRouteRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_WhyRouteResponse__Output>): grpc.ClientUnaryCall;
  whyRoute(argument: _assay_v1_WhyRouteRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_assay_v1_WhyRouteResponse__Output>): grpc.ClientUnaryCall;
  whyRoute(argument: _assay_v1_WhyRouteRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_assay_v1_WhyRouteResponse__Output>): grpc.ClientUnaryCall;
  whyRoute(argument: _assay_v1_WhyRouteRequest, callback: grpc.requestCallback<_assay_v1_WhyRouteResponse__Output>): grpc.ClientUnaryCall;
  
}

/**
 * For whoever runs the fleet.
 */
export interface OperatorServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Removes what nobody refers to: contents that no evaluation names, what crashed processes and removed evaluations have left in the
   * store, empty queues of routes that are over. Coordinators do the same once a day. Streams about once a second how far it is; the
   * message with `done` is the last. A caller that goes away ends it; what was removed is gone, and a repeat does the rest.
   * FAILED_PRECONDITION while another collection is under way.
   */
  CollectGarbage: grpc.handleServerStreamingCall<_assay_v1_CollectGarbageRequest__Output, _assay_v1_CollectGarbageResponse>;
  
  /**
   * Gives an agent no more work, or (undo) gives it work again. What it holds it finishes. It stays connected.
   */
  DrainAgent: grpc.handleUnaryCall<_assay_v1_DrainAgentRequest__Output, _assay_v1_DrainAgentResponse>;
  
  /**
   * One agent with the attempts that it holds. NOT_FOUND if it was not seen within the last day.
   */
  GetAgent: grpc.handleUnaryCall<_assay_v1_GetAgentRequest__Output, _assay_v1_GetAgentResponse>;
  
  /**
   * Agents that are connected to any coordinator, and those that were within the last day; by name.
   */
  ListAgents: grpc.handleUnaryCall<_assay_v1_ListAgentsRequest__Output, _assay_v1_ListAgentsResponse>;
  
  /**
   * What goes on that operators want to know (lost agents, routes that nothing fits, failed evaluations and the like, as alerts tell it), and the
   * newest of what has begun, ended and happened. Of the caller's namespaces; of the fleet, which is agents and keys, for whoever has all of them.
   */
  ListEvents: grpc.handleUnaryCall<_assay_v1_ListEventsRequest__Output, _assay_v1_ListEventsResponse>;
  
  /**
   * Routes with work of unfinished evaluations, and paused ones: depth, oldest wait, agents that fit.
   */
  ListRoutes: grpc.handleUnaryCall<_assay_v1_ListRoutesRequest__Output, _assay_v1_ListRoutesResponse>;
  
  /**
   * Hands out nothing more of a route, or (undo) goes on. What runs may finish and is counted.
   */
  PauseRoute: grpc.handleUnaryCall<_assay_v1_PauseRouteRequest__Output, _assay_v1_PauseRouteResponse>;
  
  /**
   * What an agent has told of itself, and not of tasks: the last lines, as long as the coordinator runs that it is, or was, connected to. They are
   * not stored; any coordinator asks that one for them. NOT_FOUND if it is no more; UNAVAILABLE while it does not answer.
   */
  StreamAgentLogs: grpc.handleServerStreamingCall<_assay_v1_StreamAgentLogsRequest__Output, _assay_v1_StreamAgentLogsResponse>;
  
  /**
   * Streams the cluster: first all of it, then what has changed, at most once a second, and something every 15 seconds. Ends only with
   * UNAVAILABLE when the coordinator goes away: call another one and begin anew.
   */
  WatchCluster: grpc.handleServerStreamingCall<_assay_v1_WatchClusterRequest__Output, _assay_v1_WatchClusterResponse>;
  
  /**
   * Why the work of a route does not run, or not faster: reasons in the order of their weight, what each connected agent lacks, and how long tasks
   * wait. Changes nothing.
   */
  WhyRoute: grpc.handleUnaryCall<_assay_v1_WhyRouteRequest__Output, _assay_v1_WhyRouteResponse>;
  
}

export interface OperatorServiceDefinition extends grpc.ServiceDefinition {
  CollectGarbage: MethodDefinition<_assay_v1_CollectGarbageRequest, _assay_v1_CollectGarbageResponse, _assay_v1_CollectGarbageRequest__Output, _assay_v1_CollectGarbageResponse__Output>
  DrainAgent: MethodDefinition<_assay_v1_DrainAgentRequest, _assay_v1_DrainAgentResponse, _assay_v1_DrainAgentRequest__Output, _assay_v1_DrainAgentResponse__Output>
  GetAgent: MethodDefinition<_assay_v1_GetAgentRequest, _assay_v1_GetAgentResponse, _assay_v1_GetAgentRequest__Output, _assay_v1_GetAgentResponse__Output>
  ListAgents: MethodDefinition<_assay_v1_ListAgentsRequest, _assay_v1_ListAgentsResponse, _assay_v1_ListAgentsRequest__Output, _assay_v1_ListAgentsResponse__Output>
  ListEvents: MethodDefinition<_assay_v1_ListEventsRequest, _assay_v1_ListEventsResponse, _assay_v1_ListEventsRequest__Output, _assay_v1_ListEventsResponse__Output>
  ListRoutes: MethodDefinition<_assay_v1_ListRoutesRequest, _assay_v1_ListRoutesResponse, _assay_v1_ListRoutesRequest__Output, _assay_v1_ListRoutesResponse__Output>
  PauseRoute: MethodDefinition<_assay_v1_PauseRouteRequest, _assay_v1_PauseRouteResponse, _assay_v1_PauseRouteRequest__Output, _assay_v1_PauseRouteResponse__Output>
  StreamAgentLogs: MethodDefinition<_assay_v1_StreamAgentLogsRequest, _assay_v1_StreamAgentLogsResponse, _assay_v1_StreamAgentLogsRequest__Output, _assay_v1_StreamAgentLogsResponse__Output>
  WatchCluster: MethodDefinition<_assay_v1_WatchClusterRequest, _assay_v1_WatchClusterResponse, _assay_v1_WatchClusterRequest__Output, _assay_v1_WatchClusterResponse__Output>
  WhyRoute: MethodDefinition<_assay_v1_WhyRouteRequest, _assay_v1_WhyRouteResponse, _assay_v1_WhyRouteRequest__Output, _assay_v1_WhyRouteResponse__Output>
}
