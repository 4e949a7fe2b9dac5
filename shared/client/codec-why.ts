/** Reasons between the wire and the client library. */
import type { Reason as WireReason, Reason__Output } from '../rpc/gen/assay/v1/Reason.ts';
import type { ReasonEffect as WireEffect } from '../rpc/gen/assay/v1/ReasonEffect.ts';
import type { WhyPendingResponse, WhyPendingResponse__Output } from '../rpc/gen/assay/v1/WhyPendingResponse.ts';
import type { Waits as WireWaits, Waits__Output } from '../rpc/gen/assay/v1/Waits.ts';
import type { WhyHistory as WireHistory, WhyHistory__Output } from '../rpc/gen/assay/v1/WhyHistory.ts';
import type { WhyRouteResponse, WhyRouteResponse__Output } from '../rpc/gen/assay/v1/WhyRouteResponse.ts';
import { agentStateToWire, knownAgentState, routeFromWire, routeToWire } from './codec-operator.ts';
import { int64, stateFromWire, stateToWire, toInt64, unknownWord } from './codec-words.ts';
import { REASON_EFFECTS, type Reason, type ReasonEffect, type Waits, type Why, type WhyHistory, type WhyRoute } from './why.ts';

const effectToWire = (effect: ReasonEffect): WireEffect => `REASON_EFFECT_${effect.toUpperCase()}` as WireEffect;

/** One that is not known here is not passed over: something is in the way. */
const effectFromWire = (wire: string | number): ReasonEffect => REASON_EFFECTS.find((effect) => effectToWire(effect) === wire) ?? 'blocks';

const reasonToWire = ({ effect, sinceMs, untilMs, agents, ...reason }: Reason): WireReason => ({
  ...reason,
  effect: effectToWire(effect),
  sinceMs: toInt64(sinceMs),
  untilMs: toInt64(untilMs),
  agents: agents.map((agent) => ({ ...agent, sinceMs: toInt64(agent.sinceMs) })),
});

const reasonFromWire = (wire: Reason__Output): Reason => ({
  code: wire.code,
  effect: effectFromWire(wire.effect),
  text: wire.text,
  samples: wire.samples,
  tasks: wire.tasks,
  sinceMs: int64(wire.sinceMs),
  untilMs: int64(wire.untilMs),
  remedy: wire.remedy,
  command: wire.command,
  route: wire.route,
  requirement: wire.requirement,
  agents: wire.agents.map(({ agentId, name, text, sinceMs }) => ({ agentId, name, text, sinceMs: int64(sinceMs) })),
  agentCount: wire.agentCount,
  evaluationIds: wire.evaluationIds,
});

export const historyToWire = ({ sinceMs, periods, totals }: WhyHistory): WireHistory => ({
  sinceMs: toInt64(sinceMs),
  periods: periods.map(({ effect, sinceMs: from, untilMs, agents, ...period }) => ({
    ...period,
    effect: effectToWire(effect),
    sinceMs: toInt64(from),
    untilMs: toInt64(untilMs),
    agents: agents.map((agent) => ({ ...agent, sinceMs: toInt64(agent.sinceMs) })),
  })),
  totals: totals.map(({ effect, totalMs, ...total }) => ({ ...total, effect: effectToWire(effect), totalMs: toInt64(totalMs) })),
});

const historyFromWire = ({ sinceMs, periods, totals }: WhyHistory__Output): WhyHistory => ({
  sinceMs: int64(sinceMs),
  periods: periods.map((wire) => ({
    code: wire.code,
    effect: effectFromWire(wire.effect),
    text: wire.text,
    route: wire.route,
    requirement: wire.requirement,
    samples: wire.samples,
    sinceMs: int64(wire.sinceMs),
    untilMs: int64(wire.untilMs),
    looks: wire.looks,
    agents: wire.agents.map((agent) => ({ ...agent, sinceMs: int64(agent.sinceMs) })),
    agentCount: wire.agentCount,
  })),
  totals: totals.map(({ code, effect, route, times, totalMs }) => ({
    ...{ code, effect: effectFromWire(effect), route, times },
    totalMs: int64(totalMs),
  })),
});

const waitsToWire = ({ tasks, p50Ms, p90Ms, p99Ms, maxMs }: Waits): WireWaits => ({
  ...{ tasks, p50Ms: toInt64(p50Ms), p90Ms: toInt64(p90Ms), p99Ms: toInt64(p99Ms), maxMs: toInt64(maxMs) },
});

const waitsFromWire = (wire: Waits__Output | null): Waits => ({
  tasks: wire?.tasks ?? 0,
  p50Ms: int64(wire?.p50Ms ?? '0'),
  p90Ms: int64(wire?.p90Ms ?? '0'),
  p99Ms: int64(wire?.p99Ms ?? '0'),
  maxMs: int64(wire?.maxMs ?? '0'),
});

export const whyRouteToWire = ({ timeMs, route, reasons, agents, agentCount, waiting, waited, history }: WhyRoute): WhyRouteResponse => ({
  timeMs: toInt64(timeMs),
  route: routeToWire(route),
  reasons: reasons.map(reasonToWire),
  agents: agents.map(({ state, room, ...agent }) => ({ ...agent, state: agentStateToWire(state), room: toInt64(room) })),
  agentCount,
  waiting: waitsToWire(waiting),
  waited: waitsToWire(waited),
  ...(history && { history: historyToWire(history) }),
});

export const whyRouteFromWire = (wire: WhyRouteResponse__Output): WhyRoute => ({
  timeMs: int64(wire.timeMs),
  route: routeFromWire(wire.route),
  reasons: wire.reasons.map(reasonFromWire),
  agents: wire.agents.map(({ agentId, name, state, fits, room, samples, text }) => ({
    ...{ agentId, name, fits, samples, text, room: int64(room) },
    state: knownAgentState(state) ?? unknownWord('agent state', state),
  })),
  agentCount: wire.agentCount,
  waiting: waitsFromWire(wire.waiting),
  waited: waitsFromWire(wire.waited),
  ...(wire.history && { history: historyFromWire(wire.history) }),
});

export const whyToWire = ({ timeMs, state, reasons, history, ...why }: Why): WhyPendingResponse => ({
  ...why,
  ...(history && { history: historyToWire(history) }),
  timeMs: toInt64(timeMs),
  state: stateToWire(state),
  reasons: reasons.map(reasonToWire),
});

export const whyFromWire = (wire: WhyPendingResponse__Output): Why => ({
  timeMs: int64(wire.timeMs),
  evaluationId: wire.evaluationId,
  taskId: wire.taskId,
  state: stateFromWire(wire.state),
  open: wire.open,
  inFlight: wire.inFlight,
  rate: wire.rate,
  reasons: wire.reasons.map(reasonFromWire),
  ...(wire.history && { history: historyFromWire(wire.history) }),
});
