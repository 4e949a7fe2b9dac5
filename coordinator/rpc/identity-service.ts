/** IdentityService: API tokens, and whose a call is. */
import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import { identityToWire, joinedAgentToWire, joinTokenToWire, knownScope, tokenToWire } from '../../shared/client/codec-identity.ts';
import { namespaceToWire } from '../../shared/client/codec-namespace.ts';
import { NAMESPACE_LIMITS, type NamespaceLimits } from '../../shared/domain/namespace-limits.ts';
import type { NamespaceLimits__Output } from '../../shared/rpc/gen/assay/v1/NamespaceLimits.ts';
import { AppError } from '../../shared/domain/errors.ts';
import type { Scope } from '../../shared/domain/identity.ts';
import { isJoinTokenId, isTokenId } from '../../shared/domain/api-token.ts';
import { bindingOf } from '../../shared/domain/binding.ts';
import { Checks } from '../../shared/rpc/checks.ts';
import type { CreateTokenRequest__Output } from '../../shared/rpc/gen/assay/v1/CreateTokenRequest.ts';
import type { CallInfo, Handlers } from '../../shared/rpc/handler.ts';
import { assayProto } from '../../shared/rpc/load.ts';
import { addressOf } from '../../shared/rpc/peer-address.ts';
import { fittingPage } from './pages.ts';
import { readLabels, readPools } from './labels.ts';
import { readNamespaces } from './namespaces.ts';
import { readNamespace, readPage } from './requests.ts';
import type { Gate } from '../identity/gate.ts';
import type { Before } from '../identity/tokens.ts';
import { readJoin, readJoinWish } from './join-requests.ts';
import type { JoinUseCases, NamespaceUseCases, TokenUseCases } from './use-cases.ts';

const MAX = { name: 100, scopes: 20, token: 100 };
const DAY_MS = 24 * 3_600_000;
const DEFAULT_MS = 90 * DAY_MS;
const LONGEST_MS = 3650 * DAY_MS;

export function identityService(
  { tokens, joins, namespaces }: { tokens: TokenUseCases; joins: JoinUseCases; namespaces: NamespaceUseCases },
  handlers: Handlers,
  gate: Pick<Gate, 'allowed' | 'denied'>,
): UntypedServiceImplementation {
  /** Only the use-case knows what a caller may give or end: it says when, and the gate is told of either. */
  const told = async <T>({ identity, method, peer }: CallInfo, work: (before: Before) => Promise<T>): Promise<T> => {
    const call = { identity, method, peer };
    try {
      return await work((about) => gate.allowed({ ...call, ...about }));
    } catch (error) {
      const { code, message } = AppError.from(error);
      if (code === 'permission_denied' || code === 'not_found' || code === 'unauthenticated' || code === 'resource_exhausted')
        gate.denied({ ...call, reason: message });
      throw error;
    }
  };
  const methods = assayProto().identity;
  return {
    CreateToken: handlers.unary(methods.CreateToken, async (request, info) => {
      const checks = new Checks('CreateToken');
      const name = checks.text('name', request.name, MAX.name, 1);
      if (/\p{Cc}/u.test(name)) checks.fault('name', `${JSON.stringify(name)} has control characters; leave them out`);
      const scopes = readScopes(checks, request);
      const namespaces = readNamespaces(checks, request.namespaces);
      const binding = bindingOf(readPools(checks, request.pools), readLabels(checks, request.labels));
      for (const field of ['pools', 'labels'] as const)
        if (binding[field] && !scopes.includes('agent') && !scopes.includes('admin'))
          checks.fault(field, 'binds agents, and whoever lets them in: it needs the scope agent or admin');
      const expiresInMs =
        Number(request.expiresInMs) === 0 ? DEFAULT_MS : checks.int('expires_in_ms', request.expiresInMs, LONGEST_MS, 1000);
      checks.done();
      const wish = { name, scopes, namespaces, expiresInMs, ...binding };
      const { secret, token } = await told(info, (before) => tokens.create(info.identity, wish, before));
      return { secret, token: tokenToWire(token) };
    }),

    ListTokens: handlers.unary(methods.ListTokens, async (request, { identity }) => {
      const checks = new Checks('ListTokens');
      const page = readPage(checks, request);
      checks.done();
      return fittingPage(
        methods.ListTokens,
        page,
        (asked) => tokens.list(identity, asked),
        ({ items, nextToken }) => ({ tokens: items.map(tokenToWire), nextPageToken: nextToken }),
      );
    }),

    RevokeToken: handlers.unary(methods.RevokeToken, async ({ tokenId }, info) => {
      const checks = new Checks('RevokeToken');
      if (!isTokenId(tokenId))
        checks.fault('token_id', `${JSON.stringify(tokenId.slice(0, MAX.token))} is not a token's id (tk_ and 16 characters)`);
      checks.done();
      return { token: tokenToWire(await told(info, (before) => tokens.revoke(info.identity, tokenId, before))) };
    }),

    CreateJoinToken: handlers.unary(methods.CreateJoinToken, async (request, info) => {
      const checks = new Checks('CreateJoinToken');
      const wish = readJoinWish(checks, request);
      checks.done();
      const { secret, token } = await told(info, (before) => joins.invite(info.identity, wish, before));
      return { secret, expiresAtMs: token.expiresAtMs, joinTokenId: token.id };
    }),

    ListJoinTokens: handlers.unary(methods.ListJoinTokens, async (request, { identity }) => {
      const checks = new Checks('ListJoinTokens');
      const page = readPage(checks, request);
      checks.done();
      return fittingPage(
        methods.ListJoinTokens,
        page,
        (asked) => joins.invites(identity, asked),
        ({ items, nextToken }) => ({ joinTokens: items.map(joinTokenToWire), nextPageToken: nextToken }),
      );
    }),

    RevokeJoinToken: handlers.unary(methods.RevokeJoinToken, async ({ joinTokenId }, info) => {
      const checks = new Checks('RevokeJoinToken');
      if (!isJoinTokenId(joinTokenId))
        checks.fault(
          'join_token_id',
          `${JSON.stringify(joinTokenId.slice(0, MAX.token))} is not a join token's id (jt_ and 16 characters)`,
        );
      checks.done();
      return { joinToken: joinTokenToWire(await told(info, (before) => joins.uninvite(info.identity, joinTokenId, before))) };
    }),

    Join: handlers.unary(methods.Join, async (request, info) => {
      const checks = new Checks('Join');
      const attempt = readJoin(checks, request);
      checks.done();
      const { agent, server } = await told(info, (before) => joins.join({ ...attempt, address: addressOf(info.peer) }, before));
      return { agent: joinedAgentToWire(agent), server };
    }),

    RevokeAgent: handlers.unary(methods.RevokeAgent, async ({ agentId }, info) => {
      const checks = new Checks('RevokeAgent');
      checks.text('agent_id', agentId, MAX.name, 1);
      checks.done();
      return { agent: joinedAgentToWire(await told(info, (before) => joins.revoke(info.identity, agentId, before))) };
    }),

    WhoAmI: handlers.unary(methods.WhoAmI, async (_request, { identity }) => identityToWire(identity)),

    ListNamespaces: handlers.unary(methods.ListNamespaces, async (_request, { identity }) => ({
      namespaces: (await namespaces.list(identity)).map((record) => namespaceToWire(record)),
    })),

    GetNamespace: handlers.unary(methods.GetNamespace, async (request, info) => {
      const checks = new Checks('GetNamespace');
      const namespace = readNamespace(checks, request.namespace);
      checks.done();
      const { record, usage } = await told(info, () => namespaces.get(info.identity, namespace));
      return { namespace: namespaceToWire(record, usage) };
    }),

    SetNamespace: handlers.unary(methods.SetNamespace, async (request, info) => {
      const checks = new Checks('SetNamespace');
      const namespace = readNamespace(checks, request.namespace);
      const limits = readLimits(checks, request.limits);
      const clear = checks.list('clear', request.clear, NAMESPACE_LIMITS.length).flatMap((word, i) => {
        const limit = NAMESPACE_LIMITS.find((known) => known.word === word);
        if (!limit) checks.fault(`clear[${i}]`, `${JSON.stringify(word.slice(0, MAX.name))} is no bound of a namespace`);
        return limit?.name ?? [];
      });
      checks.done();
      const { record, usage } = await told(info, (before) => namespaces.set(info.identity, namespace, { limits, clear }, before));
      return { namespace: namespaceToWire(record, usage) };
    }),
  };
}

function readLimits(checks: Checks, wire: NamespaceLimits__Output | null): NamespaceLimits {
  const limits: NamespaceLimits = {};
  for (const { name } of NAMESPACE_LIMITS) {
    const value = wire?.[name];
    if (value === undefined || value === null) continue;
    limits[name] = name === 'firstPriority' ? checks.int(`limits.${name}`, value, 10, 1) : checks.int(`limits.${name}`, value);
  }
  return limits;
}

function readScopes(checks: Checks, { scopes }: CreateTokenRequest__Output): Scope[] {
  if (scopes.length === 0) checks.fault('scopes', 'is empty: name at least one');
  const read = checks.list('scopes', scopes, MAX.scopes).flatMap((wire, i) => {
    const scope = knownScope(wire);
    if (!scope) checks.fault(`scopes[${i}]`, `${JSON.stringify(wire)} is not a scope`);
    return scope ?? [];
  });
  return [...new Set(read)];
}
