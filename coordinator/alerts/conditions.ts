/** What holds now of the fleet, as incidents. Pure. */
import type { Agent, RouteStatus } from '../../shared/client/types.ts';
import { LEFT } from '../cluster/agent-card.ts';
import type { Incident } from './incident.ts';

/** Why an agent has suspended a model, where it is its key that does not do. */
const REJECTED: Readonly<Record<string, string>> = {
  auth: 'the endpoint refuses its key',
  quota: 'the account of its key is used up',
};

/** Agents that are gone without a word, and keys that do not do what they should. */
export function incidentsOfAgents(agents: readonly Agent[]): Incident[] {
  return agents.flatMap((agent) => {
    const name = agent.name || agent.agentId;
    const facts = { agentId: agent.agentId, agent: agent.name };
    if (agent.state === 'gone') {
      if (agent.reason === LEFT) return [];
      const summary = `Agent ${name} is lost: it is not connected any more, and has not said that it stops`;
      return [{ key: `agent_lost:${agent.agentId}`, kind: 'agent_lost' as const, namespace: '', summary, facts }];
    }
    return agent.models.flatMap(({ match, suspended, connections, maxConnections, room }): Incident[] => {
      const key = `${agent.agentId}:${match}`;
      const own = { namespace: '', facts: { ...facts, model: match } };
      const rejected = Object.hasOwn(REJECTED, suspended) ? REJECTED[suspended] : undefined;
      if (rejected !== undefined)
        return [
          { ...own, key: `key_rejected:${key}`, kind: 'key_rejected', summary: `Agent ${name} runs nothing on ${match}: ${rejected}` },
        ];
      if (suspended !== '' || connections === undefined || connections <= 0 || 2 * connections > maxConnections) return [];
      // One that has little to do was never let to learn that it bears more.
      if (2 * room > connections) return [];
      const summary = `Agent ${name} is throttled on ${match}: the endpoint bears half of its ${maxConnections} calls at a time, or less`;
      return [{ ...own, key: `key_throttled:${key}`, kind: 'key_throttled', summary }];
    });
  });
}

/** Work that no agent fits, and work that waits too long although some do. */
export function incidentsOfRoutes(routes: readonly RouteStatus[], stuckMs: number): Incident[] {
  return routes.flatMap((route): Incident[] => {
    if (route.paused || route.open === 0) return [];
    const { namespace, requirement, oldestWaitMs } = route;
    const own = {
      namespace,
      facts: { route: route.route, requirement, open: route.open, evaluations: route.evaluationIds.slice(0, 5).join(' ') },
    };
    if (route.agents === 0) {
      const why = route.misfits[0] === undefined ? '' : ` (${route.misfits[0]})`;
      const summary = `No agent fits ${requirement}: ${route.open} samples wait${why}`;
      return [{ ...own, key: `nothing_fits:${route.route}`, kind: 'nothing_fits', summary }];
    }
    // What waits behind work that runs is not stuck.
    if (oldestWaitMs < stuckMs || route.inFlight > 0) return [];
    const summary = `The queue of ${requirement} is stuck: ${route.waitingTasks === 1 ? '1 task waits' : `${route.waitingTasks} tasks wait`}, the oldest for ${minutes(oldestWaitMs)}, and nothing of it runs`;
    return [{ ...own, key: `queue_stuck:${route.route}`, kind: 'queue_stuck', summary }];
  });
}

const minutes = (ms: number): string => (ms < 120_000 ? `${Math.round(ms / 1000)} s` : `${Math.floor(ms / 60_000)} min`);
