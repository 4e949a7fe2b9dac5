/** An agent as it is shown: from its session, and as a candidate for routes. Pure. */
import type { Agent } from '../../shared/client/types.ts';
import type { Candidate } from '../../shared/domain/fit.ts';
import { wireCapabilities, wireVersionOf } from '../../shared/domain/spec-needs.ts';
import type { Session } from '../sessions/session.ts';
import type { Switch } from './switches.ts';

/** An agent that takes no more for any of its models because it stops says so by this reason. */
const STOPS = 'draining';
/** Why an agent is gone that has taken its leave; of one that was lost nothing is said. */
export const LEFT = 'it left';
/** When it was last heard, told in steps: an idle agent would be written anew every second otherwise. */
export const SEEN_STEP_MS = 5_000;

/** What a session tells of its agent; times are those of Redis. */
export function agentOf(
  session: Session,
  { coordinatorId, connectedAtMs, nowMs }: { coordinatorId: string; connectedAtMs: number; nowMs: number },
): Agent {
  const rooms = session.models();
  const stops = rooms.length > 0 && rooms.every((room) => room.suspended === STOPS);
  const isDraining = stops || session.state === 'draining';
  const seenAtMs = nowMs - session.silentMs();
  return {
    agentId: session.agentId,
    name: session.name,
    state: session.state === 'gone' ? 'gone' : isDraining ? 'draining' : 'ready',
    drainedByOperator: false,
    quarantined: false,
    reason: session.state === 'gone' ? (session.hasLeft ? LEFT : '') : !isDraining ? '' : stops ? 'it stops' : 'its coordinator stops',
    version: session.facts.version,
    wireVersion: session.facts.wireVersion,
    namespaces: session.offer.namespaces,
    labels: session.offer.labels,
    models: session.offer.models.map(({ match, maxConnections }, i) => ({ match, maxConnections, ...rooms[i]! })),
    capabilities: (session.offer.capabilities ?? []).filter((own) => wireVersionOf(own) === undefined),
    host: session.facts.host,
    samples: session.samples,
    attempts: session.held.size,
    ...session.tally,
    coordinatorId,
    peer: session.facts.peer,
    proof: session.facts.proof(),
    connectedAtMs,
    seenAtMs: Math.floor(seenAtMs / SEEN_STEP_MS) * SEEN_STEP_MS,
  };
}

/** Of an agent that is gone no more is kept: it stays in the list for a day. */
const MAX_GONE_BYTES = 2048;

/** What is kept of an agent that is gone: who it was, and what it could do where that is short. */
export function goneCard(agent: Agent): Agent {
  if (Buffer.byteLength(JSON.stringify(agent)) <= MAX_GONE_BYTES) return agent;
  return { ...agent, models: [], capabilities: [], labels: {}, host: {} };
}

/** With what an operator has switched, and whether it was put aside. */
export function withSwitches(agent: Agent, drained: Switch | undefined, quarantined: Switch | undefined): Agent {
  const held = quarantined ?? drained;
  if (!held) return agent;
  const state = agent.state === 'gone' ? 'gone' : 'draining';
  return { ...agent, state, drainedByOperator: drained !== undefined, quarantined: quarantined !== undefined, reason: held.reason };
}

export const candidateOf = (agent: Agent): Candidate => ({
  namespaces: agent.namespaces,
  labels: agent.labels,
  models: agent.models.map(({ match, maxConnections }) => ({ match, maxConnections, lookAhead: 0 })),
  capabilities: [...agent.capabilities, ...wireCapabilities(Number(agent.wireVersion.split('.')[1] ?? 0))],
  state: agent.state,
  reason: agent.reason,
  drainedByOperator: agent.drainedByOperator,
  quarantined: agent.quarantined,
  suspended: agent.models.map((model) => model.suspended),
});
