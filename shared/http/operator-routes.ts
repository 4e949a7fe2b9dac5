/** Rows of OperatorService, IdentityService and AuditService. */
import { z } from 'zod';
import { auditEntryFromWire, auditFilterToWire, auditHeadFromWire } from '../client/codec-audit.ts';
import { identityFromWire, joinTokenFromWire, namespacesToWire, scopeToWire, tokenFromWire } from '../client/codec-identity.ts';
import { eventFilterToWire, eventsFromWire } from '../client/codec-events.ts';
import { agentFilterToWire, agentFromWire, clusterFromWire, heldFromWire, routeFromWire } from '../client/codec-operator.ts';
import { collectionFromWire } from '../client/codec-store.ts';
import { whyRouteFromWire } from '../client/codec-why.ts';
import { pageFromWire, toInt64 } from '../client/codec-words.ts';
import { AGENT_STATES } from '../client/types.ts';
import type { NamespaceLimits } from '../domain/namespace-limits.ts';
import { limitsToWire, namespaceFromWire } from '../client/codec-namespace.ts';
import { EVENT_STATUSES, KIND_NAMES, SEVERITIES } from '../domain/incident-kinds.ts';
import { SCOPES } from '../domain/identity.ts';
import { assayProto } from '../rpc/load.ts';
import { count, history, page, pageOf, reason, whole } from './forms.ts';
import { route, type Route } from './route.ts';

export function operatorRoutes(): Route[] {
  const methods = assayProto().operator;
  return [
    route('GET', '/agents', methods.ListAgents, {
      type: 'Page<Agent>',
      doc: 'Agents that were seen within the last day, by name.',
      query: z.strictObject({
        states: z.array(z.enum(AGENT_STATES)).optional(),
        model: z.string().describe('could serve it').optional(),
        labels: z.record(z.string(), z.string()).describe('all of these').optional(),
        ...page,
      }),
      request: ({ query: { pageSize, pageToken, ...filter } }) => ({
        ...agentFilterToWire(filter),
        ...pageOf({ pageSize, pageToken }),
      }),
      answer: ({ agents, nextPageToken }) => pageFromWire(agents, nextPageToken, agentFromWire),
    }),
    route('GET', '/agents/{agent}', methods.GetAgent, {
      type: 'AgentWithAttempts',
      doc: 'One agent, by id or name, with what it holds.',
      request: ({ params }) => ({ agentId: params['agent'] ?? '' }),
      answer: ({ agent, attempts }) => ({ agent: agentFromWire(agent), attempts: attempts.map(heldFromWire) }),
    }),
    route('POST', '/agents/{agent}/drain', methods.DrainAgent, {
      type: 'Agent',
      doc: 'It is given nothing new; with `undo` it is again.',
      body: z.strictObject({ undo: z.boolean().optional(), ...reason }),
      request: ({ params, body }) => ({ agentId: params['agent'] ?? '', undo: body.undo ?? false, reason: body.reason ?? '' }),
      answer: ({ agent }) => agentFromWire(agent),
    }),
    route('GET', '/routes', methods.ListRoutes, {
      type: 'Page<RouteStatus>',
      doc: 'Routes that unfinished evaluations have work on.',
      query: z.strictObject({ withoutAgent: z.boolean().describe('only those that no agent is fit for').optional(), ...page }),
      request: ({ query: { withoutAgent = false, ...rest } }) => ({ withoutAgent, ...pageOf(rest) }),
      answer: ({ routes, nextPageToken }) => pageFromWire(routes, nextPageToken, routeFromWire),
    }),
    route('GET', '/routes/{route}/why', methods.WhyRoute, {
      type: 'WhyRoute',
      doc: 'Why the work of a route, by its id or its requirement, does not run, or not faster; what each agent lacks; how long tasks wait.',
      query: z.strictObject(history),
      request: ({ params, query }) => ({ route: params['route'] ?? '', history: query.history ?? false }),
      answer: whyRouteFromWire,
    }),
    route('POST', '/routes/pause', methods.PauseRoute, {
      type: 'RouteStatus',
      doc: 'Nothing more of it is handed out; with `undo` it is again.',
      body: z.strictObject({
        route: z.string().describe('its id, or its requirement'),
        undo: z.boolean().optional(),
        ...reason,
      }),
      request: ({ body }) => ({ route: body.route, undo: body.undo ?? false, reason: body.reason ?? '' }),
      answer: ({ route: status }) => routeFromWire(status),
    }),
    route('GET', '/events', methods.ListEvents, {
      type: 'EventPage',
      doc: 'What goes on that operators want to know, and what began, ended and happened, the newest first.',
      query: z.strictObject({
        namespace: z.string().describe('of all that the caller may see, and of the fleet, without it').optional(),
        kind: z.enum(KIND_NAMES).optional(),
        severity: z.enum(SEVERITIES).optional(),
        status: z.enum(EVENT_STATUSES).describe('of events; what goes on is told all the same').optional(),
        ...page,
      }),
      request: ({ query: { pageSize, pageToken, ...filter } }) => ({ ...eventFilterToWire(filter), ...pageOf({ pageSize, pageToken }) }),
      answer: eventsFromWire,
    }),
    route('GET', '/cluster/events', methods.WatchCluster, {
      type: 'ClusterChange',
      gives: 'events',
      doc:
        'Coordinators, agents, routes, the store and Redis: events `change`, at most one a second. The first has `snapshot`, and all there are, ' +
        'perhaps in several messages; so does whoever comes again.',
      request: () => ({}),
      answer: clusterFromWire,
      event: (data) => ({ event: 'change', data }),
    }),
    route('POST', '/store/collect', methods.CollectGarbage, {
      type: 'CollectionLine',
      gives: 'lines',
      doc: 'Removes what nobody refers to, and was not asked for within the grace time; how far it is, about once a second, until `done`.',
      body: z.strictObject({ graceMs: whole.describe('a day without it').optional(), dryRun: z.boolean().optional() }),
      request: ({ body: { graceMs, dryRun = false } }) => ({ dryRun, ...(graceMs === undefined ? {} : { graceMs: toInt64(graceMs) }) }),
      answer: (wire) => ({ ...collectionFromWire(wire), done: wire.done }),
    }),
  ];
}

const bounds = {
  maxQueuedSamples: whole.optional(),
  maxTasks: whole.optional(),
  maxContentBytes: whole.optional(),
  maxEvaluationSamples: whole.optional(),
  firstPriority: whole.optional(),
  keepMs: whole.optional(),
  keepEvaluations: whole.optional(),
  keepBytes: whole.optional(),
  maxCostPerDayMicroUsd: whole.optional(),
} satisfies Record<keyof NamespaceLimits, unknown>;

export function identityRoutes(): Route[] {
  const { identity, audit } = assayProto();
  return [
    route('GET', '/whoami', identity.WhoAmI, {
      type: 'WhoAmI',
      doc: 'Whose this call is.',
      request: () => ({}),
      answer: identityFromWire,
    }),
    route('GET', '/tokens', identity.ListTokens, {
      type: 'Page<ApiToken>',
      doc: 'API tokens that reach nowhere where the caller may not, the newest first.',
      query: z.strictObject(page),
      request: ({ query }) => pageOf(query),
      answer: ({ tokens, nextPageToken }) => pageFromWire(tokens, nextPageToken, tokenFromWire),
    }),
    route('POST', '/tokens', identity.CreateToken, {
      type: 'NewTokenMade',
      doc: 'Makes a token; `secret` is in this answer and nowhere else.',
      body: z.strictObject({
        name: z.string(),
        scopes: z.array(z.enum(SCOPES)),
        namespaces: z.union([z.literal('*'), z.array(z.string())]),
        expiresInMs: whole.describe('90 days without it').optional(),
        pools: z.array(z.string()).describe('of agents with it: their pool is one of these').optional(),
        labels: z.record(z.string(), z.string()).describe('of agents with it').optional(),
      }),
      request: ({ body: { name, scopes, namespaces, expiresInMs = 0, pools = [], labels = {} } }) => ({
        ...{ name, scopes: scopes.map(scopeToWire), namespaces: namespacesToWire(namespaces), expiresInMs, pools, labels },
      }),
      answer: ({ secret, token }) => ({ secret, token: tokenFromWire(token) }),
      isCreated: () => true,
    }),
    route('DELETE', '/tokens/{tokenId}', identity.RevokeToken, {
      type: 'ApiToken',
      doc: 'Revokes it: within five seconds it is refused everywhere, and its browser sessions end.',
      request: ({ params }) => ({ tokenId: params['tokenId'] ?? '' }),
      answer: ({ token }) => tokenFromWire(token),
    }),
    route('GET', '/join-tokens', identity.ListJoinTokens, {
      type: 'Page<JoinToken>',
      doc: 'Join tokens that still let an agent in and reach nowhere where the caller may not, the newest first.',
      query: z.strictObject(page),
      request: ({ query }) => pageOf(query),
      answer: ({ joinTokens, nextPageToken }) => pageFromWire(joinTokens, nextPageToken, joinTokenFromWire),
    }),
    route('DELETE', '/join-tokens/{joinTokenId}', identity.RevokeJoinToken, {
      type: 'JoinToken',
      doc: 'Revokes it: nobody is let in by it any more. 412 where an agent was.',
      request: ({ params }) => ({ joinTokenId: params['joinTokenId'] ?? '' }),
      answer: ({ joinToken }) => joinTokenFromWire(joinToken),
    }),
    route('GET', '/namespaces', identity.ListNamespaces, {
      type: 'NamespaceList',
      doc: 'The caller’s namespaces that have bounds of their own.',
      request: () => ({}),
      answer: ({ namespaces }) => ({ namespaces: namespaces.map(namespaceFromWire) }),
    }),
    route('GET', '/namespaces/{namespace}', identity.GetNamespace, {
      type: 'NamespaceInfo',
      doc: 'What bounds a namespace, and what is taken of it.',
      request: ({ params }) => ({ namespace: params['namespace'] ?? '' }),
      answer: ({ namespace }) => namespaceFromWire(namespace),
    }),
    route('PATCH', '/namespaces/{namespace}', identity.SetNamespace, {
      type: 'NamespaceInfo',
      doc: 'Sets bounds of a namespace; those that are not named stay.',
      body: z.strictObject({
        limits: z.strictObject(bounds).optional(),
        clear: z.array(z.string()).describe('bounds to take away, by their words: `max-tasks`').optional(),
      }),
      request: ({ params, body: { limits = {}, clear = [] } }) => ({
        ...{ namespace: params['namespace'] ?? '', limits: limitsToWire(limits), clear },
      }),
      answer: ({ namespace }) => namespaceFromWire(namespace),
    }),
    route('GET', '/audit', audit.ListAudit, {
      type: 'AuditEntry',
      gives: 'lines',
      doc: 'The newest entries of the audit log that fit, by time, a line each.',
      query: z.strictObject({
        sinceMs: whole.optional(),
        untilMs: whole.optional(),
        who: z.string().describe('a part of the caller’s name or id').optional(),
        method: z.string().describe('a part of the method’s path').optional(),
        namespace: z.string().optional(),
        outcome: z.enum(['ok', 'denied']).optional(),
        limit: count.describe('100 without it').optional(),
      }),
      request: ({ query }) => auditFilterToWire(query),
      answer: ({ entry }) => auditEntryFromWire(entry),
    }),
    route('POST', '/audit/verify', audit.VerifyAudit, {
      type: 'AuditLine',
      gives: 'lines',
      doc: 'Reads the whole audit log: lines with `problem`, at last one with `verdict`.',
      body: z.strictObject({
        heads: z
          .array(z.strictObject({ chain: z.string(), line: whole, hash: z.string() }))
          .describe('ends of chains that were kept elsewhere')
          .optional(),
      }),
      request: ({ body: { heads = [] } }) => ({ heads }),
      answer: ({ problem, verdict }) => {
        if (problem) return { problem: { ...problem, line: Number(problem.line) } };
        const { chains, lines, problems, heads } = verdict!;
        return {
          verdict: { chains: Number(chains), lines: Number(lines), problems: Number(problems), heads: heads.map(auditHeadFromWire) },
        };
      },
    }),
  ];
}
