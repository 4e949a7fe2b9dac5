/** OperatorService's messages between wire and `types.ts`. */
import { durabilityField, durabilityToWire } from './codec-durability.ts';
import { AppError } from '../domain/errors.ts';
import { DEFAULT_NAMESPACE } from '../domain/ids.ts';
import type { Agent as WireAgent, Agent__Output } from '../rpc/gen/assay/v1/Agent.ts';
import type { AgentState as WireAgentState } from '../rpc/gen/assay/v1/AgentState.ts';
import type { Coordinator as WireCoordinator, Coordinator__Output } from '../rpc/gen/assay/v1/Coordinator.ts';
import type { HeldAttempt as WireHeld, HeldAttempt__Output } from '../rpc/gen/assay/v1/HeldAttempt.ts';
import type { ListAgentsRequest } from '../rpc/gen/assay/v1/ListAgentsRequest.ts';
import type { Route as WireRoute, Route__Output } from '../rpc/gen/assay/v1/Route.ts';
import type { WatchClusterResponse, WatchClusterResponse__Output } from '../rpc/gen/assay/v1/WatchClusterResponse.ts';
import type { AgentFilter } from './client.ts';
import { namespacesFromWire, namespacesToWire } from './codec-identity.ts';
import { int64, toInt64, unknownWord } from './codec-words.ts';
import { redisFromWire, redisToWire } from './codec-redis.ts';
import { storeFromWire, storeToWire } from './codec-store.ts';
import {
  AGENT_STATES,
  type Agent,
  type AgentState,
  type ClusterChange,
  type CoordinatorStatus,
  type HeldAttempt,
  type RouteStatus,
} from './types.ts';

export const agentStateToWire = (state: AgentState): WireAgentState => `AGENT_STATE_${state.toUpperCase()}` as WireAgentState;

/** undefined: UNSPECIFIED, or a number that has no name here. */
export function knownAgentState(wire: string | number): AgentState | undefined {
  const state = String(wire).replace('AGENT_STATE_', '').toLowerCase();
  return AGENT_STATES.find((known) => known === state);
}

export const agentFilterToWire = ({ states = [], model = '', labels = {} }: AgentFilter): ListAgentsRequest => ({
  states: states.map(agentStateToWire),
  model,
  labels,
});

export const agentToWire = ({ namespaces, ...agent }: Agent): WireAgent => ({
  ...agent,
  namespaces: namespacesToWire(namespaces),
  state: agentStateToWire(agent.state),
  models: agent.models.map(({ suspendedAtMs = 0, retryAtMs = 0, ...model }) => ({
    ...{ ...model, room: toInt64(model.room) },
    ...{ suspendedAtMs: toInt64(suspendedAtMs), retryAtMs: toInt64(retryAtMs) },
  })),
  counted: toInt64(agent.counted),
  errored: toInt64(agent.errored),
  // A coordinator of before knows of none.
  refused: toInt64(agent.refused ?? 0),
  connectedAtMs: toInt64(agent.connectedAtMs),
  seenAtMs: toInt64(agent.seenAtMs),
  proof: agent.proof,
});

export function agentFromWire(wire: Agent__Output | null): Agent {
  if (!wire) throw new AppError('internal', 'the coordinator answered without an agent');
  return {
    agentId: wire.agentId,
    name: wire.name,
    state: knownAgentState(wire.state) ?? unknownWord('agent state', wire.state),
    drainedByOperator: wire.drainedByOperator,
    quarantined: wire.quarantined,
    reason: wire.reason,
    version: wire.version,
    wireVersion: wire.wireVersion,
    // Coordinators that do not say so take none but those.
    namespaces: wire.namespaces ? namespacesFromWire(wire.namespaces) : '*',
    labels: { ...wire.labels },
    models: wire.models.map(({ match, maxConnections, room, suspended, connections, suspendedAtMs, retryAtMs }) => ({
      ...{ match, maxConnections, room: int64(room), suspended },
      ...(connections > 0 ? { connections } : {}),
      ...(int64(suspendedAtMs) > 0 ? { suspendedAtMs: int64(suspendedAtMs) } : {}),
      ...(int64(retryAtMs) > 0 ? { retryAtMs: int64(retryAtMs) } : {}),
    })),
    capabilities: wire.capabilities,
    host: { ...wire.host },
    samples: wire.samples,
    attempts: wire.attempts,
    counted: int64(wire.counted),
    errored: int64(wire.errored),
    refused: int64(wire.refused),
    coordinatorId: wire.coordinatorId,
    peer: wire.peer,
    connectedAtMs: int64(wire.connectedAtMs),
    seenAtMs: int64(wire.seenAtMs),
    proof: wire.proof,
  };
}

export const heldToWire = (held: HeldAttempt): WireHeld => ({ ...held, sinceMs: toInt64(held.sinceMs) });

export const heldFromWire = ({ attemptId, evaluationId, taskId, route, samples, sinceMs }: HeldAttempt__Output): HeldAttempt => ({
  attemptId,
  evaluationId,
  taskId,
  route,
  samples,
  sinceMs: int64(sinceMs),
});

export const routeToWire = (route: RouteStatus): WireRoute => ({
  ...route,
  oldestWaitMs: toInt64(route.oldestWaitMs),
  open: toInt64(route.open),
  room: toInt64(route.room),
});

export function routeFromWire(wire: Route__Output | null): RouteStatus {
  if (!wire) throw new AppError('internal', 'the coordinator answered without a route');
  return {
    route: wire.route,
    requirement: wire.requirement,
    model: wire.model,
    labels: { ...wire.labels },
    needs: wire.needs,
    namespace: wire.namespace || DEFAULT_NAMESPACE,
    paused: wire.paused,
    reason: wire.reason,
    waitingTasks: wire.waitingTasks,
    oldestWaitMs: int64(wire.oldestWaitMs),
    open: int64(wire.open),
    inFlight: wire.inFlight,
    agents: wire.agents,
    room: int64(wire.room),
    evaluationIds: wire.evaluationIds,
    misfits: wire.misfits,
  };
}

const coordinatorToWire = ({ durability, limits, ...coordinator }: CoordinatorStatus): WireCoordinator => ({
  ...coordinator,
  ...(limits && { limits: Object.fromEntries(Object.entries(limits).map(([name, value]) => [name, toInt64(value)])) }),
  ...(durability && { durability: durabilityToWire(durability) }),
  startedAtMs: toInt64(coordinator.startedAtMs),
  seenAtMs: toInt64(coordinator.seenAtMs),
});

const coordinatorFromWire = (wire: Coordinator__Output): CoordinatorStatus => ({
  coordinatorId: wire.coordinatorId,
  version: wire.version,
  address: wire.address,
  startedAtMs: int64(wire.startedAtMs),
  seenAtMs: int64(wire.seenAtMs),
  agents: wire.agents,
  inFlight: wire.inFlight,
  storeId: wire.storeId,
  ...durabilityField(wire.durability),
  ...limitsField(Object.entries(wire.limits)),
  ...(wire.profile === '' ? {} : { profile: wire.profile }),
});

const limitsField = (limits: readonly (readonly [string, string])[]): Pick<CoordinatorStatus, 'limits'> =>
  limits.length === 0 ? {} : { limits: Object.fromEntries(limits.map(([name, value]) => [name, int64(value)])) };

export const clusterToWire = ({ store, redis, seen = [], ...change }: ClusterChange): WatchClusterResponse => ({
  ...change,
  ...(store ? { store: storeToWire(store) } : {}),
  ...(redis ? { redis: redisToWire(redis) } : {}),
  seen: seen.map(({ id, seenAtMs }) => ({ id, seenAtMs: toInt64(seenAtMs) })),
  timeMs: toInt64(change.timeMs),
  coordinators: change.coordinators.map(coordinatorToWire),
  agents: change.agents.map(agentToWire),
  routes: change.routes.map(routeToWire),
});

export const clusterFromWire = (wire: WatchClusterResponse__Output): ClusterChange => ({
  timeMs: int64(wire.timeMs),
  snapshot: wire.snapshot,
  coordinators: wire.coordinators.map(coordinatorFromWire),
  agents: wire.agents.map(agentFromWire),
  routes: wire.routes.map(routeFromWire),
  removedCoordinatorIds: wire.removedCoordinatorIds,
  removedAgentIds: wire.removedAgentIds,
  removedRoutes: wire.removedRoutes,
  ...(wire.store ? { store: storeFromWire(wire.store) } : {}),
  ...(wire.redis ? { redis: redisFromWire(wire.redis) } : {}),
  ...(wire.seen.length > 0 && { seen: wire.seen.map(({ id, seenAtMs }) => ({ id, seenAtMs: int64(seenAtMs) })) }),
});
