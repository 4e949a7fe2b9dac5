/** The methods of OperatorService. */
import { assayProto } from '../rpc/load.ts';
import type { Calls } from './calls.ts';
import type { AssayClient } from './client.ts';
import { eventFilterToWire, eventsFromWire } from './codec-events.ts';
import { agentFilterToWire, agentFromWire, heldFromWire, routeFromWire } from './codec-operator.ts';
import { whyRouteFromWire } from './codec-why.ts';
import { pageFromWire, pageToWire } from './codec-words.ts';
import { DEADLINE_MS } from './deadlines.ts';
import { agentLogs } from './log-streams.ts';
import { collectGarbage, watchCluster } from './streams.ts';

export type OperatorMethods = Pick<
  AssayClient,
  'agents' | 'agent' | 'drainAgent' | 'routes' | 'whyRoute' | 'pauseRoute' | 'events' | 'watchCluster' | 'collectGarbage' | 'agentLogs'
>;

export function operatorMethods(calls: Calls): OperatorMethods {
  const methods = assayProto().operator;
  const { short } = DEADLINE_MS;
  return {
    async agents(filter = {}, page) {
      const { agents, nextPageToken } = await calls.ask(methods.ListAgents, { ...agentFilterToWire(filter), ...pageToWire(page) }, short);
      return pageFromWire(agents, nextPageToken, agentFromWire);
    },
    async agent(agentId) {
      const { agent, attempts } = await calls.ask(methods.GetAgent, { agentId }, short);
      return { agent: agentFromWire(agent), attempts: attempts.map(heldFromWire) };
    },
    async drainAgent(agentId, { undo = false, reason = '' } = {}) {
      return agentFromWire((await calls.ask(methods.DrainAgent, { agentId, undo, reason }, short)).agent);
    },
    async routes({ withoutAgent = false } = {}, page) {
      const { routes, nextPageToken } = await calls.ask(methods.ListRoutes, { withoutAgent, ...pageToWire(page) }, short);
      return pageFromWire(routes, nextPageToken, routeFromWire);
    },
    async whyRoute(route, { history = false } = {}) {
      return whyRouteFromWire(await calls.ask(methods.WhyRoute, { route, history }, short));
    },
    async pauseRoute(route, { undo = false, reason = '' } = {}) {
      return routeFromWire((await calls.ask(methods.PauseRoute, { route, undo, reason }, short)).route);
    },
    async events(filter = {}, page) {
      return eventsFromWire(await calls.ask(methods.ListEvents, { ...eventFilterToWire(filter), ...pageToWire(page) }, short));
    },
    agentLogs: (idOrName, { signal, ...options } = {}) => agentLogs(calls, idOrName, options, calls.until(signal)),
    watchCluster: ({ signal } = {}) => watchCluster(calls, calls.until(signal)),
    collectGarbage: ({ signal, ...options } = {}) => collectGarbage(calls, options, calls.until(signal)),
  };
}
