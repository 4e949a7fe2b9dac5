/** Reasons between the wire and the client library. */
import type { Reason as WireReason, Reason__Output } from '../rpc/gen/assay/v1/Reason.ts';
import type { ReasonEffect as WireEffect } from '../rpc/gen/assay/v1/ReasonEffect.ts';
import type { WhyPendingResponse, WhyPendingResponse__Output } from '../rpc/gen/assay/v1/WhyPendingResponse.ts';
import { int64, stateFromWire, stateToWire, toInt64 } from './codec-words.ts';
import { REASON_EFFECTS, type Reason, type ReasonEffect, type Why } from './why.ts';

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

export const whyToWire = ({ timeMs, state, reasons, ...why }: Why): WhyPendingResponse => ({
  ...why,
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
});
