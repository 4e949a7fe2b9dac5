/** OperatorService: agents, routes, their switches, and the cluster as a stream. */
import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import { agentToWire, clusterToWire, heldToWire, knownAgentState, routeToWire } from '../../shared/client/codec-operator.ts';
import { whyRouteToWire } from '../../shared/client/codec-why.ts';
import { lineToWire } from '../../shared/client/codec-logs.ts';
import { collectionToWire } from '../../shared/client/codec-store.ts';
import type { AgentFilter } from '../../shared/client/client.ts';
import { Checks } from '../../shared/rpc/checks.ts';
import type { ListAgentsRequest__Output } from '../../shared/rpc/gen/assay/v1/ListAgentsRequest.ts';
import type { CallInfo, Handlers } from '../../shared/rpc/handler.ts';
import { assayProto } from '../../shared/rpc/load.ts';
import type { Gate } from '../identity/gate.ts';
import type { Before } from '../identity/tokens.ts';
import { eventsMethod } from './events-method.ts';
import { readLineFilter, readTail } from './logs-method.ts';
import { fittingPage } from './pages.ts';
import { MAX, readPage } from './requests.ts';
import type { EventUseCases, OperatorUseCases } from './use-cases.ts';

const MAX_REQUIREMENT = 10_000;
const DAY_MS = 24 * 3_600_000;
const LONGEST_GRACE_MS = 3650 * DAY_MS;

export function operatorService(
  { operator: useCases, events }: { operator: OperatorUseCases; events: EventUseCases },
  handlers: Handlers,
  gate: Pick<Gate, 'allowed' | 'denied'>,
): UntypedServiceImplementation {
  const before =
    ({ identity, method, peer }: CallInfo): Before =>
    (about) =>
      gate.allowed({ identity, method, peer, ...about });
  const methods = assayProto().operator;
  return {
    ListAgents: handlers.unary(methods.ListAgents, async (request) => {
      const checks = new Checks('ListAgents');
      const filter = readAgentFilter(checks, request);
      const page = readPage(checks, request);
      checks.done();
      return fittingPage(
        methods.ListAgents,
        page,
        (asked) => useCases.agents(filter, asked),
        ({ items, nextToken }) => ({ agents: items.map(agentToWire), nextPageToken: nextToken }),
      );
    }),

    GetAgent: handlers.unary(methods.GetAgent, async ({ agentId }) => {
      const checks = new Checks('GetAgent');
      checks.text('agent_id', agentId, MAX.name, 1);
      checks.done();
      const { agent, attempts } = await useCases.agent(agentId);
      return { agent: agentToWire(agent), attempts: attempts.map(heldToWire) };
    }),

    StreamAgentLogs: handlers.serverStream(methods.StreamAgentLogs, async function* (request, { signal, goingAway }) {
      const checks = new Checks('StreamAgentLogs');
      checks.text('agent', request.agent, MAX.name, 1);
      const filter = readLineFilter(checks, request.filter);
      if (filter.agent) checks.fault('filter.agent', 'says nothing more than agent; leave it out');
      if (filter.unit !== undefined) checks.fault('filter.unit', 'lines of an agent about itself are about no sample; leave it out');
      const tail = readTail(checks, request.tail);
      checks.done();
      const asked = { ...filter, ...(tail !== undefined && { tail }), follow: request.follow };
      const ends = AbortSignal.any([signal, goingAway]);
      for await (const lines of useCases.agentLogs(request.agent, asked, ends)) yield { lines: lines.map(lineToWire) };
      goingAway.throwIfAborted();
    }),

    DrainAgent: handlers.unary(methods.DrainAgent, async ({ agentId, undo, reason }, info) => {
      const checks = new Checks('DrainAgent');
      checks.text('agent_id', agentId, MAX.name, 1);
      checks.text('reason', reason, MAX.reason);
      checks.done();
      return { agent: agentToWire(await useCases.drainAgent(agentId, { undo, reason }, before(info))) };
    }),

    ListRoutes: handlers.unary(methods.ListRoutes, async (request) => {
      const checks = new Checks('ListRoutes');
      const page = readPage(checks, request);
      checks.done();
      return fittingPage(
        methods.ListRoutes,
        page,
        (asked) => useCases.routes({ withoutAgent: request.withoutAgent }, asked),
        ({ items, nextToken }) => ({ routes: items.map(routeToWire), nextPageToken: nextToken }),
      );
    }),

    WhyRoute: handlers.unary(methods.WhyRoute, async ({ route, history }) => {
      const checks = new Checks('WhyRoute');
      checks.text('route', route, MAX_REQUIREMENT, 1);
      checks.done();
      return whyRouteToWire(await useCases.whyRoute(route, { history }));
    }),

    PauseRoute: handlers.unary(methods.PauseRoute, async ({ route, undo, reason }, info) => {
      const checks = new Checks('PauseRoute');
      checks.text('route', route, MAX_REQUIREMENT, 1);
      checks.text('reason', reason, MAX.reason);
      checks.done();
      return { route: routeToWire(await useCases.pauseRoute(route, { undo, reason }, before(info))) };
    }),

    ...eventsMethod(events, handlers, gate),

    WatchCluster: handlers.serverStream(methods.WatchCluster, async function* (_request, { signal, goingAway }) {
      const ends = AbortSignal.any([signal, goingAway]);
      for await (const change of useCases.watchCluster(ends)) yield clusterToWire(change);
      goingAway.throwIfAborted();
    }),

    CollectGarbage: handlers.serverStream(methods.CollectGarbage, async function* ({ graceMs, dryRun }, { signal, goingAway }) {
      const checks = new Checks('CollectGarbage');
      const grace = graceMs === undefined ? DAY_MS : checks.int('grace_ms', Number(graceMs), LONGEST_GRACE_MS);
      checks.done();
      const ends = AbortSignal.any([signal, goingAway]);
      for await (const { collection, done } of useCases.collect({ graceMs: grace, dryRun }, ends)) yield collectionToWire(collection, done);
      goingAway.throwIfAborted();
    }),
  };
}

function readAgentFilter(checks: Checks, { states, model, labels }: ListAgentsRequest__Output): AgentFilter {
  const filter: AgentFilter = {};
  if (states.length > 0)
    filter.states = checks.list('states', states, MAX.conditions).flatMap((state, i) => {
      const known = knownAgentState(state);
      if (!known) checks.fault(`states[${i}]`, `${JSON.stringify(state)} is not a state of an agent`);
      return known ?? [];
    });
  if (model !== '') filter.model = checks.text('model', model, MAX.name);
  const wanted = checks.list('labels', Object.entries(labels), MAX.conditions);
  if (wanted.length > 0)
    filter.labels = Object.fromEntries(
      wanted.map(([key, value]) => [
        checks.text('labels: a key', key, MAX.name, 1),
        checks.text(`labels.${key.slice(0, 100)}`, value, MAX.name),
      ]),
    );
  return filter;
}
