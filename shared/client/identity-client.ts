/** The methods of IdentityService. */
import { AppError, isRefusedForNow } from '../domain/errors.ts';
import { NAMESPACE_LIMITS } from '../domain/namespace-limits.ts';
import { assayProto } from '../rpc/load.ts';
import type { Calls } from './calls.ts';
import type { AssayClient } from './client.ts';
import {
  identityFromWire,
  joinedAgentFromWire,
  joinTokenFromWire,
  namespacesToWire,
  scopeToWire,
  tokenFromWire,
} from './codec-identity.ts';
import { limitsToWire, namespaceFromWire } from './codec-namespace.ts';
import { pageFromWire, pageToWire } from './codec-words.ts';
import { DEADLINE_MS } from './deadlines.ts';

export type IdentityMethods = Pick<
  AssayClient,
  | 'createToken'
  | 'tokens'
  | 'revokeToken'
  | 'createJoinToken'
  | 'joinTokens'
  | 'revokeJoinToken'
  | 'join'
  | 'revokeAgent'
  | 'whoAmI'
  | 'namespaces'
  | 'namespace'
  | 'setNamespace'
>;

export function identityMethods(calls: Calls): IdentityMethods {
  const methods = assayProto().identity;
  const { short } = DEADLINE_MS;
  return {
    async createToken({ name, scopes, namespaces, expiresInMs = 0, pools = [], labels = {} }) {
      const bound = { namespaces: namespacesToWire(namespaces), pools: [...pools], labels };
      const request = { name, scopes: scopes.map(scopeToWire), ...bound, expiresInMs };
      const { secret, token } = await calls.ask(methods.CreateToken, request, short);
      return { secret, token: tokenFromWire(token) };
    },
    async tokens(page) {
      const { tokens, nextPageToken } = await calls.ask(methods.ListTokens, pageToWire(page), short);
      return pageFromWire(tokens, nextPageToken, tokenFromWire);
    },
    async revokeToken(tokenId) {
      return tokenFromWire((await calls.ask(methods.RevokeToken, { tokenId }, short)).token);
    },
    async createJoinToken({ name = '', namespaces, pool = '', labels = {}, expiresInMs = 0 }) {
      const request = { name, namespaces: namespacesToWire(namespaces), pool, labels, expiresInMs };
      const { secret, expiresAtMs, joinTokenId } = await calls.ask(methods.CreateJoinToken, request, short);
      return { secret, expiresAtMs: Number(expiresAtMs), joinTokenId };
    },
    async joinTokens(page) {
      const { joinTokens, nextPageToken } = await calls.ask(methods.ListJoinTokens, pageToWire(page), short);
      return pageFromWire(joinTokens, nextPageToken, joinTokenFromWire);
    },
    async revokeJoinToken(joinTokenId) {
      return joinTokenFromWire((await calls.ask(methods.RevokeJoinToken, { joinTokenId }, short)).joinToken);
    },
    async join({ secret, publicKey, signature, name }) {
      const request = { secret, publicKey: Buffer.from(publicKey), signature: Buffer.from(signature), name };
      // Who has tried too often is told so at once: each further attempt would make the wait longer.
      const answer = await calls.repeat((peer) =>
        calls.unary(peer, methods.Join, request, short).catch((error: unknown) => {
          const refused = AppError.from(error);
          if (isRefusedForNow(refused)) return refused;
          throw error;
        }),
      );
      if (answer instanceof AppError) throw answer;
      return { agent: joinedAgentFromWire(answer.agent), server: answer.server };
    },
    async revokeAgent(agentId) {
      return joinedAgentFromWire((await calls.ask(methods.RevokeAgent, { agentId }, short)).agent);
    },
    async whoAmI() {
      return identityFromWire(await calls.ask(methods.WhoAmI, {}, short));
    },
    async namespaces() {
      return (await calls.ask(methods.ListNamespaces, {}, short)).namespaces.map(namespaceFromWire);
    },
    async namespace(name) {
      return namespaceFromWire((await calls.ask(methods.GetNamespace, { namespace: name }, short)).namespace);
    },
    async setNamespace(name, limits, clear = []) {
      const words = NAMESPACE_LIMITS.filter((limit) => clear.includes(limit.name)).map(({ word }) => word);
      const request = { namespace: name, limits: limitsToWire(limits), clear: words };
      return namespaceFromWire((await calls.ask(methods.SetNamespace, request, short)).namespace);
    },
  };
}
